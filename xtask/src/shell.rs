//! Runs other programs.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The beginnings of the names of environment variables that are removed before another program is
/// called: cargo sets them for `xtask`. The build scripts of some libraries (ring) run again when
/// such a variable changes, and everything that depends on them is compiled again.
const OF_CARGO: [&str; 5] = [
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_PRIMARY_",
];

/// Builds a command that runs in a directory, in the environment of this program without cargo's
/// variables.
pub fn command(directory: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).args(arguments);
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy().into_owned();
        if OF_CARGO.iter().any(|start| name_text.starts_with(start)) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command. Its failure is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let name = format!(
        "{} {}",
        command.get_program().to_string_lossy(),
        command
            .get_args()
            .map(|argument| argument.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    );
    let status = command.status().with_context(|| name.clone())?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// Returns the trimmed text that a command writes. `None` when the command fails or does not exist.
pub fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Returns true when a program is on the path.
pub fn has(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
    })
}

/// Returns true when the user is root, who may install packages and may not run PostgreSQL.
pub fn is_root() -> bool {
    output("id", &["-u"]).as_deref() == Some("0")
}

/// Does a step, and prints its name and how long it took.
pub fn step<T>(name: &str, what: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {name}");
    let start = Instant::now();
    let result = what().with_context(|| name.to_owned())?;
    println!("    {name}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}
