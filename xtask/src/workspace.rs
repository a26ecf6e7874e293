//! The packages of the workspace, and the directories that cargo writes to.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{command, output};

/// The packages that are compiled for the browser.
const BROWSER: [&str; 4] = ["alta-frontend", "alta-worker", "alta-bench", "alta-sheets"];

/// The packages that native builds leave out, because they compile only for the browser.
const ONLY_BROWSER: [&str; 3] = ["alta-frontend", "alta-worker", "alta-bench"];

/// Builds a cargo command for the native packages of the workspace, and `alta-sheets`.
pub fn native(root: &Path, subcommand: &[&str]) -> Command {
    let mut cargo = command(root, "cargo", subcommand);
    cargo.arg("--workspace");
    for package in ONLY_BROWSER {
        cargo.args(["--exclude", package]);
    }
    // The files for the browser of the last build. Every command gets the same variable, so that
    // none compiles the server anew for another one.
    cargo
        .args(["--features", "alta-app/ssr"])
        .env("ALTA_ASSETS", assets_directory(root));
    cargo
}

/// Builds a cargo command for the packages of the workspace that are compiled for the browser.
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

/// Returns cargo's target directory: `CARGO_TARGET_DIR`, or `target` when that is not set.
pub fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Returns the directory of the files that the server embeds.
pub fn assets_directory(root: &Path) -> PathBuf {
    target_directory(root).join("alta-assets")
}

/// Returns the path of a program that cargo built for this machine. `profile` is `debug` or
/// `release`. The path holds the target triple because `.cargo/config.toml` names a target.
pub fn program(root: &Path, profile: &str, name: &str) -> Result<PathBuf> {
    let triple = output("rustc", &["--print", "host-tuple"]).context("rustc's own target")?;
    Ok(target_directory(root).join(triple).join(profile).join(name))
}

/// Builds the command of a program in `node_modules`.
pub fn npm_program(root: &Path, name: &str) -> Command {
    Command::new(root.join("node_modules/.bin").join(name))
}
