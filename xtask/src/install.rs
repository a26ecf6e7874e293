//! Installs what is missing: the wasm target, npm packages, Chromium, PostgreSQL. Whatever can be
//! installed locally is not installed globally.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{command, has, is_root, output, run};

/// The compiler for wasm: the toolchain's own when rustup can add the target, otherwise Debian's
/// (see `docs/toolchain.md`).
pub enum WasmCompiler {
    /// The toolchain's own compiler: `cargo build --target wasm32-unknown-unknown` needs no further
    /// step.
    Own,
    /// Debian's compiler, linked into rustup as `debian`.
    Debian,
}

/// Installs the wasm target, and returns the compiler that has it.
pub fn wasm_target() -> Result<WasmCompiler> {
    if has_own_target()
        || run(&mut command(
            Path::new("."),
            "rustup",
            &["target", "add", "wasm32-unknown-unknown"],
        ))
        .is_ok()
            && has_own_target()
    {
        return Ok(WasmCompiler::Own);
    }
    println!("    rustup has no wasm target to give: taking Debian's compiler");
    debian_target()
        .context("building the wasm target from Debian's packages; see docs/toolchain.md")?;
    Ok(WasmCompiler::Debian)
}

fn has_own_target() -> bool {
    let sysroot = output("rustc", &["--print", "sysroot"]).map(PathBuf::from);
    sysroot.is_some_and(|root| root.join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir())
}

/// Gives Debian's compiler the wasm target: builds the standard library once from Debian's sources
/// and puts it beside the compiler.
#[expect(clippy::too_many_lines, reason = "one step after another")]
fn debian_target() -> Result<()> {
    let libraries = Path::new("/usr/lib/rustlib/wasm32-unknown-unknown/lib");
    let ready = libraries.read_dir().is_ok_and(|mut files| {
        files.any(|file| {
            file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        })
    });
    if !ready {
        apt(&["rustc-web", "cargo-web", "rust-web-src", "lld-19"])?;
        let scratch = std::env::temp_dir().join(format!("alta-wasm-std-{}", std::process::id()));
        std::fs::create_dir_all(scratch.join("src"))?;
        std::fs::write(
            scratch.join("Cargo.toml"),
            "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
        )?;
        std::fs::write(scratch.join("src/lib.rs"), "#![no_std]\n")?;
        let mut build = command(
            &scratch,
            "/usr/bin/cargo",
            &[
                "build",
                "--release",
                "--target",
                "wasm32-unknown-unknown",
                "-Z",
                "build-std=std,panic_abort,panic_unwind",
            ],
        );
        build
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", "/usr/bin/rustc")
            .env("CARGO_TARGET_DIR", scratch.join("target"));
        run(&mut build)?;
        let _ = std::fs::remove_dir_all(libraries);
        std::fs::create_dir_all(libraries)?;
        for file in std::fs::read_dir(scratch.join("target/wasm32-unknown-unknown/release/deps"))? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if file
                .path()
                .extension()
                .is_some_and(|ending| ending == "rlib")
                && !name.starts_with("libnothing")
            {
                std::fs::copy(file.path(), libraries.join(&name))?;
            }
        }
        std::fs::remove_dir_all(&scratch)?;
        let linker = Path::new("/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin");
        std::fs::create_dir_all(linker)?;
        if !linker.join("rust-lld").exists() {
            run(&mut command(
                Path::new("/"),
                "ln",
                &[
                    "-s",
                    "/usr/bin/lld-19",
                    &linker.join("rust-lld").to_string_lossy(),
                ],
            ))?;
        }
    }
    run(&mut command(
        Path::new("/"),
        "rustup",
        &["toolchain", "link", "debian", "/usr"],
    ))
}

/// Installs the npm packages of the lock file.
pub fn npm(root: &Path) -> Result<()> {
    let lock = std::fs::read(root.join("package-lock.json"))?;
    let mark = root.join("node_modules/.alta-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !has("npm") {
        apt(&["nodejs", "npm"])?;
    }
    // `npm ci` refuses a lock file that was written where the packages of other platforms can't be
    // seen, so `npm install` is used.
    let arguments = [
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
    ];
    run(command(root, "npm", &arguments).stdout(std::process::Stdio::null()))?;
    std::fs::write(mark, lock)?;
    Ok(())
}

/// Returns the path of the system's Chromium for the end-to-end tests, and installs it when it is
/// missing. Where no packages can be installed, installs Playwright's own instead and returns
/// `None`.
pub fn chromium(root: &Path) -> Result<Option<PathBuf>> {
    let known = || {
        [
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
    };
    if let Some(path) = known() {
        return Ok(Some(path));
    }
    if apt(&["chromium"]).is_ok() {
        return Ok(known());
    }
    run(&mut command(
        root,
        "npx",
        &["playwright", "install", "chromium"],
    ))?;
    Ok(None)
}

/// Installs nextest, the test runner.
pub fn nextest() -> Result<()> {
    if output("cargo", &["nextest", "--version"]).is_some() {
        return Ok(());
    }
    run(&mut command(
        Path::new("."),
        "cargo",
        &["install", "--locked", "cargo-nextest"],
    ))
}

/// Installs cargo-deny, which checks licences and sources of the libraries.
pub fn deny() -> Result<()> {
    if output("cargo", &["deny", "--version"]).is_some() {
        return Ok(());
    }
    run(&mut command(
        Path::new("."),
        "cargo",
        &["install", "--locked", "cargo-deny"],
    ))
}

/// Installs a program from a Debian package unless the program is on the path.
pub fn program(name: &str, package: &str) -> Result<()> {
    if has(name) { Ok(()) } else { apt(&[package]) }
}

/// Installs PostgreSQL, and returns the directory of its server programs.
pub fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    apt(&["postgresql"])?;
    find_postgres().context("PostgreSQL's server programs: install the package `postgresql`")
}

fn find_postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = versions
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    if let Some(latest) = found.pop() {
        return Some(latest);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|directory| {
        directory.join("initdb").is_file() && directory.join("postgres").is_file()
    })
}

/// Installs Debian packages. Only root can do that.
fn apt(packages: &[&str]) -> Result<()> {
    if !is_root() || !has("apt-get") {
        bail!("please install: {}", packages.join(" "));
    }
    let root = Path::new("/");
    run(command(root, "apt-get", &["update"]).stdout(std::process::Stdio::null()))?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    run(command(root, "apt-get", &arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Debian starts no server by itself in this runlevel (invoke-rc.d).
        .env("RUNLEVEL", "1")
        .stdout(std::process::Stdio::null()))
}
