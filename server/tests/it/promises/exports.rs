//! Imports the exports of other programs (`crates/intake/tests/exports`), each into an empty base.
//! `alta import` must do what `alta check` promises, the same file again must change nobody, and
//! the result must be what people expect.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use alta_store::testing::TestDatabase;
use serde_json::Value;
use tokio::runtime::Handle;

use super::expected::Expected;
use super::organization::{Ledger, Organization};

const EXPORTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/intake/tests/exports"
);

/// The number of files that are read at the same time, each on a database of its own.
const WORKERS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_is_what_the_import_does_and_the_same_file_again_changes_nobody() {
    let mut databases = Vec::new();
    for _ in 0..WORKERS {
        databases.push(TestDatabase::sqlite().await);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(EXPORTS)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort_unstable();
    assert!(files.len() > 80, "{} files in {EXPORTS}", files.len());
    let expected = Expected::all();
    for expected in &expected {
        let is_there = files.iter().any(|file| file.ends_with(&expected.file));
        assert!(is_there, "{} is not in {EXPORTS}", expected.file);
    }
    let (next, runtime) = (AtomicUsize::new(0), Handle::current());
    let differences: Vec<String> = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let work = |database| work(database, (&files, &expected), &next, &runtime);
            let workers: Vec<_> = databases
                .iter()
                .map(|database| scope.spawn(move || work(database)))
                .collect();
            let ended = workers.into_iter().map(|worker| worker.join().unwrap());
            ended.flatten().collect()
        })
    });
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Reads files until none is left; returns the differences, in words.
fn work(
    database: &TestDatabase,
    (files, expected): (&[PathBuf], &[Expected]),
    next: &AtomicUsize,
    runtime: &Handle,
) -> Vec<String> {
    let mut differences = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(file) = files.get(number) else {
            return differences;
        };
        let organization = runtime.block_on(Organization::make(database, number));
        let name = file.file_name().unwrap().to_string_lossy();
        let wanted = expected.iter().find(|expected| expected.file == name);
        let kept = if wanted.is_some_and(Expected::is_refused) {
            refuses(&organization, file)
        } else {
            agrees(&organization, file)
        };
        differences.extend(kept.err().map(|how| format!("{name}: {how}")));
        if let Some(wanted) = wanted.filter(|wanted| !wanted.is_refused()) {
            let make = Organization::make_in(database, files.len() + number, wanted.country());
            let found = wanted.differences(&runtime.block_on(make), file);
            let found = found.unwrap_or_else(|error| vec![error]);
            differences.extend(found.into_iter().map(|how| format!("{name}: {how}")));
        }
    }
}

/// Checks that `alta check` and `alta import` both end as they do for a file that can't be used.
fn refuses(organization: &Organization, file: &Path) -> Result<(), String> {
    let check = organization.check(file).err();
    let import = organization.import(file, None).err();
    for (command, said) in [("check", check), ("import", import)] {
        let said = said.unwrap_or_default();
        if !said.contains("exit status: 3") {
            return Err(format!("`alta {command}` does not refuse it: {said}"));
        }
    }
    Ok(())
}

/// Checks that the check, the import, and the import of the same file again have the same result.
fn agrees(organization: &Organization, file: &Path) -> Result<(), String> {
    let checked = promised(&organization.check(file)?)?;
    let first = organization.import(file, None)?.ledger;
    let again = organization.import(file, None)?.ledger;
    let [new, _, _, merged, rejected] = first.counts;
    let expected = Ledger {
        records: first.records,
        counts: [0, 0, new, merged, rejected],
    };
    if checked != first {
        Err(format!(
            "the check promises {checked}, the import did {first}"
        ))
    } else if again != expected {
        Err(format!("the file again gives {again}, not {expected}"))
    } else {
        Ok(())
    }
}

/// Returns the ledger that the check promises for an import into an empty base, where every record
/// that is ready becomes a new contact.
fn promised(check: &Value) -> Result<Ledger, String> {
    let count = |name: &str| {
        let count = check["ledger"][name].as_u64();
        count.ok_or_else(|| format!("`{name}` is missing in {check}"))
    };
    Ok(Ledger {
        records: count("records")?,
        counts: [count("ready")?, 0, 0, count("merged")?, count("rejected")?],
    })
}
