//! The import: begun, fed, ended.

use alta_domain::{Begun, ImportId, ImportLedger, ImportPlan, ImportSummary, UndoLedger};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Where batches go; the server gives this route a limit of its own.
pub const BATCH_PATH: &str = "/api/onboarding/send_batch";
/// Bytes of cells in a batch.
pub const BATCH_BYTES: u32 = 1024 * 1024;

/// Begins an import, or goes on with the one whose rejects come back corrected.
///
/// # Errors
/// `BadPlan`, `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/begin_import", input = Postcard, output = Postcard)]
pub async fn begin_import(plan: ImportPlan, file_name: String, bytes: u64, fingerprint: u64, records: u32) -> Result<Begun, AppError> {
    use super::caller::{admin, store};
    let facts = alta_store::imports::FileFacts { name: file_name, bytes, fingerprint, records };
    Ok(alta_store::imports::begin(&store(), &admin()?, &plan, &facts).await?)
}

/// Sends a batch, the postcard of [`alta_domain::Batch`]; answers with the ledger so far.
///
/// # Errors
/// `BadBatch`.
#[server(prefix = "/api", endpoint = "onboarding/send_batch", input = Postcard, output = Postcard)]
pub async fn send_batch(import: ImportId, sequence: u32, rows: serde_bytes::ByteBuf) -> Result<ImportLedger, AppError> {
    use super::caller::{admin, store};
    use alta_store::StoreError;
    let admin = admin()?;
    let batch = postcard::from_bytes(&rows).map_err(|_| StoreError::from(alta_domain::ErrorCode::BadBatch))?;
    Ok(alta_store::imports::receive(&store(), &admin, import, sequence, batch).await?)
}

/// Closes the ledger.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/finish_import", input = Postcard, output = Postcard)]
pub async fn finish_import(import: ImportId) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::finish(&store(), &admin()?, import).await?)
}

/// Stops an import; what was received stays.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/stop_import", input = Postcard, output = Postcard)]
pub async fn stop_import(import: ImportId) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::stop(&store(), &admin()?, import).await?)
}

/// What taking an import back would do.
///
/// # Errors
/// `NotFound` when it can't be taken back.
#[server(prefix = "/api", endpoint = "onboarding/undo_preview", input = Postcard, output = Postcard)]
pub async fn undo_preview(import: ImportId) -> Result<UndoLedger, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::undo_preview(&store(), &admin()?, import).await?)
}

/// Takes an import back.
///
/// # Errors
/// `NotFound` when it can't be taken back, or was already.
#[server(prefix = "/api", endpoint = "onboarding/undo_import", input = Postcard, output = Postcard)]
pub async fn undo_import(import: ImportId) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::undo(&store(), &admin()?, import).await?)
}
