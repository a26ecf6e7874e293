//! Reads and replaces the credentials of a connection while it is read: tokens of OAuth expire, and
//! some systems give a new refresh token each time.

use alta_domain::{ConnectionId, ErrorCode};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::Store;
use crate::entity::connection;
use crate::error::Result;
use crate::vault::connection_purpose;

/// Stores new credentials in place of those that are stored as `sealed`, and returns how the new
/// ones are stored.
///
/// The caller stores new tokens before it uses them. No lease is needed: a refresh token that can
/// be used once is spent, also when the connection was paused in the meantime.
///
/// # Errors
/// When the database fails, or [`ErrorCode::NotFound`] when other credentials are stored now.
pub async fn replace_credentials(
    store: &Store,
    id: ConnectionId,
    sealed: &str,
    credentials: &[u8],
) -> Result<String> {
    let new = store.seal(&connection_purpose(id.0), credentials)?;
    let replaced = connection::Entity::update_many()
        .col_expr(connection::Column::Secrets, Expr::value(new.as_str()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::Secrets.eq(sealed))
        .exec(store.write())
        .await?;
    if replaced.rows_affected == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(new)
    }
}

/// Reads the credentials of a connection: first as they are stored, then unsealed.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the connection was deleted.
pub async fn stored_credentials(store: &Store, id: ConnectionId) -> Result<(String, Vec<u8>)> {
    let row = connection::Entity::find_by_id(id.0)
        .one(store.write())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let credentials = store.unseal(&connection_purpose(id.0), &row.secrets)?;
    Ok((row.secrets, credentials))
}
