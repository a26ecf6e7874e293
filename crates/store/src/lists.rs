//! Lists of contacts.

use alta_domain::{ErrorCode, ListId, ListSummary, ListTarget};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::{Access, Admin};
use crate::entity::{list, list_member};
use crate::error::Result;
use crate::fields::name_key;
use crate::names::checked_name;
use crate::{Store, now};

/// The organization's lists with their contacts, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(store: &Store, access: &Access) -> Result<Vec<ListSummary>> {
    let lists = list::Entity::find()
        .filter(list::Column::OrganizationId.eq(access.organization.0))
        .order_by_asc(list::Column::NameKey)
        .all(store.read())
        .await?;
    let ids: Vec<i64> = lists.iter().map(|list| list.id).collect();
    let counts: Vec<(i64, i64)> = list_member::Entity::find()
        .select_only()
        .column(list_member::Column::ListId)
        .column_as(list_member::Column::ContactId.count(), "contacts")
        .filter(list_member::Column::ListId.is_in(ids))
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

/// The list an import adds to: the one of this id, or the one of this name, made when there is
/// none; and whether it was.
pub(crate) async fn target(
    connection: &impl ConnectionTrait,
    admin: &Admin,
    target: &ListTarget,
) -> Result<(Option<i64>, bool)> {
    let organization = admin.organization.0;
    let of_organization =
        list::Entity::find().filter(list::Column::OrganizationId.eq(organization));
    match target {
        ListTarget::None => Ok((None, false)),
        ListTarget::Existing(id) => {
            let found = of_organization
                .filter(list::Column::Id.eq(id.0))
                .one(connection)
                .await?;
            Ok((Some(found.ok_or(ErrorCode::NotFound)?.id), false))
        }
        ListTarget::New(wanted) => {
            let wanted = checked_name(wanted)?;
            let found = of_organization
                .filter(list::Column::NameKey.eq(name_key(&wanted)))
                .one(connection)
                .await?;
            if let Some(found) = found {
                return Ok((Some(found.id), false));
            }
            let row = list::ActiveModel {
                organization_id: Set(organization),
                name_key: Set(name_key(&wanted)),
                name: Set(wanted),
                created_at: Set(now()),
                ..Default::default()
            };
            Ok((
                Some(
                    list::Entity::insert(row)
                        .exec(connection)
                        .await?
                        .last_insert_id,
                ),
                true,
            ))
        }
    }
}
