//! A cache of results that take long to make, each named by the hash of everything it depends on.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::workspace::target_directory;

/// Returns a directory that holds the results for these inputs. When there is none yet, `make` gets
/// an empty directory and fills it. `kind` names the step, and is part of the hash.
pub fn directory(
    root: &Path,
    kind: &str,
    inputs: &[&[u8]],
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let mut hash = Sha256::new();
    for input in [kind.as_bytes()].iter().chain(inputs) {
        hash.update(u64::try_from(input.len())?.to_le_bytes());
        hash.update(input);
    }
    let name = hex(&hash.finalize());
    let kept = target_directory(root)
        .join("alta-cache")
        .join(format!("{kind}-{name}"));
    if kept.is_dir() {
        return Ok(kept);
    }
    // The directory is moved into place when it is complete, so that a build that is cut off leaves
    // nothing half made.
    let scratch = kept.with_extension(format!("new-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch)?;
    make(&scratch)?;
    if std::fs::rename(&scratch, &kept).is_err() {
        // Another build has finished the same results at the same time.
        std::fs::remove_dir_all(&scratch)?;
    }
    Ok(kept)
}

/// Writes the first bytes of a hash as 24 hexadecimal digits.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().take(12).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
