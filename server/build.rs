//! Embeds the files that `cargo xtask build` made: each with its name, its type and its compressed
//! forms.
//!
//! `ALTA_ASSETS` names their directory. Without it (a plain `cargo check`) the binary has no files
//! to serve.

use std::fmt::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=ALTA_ASSETS");
    let mut code = "pub(super) static FILES: &[super::File] = &[\n".to_owned();
    if let Some(directory) = std::env::var_os("ALTA_ASSETS").map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", directory.display());
        let mut names: Vec<String> = std::fs::read_dir(&directory)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<std::io::Result<_>>()?;
        names.sort();
        for name in names.iter().filter(|name| !is_packed(name)) {
            let path = directory.join(name).to_string_lossy().into_owned();
            let packed = |ending: &str| {
                let packed = format!("{name}.{ending}");
                if names.contains(&packed) {
                    format!(
                        "Some(include_bytes!({:?}))",
                        directory.join(packed).to_string_lossy()
                    )
                } else {
                    "None".to_owned()
                }
            };
            writeln!(
                code,
                "    super::File {{ name: {name:?}, bytes: include_bytes!({path:?}), brotli: {}, gzip: {} }},",
                packed("br"),
                packed("gz")
            )?;
        }
    }
    code.push_str("];\n");
    std::fs::write(
        PathBuf::from(std::env::var("OUT_DIR")?).join("files.rs"),
        code,
    )?;
    Ok(())
}

/// Whether a file is the compressed form of another.
fn is_packed(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "br" || ending == "gz")
}
