//! `alta import`: the wizard's import without a browser, into the database that the settings name.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alta_domain::{
    Country, ErrorCode, ExistingPolicy, FileError, FileLimits, ImportPlan, ListTarget,
    choose_mapping,
};
use alta_intake::{Batcher, Checker, FileCheck, FoundRows, Reader, Slice, Understood};
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::contacts::fields;
use alta_store::imports::{self, FileFacts, Prepared};
use alta_store::{Store, StoreError};
use anyhow::Context;
use serde_json::json;
use tokio::sync::mpsc::{Sender, channel};

use crate::exit_status::{BAD_ARGUMENTS, UNUSABLE_FILE};
use crate::input::{Input, InputError, this_year};
use crate::plan_file::PlanFile;

/// The number of bytes of cells in a batch.
const BATCH_BYTES: usize = 1024 * 1024;
/// The number of batches that wait for the database while the next one is made.
const QUEUED_BATCHES: usize = 1;

/// The arguments of `alta import`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ImportArguments {
    /// The file; `-` reads standard input.
    file: PathBuf,
    /// The organization's slug, such as `comercial-andina`.
    #[arg(long)]
    organization: String,
    /// A list that the contacts are added to; it is created when none has this name. May be given
    /// several times.
    #[arg(long)]
    list: Vec<String>,
    /// The treatment of contacts that exist already: update, fill or keep.
    #[arg(long, value_parser = parse_policy)]
    policy: Option<ExistingPolicy>,
    /// A JSON file with a plan, as `alta plan` prints it, in place of the suggested one.
    #[arg(long)]
    plan: Option<PathBuf>,
    /// Prints the ledger as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Reads a policy; the error lists all policies.
fn parse_policy(word: &str) -> Result<ExistingPolicy, String> {
    serde_json::from_value(json!(word)).map_err(|_| "update, fill or keep".to_owned())
}

/// A file that was read once and checked under its plan.
struct CheckedFile {
    input: Input,
    plan: ImportPlan,
    facts: FileFacts,
    found: FoundRows,
}

/// The reason why a file is not imported.
enum Refusal {
    /// The file cannot be used.
    File(FileError),
    /// The plan cannot be used at all, or not for this file.
    Plan(anyhow::Error),
    /// Something else failed: reading the file or its plan.
    Failure(anyhow::Error),
}

impl From<FileError> for Refusal {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl From<InputError> for Refusal {
    fn from(error: InputError) -> Self {
        match error {
            InputError::File(error) => error.into(),
            InputError::Io(error) => error.into(),
        }
    }
}

/// Imports a file. After an interruption, another run continues where the first one stopped.
///
/// # Errors
/// When the database fails, or standard output cannot be written.
pub(crate) async fn import(
    store: &Store,
    limits: FileLimits,
    arguments: ImportArguments,
) -> anyhow::Result<ExitCode> {
    let admin = match sessions::operator(store, &arguments.organization).await {
        Err(error) if error.code() == ErrorCode::NotFound => {
            eprintln!(
                "alta: there is no organization '{}'; there are: {}",
                arguments.organization,
                sessions::slugs(store).await?.join(", ")
            );
            return Ok(ExitCode::from(BAD_ARGUMENTS));
        }
        found => found?,
    };
    let as_json = arguments.json;
    let checked = match check(store, &admin, arguments, limits).await {
        Ok(checked) => checked,
        Err(Refusal::File(error)) => {
            eprintln!("alta: {error}");
            return Ok(ExitCode::from(UNUSABLE_FILE));
        }
        Err(Refusal::Plan(error)) => {
            eprintln!("alta: {error:#}");
            return Ok(ExitCode::from(BAD_ARGUMENTS));
        }
        Err(Refusal::Failure(error)) => return Err(error),
    };
    let ledger = send(store, &admin, checked).await?;
    if as_json {
        println!("{ledger}");
    } else {
        let counts = ledger
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name} {value}"));
        println!("{}", counts.collect::<Vec<_>>().join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the whole file and checks it under the given plan, or under the suggested one. A list of
/// rejects is checked under the plan of its import.
async fn check(
    store: &Store,
    admin: &Admin,
    arguments: ImportArguments,
    limits: FileLimits,
) -> Result<CheckedFile, Refusal> {
    let country = admin.country();
    let path = arguments.file.clone();
    let open = move || open(&path, country, limits);
    let (input, bytes, preview) = tokio::task::spawn_blocking(open)
        .await
        .map_err(|error| Refusal::Failure(error.into()))??;
    let plan = plan(store, admin, &arguments, &preview).await?;
    let name = arguments.file.file_name();
    let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let check = move || check_input(input, bytes, plan, name, limits);
    tokio::task::spawn_blocking(check)
        .await
        .map_err(|error| Refusal::Failure(error.into()))?
}

/// Opens a file and reads its first part.
fn open(
    path: &Path,
    country: Country,
    limits: FileLimits,
) -> Result<(Input, u64, Understood), Refusal> {
    let (input, bytes) = Input::open(path, limits.bytes).map_err(|error| {
        eprintln!("alta: {}: {error}", path.display());
        FileError::Unreadable
    })?;
    if bytes > limits.bytes {
        return Err(FileError::TooLarge {
            size: bytes,
            limit: limits.bytes,
        }
        .into());
    }
    let preview = input.understand(country, limits)?;
    Ok((input, bytes, preview))
}

/// Checks the whole file under a plan.
fn check_input(
    input: Input,
    bytes: u64,
    mut plan: ImportPlan,
    name: String,
    limits: FileLimits,
) -> Result<CheckedFile, Refusal> {
    let mut check = FileCheck::new(&plan.mapping).expecting(bytes);
    input.read(|chunk, last| {
        if check.records() <= limits.records {
            check.push(chunk, last);
        }
        Ok(())
    })?;
    if check.records() > limits.records {
        return Err(FileError::TooManyRecords(limits.records).into());
    }
    for stretch in check.stretches() {
        check.reread(stretch, &input.range(stretch.start, stretch.end)?);
    }
    let (report, found) = check.finish();
    if report.ledger.records == 0 {
        return Err(FileError::Empty.into());
    }
    plan.mapping.set_date_orders(&report.date_orders);
    let facts = FileFacts {
        name,
        bytes,
        fingerprint: report.fingerprint,
        records: report.ledger.records,
    };
    Ok(CheckedFile {
        input,
        plan,
        facts,
        found,
    })
}

/// Returns the plan of a file, with the list and policy of the arguments. For a list of rejects
/// this is the plan of its import, for any other file the given or the suggested plan.
async fn plan(
    store: &Store,
    admin: &Admin,
    arguments: &ImportArguments,
    preview: &Understood,
) -> Result<ImportPlan, Refusal> {
    let failure = |error: StoreError| Refusal::Failure(error.into());
    let suggested = choose_mapping(preview, admin.country(), this_year(), None);
    if let Some(correction) = &suggested.correction
        && arguments.plan.is_none()
    {
        let original = imports::plan(store, admin, correction.import).await;
        let nobodys = imports::nobodys(store, admin, correction.import).await;
        return match original.and_then(|original| Ok((original, nobodys?))) {
            Ok((original, nobodys)) => {
                let mut plan = correcting(preview, admin.country(), original);
                if let Some(correction) = &mut plan.mapping.correction {
                    correction.nobodys = nobodys;
                }
                Ok(plan)
            }
            Err(error) if error.code() == ErrorCode::NotFound => {
                Err(Refusal::Plan(anyhow::anyhow!(
                    "the list corrects import {}, which this organization does not have",
                    correction.import
                )))
            }
            Err(error) => Err(failure(error)),
        };
    }
    let mut plan = if let Some(path) = &arguments.plan {
        let own = fields::all(store, admin).await.map_err(failure)?;
        let plan = read_plan(path).and_then(|plan| plan.into_plan(preview, this_year(), &own));
        let mut plan = plan.map_err(Refusal::Plan)?;
        plan.mapping.correction = suggested.correction;
        if let Some(correction) = &mut plan.mapping.correction {
            let nobodys = imports::nobodys(store, admin, correction.import).await;
            correction.nobodys = nobodys.unwrap_or_default();
        }
        plan
    } else {
        ImportPlan::new(suggested, ListTarget::None, ExistingPolicy::Update)
    };
    let mut lists = arguments.list.iter().cloned().map(ListTarget::New);
    if let Some(first) = lists.next() {
        plan.list = first;
        plan.more_lists = lists.collect();
    }
    plan.policy = arguments.policy.unwrap_or(plan.policy);
    if plan.mapping.has_identity() {
        Ok(plan)
    } else {
        Err(FileError::NoIdentityColumn.into())
    }
}

/// Returns the plan of an import, adapted to a list of its rejects.
fn correcting(preview: &Understood, country: Country, original: ImportPlan) -> ImportPlan {
    let mapping = choose_mapping(
        preview,
        country,
        this_year(),
        Some(original.mapping.clone()),
    );
    ImportPlan {
        mapping,
        ..original
    }
}

/// Reads a plan from its JSON file.
fn read_plan(path: &Path) -> anyhow::Result<PlanFile> {
    let name = || format!("the plan {}", path.display());
    let text = std::fs::read_to_string(path).with_context(name)?;
    serde_json::from_str(&text).with_context(name)
}

/// Imports the rows that the database does not have yet, and returns the ledger as JSON. A thread
/// makes the next batch while the database writes one.
async fn send(
    store: &Store,
    admin: &Admin,
    checked: CheckedFile,
) -> anyhow::Result<serde_json::Value> {
    let refused = |error: StoreError| anyhow::anyhow!("the import was refused: {error}");
    let begun = imports::begin(store, admin, &checked.plan, &checked.facts)
        .await
        .map_err(refused)?;
    if begun.records > 0 {
        eprintln!("alta: going on after record {}", begun.records);
    }
    let (sender, mut batches) = channel(QUEUED_BATCHES);
    let maker = tokio::task::spawn_blocking(move || make_batches(&checked, begun.records, &sender));
    let mut sequence = begun.sequence;
    while let Some(batch) = batches.recv().await {
        imports::receive_prepared(store, admin, begun.import, sequence, batch)
            .await
            .map_err(refused)?;
        sequence += 1;
    }
    maker.await??;
    let ledger = imports::finish(store, admin, begun.import).await?.ledger;
    let mut written = json!({
        "import": begun.import,
        "records": ledger.records,
        "new": ledger.new,
        "updated": ledger.updated,
        "unchanged": ledger.unchanged,
        "merged": ledger.merged,
        "rejected": ledger.rejected,
    });
    if ledger.dropped > 0 {
        written["dropped"] = json!(ledger.dropped);
    }
    Ok(written)
}

/// Makes batches of the rows after the record `after`, and sends them.
fn make_batches(
    checked: &CheckedFile,
    after: u32,
    sender: &Sender<Prepared>,
) -> std::io::Result<()> {
    let CheckedFile {
        input, plan, found, ..
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
    // The receiver is gone only when the database has failed; that error is reported there.
    let send = |batcher: &mut Batcher| {
        let full = std::mem::take(&mut batcher.batch);
        batcher.bytes = 0;
        let prepared = imports::prepare(plan, full).map_err(std::io::Error::other)?;
        sender
            .blocking_send(prepared)
            .map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))
    };
    input.read(|chunk, last| {
        slice.push(chunk, last);
        while batcher.fill(
            &mut slice,
            (&judge, &plan.mapping, found),
            (BATCH_BYTES, after),
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
