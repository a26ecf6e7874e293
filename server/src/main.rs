//! Starts the command line of `alta`.

use std::process::ExitCode;

use alta_server::cli::{Cli, run};
use alta_server::process;
use clap::Parser;

/// The memory allocator. An import allocates and frees some ten million small texts. Version 2 of
/// mimalloc returns memory to the system soonest, so that the server stays below 200 MiB. SQLite
/// uses it too (feature `override`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    process::keep_files_private();
    process::raise_file_limit();
    run(Cli::parse()).unwrap_or_else(|error| {
        eprintln!("alta: {error:#}");
        ExitCode::FAILURE
    })
}
