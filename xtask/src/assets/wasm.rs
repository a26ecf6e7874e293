//! Compiles the wasm modules and makes the JavaScript that loads them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use super::{cache, split};
use crate::install::WasmCompiler;
use crate::shell::{command, run};
use crate::workspace::{npm_program, target_directory};

/// A wasm module of the product.
pub struct Module {
    /// The name of the module's files, without their endings.
    pub name: &'static str,
    /// The package that the module is compiled from.
    pub package: &'static str,
    /// The optimisation level, as TOML: small for a page, fast for the worker.
    pub level: &'static str,
    /// True when the module is split into parts of the app. A browser loads a part when a page of
    /// it is opened.
    pub is_split: bool,
}

/// The features of WebAssembly that rustc uses. `wasm-opt` must be given their names.
const FEATURES: [&str; 7] = [
    "bulk-memory",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
    "reference-types",
    "multivalue",
    "simd",
];

/// Returns the setting of compiler flags for a build that leaves no path of this machine in its
/// result. `more` is appended to the list of flags, as TOML. Cargo adds these flags to those of
/// `.cargo/config.toml`.
pub fn remap_registry(more: &str) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registry = home.unwrap_or_default().join("registry/src");
    format!(
        "build.rustflags=[\"--remap-path-prefix={}=\"{more}]",
        registry.display()
    )
}

/// Compiles a module and returns the path of the wasm file. The profile is `release` with settings
/// of its own, so that macros and build scripts are compiled once for all modules.
pub fn compile(root: &Path, compiler: &WasmCompiler, module: &Module) -> Result<PathBuf> {
    let mut cargo = command(
        root,
        "cargo",
        &["build", "--release", "--package", module.package],
    );
    cargo.args(["--target", "wasm32-unknown-unknown"]);
    let level = format!("profile.release.opt-level={}", module.level);
    for setting in [
        level.as_str(),
        "profile.release.lto=\"fat\"",
        "profile.release.codegen-units=1",
        "profile.release.panic=\"abort\"",
    ] {
        cargo.args(["--config", setting]);
    }
    // The worker compares 16 bytes at a time when it looks for delimiters. Every browser of the
    // last years supports that.
    let simd = if module.level == "3" {
        ", \"-Ctarget-feature=+simd128\""
    } else {
        ""
    };
    let flags = if module.is_split {
        // The splitter follows the relocations to find which function belongs to which part.
        ", \"-Clink-args=--emit-relocs\""
    } else {
        simd
    };
    cargo.args(["--config", &remap_registry(flags)]);
    if module.is_split {
        cargo.args(["--config", "profile.release.strip=false"]);
    }
    if matches!(compiler, WasmCompiler::Debian) {
        cargo.env("RUSTUP_TOOLCHAIN", "debian");
    }
    run(&mut cargo)?;
    let file = format!("{}.wasm", module.package.replace('-', "_"));
    Ok(target_directory(root)
        .join("wasm32-unknown-unknown/release")
        .join(file))
}

/// Makes the optimised module `NAME_bg.wasm` and the JavaScript that loads it, `NAME.js`. Returns
/// their directory.
pub fn bind(root: &Path, module: &Module, wasm: &Path) -> Result<PathBuf> {
    let Module { name, is_split, .. } = *module;
    let options = optimisations(is_split);
    // The lock files hold the versions of wasm-bindgen and of wasm-opt.
    let (crates, packages) = (
        std::fs::read(root.join("Cargo.lock"))?,
        std::fs::read(root.join("package-lock.json"))?,
    );
    let (module, options_text) = (std::fs::read(wasm)?, options.join(" "));
    let inputs = [
        &module,
        name.as_bytes(),
        options_text.as_bytes(),
        &crates,
        &packages,
    ];
    cache::directory(root, "module", &inputs, |out| {
        let (main, mut modules) = if is_split {
            split::split(name, &module, out)?
        } else {
            (wasm.to_owned(), Vec::new())
        };
        let mut bindgen = Bindgen::new();
        bindgen
            .input_path(&main)
            .out_name(name)
            .web(true)?
            .typescript(false)
            .keep_lld_exports(is_split)
            .demangle(!is_split)
            .generate(out)?;
        modules.push(out.join(format!("{name}_bg.wasm")));
        for module in modules {
            let mut optimise = npm_program(root, "wasm-opt");
            optimise.arg(&module).arg("-o").arg(&module).args(options);
            optimise.args(FEATURES.map(|feature| format!("--enable-{feature}")));
            run(&mut optimise)?;
        }
        Ok(())
    })
}

/// Returns the options of `wasm-opt`: with `is_page` those for the modules of pages, otherwise
/// those for the worker. The options for pages gave the fewest bytes with brotli of all that were
/// tried: 297,684 for one module, where `-Oz` gave 303,002.
fn optimisations(is_page: bool) -> &'static [&'static str] {
    if is_page {
        &[
            "--flatten",
            "--rereloop",
            "-Os",
            "-Os",
            "--one-caller-inline-max-function-size=30",
        ]
    } else {
        &["-O3"]
    }
}
