//! The files that a browser loads: wasm modules, their JavaScript, style, fonts and texts.
//!
//! Each file is named by the hash of its content and exists three times: as it is, with brotli and
//! with gzip. Results that take long to make are kept by the hash of their inputs ([`cache`]), so
//! that a build after a change repeats only what the change concerns.

mod cache;
mod files;
mod split;
mod wasm;

use std::path::Path;

use anyhow::{Context, Result};

use crate::install;
use crate::shell::step;
use crate::workspace::{assets_directory, target_directory};

pub use wasm::{Module, bind, compile, remap_registry};

/// The wasm modules of the product, in the order in which they are compiled.
const MODULES: [Module; 3] = [
    Module {
        name: "worker",
        package: "alta-worker",
        level: "3",
        is_split: false,
    },
    Module {
        name: "app",
        package: "alta-frontend",
        level: "\"z\"",
        is_split: true,
    },
    Module {
        name: "sheets",
        package: "alta-sheets",
        level: "\"s\"",
        is_split: false,
    },
];

/// Makes all files and puts them into [`assets_directory`]. When no file has changed, that
/// directory stays as it is, so that the server is not compiled again.
pub fn make(root: &Path) -> Result<()> {
    let compiler = install::wasm_target()?;
    let scratch = target_directory(root).join("alta-assets-new");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch)?;
    let names = std::thread::scope(|scope| -> Result<Vec<ModuleFiles>> {
        let mut waiting = Vec::new();
        for module in &MODULES {
            let built = step(&format!("{} module", module.name), || {
                compile(root, &compiler, module)
            })?;
            let scratch = &scratch;
            // One module is optimised while the next one is compiled.
            waiting.push(scope.spawn(move || write_module(root, scratch, module, &built)));
        }
        let files = waiting.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        files.collect()
    })?;
    step("assets", || {
        files::worker_entry(&scratch, &names)?;
        files::style(root, &scratch)?;
        files::texts(root, &scratch)?;
        for name in files::NAMED {
            std::fs::copy(root.join("public").join(name), scratch.join(name))?;
        }
        files::compress(root, &scratch)
    })?;
    replace_if_changed(&scratch, &assets_directory(root))?;
    files::check_sizes(&assets_directory(root))
}

/// Makes all files while `other` runs, so that both processor cores are busy. When there are files
/// of an earlier build, makes the files first and runs `other` afterwards: no compiler may read the
/// files while they are replaced.
pub fn make_beside(root: &Path, other: impl FnOnce() -> Result<()>) -> Result<()> {
    if assets_directory(root).exists() {
        make(root)?;
        return other();
    }
    std::thread::scope(|scope| {
        let assets = scope.spawn(|| make(root));
        let other = other();
        let assets = assets
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        other.and(assets)
    })
}

/// The names of a module's two files.
pub struct ModuleFiles {
    /// The module's name: `app`, `worker`, ...
    pub name: &'static str,
    /// The file of the wasm module.
    pub wasm: String,
    /// The file of its JavaScript.
    pub script: String,
}

/// Optimises a compiled module, and writes it and its JavaScript under names with hashes.
fn write_module(root: &Path, out: &Path, module: &Module, compiled: &Path) -> Result<ModuleFiles> {
    let bound = bind(root, module, compiled)?;
    if module.is_split {
        return split::write(out, module.name, &bound);
    }
    let wasm = std::fs::read(bound.join(format!("{}_bg.wasm", module.name)))?;
    let script = std::fs::read(bound.join(format!("{}.js", module.name)))?;
    Ok(ModuleFiles {
        name: module.name,
        wasm: files::write_hashed(out, module.name, "wasm", &wasm)?,
        script: files::write_hashed(out, module.name, "js", &script)?,
    })
}

/// Moves the new files into place unless the old ones are the same.
fn replace_if_changed(new: &Path, old: &Path) -> Result<()> {
    let names = |directory: &Path| -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let same = names(new) == names(old)
        && files::NAMED
            .iter()
            .all(|name| std::fs::read(new.join(name)).ok() == std::fs::read(old.join(name)).ok());
    if same {
        std::fs::remove_dir_all(new)?;
        return Ok(());
    }
    let _ = std::fs::remove_dir_all(old);
    std::fs::rename(new, old).context("moving the assets")
}
