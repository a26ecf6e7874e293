//! Builds the server with all files for the browser embedded in it.

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
        // The result holds no path of the machine that builds it.
        cargo.args(["--config", &remap_registry("")]);
        run(cargo.env("ALTA_ASSETS", assets_directory(root)))
    })?;
    let release = target_directory(root).join("release");
    std::fs::create_dir_all(&release)?;
    let product = release.join("alta");
    std::fs::copy(program(root, "release", "alta")?, &product).context("copying the product")?;
    Ok(product)
}

/// Builds the server for use on this machine, in the profile of development, which takes half the
/// time of a release. The libraries are compiled while the files for the browser are made.
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

/// Installs what [`release`] and [`quick`] need.
pub fn prepare(root: &Path) -> Result<()> {
    step("npm packages", || install::npm(root))?;
    step("wasm target", install::wasm_target)?;
    Ok(())
}
