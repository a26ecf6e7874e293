//! The build tool: `cargo xtask assets | run | check | test | prove | build | watch | bench |
//! shots | phones`.

mod assets;
mod bench;
mod build;
mod install;
mod phones;
mod postgres;
mod run;
mod shell;
mod test;
mod watch;
mod workspace;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Builds, runs and tests Alta; installs what is missing")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the one file `target/release/alta`, with all its assets inside.
    Build,
    /// Builds the files that the browser loads, and nothing else.
    Assets,
    /// Builds and serves on 127.0.0.1:3000; prints the address to open.
    Run {
        /// Serves a throw-away database with an Admin to sign in with, files to drop and outside
        /// systems to connect.
        #[arg(long)]
        demo: bool,
    },
    /// Checks the code while you work, in minutes: format, lints, unit and SQLite tests.
    Check,
    /// Checks all that must hold before a change lands: all of `check`, PostgreSQL, end-to-end
    /// tests.
    Test,
    /// Runs the long proofs, in hours: imports and syncs that are killed a hundred times.
    Prove,
    /// Rebuilds and restarts the server when a file is saved.
    Watch,
    /// Runs a benchmark. Without a name, lists all benchmarks.
    Bench {
        /// The name of the benchmark.
        name: Option<String>,
    },
    /// Takes the pictures under `docs/`.
    Shots,
    /// Compiles libphonenumber's metadata into the engine's tables.
    Phones,
}

fn main() -> Result<()> {
    // The variable is read at run time because several checkouts may share a target directory.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?;
    let root = PathBuf::from(manifest)
        .parent()
        .context("the workspace's root")?
        .to_owned();
    match Cli::parse().task {
        Task::Build => build::release(&root).map(|_| ()),
        Task::Assets => {
            build::prepare(&root)?;
            assets::make(&root)
        }
        Task::Run { demo } => run::run(&root, demo),
        Task::Check => test::check(&root),
        Task::Test => test::test(&root),
        Task::Prove => test::prove(&root),
        Task::Watch => watch::watch(&root),
        Task::Bench { name } => bench::bench(&root, name.as_deref()),
        Task::Shots => test::shots(&root),
        Task::Phones => {
            install::npm(&root)?;
            phones::generate(&root)
        }
    }
}
