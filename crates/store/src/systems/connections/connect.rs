//! Connects a system with credentials that it has accepted.

use alta_domain::{Account, ConnectionId, ConnectionState};

use super::account::find_by_account;
use super::rows::{Activation, activate, insert};
use crate::Store;
use crate::access::Admin;
use crate::db::lock_organization;
use crate::error::Result;
use crate::systems::lookup::own_connection;

/// Connects an account of a system, whose first run is due at once. When the account has a
/// connection, that one gets the new credentials.
///
/// # Errors
/// When the database fails.
pub async fn connect(
    store: &Store,
    admin: &Admin,
    slug: &str,
    account: &Account,
    credentials: &[u8],
) -> Result<ConnectionId> {
    let transaction = store.begin().await?;
    // Two requests at once must not both insert a connection to the account.
    lock_organization(&transaction, admin.organization).await?;
    let id = match find_by_account(&transaction, admin, slug, account).await? {
        Some(existing) => existing.id,
        None => insert(&transaction, admin, slug, ConnectionState::Active).await?,
    };
    let activation = Activation {
        id,
        slug,
        account,
        credentials,
    };
    activate(store, &transaction, admin, activation).await?;
    transaction.commit().await?;
    Ok(ConnectionId(id))
}

/// Gives a connection new credentials that its system has accepted. Returns false, and changes
/// nothing, when the credentials are another account's.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such connection.
pub async fn reconnect(
    store: &Store,
    admin: &Admin,
    id: ConnectionId,
    account: &Account,
    credentials: &[u8],
) -> Result<bool> {
    let row = own_connection(store.write(), admin, id).await?;
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    let existing = find_by_account(&transaction, admin, &row.slug, account).await?;
    if existing.is_none_or(|existing| existing.id != id.0) {
        return Ok(false);
    }
    let activation = Activation {
        id: id.0,
        slug: &row.slug,
        account,
        credentials,
    };
    activate(store, &transaction, admin, activation).await?;
    transaction.commit().await?;
    Ok(true)
}
