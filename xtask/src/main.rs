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
    /// Builds what the browser loads, and nothing else.
    Assets,
    /// Builds and serves on 127.0.0.1:3000; prints the address to open.
    Run {
        /// With a throw-away database, an Admin to sign in with, files to drop and outside systems
        /// to connect.
        #[arg(long)]
        demo: bool,
    },
    /// What to run while working, in minutes: format, lints, unit and SQLite tests.
    Check,
    /// What must hold before a change lands: all of `check`, PostgreSQL, end-to-end tests.
    Test,
    /// The long proofs, in hours: imports and syncs that are killed a hundred times.
    Prove,
    /// Rebuilds and restarts while editing.
    Watch,
    /// Benchmarks; without a name, lists them.
    Bench {
        /// Which.
        name: Option<String>,
    },
    /// Takes the pictures under `docs/`.
    Shots,
    /// Compiles libphonenumber's metadata into the engine's tables.
    Phones,
}

fn main() -> Result<()> {
    // Asked at run time: a target directory may be shared by several checkouts.
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
