//! The benchmark of the undo: 640,000 updated contacts on SQLite beside the import that updated
//! them, and the time that other writers wait meanwhile.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::contacts::{self, CITIES};
use super::import::{alta, set_up, timed};
use crate::build::release;
use crate::install;
use crate::shell::step;
use crate::workspace::target_directory;

const MIB: usize = 1024 * 1024;
/// The pause between two writes of another program during the undo.
const PAUSE: Duration = Duration::from_millis(50);
/// The settings of the `sqlite3` program that writes while the server undoes: those of the server
/// itself (`crates/store/src/db.rs`). With its own checkpoint after 1,000 pages, each write would
/// also copy all pages of the undo into the database.
const SETTINGS: &str = "PRAGMA wal_autocheckpoint = 65536; PRAGMA synchronous = NORMAL;";

/// Imports a file, imports the same file with other cities, and undoes the second import.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    install::program("sqlite3", "sqlite3")?;
    let files = target_directory(root).join("alta-bench");
    std::fs::create_dir_all(&files)?;
    let (first, second) = (files.join("undo-1.csv"), files.join("undo-2.csv"));
    contacts::write(&first, 75 * MIB)?;
    let mut text = std::fs::read_to_string(&first)?;
    for city in CITIES {
        text = text.replace(&format!(",{city},"), &format!(",Nova {city},"));
    }
    std::fs::write(&second, text)?;
    step("undo beside its import", || {
        compare(&binary, &files.join("undo"), &first, &second)
    })
}

fn compare(binary: &Path, data: &Path, first: &Path, second: &Path) -> Result<()> {
    set_up(binary, data, None)?;
    import(binary, data, first)?;
    let began = Instant::now();
    let updating = import(binary, data, second)?;
    let imported = began.elapsed().as_secs_f64();
    let id = updating["import"].to_string();
    let undo = |more: &[&str]| {
        let mut undo = alta(binary, data, None);
        undo.args(["undo", &id, "--organization", "bench"])
            .args(more);
        undo
    };
    let previewed = timed(&mut undo(&["--preview"]))?;
    let began = Instant::now();
    let mut child = undo(&[]).spawn()?;
    let mut waits = Vec::new();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        waits.push(write_beside(data)?);
        std::thread::sleep(PAUSE);
    };
    let undone = began.elapsed().as_secs_f64();
    ensure!(status.success(), "the undo ended with {status}");
    waits.sort_by(f64::total_cmp);
    println!("updated                {:>9} contacts", updating["updated"]);
    println!("the import             {imported:>9.2} s");
    println!(
        "the preview of its undo{previewed:>9.2} s   {:.3} of the import",
        previewed / imported
    );
    println!(
        "its undo               {undone:>9.2} s   {:.2} of the import",
        undone / imported
    );
    println!(
        "{} writes beside it: the longest waited {:.0} ms, one in two at most {:.0} ms",
        waits.len(),
        waits.last().copied().unwrap_or_default() * 1000.0,
        super::median(&waits) * 1000.0
    );
    Ok(())
}

/// Imports a file. Returns the JSON that `alta` prints about the import.
fn import(binary: &Path, data: &Path, file: &Path) -> Result<Value> {
    let mut alta = alta(binary, data, None);
    alta.arg("import").arg(file);
    // The second file is a little longer than the first, which is as long as files may be.
    let output = alta
        .env("ALTA_MAX_FILE_BYTES", "100000000")
        .args(["--organization", "bench", "--json"])
        .stdout(Stdio::piped())
        .output()?;
    ensure!(
        output.status.success(),
        "the import ended with {}",
        output.status
    );
    serde_json::from_slice(&output.stdout).context("what the import printed")
}

/// Writes to the database by the `sqlite3` program, and returns the seconds until the write is
/// committed.
fn write_beside(data: &Path) -> Result<f64> {
    let write = format!("{SETTINGS} BEGIN IMMEDIATE; UPDATE organization SET name = name; COMMIT;");
    timed(
        Command::new("sqlite3")
            .args(["-cmd", ".timeout 60000"])
            .arg(data.join("alta.db"))
            .arg(write)
            .stdout(Stdio::null()),
    )
}
