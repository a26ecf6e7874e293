//! The command line of `alta`.

use std::process::ExitCode;

use alta_server::cli::{Cli, run};
use clap::Parser;

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        eprintln!("alta: {error:#}");
        ExitCode::FAILURE
    })
}
