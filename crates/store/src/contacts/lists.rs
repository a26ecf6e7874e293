//! Lists of contacts.

use std::collections::HashSet;

use alta_domain::{ErrorCode, ListId, ListSummary, ListTarget};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::bulk::integers;
use super::fields::name_key;
use super::search::{Place, is_in};
use crate::access::{Admin, Member, Own};
use crate::entity::{contact, list, list_member};
use crate::error::Result;
use crate::names::checked_name;
use crate::{Store, now};

/// Lists the organization's lists by name, each with the number of its contacts that
/// are not in the bin.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store, member: &Member) -> Result<Vec<ListSummary>> {
    let lists = member
        .own::<list::Entity>()
        .order_by_asc(list::Column::NameKey)
        .all(store.read())
        .await?;
    let ids: Vec<i64> = lists.iter().map(|list| list.id).collect();
    let counts: Vec<(i64, i64)> = list_member::Entity::find()
        .select_only()
        .column(list_member::Column::ListId)
        .column_as(distinct_contacts(), "contacts")
        .filter(list_member::Column::ListId.is_in(ids))
        .filter(list_member::Column::ContactId.not_in_subquery(binned(member)))
        .group_by(list_member::Column::ListId)
        .into_tuple()
        .all(store.read())
        .await?;
    let contacts = |id: i64| {
        counts
            .iter()
            .find(|(list, _)| *list == id)
            .and_then(|(_, count)| u64::try_from(*count).ok())
            .unwrap_or(0)
    };
    Ok(lists
        .into_iter()
        .map(|list| ListSummary {
            id: ListId(list.id),
            contacts: contacts(list.id),
            name: list.name,
        })
        .collect())
}

/// Returns the query for the ids of the contacts in the bin.
fn binned(member: &Member) -> SelectStatement {
    let contacts = member.own::<contact::Entity>().filter(is_in(Place::Bin));
    contacts
        .select_only()
        .column(contact::Column::Id)
        .into_query()
}

/// Returns the expression that counts the contacts of a list. A contact is a member once for each
/// import that added it, and is counted once.
fn distinct_contacts() -> SimpleExpr {
    Expr::cust("COUNT(DISTINCT contact_id)")
}

/// Finds which of these contacts are on which of these lists: pairs of a list and a contact.
pub(crate) async fn members(
    connection: &impl ConnectionTrait,
    lists: &[i64],
    contacts: &[i64],
) -> Result<HashSet<(i64, i64)>> {
    if lists.is_empty() {
        return Ok(HashSet::new());
    }
    let backend = connection.get_database_backend();
    let found: Vec<(i64, i64)> = list_member::Entity::find()
        .select_only()
        .column(list_member::Column::ListId)
        .column(list_member::Column::ContactId)
        .filter(list_member::Column::ListId.is_in(lists.iter().copied()))
        .filter(integers(backend, "contact_id", contacts)?)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().collect())
}

/// Finds the ids of those of a plan's lists that exist.
pub(crate) async fn find_lists(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    targets: &[ListTarget],
) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for target in targets {
        let wanted = match target {
            ListTarget::None => continue,
            ListTarget::Existing(id) => list::Column::Id.eq(id.0),
            ListTarget::New(name) => list::Column::NameKey.eq(name_key(name)),
        };
        let list = admin.own::<list::Entity>().filter(wanted);
        found.extend(list.one(connection).await?.map(|list| list.id));
    }
    Ok(found)
}

/// The list that an import adds its contacts to.
pub(crate) struct ImportList {
    /// The id of the list; `None` when the import adds to no list.
    pub(crate) id: Option<i64>,
    /// True when the list was created for the import.
    pub(crate) is_new: bool,
}

/// Finds the list that a plan names by its id or by its name, and creates one of this name when the
/// organization has none.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no list of this id; [`ErrorCode::Missing`] or
/// [`ErrorCode::TooLong`] for a name that can't be one.
pub(crate) async fn find_or_create(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    target: &ListTarget,
) -> Result<ImportList> {
    let lists = admin.own::<list::Entity>();
    let existing = |id: i64| ImportList {
        id: Some(id),
        is_new: false,
    };
    match target {
        ListTarget::None => Ok(ImportList {
            id: None,
            is_new: false,
        }),
        ListTarget::Existing(id) => {
            let found = lists
                .filter(list::Column::Id.eq(id.0))
                .one(connection)
                .await?;
            Ok(existing(found.ok_or(ErrorCode::NotFound)?.id))
        }
        ListTarget::New(wanted) => {
            let wanted = checked_name(wanted)?;
            let found = lists
                .filter(list::Column::NameKey.eq(name_key(&wanted)))
                .one(connection)
                .await?;
            match found {
                Some(found) => Ok(existing(found.id)),
                None => Ok(ImportList {
                    id: Some(create(connection, admin, wanted).await?),
                    is_new: true,
                }),
            }
        }
    }
}

/// Creates a list and returns its id.
async fn create(connection: &impl ConnectionTrait, admin: &Admin, name: String) -> Result<i64> {
    let row = list::ActiveModel {
        organization_id: Set(admin.organization.0),
        name_key: Set(name_key(&name)),
        name: Set(name),
        created_at: Set(now()),
        ..Default::default()
    };
    Ok(list::Entity::insert(row)
        .exec(connection)
        .await?
        .last_insert_id)
}
