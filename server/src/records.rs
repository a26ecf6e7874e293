//! The commands about stored data: contacts, imports, rejects, and the undo of an import.

use std::io::Write;
use std::process::ExitCode;

use alta_domain::{ContactId, ErrorCode, ImportEntry, ImportId, UndoLedger};
use alta_store::Store;
use alta_store::access::{Admin, Member};
use alta_store::account::sessions;
use alta_store::contacts::export;
use alta_store::imports::{self, ImportFilter};
use serde_json::{Value, json};

use crate::exit_status::BAD_ARGUMENTS;
use crate::rejects;

/// The number of contacts or imports of one query.
const PAGE: u64 = 1000;

/// Returns the command line as an Admin of the organization with this slug, or of the only one. The
/// inner error is the message for standard error when there is no such organization.
async fn operator(store: &Store, slug: Option<String>) -> anyhow::Result<Result<Admin, String>> {
    let slugs = sessions::slugs(store).await?;
    let slug = match (slug, slugs.as_slice()) {
        (Some(slug), _) => slug,
        (None, [one]) => one.clone(),
        (None, _) => {
            return Ok(Err(format!(
                "--organization is missing; there are: {}",
                slugs.join(", ")
            )));
        }
    };
    match sessions::operator(store, &slug).await {
        Ok(admin) => Ok(Ok(admin)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Err(format!(
            "there is no organization '{slug}'; there are: {}",
            slugs.join(", ")
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Returns the command line as an Admin of the organization that an import belongs to. The inner
/// error is the message for standard error when there is no such import.
async fn operator_of(
    store: &Store,
    import: ImportId,
    slug: Option<String>,
) -> anyhow::Result<Result<Admin, String>> {
    let own = sessions::slug_of_import(store, import).await?;
    let is_own = slug.as_ref().is_none_or(|slug| Some(slug) == own.as_ref());
    match own.filter(|_| is_own) {
        Some(own) => operator(store, Some(own)).await,
        None => Ok(Err(format!("there is no import {import}"))),
    }
}

/// Returns the value that was found, or prints the message and leaves the function.
macro_rules! found {
    ($found:expr) => {
        match $found {
            Ok(found) => found,
            Err(message) => {
                eprintln!("alta: {message}");
                return Ok(ExitCode::from(BAD_ARGUMENTS));
            }
        }
    };
}

/// Prints the contacts of an organization.
///
/// # Errors
/// When the database fails, or standard output cannot be written.
pub(crate) async fn contacts(
    store: &Store,
    organization: Option<String>,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let admin = found!(operator(store, organization).await?);
    let member: &Member = &admin;
    let mut out = std::io::stdout().lock();
    let mut after = ContactId(0);
    loop {
        let page = export::page(store, member, "", after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(ExitCode::SUCCESS);
        };
        after = last.id;
        for contact in &page {
            if as_json {
                serde_json::to_writer(&mut out, contact)?;
                writeln!(out)?;
            } else {
                let name = contact.fields.get("name").map_or("", String::as_str);
                let keys = contact.phones.iter().chain(&contact.emails);
                let keys: Vec<&str> = keys.map(String::as_str).collect();
                writeln!(out, "{}\t{name}\t{}", contact.id, keys.join(", "))?;
            }
        }
    }
}

/// Prints the imports of an organization, the newest first.
///
/// # Errors
/// When the database fails, or standard output cannot be written.
pub(crate) async fn imports(
    store: &Store,
    organization: Option<String>,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let admin = found!(operator(store, organization).await?);
    let member: &Member = &admin;
    let mut out = std::io::stdout().lock();
    let mut filter = ImportFilter::default();
    loop {
        let page = imports::all(store, member, &filter, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(ExitCode::SUCCESS);
        };
        filter.before = Some(last.summary.id);
        for entry in &page {
            let described = describe(entry);
            if as_json {
                serde_json::to_writer(&mut out, &described)?;
                writeln!(out)?;
            } else {
                let summary = &entry.summary;
                writeln!(
                    out,
                    "{}\t{}\t{}\t{}",
                    summary.id,
                    summary.file_name,
                    summary.state.as_str(),
                    described["ledger"]
                )?;
            }
        }
    }
}

/// Returns an import as JSON.
fn describe(entry: &ImportEntry) -> Value {
    let summary = &entry.summary;
    json!({
        "id": summary.id,
        "file": if entry.system.is_none() { Some(&summary.file_name) } else { None },
        "system": entry.system,
        "account": if entry.system.is_some() { Some(&summary.file_name) } else { None },
        "started_at": summary.started_at,
        "ended_at": entry.ended_at,
        "by": entry.by,
        "lists": entry.lists,
        "state": summary.state,
        "ledger": summary.ledger,
        "conflicts": summary.conflicts,
        "kept_out": summary.kept_out,
        "undo_until": summary.undo_until,
        "undone": summary.undone,
    })
}

/// Undoes an import, or with `preview` prints what its undo would change.
///
/// # Errors
/// When the database fails, or standard output cannot be written.
pub(crate) async fn undo(
    store: &Store,
    import: ImportId,
    organization: Option<String>,
    preview: bool,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let admin = found!(operator_of(store, import, organization).await?);
    let done = if preview {
        imports::undo_preview(store, &admin, import).await
    } else {
        imports::undo(store, &admin, import)
            .await
            .map(|summary| summary.undone.unwrap_or_default())
    };
    let ledger = found!(done.map_err(|error| match error.code() {
        ErrorCode::NotFound => format!(
            "import {import} can't be undone: it still runs, was undone already, or is too old"
        ),
        ErrorCode::CannotUndo => format!(
            "import {import} can't be undone: it was made before Alta kept what each import changed"
        ),
        _ => error.to_string(),
    }));
    let UndoLedger {
        removed,
        restored,
        spared,
        why,
    } = ledger;
    let described = json!({
        "import": import,
        "removed": removed,
        "restored": restored,
        "spared": spared,
        "why": why,
    });
    if as_json {
        println!("{described}");
    } else {
        println!("removed {removed}, restored {restored}, spared {spared}");
        for (reason, count) in described["why"].as_object().into_iter().flatten() {
            println!("  {reason} {count}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the rejected records of an import as CSV.
///
/// # Errors
/// When the database fails, or standard output cannot be written.
pub(crate) async fn rejects(
    store: &Store,
    import: ImportId,
    organization: Option<String>,
) -> anyhow::Result<ExitCode> {
    let admin = found!(operator_of(store, import, organization).await?);
    let mut out = std::io::stdout().lock();
    let mut after = Some(0);
    while let Some(record) = after {
        let (bytes, next) = rejects::page(store.clone(), admin.clone(), import, record).await?;
        out.write_all(&bytes)?;
        after = next;
    }
    Ok(ExitCode::SUCCESS)
}
