//! `cargo xtask run`: builds and serves.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::build::build;
use crate::shell::{run as run_command, step};

const EMAIL: &str = "ana@example.com";
const PASSWORD: &str = "primeros pasos";

/// Serves on 127.0.0.1:3000. The server itself prints the line with the address.
pub fn run(root: &Path, demo: bool) -> Result<()> {
    let binary = build(root)?;
    let mut serve = Command::new(&binary);
    serve.arg("serve").current_dir(root);
    if demo {
        let data = std::env::temp_dir().join(format!("alta-demo-{}", std::process::id()));
        step("demo", || prepare_demo(root, &binary, &data))?;
        serve.env("ALTA_DATA", &data).env_remove("DATABASE_URL");
    }
    run_command(&mut serve)
}

/// A throw-away database with an organization, an Admin, and files to drop.
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
    child.stdin.take().context("standard input")?.write_all(PASSWORD.as_bytes())?;
    anyhow::ensure!(child.wait()?.success(), "the demo could not be prepared");
    let files = data.join("files");
    std::fs::create_dir_all(&files)?;
    std::fs::copy(root.join("public/example.csv"), files.join("example.csv"))?;
    let node = Command::new("node").arg(root.join("end2end/make-files.mjs")).arg(&files).current_dir(root).status()?;
    anyhow::ensure!(node.success(), "the sample files could not be made");
    println!("    sign in as {EMAIL} with the password '{PASSWORD}'; files to drop are in {}", files.display());
    Ok(())
}
