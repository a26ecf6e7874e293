//! The data by which a browser previews an import that has not begun: a short hash of each stored
//! value (a mark), and single values in full.

use std::collections::HashMap;

use alta_domain::{ContactId, ErrorCode, FieldTarget, ListTarget};
use alta_intake::{Standing, write_marks};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::Store;
use crate::access::{Admin, Own};
use crate::contacts::consents::of_contacts;
use crate::contacts::keys::{keys_of, name_of};
use crate::contacts::lists::{find_lists, members};
use crate::contacts::values::value_in;
use crate::entity::contact;
use crate::error::Result;

/// The number of contacts in one answer.
const PAGE: u64 = 20_000;
/// The most fields of one request: the columns that a file may have by default.
const MAX_FIELDS: usize = 1000;
/// The most values of one request.
const MAX_VALUES: usize = 100;

/// The marks of a page of contacts.
#[derive(Debug, Default)]
pub struct Marks {
    /// The marks, as [`write_marks`] writes them.
    pub bytes: Vec<u8>,
    /// The last contact of the page; `None` when the page is empty, because there are no more.
    pub last: Option<ContactId>,
    /// The number of contacts.
    pub contacts: u32,
}

/// Reads the marks of the next contacts in the order of their ids, beginning with the first id
/// above `after`. The first page has `after` 0. `lists` are the lists that the import adds contacts
/// to.
///
/// # Errors
/// [`ErrorCode::TooLong`] for more fields than a file may have; [`ErrorCode::TooLarge`] on the
/// first page when the organization has more contacts than are sent to a browser.
pub async fn marks(
    store: &Store,
    admin: &Admin,
    fields: &[FieldTarget],
    lists: &[ListTarget],
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
    let home = admin.country();
    let rows = page.all(store.read()).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut standings = standings(store, admin, lists, &ids).await?;
    for row in rows.iter().filter(|row| row.deleted_at.is_some()) {
        standings.entry(row.id).or_default().bin();
    }
    for row in rows {
        write_marks(
            &mut marks.bytes,
            ContactId(row.id),
            &keys_of(&row, home),
            (
                &name_of(&row),
                standings.get(&row.id).copied().unwrap_or_default(),
            ),
            fields.iter().map(|field| (*field, value_in(&row, *field))),
        );
        marks.last = Some(ContactId(row.id));
        marks.contacts += 1;
    }
    Ok(marks)
}

/// Reads what is known of contacts besides keys and values: whether they are on all of these lists,
/// and the answers that are in force.
async fn standings(
    store: &Store,
    admin: &Admin,
    lists: &[ListTarget],
    contacts: &[i64],
) -> Result<HashMap<i64, Standing>> {
    let mut standings: HashMap<i64, Standing> = HashMap::new();
    let wanted = lists
        .iter()
        .filter(|list| **list != ListTarget::None)
        .count();
    let lists = find_lists(store.read(), admin, lists).await?;
    if wanted > 0 && lists.len() == wanted {
        let members = members(store.read(), &lists, contacts).await?;
        for contact in contacts {
            if lists
                .iter()
                .all(|list| members.contains(&(*list, *contact)))
            {
                standings.entry(*contact).or_default().list();
            }
        }
    }
    for (contact, answers) in of_contacts(store.read(), contacts).await? {
        let standing = standings.entry(contact).or_default();
        for answer in answers {
            standing.answer(answer.channel, answer.granted);
        }
    }
    Ok(standings)
}

/// Reads the stored values of these contacts' fields, in the order of `wanted`; `None` for an empty
/// field and for a contact that the organization does not have.
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
