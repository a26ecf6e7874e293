//! `cargo xtask test`: everything that must hold, step by step.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::build::{build, npm_program, target_directory};
use crate::install;
use crate::postgres::Cluster;
use crate::shell::{command, run, step};

/// The features that are never compiled together.
const LINTS: [(&str, &[&str]); 2] = [
    (
        "lints of the server",
        &[
            "clippy",
            "--workspace",
            "--exclude",
            "alta-frontend",
            "--exclude",
            "alta-wizard",
            "--exclude",
            "alta-connect-page",
            "--exclude",
            "alta-worker",
            "--exclude",
            "alta-bench",
            "--all-targets",
            "--features",
            "alta-app/ssr",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "lints of the browser",
        &[
            "clippy",
            "--package",
            "alta-frontend",
            "--package",
            "alta-wizard",
            "--package",
            "alta-connect-page",
            "--package",
            "alta-worker",
            "--package",
            "alta-bench",
            "--package",
            "alta-sheets",
            "--target",
            "wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ],
    ),
];

/// Runs all steps; the first that fails ends it.
pub fn test(root: &Path) -> Result<()> {
    step("format", || {
        run(&mut command(root, "cargo", &["fmt", "--all", "--check"]))
    })?;
    step("npm packages", || install::npm(root))?;
    step("test runner", install::nextest)?;
    let chromium = step("Chromium", || install::chromium(root))?;
    step("wasm target", install::wasm_target)?;
    for (name, arguments) in LINTS {
        step(name, || run(&mut command(root, "cargo", arguments)))?;
    }
    let cluster = step("PostgreSQL", Cluster::start)?;
    step("haproxy", haproxy)?;
    step("unit and integration tests", || {
        let arguments = [
            "nextest",
            "run",
            "--workspace",
            "--exclude",
            "alta-frontend",
            "--exclude",
            "alta-wizard",
            "--exclude",
            "alta-connect-page",
            "--exclude",
            "alta-worker",
            "--exclude",
            "alta-bench",
            "--features",
            "alta-app/ssr",
            "--no-fail-fast",
        ];
        run(command(root, "cargo", &arguments).env("ALTA_TEST_POSTGRES", cluster.url()))
    })?;
    step("examples of the documentation", || {
        run(&mut command(
            root,
            "cargo",
            &[
                "test",
                "--quiet",
                "--doc",
                "--package",
                "alta-domain",
                "--package",
                "alta-intake",
                "--package",
                "alta-connect",
            ],
        ))
    })?;
    drop(cluster);
    let binary = build(root)?;
    step("phones, beside libphonenumber", || {
        phones_agree(root, &binary)
    })?;
    let fakes = step("fakes of outside systems", || fakes(root))?;
    step("end-to-end tests", || {
        run(playwright(
            root,
            "end2end/playwright.config.ts",
            &binary,
            chromium.as_deref(),
        )
        .env("ALTA_FAKES", &fakes))
    })
}

/// The program that plays vendors of systems, which can't be run here.
pub fn fakes(root: &Path) -> Result<PathBuf> {
    run(&mut command(
        root,
        "cargo",
        &["build", "--release", "--package", "alta-fakes"],
    ))?;
    Ok(target_directory(root).join("release/alta-fakes"))
}

/// The proxy in front of three servers in the fault tests.
fn haproxy() -> Result<()> {
    if Path::new("/usr/sbin/haproxy").exists() {
        Ok(())
    } else {
        install::program("haproxy", "haproxy")
    }
}

/// The fault tests at full length, against the server as it is released.
pub fn faults(root: &Path) -> Result<()> {
    let binary = build(root)?;
    step("test runner", install::nextest)?;
    let cluster = step("PostgreSQL", Cluster::start)?;
    step("haproxy", haproxy)?;
    let mut nextest = command(
        root,
        "cargo",
        &[
            "nextest",
            "run",
            "--package",
            "alta-server",
            "--test",
            "faults",
            "--no-capture",
        ],
    );
    nextest
        .env("ALTA_TEST_POSTGRES", cluster.url())
        .env("ALTA_BINARY", binary);
    run(nextest
        .env("ALTA_FAULT_ROWS", "100000")
        .env("ALTA_FAULT_KILLS", "100"))
}

/// Numbers of the agreement with libphonenumber; `xtask/phones/agree.py` takes any other count.
const PHONES: &str = "20000";

/// Asks Google's libphonenumber, by its Python port, about generated numbers of all regions, and
/// `alta phone` about the same.
fn phones_agree(root: &Path, binary: &Path) -> Result<()> {
    let packages = target_directory(root).join("alta-python");
    if !packages.join("phonenumbers").is_dir() {
        let mut pip = command(
            root,
            "python3",
            &[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--target",
            ],
        );
        run(pip.arg(&packages).arg("phonenumbers==9.0.43"))?;
    }
    let mut agree = command(root, "python3", &["xtask/phones/agree.py"]);
    run(agree.arg(binary).arg(PHONES).env("PYTHONPATH", packages))
}

/// Takes the pictures under `docs/` with the same browser.
pub fn shots(root: &Path) -> Result<()> {
    let binary = build(root)?;
    let chromium = install::chromium(root)?;
    let fakes = fakes(root)?;
    run(playwright(
        root,
        "end2end/shots.config.ts",
        &binary,
        chromium.as_deref(),
    )
    .env("ALTA_FAKES", fakes))
}

/// Playwright against a server's binary.
pub fn playwright(root: &Path, config: &str, binary: &Path, chromium: Option<&Path>) -> Command {
    let mut playwright = npm_program(root, "playwright");
    playwright
        .args(["test", "--config", config])
        .current_dir(root)
        .env("ALTA_BINARY", binary);
    if let Some(chromium) = chromium {
        playwright.env("ALTA_CHROMIUM", chromium);
    }
    playwright
}
