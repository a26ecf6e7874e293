//! The packages of the workspace, and the directories that cargo writes to.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{command, output};

/// Packages that are compiled for the browser.
const BROWSER: [&str; 6] = [
    "alta-frontend",
    "alta-wizard",
    "alta-connect-page",
    "alta-worker",
    "alta-bench",
    "alta-sheets",
];

/// Packages that the native half leaves out: they do not compile without a browser.
const ONLY_BROWSER: [&str; 5] = [
    "alta-frontend",
    "alta-wizard",
    "alta-connect-page",
    "alta-worker",
    "alta-bench",
];

/// Builds a cargo command over the native half of the workspace: all that is no wasm module.
pub fn native(root: &Path, subcommand: &[&str]) -> Command {
    let mut cargo = command(root, "cargo", subcommand);
    cargo.arg("--workspace");
    for package in ONLY_BROWSER {
        cargo.args(["--exclude", package]);
    }
    // The server files of the last build: the same variable in every command, so that none of them
    // compiles the server anew.
    cargo
        .args(["--features", "alta-app/ssr"])
        .env("ALTA_ASSETS", assets_directory(root));
    cargo
}

/// Builds a cargo command over the browser half of the workspace.
pub fn browser(root: &Path, subcommand: &str) -> Command {
    let mut cargo = command(
        root,
        "cargo",
        &[subcommand, "--target", "wasm32-unknown-unknown"],
    );
    for package in BROWSER {
        cargo.args(["--package", package]);
    }
    cargo
}

/// Returns cargo's target directory: `CARGO_TARGET_DIR`, else `target`.
pub fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Returns the directory of the files that the server embeds.
pub fn assets_directory(root: &Path) -> PathBuf {
    target_directory(root).join("alta-assets")
}

/// Returns the path of a program that cargo built for this machine. `profile` is `debug` or
/// `release`. The triple is in the path because `.cargo/config.toml` names a target.
pub fn program(root: &Path, profile: &str, name: &str) -> Result<PathBuf> {
    let triple = output("rustc", &["--print", "host-tuple"]).context("rustc's own target")?;
    Ok(target_directory(root).join(triple).join(profile).join(name))
}

/// Builds the command of a program in `node_modules`.
pub fn npm_program(root: &Path, name: &str) -> Command {
    Command::new(root.join("node_modules/.bin").join(name))
}
