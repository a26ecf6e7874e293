//! A batch of records: received in its turn, checked again by the import engine, and written in one
//! transaction with its counts.

mod apply;
mod corrected;
mod dropped;
mod person;
mod prepared;

use std::time::{Duration, Instant};

use alta_domain::{Batch, ErrorCode, ImportId, ImportLedger, ImportState};

pub(super) use self::apply::MOST_KEYS;
pub(crate) use self::apply::apply_within;
pub(crate) use self::prepared::KnownRecord;
pub use self::prepared::{Prepared, prepare};
use super::row::{Plans, get, ledger, state};
use crate::Store;
use crate::access::Admin;
use crate::entity::import;
use crate::error::{Result, StoreError};

/// The longest pause between two checks whether the batch before has arrived.
const MAX_PAUSE: Duration = Duration::from_millis(30);

/// Receives a batch and writes it, and returns the ledger of the whole import. A batch that was
/// received already changes nothing. A batch that arrives before its predecessor waits for it.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when the batch is not the next one, does not begin after the records of
/// the import, has rows that do not fit the plan, or when the import has ended;
/// [`ErrorCode::TooLarge`] for records beyond the limit of a file.
pub async fn receive(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: u32,
    batch: Batch,
) -> Result<ImportLedger> {
    let most = store.limits.file.records;
    if batch.rows.iter().any(|row| row.record > most) {
        return Err(ErrorCode::TooLarge.into());
    }
    let row = get(store.read(), admin, id).await?;
    let sequence = i32::try_from(sequence).map_err(|_| ErrorCode::BadBatch)?;
    if sequence < row.next_sequence {
        return ledger(&row);
    }
    if sequence > row.next_sequence.saturating_add(1) || state(&row)? != ImportState::Running {
        return Err(ErrorCode::BadBatch.into());
    }
    let plan = Plans::of(&row)?.current;
    // The import engine takes a while for a large batch, in which this thread serves others.
    let prepared = tokio::task::spawn_blocking(move || prepare(&plan, batch)).await;
    let prepared = prepared.map_err(|error| StoreError::Broken(error.to_string()))??;
    let row = wait_for_turn(store, admin, id, sequence).await?;
    if sequence < row.next_sequence {
        return ledger(&row);
    }
    apply_next(store, admin, &row, prepared).await
}

/// Waits until the import expects the batch of this number or a later one, and returns its row. A
/// sender may have two batches in flight, over two connections and to two servers, so the batch
/// before this one is on its way.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when the batch before does not arrive in time, or the import has ended.
async fn wait_for_turn(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: i32,
) -> Result<import::Model> {
    let deadline = Instant::now() + Duration::from_millis(store.limits.batch_wait_ms);
    let mut pause = Duration::from_millis(1);
    loop {
        let row = get(store.write(), admin, id).await?;
        let is_late = Instant::now() >= deadline && row.next_sequence < sequence;
        if is_late || state(&row)? != ImportState::Running {
            return Err(ErrorCode::BadBatch.into());
        }
        if row.next_sequence >= sequence {
            return Ok(row);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(MAX_PAUSE);
    }
}

/// Writes a batch that was prepared under the import's own plan, and returns the ledger of the
/// whole import.
///
/// # Errors
/// As [`receive`].
pub async fn receive_prepared(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: u32,
    prepared: Prepared,
) -> Result<ImportLedger> {
    let row = get(store.write(), admin, id).await?;
    if i32::try_from(sequence) != Ok(row.next_sequence) || state(&row)? != ImportState::Running {
        return Err(ErrorCode::BadBatch.into());
    }
    apply_next(store, admin, &row, prepared).await
}

/// Writes the batch that the import expects, and returns the ledger of the whole import.
async fn apply_next(
    store: &Store,
    admin: &Admin,
    row: &import::Model,
    prepared: Prepared,
) -> Result<ImportLedger> {
    let plans = Plans::of(row)?;
    // The records before a batch of corrections are those of the corrected list, not of the import.
    let is_correction = plans.original.is_some();
    if !is_correction && i32::try_from(prepared.records_before) != Ok(row.records) {
        return Err(ErrorCode::BadBatch.into());
    }
    let turn = store.long_writes.turn().await;
    let transaction = store.begin().await?;
    match apply_within(&transaction, &store.vault, row, &plans, prepared).await? {
        Some(_) => transaction.commit().await?,
        None => transaction.rollback().await?,
    }
    drop(turn);
    ledger(&get(store.write(), admin, ImportId(row.id)).await?)
}
