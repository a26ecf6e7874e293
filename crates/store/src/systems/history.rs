//! The history of a connection for its Admins: the last runs, and the records that could not be
//! read.

use alta_domain::{ConnectionId, SetAside, Stream, StreamCounts, SyncProblem, SyncRun, SyncRunId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::fault_note::fault_note;
use super::lookup::own_connection;
use super::records::NO_ID_PREFIX;
use crate::access::Admin;
use crate::entity::{sync_problem, sync_run};
use crate::error::{Result, StoreError};
use crate::{Store, imports};

/// The most runs, and the most problems, that are listed.
const LISTED: u64 = 50;

/// Lists the last runs of a connection, the newest first. The caller adds the remedies of faults
/// from the catalogue.
///
/// # Errors
/// `NotFound` when the organization has no such connection.
pub async fn runs(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Vec<SyncRun>> {
    own_connection(store.write(), admin, id).await?;
    let rows = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(id.0))
        .order_by_desc(sync_run::Column::Id)
        .limit(LISTED)
        .all(store.read())
        .await?;
    let mut imports = imports::several(
        store,
        admin,
        rows.iter().filter_map(|row| row.import_id).collect(),
    )
    .await?;
    let run = |row: sync_run::Model| {
        let name = format!("sync_run {}", row.id);
        Ok(SyncRun {
            id: SyncRunId(row.id),
            started_at: row.started_at,
            ended_at: row.ended_at,
            read: counts(&row),
            import: row.import_id.and_then(|import| imports.remove(&import)),
            fault: fault_note(&name, row.fault_kind.as_deref(), row.fault_said)?,
        })
    };
    rows.into_iter().map(run).collect()
}

/// Returns the numbers of records that a run has read.
fn counts(row: &sync_run::Model) -> StreamCounts {
    let count = |value: i32| u32::try_from(value).unwrap_or(0);
    StreamCounts {
        contacts: count(row.contacts),
        transactions: count(row.transactions),
        products: count(row.products),
        set_aside: count(row.set_aside),
    }
}

/// Lists the records of a connection that could not be read, the newest first.
///
/// # Errors
/// `NotFound` when the organization has no such connection.
pub async fn problems(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Vec<SyncProblem>> {
    own_connection(store.write(), admin, id).await?;
    let rows = sync_problem::Entity::find()
        .filter(sync_problem::Column::ConnectionId.eq(id.0))
        .order_by_desc(sync_problem::Column::At)
        .limit(LISTED)
        .all(store.read())
        .await?;
    let problem = |row: sync_problem::Model| {
        let stream = Stream::parse(&row.stream).ok_or_else(|| {
            StoreError::Broken(format!(
                "sync_problem of connection {}: unknown stream {:?}",
                row.connection_id, row.stream
            ))
        })?;
        let external_id = if row.external_id.starts_with(NO_ID_PREFIX) {
            String::new()
        } else {
            row.external_id
        };
        Ok(SyncProblem {
            stream,
            external_id,
            aside: SetAside {
                field: row.field,
                text: row.text,
            },
        })
    };
    rows.into_iter().map(problem).collect()
}
