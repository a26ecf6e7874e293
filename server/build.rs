//! Embeds the files that `cargo xtask build` made. Writes a Rust list of these files: the name, the
//! bytes and the compressed bytes of each.
//!
//! The environment variable `ALTA_ASSETS` names the directory of these files. Without the variable
//! (a plain `cargo check`) the list is empty.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=ALTA_ASSETS");
    let mut code = "pub(super) static FILES: &[super::File] = &[\n".to_owned();
    let assets = std::env::var_os("ALTA_ASSETS").map(PathBuf::from);
    if let Some(directory) = &assets {
        println!("cargo::rerun-if-changed={}", directory.display());
    }
    // Lints and tests may run before the first build of the files.
    if let Some(directory) = assets.filter(|directory| directory.exists()) {
        let mut names: Vec<String> = std::fs::read_dir(&directory)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<std::io::Result<_>>()?;
        names.sort();
        for name in names.iter().filter(|name| !is_compressed(name)) {
            code.push_str(&entry(&directory, &names, name)?);
        }
    }
    code.push_str("];\n");
    let list = PathBuf::from(std::env::var("OUT_DIR")?).join("files.rs");
    std::fs::write(list, code)?;
    Ok(())
}

/// Returns the Rust code of one file's entry. `names` are the names of all files in the directory.
fn entry(directory: &Path, names: &[String], name: &str) -> Result<String, std::fmt::Error> {
    let bytes = |name: &str| {
        let path = directory.join(name).to_string_lossy().into_owned();
        format!("include_bytes!({path:?})")
    };
    let compressed = |ending: &str| {
        let name = format!("{name}.{ending}");
        if names.contains(&name) {
            format!("Some({})", bytes(&name))
        } else {
            "None".to_owned()
        }
    };
    let mut code = String::new();
    writeln!(code, "    super::File {{")?;
    writeln!(code, "        name: {name:?},")?;
    writeln!(code, "        bytes: {},", bytes(name))?;
    writeln!(code, "        brotli: {},", compressed("br"))?;
    writeln!(code, "        gzip: {},", compressed("gz"))?;
    writeln!(code, "    }},")?;
    Ok(code)
}

/// Returns true when a file is the compressed form of another file.
fn is_compressed(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "br" || ending == "gz")
}
