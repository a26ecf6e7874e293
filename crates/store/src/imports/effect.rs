//! Marks of the contacts, by which a browser finds out what an import would do.

use alta_domain::{ContactId, ErrorCode, FieldTarget};
use alta_intake::write_marks;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::contact_state::value_in;
use crate::Store;
use crate::access::Admin;
use crate::entity::contact;
use crate::error::Result;

/// Contacts of one answer.
const PAGE: u64 = 20_000;
/// Fields of a contact that are asked for at once: what a file may have by default.
const MOST_FIELDS: usize = 1000;
/// Changes that are asked for at once.
const MOST_SAMPLES: usize = 100;

/// Marks of some contacts.
#[derive(Debug, Default)]
pub struct Marks {
    /// As `alta_intake` writes them.
    pub bytes: Vec<u8>,
    /// The last contact; none when there are no more.
    pub last: Option<ContactId>,
    /// How many they are.
    pub contacts: u32,
}

/// The marks of the contacts behind one, in the order of their ids.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more fields than a file has; [`ErrorCode::TooLarge`] when the
/// organization has more contacts than a browser is sent.
pub async fn marks(
    store: &Store,
    admin: &Admin,
    fields: &[FieldTarget],
    behind: ContactId,
) -> Result<Marks> {
    if fields.len() > MOST_FIELDS {
        return Err(ErrorCode::TooLong.into());
    }
    let of_organization =
        contact::Entity::find().filter(contact::Column::OrganizationId.eq(admin.organization.0));
    if behind == ContactId(0)
        && of_organization.clone().count(store.read()).await? > store.limits.preview_contacts
    {
        return Err(ErrorCode::TooLarge.into());
    }
    let page = of_organization
        .filter(contact::Column::Id.gt(behind.0))
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

/// What contacts hold in a field now.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more than a screen shows.
pub async fn values(
    store: &Store,
    admin: &Admin,
    wanted: &[(ContactId, FieldTarget)],
) -> Result<Vec<Option<String>>> {
    if wanted.len() > MOST_SAMPLES {
        return Err(ErrorCode::TooLong.into());
    }
    let found = contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(admin.organization.0))
        .filter(contact::Column::Id.is_in(wanted.iter().map(|(id, _)| id.0)))
        .all(store.read())
        .await?;
    let value = |(id, field): &(ContactId, FieldTarget)| {
        let row = found.iter().find(|row| row.id == id.0)?;
        Some(value_in(row, *field)?.to_owned())
    };
    Ok(wanted.iter().map(value).collect())
}
