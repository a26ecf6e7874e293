//! The benchmark of systems: the first run of a connected system beside `alta import` of the same
//! contacts. The system answers at once.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::import::{alta, set_up};
use super::median;
use super::server::Server;
use crate::build::release;
use crate::install;
use crate::shell::{output, run as run_command, step};
use crate::test::fakes;
use crate::workspace::target_directory;

/// The number of contacts that the fake system has. A second round has a tenth of them, to see that
/// the memory stays the same.
const CONTACTS: usize = 60_000;
const ROUNDS: usize = 3;
/// The least ratio of the run's rate to the import's rate.
const LEAST: f64 = 0.3;
/// The credentials that the fake of Omie accepts.
const KEYS: [(&str, &str); 2] = [
    ("app_key", "1234567890123"),
    ("app_secret", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
];

/// The measurements of a run: its seconds, its contacts, and the most memory of the server, in MiB.
struct Read {
    seconds: f64,
    contacts: u32,
    memory: u64,
}

/// Builds the programs, and measures both contestants in turns.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    let fakes = fakes(root)?;
    install::program("sqlite3", "sqlite3")?;
    let files = target_directory(root).join("alta-bench/systems");
    let (few, _) = step("ten times fewer", || {
        round(root, &binary, &fakes, &files, CONTACTS / 10)
    })?;
    let rounds: Vec<(Read, f64)> = step("side by side", || {
        (0..ROUNDS)
            .map(|_| round(root, &binary, &fakes, &files, CONTACTS))
            .collect()
    })?;
    let of = |(read, _): &(Read, f64)| f64::from(read.contacts) / read.seconds;
    let (read, import) = (
        median(&rounds.iter().map(of).collect::<Vec<_>>()),
        median(&rounds.iter().map(|round| round.1).collect::<Vec<_>>()),
    );
    let memory = rounds
        .iter()
        .map(|(read, _)| read.memory)
        .max()
        .unwrap_or_default();
    println!(
        "{CONTACTS} contacts of Omie: {read:.0} a second; alta import of the same: {import:.0} a \
         second; ratio {:.2}",
        read / import
    );
    println!(
        "most memory of the server: {memory} MiB, with ten times fewer contacts {} MiB",
        few.memory
    );
    ensure!(
        read / import >= LEAST,
        "less than {LEAST} of the import's rate"
    );
    Ok(())
}

/// Reads a system into an empty organization, and imports the same contacts into another one.
/// Returns the measurements of the run, and the rows a second of the import.
fn round(
    root: &Path,
    binary: &Path,
    fakes: &Path,
    files: &Path,
    contacts: usize,
) -> Result<(Read, f64)> {
    let data = files.join("data");
    set_up(binary, &data, None)?;
    let mut program = Command::new(fakes);
    program.current_dir(root).args([
        "--speed",
        "1000000",
        "--transactions",
        "0",
        "--products",
        "0",
        "--contacts",
        &contacts.to_string(),
    ]);
    let vendor = Server::start(
        program
            .args(["--manifests", "crates/connect/systems", "--into"])
            .arg(data.join("systems")),
    )?;
    let truth: Value = serde_json::from_slice(&vendor.ask("/control/omie/truth", "", None)?.body)?;
    let read = connected(binary, &data)?;
    let file = csv(files, &truth)?;
    set_up(binary, &data, None)?;
    let begun = Instant::now();
    run_command(alta(binary, &data, None).arg("import").arg(&file).args([
        "--organization",
        "bench",
        "--json",
    ]))?;
    let rows = truth["contacts"].as_array().context("contacts")?.len();
    Ok((
        read,
        f64::from(u32::try_from(rows)?) / begun.elapsed().as_secs_f64(),
    ))
}

/// Connects Omie and waits for the end of its first run. Returns the measurements of that run.
fn connected(binary: &Path, data: &Path) -> Result<Read> {
    let server = Server::alta(binary, data)?;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let signed_in = server.ask(
        "/api/sign_in",
        form,
        Some(b"email=ana%40example.com&password=primeros+pasos"),
    )?;
    let cookie = signed_in
        .head
        .lines()
        .find_map(|line| line.split_once("et-cookie: "))
        .context("a session")?
        .1;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let body = postcard::to_stdvec(&("omie", KEYS.as_slice(), None::<i64>))?;
    let headers = format!("Content-Type: application/x-postcard\r\nCookie: {cookie}\r\n");
    let answer = server.ask("/api/onboarding/connect", &headers, Some(&body))?;
    ensure!(
        answer.head.starts_with("HTTP/1.0 200") && answer.body.first() == Some(&0),
        "not connected: {}",
        answer.head
    );
    let database = data.join("alta.db");
    let database = database.to_str().context("a path")?;
    loop {
        std::thread::sleep(Duration::from_millis(250));
        let ended = output(
            "sqlite3",
            &[
                "-readonly",
                database,
                "SELECT ended_at - started_at, contacts FROM sync_run WHERE ended_at > 0",
            ],
        );
        if let Some((millis, contacts)) =
            ended.as_deref().unwrap_or_default().trim().split_once('|')
        {
            return Ok(Read {
                seconds: millis.parse::<f64>()? / 1000.0,
                contacts: contacts.parse()?,
                memory: server.most_memory()?,
            });
        }
    }
}

/// Writes the contacts of a system to a CSV file, with the fields that its manifest reads. Returns
/// the file's path.
fn csv(files: &Path, truth: &Value) -> Result<PathBuf> {
    let mut text = "Nome,E-mail,Celular,Telefone fixo,CPF,Endereço,Cidade,Estado,CEP\n".to_owned();
    for contact in truth["contacts"].as_array().context("contacts")? {
        let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let [name, email, tax_id, city, state, postal_code] =
            ["name", "email", "tax_id", "city", "state", "postal_code"]
                .map(|field| of(&contact[field]));
        let [mobile, landline] = [0, 1].map(|at| of(&contact["phones"][at]));
        let address = ["address", "number", "complement", "district"]
            .map(|part| of(&contact[part]))
            .join(", ");
        let cells = [
            name,
            email,
            mobile,
            landline,
            tax_id,
            address,
            city,
            state,
            postal_code,
        ];
        writeln!(
            text,
            "{}",
            cells
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                .join(",")
        )?;
    }
    let file = files.join("contacts.csv");
    std::fs::write(&file, text)?;
    Ok(file)
}
