//! Reads the Rust sources of a crate of this workspace.

use std::collections::BTreeMap;
use std::path::Path;

/// Reads the Rust sources below `src` of a crate, by their path from there: `account/mail.rs`.
///
/// `directory` is the crate's directory from the root of the workspace: `crates/store`.
pub(crate) fn sources(directory: &str) -> BTreeMap<String, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = workspace.join(directory).join("src");
    let mut files = BTreeMap::new();
    let mut waiting = vec![root.clone()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy();
                let name = name.replace(std::path::MAIN_SEPARATOR, "/");
                files.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}
