//! Finds the connection to an account of a system. An account has at most one connection.

use alta_domain::{Account, ConnectionState};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder};

use crate::access::{Admin, Own};
use crate::entity::connection;
use crate::error::Result;

/// Characters of an account's name, and of its id, that are stored.
const STORED_CHARACTERS: usize = 120;

/// Cuts an account's name or id to the length that is stored.
pub(super) fn to_stored(text: &str) -> String {
    text.chars().take(STORED_CHARACTERS).collect()
}

/// Finds the connection to an account: by the account's id, or by its name where the account or
/// the connection has no id.
pub(super) async fn find_by_account(
    db: &impl ConnectionTrait,
    admin: &Admin,
    slug: &str,
    account: &Account,
) -> Result<Option<connection::Model>> {
    let of_system = admin
        .own::<connection::Entity>()
        .filter(connection::Column::State.ne(ConnectionState::Consent.as_str()))
        .filter(connection::Column::Slug.eq(slug));
    let mut has_name =
        Condition::all().add(connection::Column::Account.eq(to_stored(&account.name)));
    if let Some(id) = &account.id {
        let by_id = of_system
            .clone()
            .filter(connection::Column::AccountId.eq(to_stored(id)));
        if let Some(row) = by_id.one(db).await? {
            return Ok(Some(row));
        }
        has_name = has_name.add(connection::Column::AccountId.is_null());
    }
    Ok(of_system
        .filter(has_name)
        .order_by_asc(connection::Column::Id)
        .one(db)
        .await?)
}
