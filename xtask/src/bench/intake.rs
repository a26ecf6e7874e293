//! The benchmark of the import engine: in the browser beside the parsers that people use there, and
//! natively over 75 and 750 MiB.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use super::contacts;
use crate::assets::{Module, bind, compile};
use crate::build::release;
use crate::install;
use crate::shell::{command, run as run_command, step};
use crate::test::playwright;
use crate::workspace::target_directory;

const MIB: usize = 1024 * 1024;
/// The number of lines, with one phone each, that the benchmark of phones reads.
const PHONES: usize = 3_000_000;
/// The number of rounds of each native measurement.
const ROUNDS: usize = 3;

/// Builds the contestants, makes the files, and runs all contestants in turns.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    let chromium = install::chromium(root)?;
    let target = target_directory(root);
    let compiler = install::wasm_target()?;
    let module = Module {
        name: "bench",
        package: "alta-bench",
        level: "3",
        is_split: false,
    };
    let wasm = step("the engine alone", || compile(root, &compiler, &module))?;
    let bound = bind(root, &module, &wasm)?;
    let files = target.join("alta-bench");
    std::fs::create_dir_all(&files)?;
    let (small, large) = (
        files.join("contacts-75.csv"),
        files.join("contacts-750.csv"),
    );
    step("files", || {
        println!(
            "    {} records in 75 MiB",
            contacts::write(&small, 75 * MIB)?
        );
        println!(
            "    {} records in 750 MiB",
            contacts::write(&large, 750 * MIB)?
        );
        Ok(())
    })?;
    let mut browser = command(root, "node", &["end2end/bench/intake.mjs"]);
    browser
        .arg(&small)
        .arg(&bound)
        .arg(root.join("node_modules"));
    if let Some(chromium) = &chromium {
        browser.env("ALTA_CHROMIUM", chromium);
    }
    run_command(&mut browser)?;
    run_command(
        playwright(
            root,
            "end2end/bench.config.ts",
            &binary,
            chromium.as_deref(),
        )
        .arg("page.spec")
        .env("ALTA_BENCH_FILE", &small),
    )?;
    native(&binary, &small, &large)
}

fn native(binary: &Path, small: &Path, large: &Path) -> Result<()> {
    let check = |file: &Path| {
        let mut alta = Command::new(binary);
        alta.args(["check", "--json", "--max-bytes", "1000000000"])
            .arg(file);
        middle_of(&mut alta)
    };
    let (of_small, of_large) = (check(small)?, check(large)?);
    println!(
        "alta check  75 MiB {of_small:.2} s   750 MiB {of_large:.2} s   ratio to ten times {:.2}",
        of_large / (10.0 * of_small)
    );
    let lines = small.with_file_name("phones.txt");
    let mut text = String::with_capacity(PHONES * 16);
    for number in 0..PHONES {
        writeln!(
            text,
            "(47) 9{:04}-{:04}",
            6000 + number % 4000,
            number % 10_000
        )?;
    }
    std::fs::write(&lines, text)?;
    let mut alta = Command::new(binary);
    alta.arg("phone");
    let seconds = {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            alta.stdin(std::fs::File::open(&lines)?);
            times.push(timed(&mut alta)?);
        }
        super::median(&times)
    };
    #[expect(clippy::cast_precision_loss, reason = "a few million")]
    let rate = PHONES as f64 / seconds;
    println!("alta phone  {PHONES} lines {seconds:.2} s   {rate:.0} a second");
    Ok(())
}

fn middle_of(program: &mut Command) -> Result<f64> {
    let times: Result<Vec<f64>> = (0..ROUNDS).map(|_| timed(program)).collect();
    Ok(super::median(&times?))
}

fn timed(program: &mut Command) -> Result<f64> {
    let began = Instant::now();
    let ended = program
        .stdout(Stdio::null())
        .status()
        .context("running alta")?;
    anyhow::ensure!(ended.success(), "alta ended with {ended}");
    Ok(began.elapsed().as_secs_f64())
}
