//! The delay between a notice of a change and the run that reads the change.

use alta_domain::ConnectionId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::sync_run;
use crate::error::Result;
use crate::{Store, now};

/// Returns the milliseconds from a notice to the next run: the configured delay, or the length of
/// the last run where that is longer. Without the second rule a system that is read completely
/// each time, and sends a notice of every sale, would be read without a break.
pub(super) async fn notice_delay(
    store: &Store,
    db: &impl ConnectionTrait,
    id: ConnectionId,
) -> Result<i64> {
    let last = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(id.0))
        .order_by_desc(sync_run::Column::Id)
        .one(db)
        .await?;
    let length = last.map_or(0, |run| run.ended_at.unwrap_or_else(now) - run.started_at);
    Ok(length.max(i64::from(store.limits.sync_notice_ms)))
}
