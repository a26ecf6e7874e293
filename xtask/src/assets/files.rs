//! Writes the files beside the wasm modules, names files by their hashes, and compresses files.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::{ModuleFiles, cache};
use crate::shell::run;
use crate::workspace::{npm_program, target_directory};

#[path = "../../../app/texts.rs"]
mod texts;

/// The files of `public/` that keep their names.
pub const NAMED: [&str; 2] = ["favicon.svg", "example.csv"];

/// The most bytes that a module may have when compressed with brotli (the table in the README).
const LIMITS: [(&str, u64); 3] = [("app", 200_000), ("part", 150_000), ("worker", 350_000)];

/// Writes the script that a worker begins with. The script starts the engine, and loads the module
/// for workbooks when a workbook is dropped.
pub fn worker_entry(out: &Path, modules: &[ModuleFiles]) -> Result<()> {
    let files = |name: &str| {
        let found = modules.iter().find(|files| files.name == name);
        found.with_context(|| format!("there is no module {name}"))
    };
    let (worker, sheets) = (files("worker")?, files("sheets")?);
    let entry = format!(
        "import init from './{}';\
         let sheets;\
         self.loadSheets=()=>sheets??=import('./{}').then(async m=>\
         (await m.default({{module_or_path:new URL('./{}',import.meta.url)}}),m));\
         init({{module_or_path:new URL('./{}',import.meta.url)}});\n",
        worker.script, sheets.script, sheets.wasm, worker.wasm
    );
    write_hashed(out, "worker-entry", "js", entry.as_bytes())?;
    Ok(())
}

/// Makes the style sheet with Tailwind, and copies the fonts that it names.
pub fn style(root: &Path, out: &Path) -> Result<()> {
    let fonts = root.join("node_modules/@fontsource-variable/figtree/files");
    let mut names = Vec::new();
    for part in ["latin", "latin-ext"] {
        let font = std::fs::read(fonts.join(format!("figtree-{part}-wght-normal.woff2")))?;
        names.push((
            part,
            write_hashed(out, &format!("font-{part}"), "woff2", &font)?,
        ));
    }
    let sheet = target_directory(root).join("alta-style.css");
    let mut tailwind = npm_program(root, "tailwindcss");
    tailwind
        .current_dir(root)
        .args(["--minify", "--input", "style/main.css", "--output"]);
    run(tailwind.arg(&sheet))?;
    let mut text = std::fs::read_to_string(&sheet)?;
    for (part, name) in names {
        text = text.replace(&format!("font-{part}.woff2"), &name);
    }
    write_hashed(out, "style", "css", text.as_bytes())?;
    Ok(())
}

/// Writes a file for each language with the texts of the pages, one text a line, for the browser.
pub fn texts(root: &Path, out: &Path) -> Result<()> {
    let all = texts::read(&root.join("app/texts")).map_err(anyhow::Error::msg)?;
    for (at, language) in texts::LANGUAGES.iter().enumerate() {
        let lines: Vec<&str> = texts::lines(&all, at).collect();
        write_hashed(
            out,
            &format!("texts-{language}"),
            "txt",
            lines.join("\n").as_bytes(),
        )?;
    }
    Ok(())
}

/// Writes a file whose name holds the hash of its content. Returns the name.
pub fn write_hashed(out: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<String> {
    let hash = cache::hex(&Sha256::digest(bytes));
    let name = format!("{name}-{}.{ending}", &hash[..12]);
    std::fs::write(out.join(&name), bytes)?;
    Ok(name)
}

/// Writes a brotli and a gzip form beside every file except fonts, which are compressed already.
pub fn compress(root: &Path, directory: &Path) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "woff2") {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let packed = cache::directory(root, "packed", &[&bytes], |out| {
            std::fs::write(out.join("br"), brotli(&bytes)?)?;
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            gzip.write_all(&bytes)?;
            Ok(std::fs::write(out.join("gz"), gzip.finish()?)?)
        })?;
        for ending in ["br", "gz"] {
            std::fs::copy(packed.join(ending), format!("{}.{ending}", path.display()))?;
        }
    }
    Ok(())
}

/// Compresses bytes at brotli's best level.
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &settings)?;
    Ok(packed)
}

/// Prints, for each part of the pages' module, the bytes of all the modules together that a browser
/// loads for it.
fn print_parts(directory: &Path) -> Result<()> {
    let names = std::fs::read_dir(directory)?.flatten();
    let is_manifest = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        name.starts_with("parts-") && path.extension() == Some("json".as_ref())
    };
    let Some(manifest) = names.map(|entry| entry.path()).find(is_manifest) else {
        return Ok(());
    };
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_slice(&std::fs::read(manifest)?)?;
    println!("    {:<34} {:>10} {:>10}", "part", "bytes", "brotli");
    for (part, modules) in parts {
        let (mut bytes, mut brotli) = (0, 0);
        for module in modules {
            let file = directory.join(format!("{module}.wasm"));
            bytes += file.metadata()?.len();
            brotli += directory
                .join(format!("{module}.wasm.br"))
                .metadata()?
                .len();
        }
        println!("    {part:<34} {bytes:>10} {brotli:>10}");
    }
    Ok(())
}

/// Prints the size of each file, and refuses a module that is larger than its limit.
pub fn check_sizes(directory: &Path) -> Result<()> {
    println!("    {:<34} {:>10} {:>10}", "file", "bytes", "brotli");
    let mut too_large = Vec::new();
    let entries = std::fs::read_dir(directory)?
        .flatten()
        .map(|entry| entry.path());
    let mut entries: Vec<PathBuf> = entries.collect();
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
        let module = name
            .strip_suffix(".wasm")
            .and_then(|name| name.split_once('-'));
        let limit = LIMITS
            .iter()
            .find(|(limited, _)| module.is_some_and(|(name, _)| name == *limited));
        if limit.is_some_and(|(_, limit)| brotli.len() > *limit) {
            too_large.push(name);
        }
    }
    print_parts(directory)?;
    anyhow::ensure!(
        too_large.is_empty(),
        "larger than allowed: {}",
        too_large.join(", ")
    );
    Ok(())
}
