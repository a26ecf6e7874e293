//! The parts of the page's module. A browser loads a part when one of its pages is first shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};
use wasm_split_cli_support::{Options, transform};

use super::{ModuleFiles, cache};

/// The script that loads the parts, as the splitter names it.
const LOADER: &str = "__wasm_split.js";

/// The file that names, for each part, the modules that a browser loads for it.
const MANIFEST: &str = "manifest.json";

/// Splits a compiled module along the functions with `#[wasm_split]`, and writes the modules into
/// `out`. Returns the path of the main module, which wasm-bindgen reads next, and the paths of the
/// others.
pub fn split(name: &str, module: &[u8], out: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let main = out.join("main.wasm");
    let (link, script) = (format!("./{LOADER}"), format!("./{name}.js"));
    let mut options = Options::new(module);
    options.output_dir = out;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &script;
    let made = transform(options).map_err(|error| anyhow!("splitting {name}: {error:?}"))?;
    let manifest: BTreeMap<_, _> = made.prefetch_map.into_iter().collect();
    std::fs::write(out.join(MANIFEST), serde_json::to_string(&manifest)?)?;
    Ok((main, made.split_modules))
}

/// Stands for the hash in names until the hash is known.
const HASH: &str = "HASH-OF-ALL";

/// Writes the files of a split module, which wasm-bindgen has put into the directory `bound`. Their
/// names carry one hash of all of them, because they name each other.
pub fn write(out: &Path, name: &'static str, bound: &Path) -> Result<ModuleFiles> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(bound)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if file != "main.wasm" {
            let (name, bytes) = renamed(name, &file, std::fs::read(&path)?)
                .with_context(|| file.clone().into_owned())?;
            files.insert(name, bytes);
        }
    }
    let mut hash = Sha256::new();
    for (file, bytes) in &files {
        hash.update(file.as_bytes());
        hash.update(bytes);
    }
    let hash = &cache::hex(&hash.finalize())[..12];
    for (file, mut bytes) in files {
        if Path::new(&file).extension() != Some("wasm".as_ref()) {
            bytes = String::from_utf8(bytes)?.replace(HASH, hash).into_bytes();
        }
        std::fs::write(out.join(file.replace(HASH, hash)), bytes)?;
    }
    Ok(ModuleFiles {
        name,
        wasm: format!("{name}-{hash}.wasm"),
        script: format!("{name}-{hash}.js"),
    })
}

/// Returns the new name of a file, with [`HASH`] in the place of the hash, and its content with the
/// other files' new names in it.
fn renamed(name: &str, file: &str, bytes: Vec<u8>) -> Result<(String, Vec<u8>)> {
    if let Some(stem) = file.strip_suffix(".wasm") {
        return Ok((format!("{}.wasm", module_name(name, stem)), bytes));
    }
    let text = String::from_utf8(bytes)?;
    let (new, text) = match file {
        LOADER => {
            let text = text.replace(&format!("./{name}.js"), &format!("./{name}-{HASH}.js"));
            let mut pieces = text.split(".wasm\"");
            let mut text = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                let stem = text.split_off(text.rfind("\"./").map_or(0, |at| at + 3));
                text = format!("{text}{}.wasm\"{piece}", module_name(name, &stem));
            }
            (format!("parts-{HASH}.js"), text)
        }
        MANIFEST => {
            let parts: BTreeMap<&str, Vec<&str>> = serde_json::from_str(&text)?;
            let renamed = |module: &&str| module_name(name, module);
            let parts = parts
                .iter()
                .map(|(part, modules)| (*part, modules.iter().map(renamed).collect()));
            let parts: BTreeMap<&str, Vec<String>> = parts.collect();
            (format!("parts-{HASH}.json"), serde_json::to_string(&parts)?)
        }
        _ => {
            // The modules import by the loader's first name; only the path of its file changes.
            let old = format!("from \"./{LOADER}\"");
            let new = format!("from \"./parts-{HASH}.js\"");
            (format!("{name}-{HASH}.js"), text.replace(&old, &new))
        }
    };
    Ok((new, text.into_bytes()))
}

/// Returns the name of a module's file, without its ending: `app` for the main module,
/// `part-importer` for a part, `shared-7` for what several parts share.
fn module_name(main: &str, stem: &str) -> String {
    let name = if let Some(chunk) = stem.strip_prefix("chunk_") {
        format!("shared-{chunk}")
    } else if let Some(part) = stem.strip_prefix("split_") {
        format!("part-{part}")
    } else {
        main.to_owned()
    };
    format!("{name}-{HASH}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_split_module_name_each_other_by_their_new_names() {
        let new = |file, text: &str| {
            let (name, bytes) = renamed("app", file, text.as_bytes().to_vec()).unwrap();
            (name, String::from_utf8(bytes).unwrap())
        };
        let (name, text) = new(
            LOADER,
            "import {initSync} from \"./app.js\"; f(\"./chunk_7.wasm\"); g(\"./split_desk.wasm\")",
        );
        assert_eq!(name, "parts-HASH-OF-ALL.js");
        assert_eq!(
            text,
            "import {initSync} from \"./app-HASH-OF-ALL.js\"; \
             f(\"./shared-7-HASH-OF-ALL.wasm\"); g(\"./part-desk-HASH-OF-ALL.wasm\")"
        );
        let script = "import * as a from \"./__wasm_split.js\"\nx[\"./__wasm_split.js\"]=a";
        let (name, text) = new("app.js", script);
        assert_eq!(name, "app-HASH-OF-ALL.js");
        assert_eq!(
            text,
            "import * as a from \"./parts-HASH-OF-ALL.js\"\nx[\"./__wasm_split.js\"]=a"
        );
        let (_, text) = new(MANIFEST, "{\"desk\":[\"chunk_7\",\"split_desk\"]}");
        assert_eq!(
            text,
            "{\"desk\":[\"shared-7-HASH-OF-ALL\",\"part-desk-HASH-OF-ALL\"]}"
        );
        assert_eq!(new("app_bg.wasm", "").0, "app-HASH-OF-ALL.wasm");
    }
}
