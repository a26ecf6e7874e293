//! Builds the product: the wasm modules, the style, the font, and the server with all of them
//! inside.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::install::{self, WasmCompiler};
use crate::shell::{command, run, step};

#[path = "../../app/texts.rs"]
mod texts;

/// One view type for all components: the page's module is two thirds the size. Browser and server
/// must agree on it, or hydration fails. And no path of the machine that builds is left in what it
/// builds.
fn flags(more: &str) -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registry = home.unwrap_or_default().join("registry/src");
    format!(
        "build.rustflags=[\"--cfg\", \"erase_components\", \"--remap-path-prefix={}=\"{more}]",
        registry.display()
    )
}

/// What is measured: brotli bytes allowed (the README's table).
const LIMITS: [(&str, usize); 4] = [
    ("desk", 300_000),
    ("wizard", 300_000),
    ("connect", 300_000),
    ("worker", 350_000),
];

/// Builds everything; answers with the binary's path.
pub fn build(root: &Path) -> Result<PathBuf> {
    step("npm packages", || install::npm(root))?;
    let compiler = step("wasm target", install::wasm_target)?;
    let target = target_directory(root);
    let made = target.join("alta-assets");
    std::fs::create_dir_all(&target)?;
    let scratch = target.join("alta-assets-new");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch)?;
    let desk = step("desk module", || {
        wasm(
            root,
            &target,
            &compiler,
            "alta-frontend",
            "alta_frontend",
            "\"z\"",
        )
    })?;
    let wizard = step("wizard module", || {
        wasm(
            root,
            &target,
            &compiler,
            "alta-wizard",
            "alta_wizard",
            "\"z\"",
        )
    })?;
    let connect = step("module of systems", || {
        wasm(
            root,
            &target,
            &compiler,
            "alta-connect-page",
            "alta_connect_page",
            "\"z\"",
        )
    })?;
    let worker = step("worker module", || {
        wasm(root, &target, &compiler, "alta-worker", "alta_worker", "3")
    })?;
    let sheets = step("sheets module", || {
        wasm(
            root,
            &target,
            &compiler,
            "alta-sheets",
            "alta_sheets",
            "\"s\"",
        )
    })?;
    step("assets", || {
        modules(root, &target, &scratch, "desk", &desk)?;
        modules(root, &target, &scratch, "wizard", &wizard)?;
        modules(root, &target, &scratch, "connect", &connect)?;
        let (sheets, sheets_glue) = modules(root, &target, &scratch, "sheets", &sheets)?;
        let (worker, worker_glue) = modules(root, &target, &scratch, "worker", &worker)?;
        worker_entry(&scratch, [&worker, &worker_glue, &sheets, &sheets_glue])?;
        style(root, &target, &scratch)?;
        texts(root, &scratch)?;
        for name in ["favicon.svg", "example.csv"] {
            std::fs::copy(root.join("public").join(name), scratch.join(name))?;
        }
        compress(&scratch)
    })?;
    replace_if_changed(&scratch, &made)?;
    sizes(&made)?;
    step("server", || {
        let mut cargo = command(
            root,
            "cargo",
            &[
                "build",
                "--release",
                "--package",
                "alta-server",
                "--config",
                &flags(""),
            ],
        );
        run(cargo.env("ALTA_ASSETS", &made))
    })?;
    Ok(target.join("release/alta"))
}

/// The target directory: `CARGO_TARGET_DIR` or `target`.
pub fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Compiles a wasm crate: small for the page, fast for the worker. The profile is `release` with
/// these settings, so that macros and build scripts are compiled once for all.
pub fn wasm(
    root: &Path,
    target: &Path,
    compiler: &WasmCompiler,
    package: &str,
    name: &str,
    level: &str,
) -> Result<PathBuf> {
    let level = format!("profile.release.opt-level={level}");
    let mut cargo = command(
        root,
        "cargo",
        &[
            "build",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            package,
        ],
    );
    for setting in [
        level.as_str(),
        "profile.release.lto=\"fat\"",
        "profile.release.codegen-units=1",
        "profile.release.panic=\"abort\"",
    ] {
        cargo.args(["--config", setting]);
    }
    // The worker's searches for delimiters go through 16 bytes at a time; every browser of the last
    // years can.
    cargo.args([
        "--config",
        &flags(if level.contains('3') {
            ", \"-Ctarget-feature=+simd128\""
        } else {
            ""
        }),
    ]);
    if matches!(compiler, WasmCompiler::Debian) {
        cargo.env("RUSTUP_TOOLCHAIN", "debian");
    }
    run(&mut cargo)?;
    Ok(target.join(format!("wasm32-unknown-unknown/release/{name}.wasm")))
}

/// The module and its glue, `NAME_bg.wasm` and `NAME.js`, in the directory answered.
pub fn bind(root: &Path, target: &Path, name: &str, wasm: &Path) -> Result<PathBuf> {
    let bound = target.join("alta-bindgen").join(name);
    let _ = std::fs::remove_dir_all(&bound);
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .generate(&bound)?;
    let module = bound.join(format!("{name}_bg.wasm"));
    let mut optimise = npm_program(root, "wasm-opt");
    optimise
        .arg(&module)
        .arg("-o")
        .arg(&module)
        .args(level(name));
    for feature in [
        "bulk-memory",
        "nontrapping-float-to-int",
        "sign-ext",
        "mutable-globals",
        "reference-types",
        "multivalue",
        "simd",
    ] {
        optimise.arg(format!("--enable-{feature}"));
    }
    run(&mut optimise)?;
    Ok(bound)
}

/// How a module is shrunk. The page's figures are the least of what was tried with brotli: `-Oz`
/// gave 303,002 bytes, this 297,684.
fn level(name: &str) -> &'static [&'static str] {
    match name {
        "desk" | "wizard" | "connect" => &[
            "--flatten",
            "--rereloop",
            "-Os",
            "-Os",
            "--one-caller-inline-max-function-size=30",
        ],
        _ => &["-O3"],
    }
}

/// Makes the JavaScript glue of a module and shrinks it; answers with the names of both.
fn modules(
    root: &Path,
    target: &Path,
    out: &Path,
    name: &str,
    wasm: &Path,
) -> Result<(String, String)> {
    let bound = bind(root, target, name, wasm)?;
    let module = hashed(
        out,
        name,
        "wasm",
        &std::fs::read(bound.join(format!("{name}_bg.wasm")))?,
    )?;
    let glue = hashed(
        out,
        name,
        "js",
        &std::fs::read(bound.join(format!("{name}.js")))?,
    )?;
    Ok((module, glue))
}

/// The script that a worker begins with: it starts the engine, and knows how to load the module for
/// workbooks.
fn worker_entry(out: &Path, [worker, worker_glue, sheets, sheets_glue]: [&str; 4]) -> Result<()> {
    let entry = format!(
        "import init from './{worker_glue}';\
         let sheets;\
         self.loadSheets=()=>sheets??=import('./{sheets_glue}').then(async m=>(await m.default({{module_or_path:new URL('./{sheets}',import.meta.url)}}),m));\
         init({{module_or_path:new URL('./{worker}',import.meta.url)}});\n"
    );
    hashed(out, "worker-entry", "js", entry.as_bytes())?;
    Ok(())
}

/// The style sheet by Tailwind, and the font it names.
fn style(root: &Path, target: &Path, out: &Path) -> Result<()> {
    let fonts = root.join("node_modules/@fontsource-variable/figtree/files");
    let mut names = Vec::new();
    for part in ["latin", "latin-ext"] {
        let font = std::fs::read(fonts.join(format!("figtree-{part}-wght-normal.woff2")))?;
        names.push((part, hashed(out, &format!("font-{part}"), "woff2", &font)?));
    }
    let sheet = target.join("alta-style.css");
    run(npm_program(root, "tailwindcss")
        .current_dir(root)
        .args(["--minify", "--input", "style/main.css", "--output"])
        .arg(&sheet))?;
    let mut text = std::fs::read_to_string(&sheet)?;
    for (part, name) in names {
        text = text.replace(&format!("font-{part}.woff2"), &name);
    }
    hashed(out, "style", "css", text.as_bytes())?;
    Ok(())
}

/// Writes the texts of each language, one a line, for the browser.
fn texts(root: &Path, out: &Path) -> Result<()> {
    let all = texts::read(&root.join("app/texts")).map_err(anyhow::Error::msg)?;
    for (at, language) in texts::LANGUAGES.iter().enumerate() {
        let lines: Vec<&str> = texts::lines(&all, at).collect();
        let name = format!("texts-{language}");
        hashed(out, &name, "txt", lines.join("\n").as_bytes())?;
    }
    Ok(())
}

/// A program of `node_modules`.
pub fn npm_program(root: &Path, name: &str) -> Command {
    Command::new(root.join("node_modules/.bin").join(name))
}

/// Writes a file whose name carries the hash of its content; answers with the name.
fn hashed(out: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<String> {
    use std::fmt::Write;
    let mut hash = String::new();
    for byte in Sha256::digest(bytes).iter().take(6) {
        write!(hash, "{byte:02x}")?;
    }
    let name = format!("{name}-{hash}.{ending}");
    std::fs::write(out.join(&name), bytes)?;
    Ok(name)
}

/// Puts a brotli and a gzip form beside every file that shrinks.
fn compress(directory: &Path) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        if path.extension().is_some_and(|ending| ending == "woff2") {
            continue;
        }
        let mut brotli = Vec::new();
        let settings = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            size_hint: bytes.len(),
            ..Default::default()
        };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut brotli, &settings)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&bytes)?;
        let name = path.to_string_lossy();
        std::fs::write(format!("{name}.br"), brotli)?;
        std::fs::write(format!("{name}.gz"), gzip.finish()?)?;
    }
    Ok(())
}

/// Takes the new assets unless they are those that are there: then the server is not compiled
/// again.
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
        && ["favicon.svg", "example.csv"]
            .iter()
            .all(|name| std::fs::read(new.join(name)).ok() == std::fs::read(old.join(name)).ok());
    if same {
        std::fs::remove_dir_all(new)?;
        return Ok(());
    }
    let _ = std::fs::remove_dir_all(old);
    std::fs::rename(new, old).context("moving the assets")
}

/// Prints what a browser loads, and refuses what is too large.
fn sizes(directory: &Path) -> Result<()> {
    println!("    {:<34} {:>10} {:>10}", "file", "bytes", "brotli");
    let mut too_large = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        let packed = PathBuf::from(format!("{}.br", path.display()));
        let (Ok(bytes), Ok(brotli)) = (path.metadata(), packed.metadata()) else {
            continue;
        };
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        println!("    {name:<34} {:>10} {:>10}", bytes.len(), brotli.len());
        let limit = LIMITS.iter().find(|(start, _)| {
            name.starts_with(&format!("{start}-"))
                && path.extension().is_some_and(|ending| ending == "wasm")
        });
        if limit
            .is_some_and(|(_, limit)| usize::try_from(brotli.len()).unwrap_or(usize::MAX) > *limit)
        {
            too_large.push(name);
        }
    }
    anyhow::ensure!(
        too_large.is_empty(),
        "larger than allowed: {}",
        too_large.join(", ")
    );
    Ok(())
}
