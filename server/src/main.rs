//! The command line of `alta`.

use std::process::ExitCode;

use alta_server::cli::{Cli, run};
use clap::Parser;

/// An import makes and drops some ten million small texts; version 2 of it gives memory back
/// soonest, and the server stays below 200 MiB.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        eprintln!("alta: {error:#}");
        ExitCode::FAILURE
    })
}
