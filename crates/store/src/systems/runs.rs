//! What runs of a sync read, and what they could not.

use alta_domain::{
    ConnectionId, FaultKind, FaultNote, SetAside, Stream, StreamCounts, SyncProblem, SyncRun,
    SyncRunId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::connections::own;
use super::taking::NO_ID;
use crate::access::Admin;
use crate::entity::{sync_problem, sync_run};
use crate::error::{Result, StoreError};
use crate::{Store, imports};

/// Runs and problems that are listed.
const LISTED: u64 = 50;

/// The last runs of a connection, the newest first. Remedies are the catalogue's to add.
///
/// # Errors
/// `NotFound` when it is not the organization's.
pub async fn runs(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Vec<SyncRun>> {
    own(store, admin, id).await?;
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
        Ok(SyncRun {
            id: SyncRunId(row.id),
            started_at: row.started_at,
            ended_at: row.ended_at,
            read: read(&row),
            import: row.import_id.and_then(|import| imports.remove(&import)),
            fault: fault(row.fault_kind.as_deref(), row.fault_said)?,
        })
    };
    rows.into_iter().map(run).collect()
}

pub(super) fn read(row: &sync_run::Model) -> StreamCounts {
    let count = |value: i32| u32::try_from(value).unwrap_or(0);
    StreamCounts {
        contacts: count(row.contacts),
        transactions: count(row.transactions),
        products: count(row.products),
        set_aside: count(row.set_aside),
    }
}

/// What kept a run or a connection, by its words in the database.
pub(super) fn fault(kind: Option<&str>, said: Option<String>) -> Result<Option<FaultNote>> {
    let Some(word) = kind else { return Ok(None) };
    let kind = FaultKind::parse(word).ok_or_else(|| StoreError::Broken(format!("fault {word}")))?;
    Ok(Some(FaultNote {
        kind,
        said: said.unwrap_or_default(),
        remedy: None,
    }))
}

/// Records of a connection that could not be read.
///
/// # Errors
/// `NotFound` when it is not the organization's.
pub async fn problems(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Vec<SyncProblem>> {
    own(store, admin, id).await?;
    let rows = sync_problem::Entity::find()
        .filter(sync_problem::Column::ConnectionId.eq(id.0))
        .order_by_desc(sync_problem::Column::At)
        .limit(LISTED)
        .all(store.read())
        .await?;
    let read = |row: sync_problem::Model| {
        let stream = Stream::parse(&row.stream)
            .ok_or_else(|| StoreError::Broken(format!("stream {}", row.stream)))?;
        Ok(SyncProblem {
            stream,
            external_id: row
                .external_id
                .strip_prefix(NO_ID)
                .map_or(row.external_id.clone(), |_| String::new()),
            aside: SetAside {
                field: row.field,
                text: row.text,
            },
        })
    };
    rows.into_iter().map(read).collect()
}
