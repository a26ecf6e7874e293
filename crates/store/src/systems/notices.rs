//! Notices of changes that systems send: nothing in them is believed but that it is time to look.

use alta_domain::{ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::connections::own;
use super::purpose;
use crate::access::Admin;
use crate::entity::{connection, sync_run};
use crate::error::Result;
use crate::secret::new_token;
use crate::{Store, now};

/// Whose notice it is.
#[derive(Clone, Debug)]
pub struct Noticed {
    /// The connection.
    pub connection: ConnectionId,
    /// Its system.
    pub slug: String,
    /// Its credentials, as they were given to be kept: they tell whether the notice is genuine.
    pub credentials: Vec<u8>,
}

/// The word in the address that a connection's system sends notices to; made when it is first asked
/// for. Whoever knows it can do no more than let Alta look sooner.
///
/// # Errors
/// `NotFound` when it is not the organization's.
pub async fn notice_word(store: &Store, admin: &Admin, id: ConnectionId) -> Result<String> {
    if let Some(word) = own(store, admin, id).await?.notice_word {
        return Ok(word);
    }
    let (word, _) = new_token();
    connection::Entity::update_many()
        .col_expr(connection::Column::NoticeWord, Expr::value(&word))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::NoticeWord.is_null())
        .exec(store.write())
        .await?;
    // Somebody else may have been first.
    Ok(own(store, admin, id).await?.notice_word.unwrap_or(word))
}

/// The connection whose system knows this word.
///
/// # Errors
/// When the database fails.
pub async fn noticed(store: &Store, word: &str) -> Result<Option<Noticed>> {
    let found = connection::Entity::find()
        .filter(connection::Column::NoticeWord.eq(word))
        .one(store.read())
        .await?;
    let read = |row: connection::Model| {
        let credentials = store.unseal(&purpose(row.id), &row.secrets)?;
        Ok(Noticed {
            connection: ConnectionId(row.id),
            slug: row.slug,
            credentials,
        })
    };
    found.map(read).transpose()
}

/// Milliseconds until the next run after a notice: as many as are set, and as many as the last run
/// took. A system that is read whole each time, and tells of every sale, would be read without end.
pub(super) async fn soonest(
    store: &Store,
    db: &impl ConnectionTrait,
    id: ConnectionId,
) -> Result<i64> {
    let of_connection = sync_run::Entity::find().filter(sync_run::Column::ConnectionId.eq(id.0));
    let last = of_connection
        .order_by_desc(sync_run::Column::Id)
        .one(db)
        .await?;
    let took = last.map_or(0, |run| run.ended_at.unwrap_or_else(now) - run.started_at);
    Ok(took.max(i64::from(store.limits.sync_notice_ms)))
}

/// Lets a connection that is active and well run soon: the next run, or the one behind the run
/// under way.
///
/// # Errors
/// When the database fails.
pub async fn hurry(store: &Store, id: ConnectionId) -> Result<()> {
    let active = Condition::all()
        .add(connection::Column::Id.eq(id.0))
        .add(connection::Column::State.eq(ConnectionState::Active.as_str()));
    let noticed = connection::Entity::update_many()
        .col_expr(connection::Column::NoticedAt, Expr::value(now()));
    noticed.filter(active.clone()).exec(store.write()).await?;
    let soon = now() + soonest(store, store.read(), id).await?;
    connection::Entity::update_many()
        .col_expr(connection::Column::NextRunAt, Expr::value(soon))
        .filter(active)
        // After a fault its own time stands.
        .filter(connection::Column::Failures.eq(0))
        .filter(connection::Column::NextRunAt.gt(soon))
        .exec(store.write())
        .await?;
    Ok(())
}
