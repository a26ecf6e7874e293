//! `cargo xtask watch`: rebuilds and restarts the server when a file is saved.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Result;
use notify::{RecursiveMode, Watcher};

use crate::build::quick;

/// Builds and starts the server, and does so again after each change. After a build that fails, the
/// earlier server goes on running.
pub fn watch(root: &Path) -> Result<()> {
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = sender.send(());
        }
    })?;
    for directory in ["app", "crates", "frontend", "server", "style", "public"] {
        watcher.watch(&root.join(directory), RecursiveMode::Recursive)?;
    }
    let mut serving = None;
    loop {
        match quick(root) {
            Ok(binary) => {
                stop(serving.take());
                serving = Some(
                    Command::new(binary)
                        .arg("serve")
                        .current_dir(root)
                        .spawn()?,
                );
            }
            Err(error) => eprintln!("{error:#}"),
        }
        changes.recv()?;
        // An editor may save several files at once.
        while changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }
}

fn stop(server: Option<std::process::Child>) {
    if let Some(mut server) = server {
        let _ = server.kill();
        let _ = server.wait();
    }
}
