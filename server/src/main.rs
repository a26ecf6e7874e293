//! The command line of `alta`.

use std::process::ExitCode;

use alta_server::cli::{Cli, run};
use clap::Parser;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores()).enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    match runtime.block_on(run(Cli::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("alta: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// At least four threads: rendering pages as a stream hangs on fewer when a machine has one core.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4))
}
