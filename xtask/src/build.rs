//! Builds the server with everything that a browser loads inside it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::assets::{self, remap_registry};
use crate::install;
use crate::shell::{command, run, step};
use crate::workspace::{assets_directory, program, target_directory};

/// Builds the product as it is released: the one file `target/release/alta`.
pub fn release(root: &Path) -> Result<PathBuf> {
    prepare(root)?;
    assets::make(root)?;
    step("server", || {
        let mut cargo = command(
            root,
            "cargo",
            &["build", "--release", "--package", "alta-server"],
        );
        // No path of the machine that builds is left in what it builds.
        cargo.args(["--config", &remap_registry("")]);
        run(cargo.env("ALTA_ASSETS", assets_directory(root)))
    })?;
    let release = target_directory(root).join("release");
    std::fs::create_dir_all(&release)?;
    let product = release.join("alta");
    std::fs::copy(program(root, "release", "alta")?, &product).context("copying the product")?;
    Ok(product)
}

/// Builds the server for this machine's own use, in the profile of development: half the time of
/// a release. The libraries are compiled while the files for the browser are made.
pub fn quick(root: &Path) -> Result<PathBuf> {
    prepare(root)?;
    let server = || {
        let mut cargo = command(root, "cargo", &["build", "--package", "alta-server"]);
        run(cargo.env("ALTA_ASSETS", assets_directory(root)))
    };
    assets::make_beside(root, || step("libraries of the server", server))?;
    step("server", server)?;
    program(root, "debug", "alta")
}

/// Installs what both builds need.
pub fn prepare(root: &Path) -> Result<()> {
    step("npm packages", || install::npm(root))?;
    step("wasm target", install::wasm_target)?;
    Ok(())
}
