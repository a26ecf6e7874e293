//! The run of a sync: one reading of all streams of a connection, which a fault may interrupt and
//! the next lease goes on with.

use alta_domain::{ContactShape, ErrorCode, Stream, SyncRunId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::lease::Lease;
use crate::entity::sync_run;
use crate::error::{Result, StoreError};
use crate::imports::finish_or_remove;
use crate::systems::contacts;
use crate::{Store, now};

/// Milliseconds after the beginning of an open run, after which also the streams are read again
/// that it has read to their ends: an hour.
const READ_AGAIN_AFTER: i64 = 3_600_000;

/// A run that is open.
#[derive(Clone, Debug)]
pub struct Run {
    /// The id of the run.
    pub id: SyncRunId,
    /// The streams that the run has read to their ends. Empty when the run began more than an hour
    /// ago, so that one stream that fails again and again does not hold up the others.
    pub done: Vec<Stream>,
}

/// The numbers of a page's records, by kind.
pub(super) struct PageCounts {
    pub(super) contacts: usize,
    pub(super) transactions: usize,
    pub(super) products: usize,
    /// Records that could not be read.
    pub(super) set_aside: usize,
}

/// Begins a run, or goes on with the one that was interrupted.
///
/// # Errors
/// When the database fails, or [`StoreError::Broken`] when the streams of the open run can't be
/// read.
pub async fn begin_run(store: &Store, lease: &Lease) -> Result<Run> {
    let open = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(lease.connection.0))
        .filter(sync_run::Column::EndedAt.is_null())
        .order_by_desc(sync_run::Column::Id)
        .one(store.write())
        .await?;
    if let Some(run) = open {
        let done = if now() - run.started_at > READ_AGAIN_AFTER {
            Vec::new()
        } else {
            streams_read(&run)?
        };
        return Ok(Run {
            id: SyncRunId(run.id),
            done,
        });
    }
    let row = sync_run::ActiveModel {
        connection_id: Set(lease.connection.0),
        started_at: Set(now()),
        ended_at: Set(None),
        contacts: Set(0),
        transactions: Set(0),
        products: Set(0),
        set_aside: Set(0),
        import_id: Set(None),
        fault_kind: Set(None),
        fault_said: Set(None),
        done: Set(String::new()),
        ..Default::default()
    };
    let id = sync_run::Entity::insert(row)
        .exec(store.write())
        .await?
        .last_insert_id;
    Ok(Run {
        id: SyncRunId(id),
        done: Vec::new(),
    })
}

/// Reads the streams that a run has read to their ends: words of [`Stream`] after commas.
fn streams_read(run: &sync_run::Model) -> Result<Vec<Stream>> {
    run.done
        .split(',')
        .filter(|word| !word.is_empty())
        .map(|word| {
            Stream::parse(word).ok_or_else(|| {
                StoreError::Broken(format!("sync_run {}: unknown stream {word:?}", run.id))
            })
        })
        .collect()
}

/// Returns true when a run has read a stream to its end.
pub(super) fn has_read(run: &sync_run::Model, stream: Stream) -> Result<bool> {
    Ok(streams_read(run)?.contains(&stream))
}

/// Finds a run by its id.
async fn find(db: &impl ConnectionTrait, id: SyncRunId) -> Result<sync_run::Model> {
    sync_run::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// Adds the records of a page to the counts of a run. `done` is the page's stream when the page is
/// its last one, otherwise `None`.
pub(super) async fn add_counts(
    db: &impl ConnectionTrait,
    id: SyncRunId,
    counts: &PageCounts,
    done: Option<Stream>,
) -> Result<()> {
    use sync_run::Column;
    let mut change = sync_run::Entity::update_many();
    for (column, more) in [
        (Column::Contacts, counts.contacts),
        (Column::Transactions, counts.transactions),
        (Column::Products, counts.products),
        (Column::SetAside, counts.set_aside),
    ] {
        let more = i32::try_from(more).unwrap_or(i32::MAX);
        change = change.col_expr(column, Expr::col(column).add(more));
    }
    if let Some(stream) = done {
        let run = find(db, id).await?;
        let done = format!("{},{}", run.done, stream.as_str());
        change = change.col_expr(Column::Done, Expr::value(done));
    }
    change.filter(Column::Id.eq(id.0)).exec(db).await?;
    Ok(())
}

/// Returns the import that the contacts of a run belong to. Begins one when the run has none, or
/// when the contacts have other fields now because the manifest has changed.
pub(super) async fn import_of_run(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    id: SyncRunId,
    shape: &ContactShape,
) -> Result<i64> {
    if let Some(import) = find(transaction, id).await?.import_id {
        if contacts::can_continue(transaction, import, shape).await? {
            return Ok(import);
        }
        finish_or_remove(transaction, import).await?;
    }
    let import = contacts::begin(transaction, lease, shape).await?;
    sync_run::Entity::update_many()
        .col_expr(sync_run::Column::ImportId, Expr::value(import))
        .filter(sync_run::Column::Id.eq(id.0))
        .exec(transaction)
        .await?;
    Ok(import)
}
