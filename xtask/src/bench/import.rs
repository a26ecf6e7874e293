//! The benchmark of the import: `alta import` of 640,000 records beside the import tools of the
//! databases with the same rows, in one run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::contacts;
use crate::build::release;
use crate::install;
use crate::postgres::Cluster;
use crate::shell::{run as run_command, step};
use crate::test::playwright;
use crate::workspace::target_directory;

const MIB: usize = 1024 * 1024;
/// The number of rounds of each contestant. The contestants take turns.
const ROUNDS: usize = 3;
/// The columns of the rows that the databases' own tools import, as the table of contacts has them.
const COLUMNS: &str = "organization_id, phone_key, phone, email, tax_id, name, city, birth_date, \
    notes, created_at, updated_at";
const TYPED: &str = "organization_id BIGINT, phone_key TEXT, phone TEXT, email TEXT, tax_id TEXT, \
    name TEXT, city TEXT, birth_date TEXT, notes TEXT, \
                     created_at BIGINT, updated_at BIGINT";
/// The columns that are unique in an organization.
const KEYS: [&str; 3] = ["phone_key", "email", "tax_id"];

/// The seconds of one contestant in each round.
type Seconds = Vec<f64>;

/// Builds the program, makes the file, and runs all contestants.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    install::program("sqlite3", "sqlite3")?;
    let files = target_directory(root).join("alta-bench");
    std::fs::create_dir_all(&files)?;
    let file = files.join("contacts-75.csv");
    let records = contacts::write(&file, 75 * MIB)?;
    step("SQLite", || sqlite(&binary, &files, &file, records))?;
    step("from the browser", || {
        let chromium = install::chromium(root)?;
        let mut browser = playwright(
            root,
            "end2end/bench.config.ts",
            &binary,
            chromium.as_deref(),
        );
        run_command(browser.arg("import.spec").env("ALTA_BENCH_FILE", &file))
    })?;
    step("PostgreSQL", || postgres(&binary, &files, &file, records))?;
    step("ten times less and more, SQLite", || scale(&binary, &files))
}

/// Prints the rate of `alta import` for a tenth of the file, the file, and ten times the file, and
/// beside it the rate of `sqlite3 .import` with the same rows.
fn scale(binary: &Path, files: &Path) -> Result<()> {
    let (data, file) = (files.join("import"), files.join("scale.csv"));
    let mut rates = Vec::new();
    for tenths in [1, 10, 100] {
        let records = contacts::write(&file, 75 * MIB * tenths / 10)?;
        set_up(binary, &data, None)?;
        let mut alta = alta(binary, &data, None);
        let seconds = timed(
            alta.env("ALTA_MAX_FILE_BYTES", "1000000000")
                .arg("import")
                .arg(&file)
                .args(["--organization", "bench", "--json"]),
        )?;
        let rate = f64::from(records) / seconds;
        let floor = f64::from(records) / sqlite_floor(&data, files, true)?;
        println!(
            "{records:>9} records{seconds:>8.2} s{rate:>10.0} rows/s   sqlite3 \
             .import{floor:>10.0} rows/s"
        );
        rates.push((rate, floor));
    }
    let _ = std::fs::remove_file(&file);
    for (name, rates) in [
        ("alta import", rates.iter().map(|rate| rate.0).collect()),
        ("sqlite3", rates.iter().map(|rate| rate.1).collect()),
    ] {
        let rates: Vec<f64> = rates;
        let (least, most) = rates
            .iter()
            .fold((f64::MAX, f64::MIN), |(least, most), rate| {
                (rate.min(least), rate.max(most))
            });
        println!(
            "{name}: the slowest of the three at {:.2} of the fastest's rate",
            least / most
        );
    }
    Ok(())
}

/// Returns the seconds that `sqlite3 .import` takes for the contacts of a database. When `new` is
/// set, writes these contacts to a file first.
fn sqlite_floor(data: &Path, files: &Path, new: bool) -> Result<f64> {
    let (rows, floor) = (files.join("rows.csv"), files.join("floor.db"));
    if new {
        let out = std::fs::File::create(&rows)?;
        let query = format!("SELECT {COLUMNS} FROM contact");
        run_command(
            Command::new("sqlite3")
                .args(["-csv"])
                .arg(data.join("alta.db"))
                .arg(query)
                .stdout(out),
        )?;
    }
    let _ = std::fs::remove_file(&floor);
    let make = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE floor ({TYPED}); {}",
        indexes(true)
    );
    run_command(
        Command::new("sqlite3")
            .arg(&floor)
            .arg(make)
            .stdout(Stdio::null()),
    )?;
    timed(
        Command::new("sqlite3")
            .arg(&floor)
            .arg(format!(".import --csv {} floor", rows.display())),
    )
}

/// Imports a file with `alta`. Returns the seconds that it takes.
fn import(binary: &Path, data: &Path, url: Option<&str>, file: &Path) -> Result<f64> {
    let mut alta = alta(binary, data, url);
    timed(
        alta.arg("import")
            .arg(file)
            .args(["--organization", "bench", "--json"]),
    )
}

pub(super) fn alta(binary: &Path, data: &Path, url: Option<&str>) -> Command {
    let mut alta = Command::new(binary);
    alta.current_dir(data)
        .env("ALTA_DATA", data)
        .env_remove("DATABASE_URL")
        .stdout(Stdio::null());
    if let Some(url) = url {
        alta.env("DATABASE_URL", url);
    }
    alta
}

/// Makes a new database with an organization to import into.
pub(super) fn set_up(binary: &Path, data: &Path, url: Option<&str>) -> Result<()> {
    let _ = std::fs::remove_dir_all(data);
    std::fs::create_dir_all(data)?;
    let mut child = alta(binary, data, url)
        .args([
            "set-up",
            "--organization",
            "Bench",
            "--name",
            "Ana Silva",
            "--email",
            "ana@example.com",
        ])
        .stdin(Stdio::piped())
        .spawn()?;
    std::io::Write::write_all(
        &mut child.stdin.take().context("standard input")?,
        b"primeros pasos",
    )?;
    ensure!(
        child.wait()?.success(),
        "the organization could not be made"
    );
    Ok(())
}

fn sqlite(binary: &Path, files: &Path, file: &Path, records: u32) -> Result<()> {
    let data = files.join("import");
    let (mut first, mut again, mut floors) = (Seconds::new(), Seconds::new(), Seconds::new());
    for round in 0..ROUNDS {
        set_up(binary, &data, None)?;
        first.push(import(binary, &data, None, file)?);
        again.push(import(binary, &data, None, file)?);
        floors.push(sqlite_floor(&data, files, round == 0)?);
    }
    said("alta import, empty", &first, records, &floors);
    said("alta import, again", &again, records, &first);
    said("sqlite3 .import", &floors, records, &floors);
    Ok(())
}

fn postgres(binary: &Path, files: &Path, file: &Path, records: u32) -> Result<()> {
    let cluster = Cluster::start()?;
    let (data, rows) = (files.join("import"), files.join("rows.csv"));
    let psql = |database: &str, sql: &str| {
        let mut psql = Command::new("psql");
        psql.args(["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1"])
            .arg(format!("{}/{database}", cluster.url()))
            .args(["-c", sql]);
        psql.stdout(Stdio::null());
        psql
    };
    let (mut first, mut again, mut floors) = (Seconds::new(), Seconds::new(), Seconds::new());
    for round in 0..ROUNDS {
        let (database, floor) = (format!("alta_{round}"), format!("floor_{round}"));
        for name in [&database, &floor] {
            run_command(&mut psql("postgres", &format!("CREATE DATABASE {name}")))?;
        }
        let url = format!("{}/{database}", cluster.url());
        set_up(binary, &data, Some(&url))?;
        first.push(import(binary, &data, Some(&url), file)?);
        again.push(import(binary, &data, Some(&url), file)?);
        run_command(&mut psql(
            &floor,
            &format!(
                "CREATE TABLE floor ({TYPED}); {} CREATE UNLOGGED TABLE staging ({TYPED})",
                indexes(false)
            ),
        ))?;
        let copy = timed(&mut psql(
            &floor,
            &format!("\\copy staging FROM '{}' CSV", rows.display()),
        ))?;
        floors.push(
            copy + timed(&mut psql(
                &floor,
                "INSERT INTO floor SELECT * FROM staging ON CONFLICT DO NOTHING",
            ))?,
        );
    }
    said("alta import, empty", &first, records, &floors);
    said("alta import, again", &again, records, &first);
    said("COPY and upsert", &floors, records, &floors);
    Ok(())
}

/// Returns the SQL for the unique indexes of contacts. `is_text` is true for SQLite's import, which
/// reads a missing value as an empty text: that text must not count as a duplicate.
fn indexes(is_text: bool) -> String {
    let key = |key: &&str| {
        if is_text {
            format!("NULLIF({key}, '')")
        } else {
            (*key).to_string()
        }
    };
    let index = |name: &&str| {
        format!(
            "CREATE UNIQUE INDEX floor_{name} ON floor (organization_id, {}); ",
            key(name)
        )
    };
    KEYS.iter().map(index).collect::<Vec<_>>().concat()
}

/// Prints a line of the table: the median, the rate, and the rate divided by that of the contestant
/// `beside`.
fn said(name: &str, seconds: &Seconds, records: u32, beside: &Seconds) {
    let median = super::median(seconds);
    println!(
        "{name:<22}{median:>7.2} s{:>10.0} rows/s   {:.2} of the rate beside",
        f64::from(records) / median,
        super::median(beside) / median
    );
}

pub(super) fn timed(command: &mut Command) -> Result<f64> {
    let began = Instant::now();
    run_command(command)?;
    Ok(began.elapsed().as_secs_f64())
}
