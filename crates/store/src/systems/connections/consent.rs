//! Connects a system by OAuth: Alta sends the Admin to the system, where they give consent, and the
//! system sends them back with a token. In between, a row in the state
//! [`ConnectionState::Consent`] keeps the client's id and secret that the Admin typed.

use alta_domain::{Account, ConnectionId, ConnectionState, ErrorCode};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::account::find_by_account;
use super::rows::{Activation, activate, insert};
use crate::access::{Admin, Own};
use crate::db::lock_organization;
use crate::entity::connection;
use crate::error::Result;
use crate::secret::{new_token, token_hash};
use crate::systems::lookup::own_connection;
use crate::vault::connection_purpose;
use crate::{Store, now};

/// Milliseconds that an Admin has to give consent at the system: half an hour.
const CONSENT_TIME: i64 = 30 * 60 * 1000;

/// A consent with which an Admin came back from the system.
#[derive(Clone, Debug)]
pub struct ConsentGiven {
    /// The connection that waited for the consent.
    pub connection: ConnectionId,
    /// The slug of its system in the catalogue.
    pub slug: String,
    /// The credentials that were typed, unsealed.
    pub credentials: Vec<u8>,
}

/// Stores the typed credentials while the Admin gives consent at the system, and returns the token
/// that must come back. A connection that the consent `reopens` stays as it is until then.
///
/// # Errors
/// When the database fails.
pub async fn begin_consent(
    store: &Store,
    admin: &Admin,
    slug: &str,
    reopens: Option<ConnectionId>,
    credentials: &[u8],
) -> Result<String> {
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    delete_abandoned(&transaction, admin, slug).await?;
    let id = insert(&transaction, admin, slug, ConnectionState::Consent).await?;
    let sealed = store.seal(&connection_purpose(id), credentials)?;
    let until = now() + CONSENT_TIME;
    let reopens = reopens.map(|id| id.0);
    connection::Entity::update_many()
        .col_expr(connection::Column::Secrets, Expr::value(sealed))
        .col_expr(connection::Column::ConsentHash, Expr::value(hash))
        .col_expr(connection::Column::ConsentUntil, Expr::value(until))
        .col_expr(connection::Column::Reopens, Expr::value(reopens))
        .filter(connection::Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Deletes rows whose consent did not come back: those whose time is over, and the Admin's own
/// earlier ones for this system. Those of colleagues stay until their time is over.
async fn delete_abandoned(db: &impl ConnectionTrait, admin: &Admin, slug: &str) -> Result<()> {
    let admins_own = Condition::all()
        .add(connection::Column::UserId.eq(admin.user.0))
        .add(connection::Column::Slug.eq(slug))
        .add(connection::Column::ConsentHash.is_not_null());
    let abandoned = Condition::any()
        .add(admins_own)
        .add(connection::Column::ConsentUntil.lt(now()));
    admin
        .own_delete::<connection::Entity>()
        .filter(connection::Column::State.eq(ConnectionState::Consent.as_str()))
        .filter(abandoned)
        .exec(db)
        .await?;
    Ok(())
}

/// Redeems the token that came back from the system. It counts once, and only for the Admin who
/// asked for the consent.
///
/// # Errors
/// [`ErrorCode::BadLink`] when no consent waits for this token.
pub async fn redeem_consent(store: &Store, admin: &Admin, token: &str) -> Result<ConsentGiven> {
    let row = admin
        .own::<connection::Entity>()
        .filter(connection::Column::UserId.eq(admin.user.0))
        .filter(connection::Column::ConsentHash.eq(token_hash(token)))
        .filter(connection::Column::ConsentUntil.gt(now()))
        .one(store.write())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    // The new time keeps `delete_abandoned` from the row while the code is exchanged for a token.
    let until = now() + CONSENT_TIME;
    let redeemed = connection::Entity::update_many()
        .col_expr(connection::Column::ConsentHash, Expr::value(None::<String>))
        .col_expr(connection::Column::ConsentUntil, Expr::value(until))
        .filter(connection::Column::Id.eq(row.id))
        .filter(connection::Column::ConsentHash.eq(token_hash(token)))
        .exec(store.write())
        .await?;
    if redeemed.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    let credentials = store.unseal(&connection_purpose(row.id), &row.secrets)?;
    Ok(ConsentGiven {
        connection: ConnectionId(row.id),
        slug: row.slug,
        credentials,
    })
}

/// Connects the account that consent was given for. When the account has a connection, that one
/// gets the new credentials, and the row that waited is deleted. Returns `None`, and connects
/// nothing, when the consent was to reopen a connection and is another account's.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no connection `waiting`.
pub async fn finish_consent(
    store: &Store,
    admin: &Admin,
    waiting: ConnectionId,
    account: &Account,
    credentials: &[u8],
) -> Result<Option<ConnectionId>> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    let row = own_connection(&transaction, admin, waiting).await?;
    let existing = find_by_account(&transaction, admin, &row.slug, account)
        .await?
        .map(|existing| existing.id);
    // A connection that was deleted since is not reopened, and the account is connected anew.
    let reopens = match row.reopens {
        Some(id) => admin
            .own::<connection::Entity>()
            .filter(connection::Column::Id.eq(id))
            .one(&transaction)
            .await?
            .map(|old| old.id),
        None => None,
    };
    let connected = if reopens.is_some() && reopens != existing {
        None
    } else {
        Some(existing.unwrap_or(row.id))
    };
    if let Some(id) = connected {
        let activation = Activation {
            id,
            slug: &row.slug,
            account,
            credentials,
        };
        activate(store, &transaction, admin, activation).await?;
    }
    if connected != Some(row.id) {
        connection::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(connected.map(ConnectionId))
}
