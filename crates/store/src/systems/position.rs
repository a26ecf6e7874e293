//! The position of a stream: the place in the system's list from which the next page is read.
//!
//! The connect crate makes it, as JSON; the store does not look into it. It is written in the
//! transaction of the page that ends there.

use alta_domain::{ConnectionId, Stream};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::de::IgnoredAny;

use super::lease::{Lease, check_lease};
use crate::Store;
use crate::entity::sync_position;
use crate::error::{Result, StoreError};

/// Reads the position of a stream: JSON, or an empty text before its first page.
///
/// # Errors
/// When the database fails, or [`StoreError::Broken`] when the stored position is no JSON: it must
/// not be taken for the first page, because all records would be read again.
pub async fn read_position(store: &Store, lease: &Lease, stream: Stream) -> Result<String> {
    let row = sync_position::Entity::find_by_id((lease.connection.0, stream.as_str().to_owned()))
        .one(store.write())
        .await?;
    let Some(row) = row else {
        return Ok(String::new());
    };
    if let Err(error) = serde_json::from_str::<IgnoredAny>(&row.position) {
        return Err(StoreError::Broken(format!(
            "sync_position of connection {}, stream {}: {error}",
            row.connection_id, row.stream
        )));
    }
    Ok(row.position)
}

/// Stores the position of a stream without a page: after a fault the next run begins there. Does
/// nothing when the lease is lost.
///
/// # Errors
/// When the database fails.
pub async fn write_position(
    store: &Store,
    lease: &Lease,
    stream: Stream,
    position: String,
) -> Result<()> {
    let transaction = store.begin().await?;
    if check_lease(store, &transaction, lease).await? {
        store_position(&transaction, lease.connection, stream, position).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Inserts the position of a stream, or overwrites it. The caller has checked the lease.
pub(super) async fn store_position(
    db: &impl ConnectionTrait,
    connection: ConnectionId,
    stream: Stream,
    position: String,
) -> Result<()> {
    let row = sync_position::ActiveModel {
        connection_id: Set(connection.0),
        stream: Set(stream.as_str().to_owned()),
        position: Set(position),
    };
    let mut on_conflict = OnConflict::columns([
        sync_position::Column::ConnectionId,
        sync_position::Column::Stream,
    ]);
    on_conflict.update_column(sync_position::Column::Position);
    sync_position::Entity::insert(row)
        .on_conflict(on_conflict)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
