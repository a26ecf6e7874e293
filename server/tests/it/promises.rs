//! The worked examples of who is the same person (`promises/examples.md`), through the command
//! line alone, on SQLite and on PostgreSQL.
//!
//! `ALTA_PROMISES=undo` runs only the examples whose name has that word.

mod beside;
mod contact;
mod example;
mod expected;
mod exports;
mod organization;
mod plan;
mod rejects;
mod round_trips;
mod runner;

use std::sync::atomic::{AtomicUsize, Ordering};

use alta_store::testing::TestDatabase;
use tokio::runtime::Handle;

use self::example::Example;
use self::organization::Organization;

/// The examples, in the words of the contract.
const EXAMPLES: &str = include_str!("promises/examples.md");

/// The number of examples that run at the same time, each on a database of its own.
const WORKERS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_is_kept_on_sqlite() {
    let mut databases = Vec::new();
    for _ in 0..WORKERS {
        databases.push(TestDatabase::sqlite().await);
    }
    assert_kept(&databases);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_is_kept_on_postgres() {
    let mut databases = Vec::new();
    for _ in 0..WORKERS {
        databases.push(TestDatabase::postgres().await);
    }
    assert_kept(&databases);
}

#[test]
fn no_example_is_left_out() {
    let heads = EXAMPLES.lines().filter_map(|line| line.strip_prefix("## "));
    let examples = example::parse(EXAMPLES).unwrap();
    let names: Vec<&str> = examples.iter().map(|example| &*example.name).collect();
    assert_eq!(names, heads.collect::<Vec<_>>());
    assert!(names.len() > 60, "{}", names.len());
}

#[test]
fn a_sentence_that_is_not_understood_is_an_error() {
    let good =
        "## a\n\nWhy.\n\nFile 1:\n\n```\nCelular\n1\n```\n\nLedger of file 1: 1 / 0 / 0 / 0 / 0.\n";
    assert_eq!(example::parse(good).unwrap().len(), 1);
    for (from, to) in [
        ("Ledger", "The ledger"),
        ("1 / 0 / 0 / 0 / 0", "1 / 0 / 0 / 0"),
        ("file 1:", "file 2:"),
        ("File 1:", "File 2:"),
        ("File 1:", "File 1 (policy *replace*):"),
        ("File 1:", "File 1 (lists *L*):"),
        ("Celular\n", ""),
        ("Ledger of file 1: 1 / 0 / 0 / 0 / 0.", ""),
    ] {
        let bad = good.replace(from, to);
        assert!(example::parse(&bad).is_err(), "{bad}");
    }
}

/// Runs the examples, one after another on each database, and prints all differences together.
fn assert_kept(databases: &[TestDatabase]) {
    let wanted = std::env::var("ALTA_PROMISES").unwrap_or_default();
    let mut examples = example::parse(EXAMPLES).unwrap();
    examples.retain(|example| example.name.contains(&wanted));
    assert!(!examples.is_empty(), "no example's name has '{wanted}'");
    let (next, runtime) = (AtomicUsize::new(0), Handle::current());
    let mut broken: Vec<(usize, String)> = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let work = |database| work(database, &examples, &next, &runtime);
            let workers: Vec<_> = databases
                .iter()
                .map(|database| scope.spawn(move || work(database)))
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap())
                .collect()
        })
    });
    broken.sort_unstable();
    let (count, of) = (broken.len(), examples.len());
    let reports: Vec<String> = broken.into_iter().map(|(_, report)| report).collect();
    assert!(
        reports.is_empty(),
        "{count} of {of} examples are not kept:\n\n{}",
        reports.join("\n\n")
    );
}

/// Runs examples until none is left; returns the number and the differences of each example that is
/// not kept.
fn work(
    database: &TestDatabase,
    examples: &[Example],
    next: &AtomicUsize,
    runtime: &Handle,
) -> Vec<(usize, String)> {
    let mut broken = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(example) = examples.get(number) else {
            return broken;
        };
        let organization = runtime.block_on(Organization::make(database, number));
        let differences = runner::run(example, &organization);
        if !differences.is_empty() {
            let report = format!("## {}\n  {}", example.name, differences.join("\n  "));
            broken.push((number, report));
        }
    }
}
