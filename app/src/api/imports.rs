//! Server functions of imports: begin, send batches, finish; undo; conflicts.

use alta_domain::{
    Begun, Conflict, ContactId, FieldTarget, ImportId, ImportLedger, ImportPlan, ImportSummary,
    Key, ListTarget, UndoLedger, UndoProgress,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// The path that batches are posted to; the server gives it a body limit of its own.
pub const BATCH_PATH: &str = "/api/onboarding/send_batch";
/// The number of bytes of cells with which a batch is closed. The server's own limit,
/// `max_batch_bytes`, is larger.
pub const BATCH_BYTES: u32 = 1024 * 1024;

/// Begins an import. For a file of corrected rejects, continues the import that rejected them.
///
/// # Errors
/// `BadPlan`, `TooManyDecisions`, `NotFound`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/begin_import",
    input = Postcard,
    output = Postcard,
)]
pub async fn begin_import(
    plan: ImportPlan,
    file_name: String,
    bytes: u64,
    fingerprint: u64,
    records: u32,
) -> Result<Begun, AppError> {
    use super::caller::{admin, store};
    let facts = alta_store::imports::FileFacts {
        name: file_name,
        bytes,
        fingerprint,
        records,
    };
    Ok(alta_store::imports::begin(&store(), &admin()?, &plan, &facts).await?)
}

/// Imports a batch: the postcard of [`alta_domain::Batch`], compressed with gzip when `packed`.
/// Returns the ledger up to this batch, and the milliseconds that the server worked on the batch:
/// the network took the rest of the time.
///
/// # Errors
/// `BadBatch`; `TooLarge` for a batch that is larger than allowed after decompression.
#[server(prefix = "/api", endpoint = "onboarding/send_batch", input = Postcard, output = Postcard)]
pub async fn send_batch(
    import: ImportId,
    sequence: u32,
    rows: serde_bytes::ByteBuf,
    packed: bool,
) -> Result<(ImportLedger, u32), AppError> {
    use super::caller::{Settings, admin, store};
    use alta_domain::ErrorCode;
    use alta_store::StoreError;
    let begun = std::time::Instant::now();
    let admin = admin()?;
    let most = expect_context::<Settings>().max_batch_bytes;
    let rows = if packed {
        super::packed::unpacked(&rows, most).map_err(StoreError::from)?
    } else {
        rows.into_vec()
    };
    let batch = postcard::from_bytes(&rows).map_err(|_| StoreError::from(ErrorCode::BadBatch))?;
    let ledger = alta_store::imports::receive(&store(), &admin, import, sequence, batch).await?;
    Ok((
        ledger,
        u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
    ))
}

/// Closes an import after its last batch.
///
/// # Errors
/// `NotFound`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/finish_import",
    input = Postcard,
    output = Postcard,
)]
pub async fn finish_import(import: ImportId) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::finish(&store(), &admin()?, import).await?)
}

/// Stops an import; the rows received before stay imported.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/stop_import", input = Postcard, output = Postcard)]
pub async fn stop_import(import: ImportId) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::stop(&store(), &admin()?, import).await?)
}

/// Counts the contacts that an undo of an import would change.
///
/// # Errors
/// `NotFound` when the import can't be undone.
#[server(
    prefix = "/api",
    endpoint = "onboarding/undo_preview",
    input = Postcard,
    output = Postcard,
)]
pub async fn undo_preview(import: ImportId) -> Result<UndoLedger, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::undo_preview(&store(), &admin()?, import).await?)
}

/// The time that one call works on an undo, in milliseconds. Between two calls the page shows the
/// progress.
#[cfg(feature = "ssr")]
const UNDO_SLICE: i64 = 1000;

/// Begins the undo of an import, or continues it, for about a second. The caller calls again until
/// the undo is finished.
///
/// # Errors
/// `NotFound` when the import can't be undone, or was undone before.
#[server(prefix = "/api", endpoint = "onboarding/undo_import", input = Postcard, output = Postcard)]
pub async fn undo_import(import: ImportId) -> Result<UndoProgress, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::undo_for(&store(), &admin()?, import, UNDO_SLICE).await?)
}

/// Stores the plan of an import as the plan for the next file with the same columns.
///
/// # Errors
/// `NotFound`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/import_again",
    input = Postcard,
    output = Postcard,
)]
pub async fn import_again(import: ImportId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    let (store, admin) = (store(), admin()?);
    let name = alta_store::imports::one(&store, &admin, import)
        .await?
        .file_name;
    let plan = alta_store::imports::plan(&store, &admin, import).await?;
    Ok(alta_store::onboarding::keep_plan(&store, &admin, &name, &plan).await?)
}

/// Lists the phones, e-mail addresses and CPFs of an import's file that belong to nobody, because
/// different people have them. They belong to nobody in a corrected list of its rejects too.
///
/// # Errors
/// `NotFound`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/import_nobodys",
    input = Postcard,
    output = Postcard,
)]
pub async fn import_nobodys(import: ImportId) -> Result<Vec<Key>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::nobodys(&store(), &admin()?, import).await?)
}

/// Reads the plan of the last import of a file with this header, and the name of that file; `None`
/// when there was no such import.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
#[server(prefix = "/api", endpoint = "onboarding/last_time", input = Postcard, output = Postcard)]
pub async fn last_time(header: Vec<String>) -> Result<Option<(String, ImportPlan)>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::last_with_header(&store(), &admin()?, &header).await?)
}

/// The largest number of conflicts in one answer.
pub const CONFLICTS: u64 = 20;

/// Reads, as hashes, the keys and values of the contacts whose ids follow `after`, with the last of
/// these ids and the number of all contacts. From them the browser computes what an import would
/// change; it can compare hashes, but not read values from them. `lists` are the lists that the
/// import adds contacts to.
///
/// # Errors
/// `TooLarge` when the organization has more contacts than the server sends to a browser.
#[server(
    prefix = "/api",
    endpoint = "onboarding/contact_marks",
    input = Postcard,
    output = Postcard,
)]
pub async fn contact_marks(
    fields: Vec<FieldTarget>,
    lists: Vec<ListTarget>,
    after: ContactId,
) -> Result<(serde_bytes::ByteBuf, Option<ContactId>, u32), AppError> {
    use super::caller::{admin, store};
    let (store, admin) = (store(), admin()?);
    let marks = alta_store::imports::effect::marks(&store, &admin, &fields, &lists, after).await?;
    Ok((marks.bytes.into(), marks.last, marks.contacts))
}

/// Reads the present values of pairs of a contact and a field, in the order of `wanted`; `None`
/// where the contact has no value.
///
/// # Errors
/// `TooLong` for more values than a screen shows.
#[server(
    prefix = "/api",
    endpoint = "onboarding/contact_values",
    input = Postcard,
    output = Postcard,
)]
pub async fn contact_values(
    wanted: Vec<(ContactId, FieldTarget)>,
) -> Result<Vec<Option<String>>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::effect::values(&store(), &admin()?, &wanted).await?)
}

/// Lists the conflicts whose record numbers follow `after`. A conflict is a record that agrees with
/// two contacts.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/conflicts", input = Postcard, output = Postcard)]
pub async fn conflicts(import: ImportId, after: u32) -> Result<Vec<Conflict>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::conflicts(&store(), &admin()?, import, after, CONFLICTS).await?)
}

/// Resolves a conflict: gives its record to one of its contacts.
///
/// # Errors
/// `NotFound`; `BadBatch` while the import runs, or when it was undone.
#[server(
    prefix = "/api",
    endpoint = "onboarding/resolve_conflict",
    input = Postcard,
    output = Postcard,
)]
pub async fn resolve_conflict(
    import: ImportId,
    record: u32,
    into: ContactId,
) -> Result<ImportSummary, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::imports::resolve(&store(), &admin()?, import, record, into).await?)
}
