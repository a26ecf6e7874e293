//! A disk that is soon full.

use std::path::Path;
use std::process::Command;

/// The size of the disk at first.
const SMALL: &str = "3m";
/// The largest size of a file where no file system can be mounted, in blocks of 512 bytes.
const BLOCKS: u32 = 4096;

/// A small file system in memory, where the test may mount one; elsewhere a limit on the size of
/// files, beyond which a write fails as well.
pub(crate) struct Disk {
    directory: tempfile::TempDir,
    is_mounted: bool,
}

impl Disk {
    pub(crate) fn small() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let is_mounted = mount(&format!("size={SMALL}"), directory.path());
        println!(
            "full disk: {}",
            if is_mounted {
                "a tmpfs"
            } else {
                "a limit on files"
            }
        );
        Self {
            directory,
            is_mounted,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Returns the limit that the disk's server must run under; `None` when the file system is
    /// mounted.
    pub(crate) fn blocks(&self) -> Option<u32> {
        (!self.is_mounted).then_some(BLOCKS)
    }

    /// Makes the disk larger; returns true when its server may run on.
    pub(crate) fn make_room(&self) -> bool {
        self.is_mounted && mount("remount,size=1g", self.path())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount")
                .arg("--lazy")
                .arg(self.path())
                .status();
        }
    }
}

fn mount(options: &str, at: &Path) -> bool {
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(at)
        .stderr(std::process::Stdio::null())
        .status();
    mount.is_ok_and(|status| status.success())
}
