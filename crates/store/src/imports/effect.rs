//! The data by which a browser previews an import that has not begun: a short hash of each stored
//! value (a mark), and single values in full.

use alta_domain::{ContactId, ErrorCode, FieldTarget};
use alta_intake::write_marks;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::Store;
use crate::access::{Admin, Own};
use crate::contacts::state::value_in;
use crate::entity::contact;
use crate::error::Result;

/// Contacts of one answer.
const PAGE: u64 = 20_000;
/// Most fields of one request: the columns that a file may have by default.
const MAX_FIELDS: usize = 1000;
/// Most values of one request.
const MAX_VALUES: usize = 100;

/// The marks of a page of contacts.
#[derive(Debug, Default)]
pub struct Marks {
    /// The marks, as [`write_marks`] writes them.
    pub bytes: Vec<u8>,
    /// The last contact of the page; none when the page is empty, because there are no more.
    pub last: Option<ContactId>,
    /// The number of contacts.
    pub contacts: u32,
}

/// The marks of the next contacts in the order of their ids, beginning with the first one whose id
/// is above `after`. The first page has `after` 0.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more fields than a file may have; [`ErrorCode::TooLarge`] on the
/// first page when the organization has more contacts than are sent to a browser.
pub async fn marks(
    store: &Store,
    admin: &Admin,
    fields: &[FieldTarget],
    after: ContactId,
) -> Result<Marks> {
    if fields.len() > MAX_FIELDS {
        return Err(ErrorCode::TooLong.into());
    }
    let contacts = admin.own::<contact::Entity>();
    if after == ContactId(0)
        && contacts.clone().count(store.read()).await? > store.limits.preview_contacts
    {
        return Err(ErrorCode::TooLarge.into());
    }
    let page = contacts
        .filter(contact::Column::Id.gt(after.0))
        .order_by_asc(contact::Column::Id)
        .limit(PAGE);
    let mut marks = Marks::default();
    for row in page.all(store.read()).await? {
        let keys = [
            row.phone_key.as_deref(),
            row.email.as_deref(),
            row.tax_id.as_deref(),
        ];
        write_marks(
            &mut marks.bytes,
            ContactId(row.id),
            keys,
            fields.iter().map(|field| (*field, value_in(&row, *field))),
        );
        marks.last = Some(ContactId(row.id));
        marks.contacts += 1;
    }
    Ok(marks)
}

/// The stored values of these contacts' fields, in the order in which they are asked for; none for
/// an empty field and for a contact that the organization does not have.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more than 100 values.
pub async fn values(
    store: &Store,
    admin: &Admin,
    wanted: &[(ContactId, FieldTarget)],
) -> Result<Vec<Option<String>>> {
    if wanted.len() > MAX_VALUES {
        return Err(ErrorCode::TooLong.into());
    }
    let found = admin
        .own::<contact::Entity>()
        .filter(contact::Column::Id.is_in(wanted.iter().map(|(id, _)| id.0)))
        .all(store.read())
        .await?;
    let value = |(id, field): &(ContactId, FieldTarget)| {
        let row = found.iter().find(|row| row.id == id.0)?;
        Some(value_in(row, *field)?.to_owned())
    };
    Ok(wanted.iter().map(value).collect())
}
