//! Notices of changes that systems send (webhooks). A notice only brings the next run forward: no
//! value in it is stored.

use alta_domain::{ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::lookup::own_connection;
use super::notice_delay::notice_delay;
use crate::access::Admin;
use crate::entity::connection;
use crate::error::Result;
use crate::secret::new_token;
use crate::vault::connection_purpose;
use crate::{Store, now};

/// The connection that a notice was sent for.
#[derive(Clone, Debug)]
pub struct NoticeTarget {
    /// The connection.
    pub connection: ConnectionId,
    /// The slug of its system in the catalogue.
    pub slug: String,
    /// The credentials, unsealed: the signature of the notice is checked with them.
    pub credentials: Vec<u8>,
}

/// Returns the secret word in the address that the system sends notices to. The first call makes
/// it. Somebody who knows the word can only make a run begin sooner.
///
/// # Errors
/// `NotFound` when the organization has no such connection.
pub async fn notice_word(store: &Store, admin: &Admin, id: ConnectionId) -> Result<String> {
    let row = own_connection(store.write(), admin, id).await?;
    if let Some(word) = row.notice_word {
        return Ok(word);
    }
    let (word, _) = new_token();
    connection::Entity::update_many()
        .col_expr(connection::Column::NoticeWord, Expr::value(&word))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::NoticeWord.is_null())
        .exec(store.write())
        .await?;
    // Another request may have stored its word first.
    let row = own_connection(store.write(), admin, id).await?;
    Ok(row.notice_word.unwrap_or(word))
}

/// Finds the connection with this word in its notice address.
///
/// # Errors
/// When the database fails, or the credentials were sealed with another key.
pub async fn find_by_notice_word(store: &Store, word: &str) -> Result<Option<NoticeTarget>> {
    let found = connection::Entity::find()
        .filter(connection::Column::NoticeWord.eq(word))
        .one(store.read())
        .await?;
    let target = |row: connection::Model| {
        let credentials = store.unseal(&connection_purpose(row.id), &row.secrets)?;
        Ok(NoticeTarget {
            connection: ConnectionId(row.id),
            slug: row.slug,
            credentials,
        })
    };
    found.map(target).transpose()
}

/// Brings the next run of an active connection forward. During a run, the run that follows is
/// brought forward; after a fault the time of the next run stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn run_soon(store: &Store, id: ConnectionId) -> Result<()> {
    let active = Condition::all()
        .add(connection::Column::Id.eq(id.0))
        .add(connection::Column::State.eq(ConnectionState::Active.as_str()));
    connection::Entity::update_many()
        .col_expr(connection::Column::NoticedAt, Expr::value(now()))
        .filter(active.clone())
        .exec(store.write())
        .await?;
    let soon = now() + notice_delay(store, store.read(), id).await?;
    connection::Entity::update_many()
        .col_expr(connection::Column::NextRunAt, Expr::value(soon))
        .filter(active)
        .filter(connection::Column::Failures.eq(0))
        .filter(connection::Column::NextRunAt.gt(soon))
        .exec(store.write())
        .await?;
    Ok(())
}
