//! Summaries of imports, with their ledgers.

use std::collections::HashMap;

use alta_domain::{
    ImportId, ImportPlan, ImportState, ImportSummary, SparedWhy, UndoLedger, UndoProgress,
    Unfinished,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::retention::rejects_until;
use super::row::{count, get, is_conflict_of, ledger, state};
use crate::access::{Admin, Member, Own};
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::{DAY, Store, now};

/// Reads the summary of an import.
///
/// # Errors
/// [`NotFound`](alta_domain::ErrorCode::NotFound) when the organization has no such import.
pub async fn one(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    summary(store, &get(store.read(), admin, id).await?).await
}

/// Reads the summaries of the imports with these ids, by id. Ids of other organizations are left
/// out.
pub(crate) async fn several(
    store: &Store,
    admin: &Admin,
    ids: Vec<i64>,
) -> Result<HashMap<i64, ImportSummary>> {
    let rows = admin
        .own::<import::Entity>()
        .filter(import::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        found.insert(row.id, summary(store, &row).await?);
    }
    Ok(found)
}

/// Reads the organization's last import of a file, when that import still waits for batches of its
/// file; returns `None` otherwise.
///
/// # Errors
/// When the database fails, or the stored plan can't be read.
pub async fn last_unfinished(store: &Store, admin: &Admin) -> Result<Option<Unfinished>> {
    let Some(row) = last_row(store, admin).await? else {
        return Ok(None);
    };
    if state(&row)? != ImportState::Running || row.correction.is_some() {
        return Ok(None);
    }
    let of = i64::from(row.file_records.unwrap_or(row.records).max(1));
    let percent = i64::from(row.records) * 100 / of;
    Ok(Some(Unfinished {
        import: ImportId(row.id),
        percent: u32::try_from(percent).unwrap_or(100),
        plan: serde_json::from_value(row.plan)?,
        file_name: row.file_name,
    }))
}

/// Reads the summary of the organization's last import of a file.
///
/// # Errors
/// When the database fails.
pub async fn last(store: &Store, member: &Member) -> Result<Option<ImportSummary>> {
    match last_row(store, member).await? {
        Some(row) => Ok(Some(summary(store, &row).await?)),
        None => Ok(None),
    }
}

async fn last_row(store: &Store, member: &Member) -> Result<Option<import::Model>> {
    Ok(member
        .own::<import::Entity>()
        .filter(import::Column::ConnectionId.is_null())
        .order_by_desc(import::Column::Id)
        .one(store.read())
        .await?)
}

/// The number of last imports of files among which one with a given header is looked for.
const LOOKED_AT: u64 = 30;

/// Reads the name and the plan of the last import of a file whose columns have these names. Looks
/// through the last 30 ended imports of files that were not undone; returns `None` when no file had
/// these columns.
///
/// # Errors
/// When the database fails, or a stored plan can't be read.
pub async fn last_with_header(
    store: &Store,
    admin: &Admin,
    header: &[String],
) -> Result<Option<(String, ImportPlan)>> {
    let rows = admin
        .own::<import::Entity>()
        .filter(import::Column::ConnectionId.is_null())
        .filter(
            import::Column::State
                .is_in([ImportState::Finished, ImportState::Stopped].map(ImportState::as_str)),
        )
        .order_by_desc(import::Column::Id)
        .limit(LOOKED_AT)
        .all(store.read())
        .await?;
    for row in rows {
        let plan: ImportPlan = serde_json::from_value(row.plan)?;
        let columns = plan.mapping.columns.iter().map(|column| &column.header);
        if columns.eq(header) {
            return Ok(Some((row.file_name, plan)));
        }
    }
    Ok(None)
}

/// Makes the summary of an import, from its row and a count of its conflicts.
///
/// # Errors
/// When the database fails, or a stored value can't be read.
pub(super) async fn summary(store: &Store, row: &import::Model) -> Result<ImportSummary> {
    let conflicts = if row.rejected > 0 {
        let count = import_reject::Entity::find()
            .filter(is_conflict_of(ImportId(row.id)))
            .count(store.read())
            .await?;
        u32::try_from(count).unwrap_or(u32::MAX)
    } else {
        0
    };
    Ok(ImportSummary {
        id: ImportId(row.id),
        file_name: row.file_name.clone(),
        started_at: row.started_at,
        state: state(row)?,
        ledger: ledger(row)?,
        of: row.file_records.map(count).transpose()?,
        conflicts,
        kept_out: count(row.kept_out)?,
        has_rows: row.has_history,
        rejects_until: rejects_until(store, row),
        undo_until: undo_until(store, row),
        undone: undone(row)?,
        undoing: undoing(row)?,
    })
}

/// Returns the counts of the undo; `None` when the import was not undone.
fn undone(row: &import::Model) -> Result<Option<UndoLedger>> {
    if row.state != ImportState::Undone.as_str() {
        return Ok(None);
    }
    undo_ledger(row).map(Some)
}

/// Returns the progress of an undo that has not ended; `None` for an import that is not being
/// undone.
fn undoing(row: &import::Model) -> Result<Option<UndoProgress>> {
    if row.state != ImportState::Undoing.as_str() {
        return Ok(None);
    }
    undo_progress(row, false).map(Some)
}

/// Returns the progress of an undo, from the row of its import.
pub(super) fn undo_progress(row: &import::Model, is_finished: bool) -> Result<UndoProgress> {
    let ledger = undo_ledger(row)?;
    let done = count(row.undo_passed.unwrap_or(0))?;
    let of = row
        .created
        .saturating_add(row.updated)
        .saturating_add(row.unchanged);
    let of = u32::try_from(of).unwrap_or(0).max(done);
    Ok(UndoProgress {
        ledger,
        done,
        of,
        is_finished,
    })
}

/// Returns the numbers of contacts that the undo has removed, restored and spared up to now.
pub(super) fn undo_ledger(row: &import::Model) -> Result<UndoLedger> {
    let why = match &row.undo_spared_why {
        Some(why) => serde_json::from_value(why.clone())?,
        None => SparedWhy::default(),
    };
    Ok(UndoLedger {
        removed: count(row.undo_removed.unwrap_or(0))?,
        restored: count(row.undo_restored.unwrap_or(0))?,
        spared: count(row.undo_spared.unwrap_or(0))?,
        why,
    })
}

/// Returns the time until which the import can be undone, in milliseconds since 1970; `None` when
/// it was undone already, has not ended, has no history, or the time has passed.
pub(super) fn undo_until(store: &Store, row: &import::Model) -> Option<i64> {
    let until = row.ended_at? + i64::from(store.limits.undo_days) * DAY;
    let is_undone = row.state == ImportState::Undone.as_str();
    (row.has_history && !is_undone && until > now()).then_some(until)
}
