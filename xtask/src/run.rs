//! `cargo xtask run`: builds and starts the server.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::build::quick;
use crate::shell::{run as run_command, step};
use crate::test::fakes;

const EMAIL: &str = "ana@example.com";
const PASSWORD: &str = "primeros pasos";
/// The key and the secret that the fake of Omie accepts, and the key that the fake of Microvix
/// accepts.
const OMIE_KEY: &str = "1234567890123";
const OMIE_SECRET: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const MICROVIX_KEY: &str = "0F0E0D0C-0B0A-4908-8706-050403020100";

/// Builds the server and serves on 127.0.0.1:3000. The server itself prints the line with the
/// address.
pub fn run(root: &Path, demo: bool) -> Result<()> {
    let binary = quick(root)?;
    let mut serve = Command::new(&binary);
    serve.arg("serve").current_dir(root);
    if demo {
        let data = std::env::temp_dir().join(format!("alta-demo-{}", std::process::id()));
        step("demo", || prepare_demo(root, &binary, &data))?;
        serve.env("ALTA_DATA", &data).env_remove("DATABASE_URL");
        let fakes = step("fakes of outside systems", || start_fakes(root, &data))?;
        let served = run_command(&mut serve);
        drop(fakes);
        return served;
    }
    run_command(&mut serve)
}

/// A running program. Dropping this value ends the program.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // The program may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program that plays the vendors of systems. That program also writes manifests with
/// its own address.
fn start_fakes(root: &Path, data: &Path) -> Result<Running> {
    let mut program = Command::new(fakes(root)?);
    program
        .current_dir(root)
        .args([
            "--speed",
            "20",
            "--manifests",
            "crates/connect/systems",
            "--into",
        ])
        .arg(data.join("systems"));
    let mut running = Running(program.stdout(Stdio::piped()).spawn()?);
    let mut said = String::new();
    BufReader::new(running.0.stdout.take().context("standard output")?).read_line(&mut said)?;
    println!("    outside systems are played by {}", said.trim());
    println!(
        "    Omie: {OMIE_KEY} / {OMIE_SECRET}; wBuy: wbuy-user / wbuy-password; Microvix: \
         {MICROVIX_KEY}, CNPJ 90010020000136"
    );
    Ok(running)
}

/// Makes a throw-away database with an organization, an Admin, and files to drop.
fn prepare_demo(root: &Path, binary: &Path, data: &Path) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let mut child = Command::new(binary)
        .args([
            "set-up",
            "--organization",
            "Comercial Andina",
            "--country",
            "BR",
            "--language",
            "es",
            "--name",
            "Ana Silva",
            "--email",
            EMAIL,
        ])
        .current_dir(root)
        .env("ALTA_DATA", data)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .context("standard input")?
        .write_all(PASSWORD.as_bytes())?;
    anyhow::ensure!(child.wait()?.success(), "the demo could not be prepared");
    let files = data.join("files");
    std::fs::create_dir_all(&files)?;
    std::fs::copy(root.join("public/example.csv"), files.join("example.csv"))?;
    let node = Command::new("node")
        .arg(root.join("end2end/make-files.mjs"))
        .arg(&files)
        .current_dir(root)
        .status()?;
    anyhow::ensure!(node.success(), "the sample files could not be made");
    println!(
        "    sign in as {EMAIL} with the password '{PASSWORD}'; files to drop are in {}",
        files.display()
    );
    Ok(())
}
