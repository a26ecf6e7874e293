//! `alta import`: the wizard's import without a browser, against the configured database.

use std::path::PathBuf;
use std::process::ExitCode;

use alta_domain::{
    BuiltInField, ErrorCode, ExistingPolicy, FieldTarget, FileError, FileLimits, ImportPlan,
    ListTarget, Mapping,
};
use alta_intake::{Batcher, Checker, FileCheck, FoundRows, Reader, Slice, suggested};
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::imports::{self, FileFacts, Prepared};
use alta_store::{Store, StoreError};
use anyhow::Context;
use serde_json::json;
use tokio::sync::mpsc::{Sender, channel};

use crate::source::{Source, UNUSABLE, this_year};

/// Bytes of cells in a batch.
const BATCH_BYTES: usize = 1024 * 1024;
/// Batches made ahead of the database.
const AHEAD: usize = 1;
/// How the program ends on bad arguments.
const BAD_ARGUMENTS: u8 = 2;

/// What the command line asks for.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Wanted {
    /// The file; `-` reads standard input.
    file: PathBuf,
    /// The organization's slug, such as `comercial-andina`.
    #[arg(long)]
    organization: String,
    /// The list to add the contacts to; made when there is none of this name.
    #[arg(long)]
    list: Option<String>,
    /// What happens to contacts that exist already.
    #[arg(long, value_parser = parse_policy)]
    policy: Option<ExistingPolicy>,
    /// The decisions of an earlier import as JSON, in place of what the engine suggests.
    #[arg(long)]
    plan: Option<PathBuf>,
    /// The ledger as one JSON object.
    #[arg(long)]
    json: bool,
}

fn parse_policy(word: &str) -> Result<ExistingPolicy, String> {
    serde_json::from_value(json!(word)).map_err(|_| "update, fill or keep".to_owned())
}

/// A checked file and the plan it was checked under.
struct Checked {
    source: Source,
    plan: ImportPlan,
    facts: FileFacts,
    found: FoundRows,
}

/// Imports a file; run again after it was cut off, it goes on where it was.
///
/// # Errors
/// When the database fails, or nothing can be written.
pub(crate) async fn import(
    store: &Store,
    limits: FileLimits,
    wanted: Wanted,
) -> anyhow::Result<ExitCode> {
    let admin = match sessions::operator(store, &wanted.organization).await {
        Err(error) if error.code() == ErrorCode::NotFound => {
            eprintln!(
                "alta: there is no organization '{}'; there are: {}",
                wanted.organization,
                sessions::slugs(store).await?.join(", ")
            );
            return Ok(ExitCode::from(BAD_ARGUMENTS));
        }
        found => found?,
    };
    let as_json = wanted.json;
    let country = admin.country();
    let checked =
        match tokio::task::spawn_blocking(move || check(&wanted, country, limits)).await?? {
            Ok(checked) => checked,
            Err(error) => {
                eprintln!("alta: {error}");
                return Ok(ExitCode::from(UNUSABLE));
            }
        };
    let ledger = send(store, &admin, checked).await?;
    if as_json {
        println!("{ledger}");
    } else {
        let said = ledger
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name} {value}"));
        println!("{}", said.collect::<Vec<_>>().join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the whole file under the plan given, or the one suggested.
fn check(
    wanted: &Wanted,
    country: alta_domain::Country,
    limits: FileLimits,
) -> anyhow::Result<Result<Checked, FileError>> {
    let (source, bytes) = match Source::open(&wanted.file, limits.bytes) {
        Ok(opened) => opened,
        Err(error) => {
            eprintln!("alta: {}: {error}", wanted.file.display());
            return Ok(Err(FileError::Unreadable));
        }
    };
    if bytes > limits.bytes {
        return Ok(Err(FileError::TooLarge {
            size: bytes,
            limit: limits.bytes,
        }));
    }
    let mut plan = match plan(wanted, &source, country, limits)? {
        Ok(plan) => plan,
        Err(error) => return Ok(Err(error)),
    };
    let mut check = FileCheck::new(&plan.mapping).expecting(bytes);
    source.read(|chunk, last| {
        if check.records() <= limits.records {
            check.push(chunk, last);
        }
        Ok(())
    })?;
    if check.records() > limits.records {
        return Ok(Err(FileError::TooManyRecords(limits.records)));
    }
    let (report, found) = check.finish();
    if report.ledger.records == 0 {
        return Ok(Err(FileError::Empty));
    }
    for (column, order, _) in report.date_orders {
        if let Some(column) = plan.mapping.columns.get_mut(column as usize) {
            column.date_order = Some(order);
        }
    }
    let name = wanted
        .file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let facts = FileFacts {
        name,
        bytes,
        fingerprint: report.fingerprint,
        records: report.ledger.records,
    };
    Ok(Ok(Checked {
        source,
        plan,
        facts,
        found,
    }))
}

fn plan(
    wanted: &Wanted,
    source: &Source,
    country: alta_domain::Country,
    limits: FileLimits,
) -> anyhow::Result<Result<ImportPlan, FileError>> {
    let mut plan = if let Some(path) = &wanted.plan {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the plan {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("the plan {}", path.display()))?
    } else {
        let preview = match source.understand(country, limits)? {
            Ok(preview) => preview,
            Err(error) => return Ok(Err(error)),
        };
        let mapping = suggested(preview.shape, country, this_year(), &preview.columns);
        ImportPlan::new(mapping, ListTarget::None, ExistingPolicy::Update)
    };
    if let Some(list) = &wanted.list {
        plan.list = ListTarget::New(list.clone());
    }
    plan.policy = wanted.policy.unwrap_or(plan.policy);
    if has_identity(&plan.mapping) {
        Ok(Ok(plan))
    } else {
        Ok(Err(FileError::NoIdentityColumn))
    }
}

fn has_identity(mapping: &Mapping) -> bool {
    mapping.columns.iter().any(|column| matches!(column.target, Some(FieldTarget::BuiltIn(field)) if BuiltInField::is_identity(field)))
}

/// Sends the rows that are not there yet; batches are made on another thread while the database
/// takes the one before.
async fn send(store: &Store, admin: &Admin, checked: Checked) -> anyhow::Result<serde_json::Value> {
    let said = |error: StoreError| anyhow::anyhow!("the import was refused: {error}");
    let begun = imports::begin(store, admin, &checked.plan, &checked.facts)
        .await
        .map_err(said)?;
    if begun.records > 0 {
        eprintln!("alta: going on behind record {}", begun.records);
    }
    let (sender, mut batches) = channel(AHEAD);
    let maker = tokio::task::spawn_blocking(move || make(&checked, begun.records, &sender));
    let mut sequence = begun.sequence;
    while let Some(batch) = batches.recv().await {
        imports::receive_prepared(store, admin, begun.import, sequence, batch)
            .await
            .map_err(said)?;
        sequence += 1;
    }
    maker.await??;
    let ledger = imports::finish(store, admin, begun.import).await?.ledger;
    let mut written = json!({
        "import": begun.import, "records": ledger.records, "new": ledger.new, "updated": ledger.updated,
        "unchanged": ledger.unchanged, "merged": ledger.merged, "rejected": ledger.rejected,
    });
    if ledger.dropped > 0 {
        written["dropped"] = json!(ledger.dropped);
    }
    Ok(written)
}

fn make(checked: &Checked, behind: u32, sender: &Sender<Prepared>) -> std::io::Result<()> {
    let Checked {
        source,
        plan,
        found,
        ..
    } = checked;
    let judge = Checker::new(&plan.mapping);
    let mut slice = Slice::new(
        &plan.mapping,
        &judge,
        found,
        Reader::new(&plan.mapping.shape),
        0,
    );
    let mut batcher = Batcher::default();
    // The other end is gone only when the database has failed, which is said there.
    let send = |batcher: &mut Batcher| {
        let full = std::mem::take(&mut batcher.batch);
        batcher.bytes = 0;
        let prepared = imports::prepare(plan, full).map_err(std::io::Error::other)?;
        sender
            .blocking_send(prepared)
            .map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))
    };
    source.read(|chunk, last| {
        slice.push(chunk, last);
        while batcher.fill(
            &mut slice,
            (&judge, &plan.mapping, found),
            (BATCH_BYTES, behind),
        ) {
            send(&mut batcher)?;
        }
        Ok(())
    })?;
    if batcher.records() > 0 {
        send(&mut batcher)?;
    }
    Ok(())
}
