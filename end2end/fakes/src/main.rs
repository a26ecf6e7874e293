//! A server of the fakes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use alta_fakes::{Settings, manifest_here, router};
use clap::Parser;
use tokio::net::TcpListener;

// The fakes share the processor with the program that they answer, and their answers are many small
// values: a faster allocator helps both.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Fakes of the HTTP APIs of business systems.
#[derive(Parser)]
struct Arguments {
    /// The address to listen on. Port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The number of people and companies of each system.
    #[arg(long, default_value_t = 200)]
    contacts: usize,
    /// The number of orders and sales of each system.
    #[arg(long, default_value_t = 600)]
    transactions: usize,
    /// The number of products of each system.
    #[arg(long, default_value_t = 50)]
    products: usize,
    /// The seed of the records. The same seed gives the same records.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder of manifests whose systems these fakes play.
    #[arg(long, requires = "into")]
    manifests: Option<PathBuf>,
    /// The folder into which those manifests are written with the addresses of the fakes.
    #[arg(long)]
    into: Option<PathBuf>,
    /// The factor by which the periods of limits and locks are shortened.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    speed: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments {
        listen,
        contacts,
        transactions,
        products,
        seed,
        manifests,
        into,
        speed,
    } = Arguments::parse();
    let listener = TcpListener::bind(listen).await?;
    let fakes = router(&Settings {
        contacts,
        transactions,
        products,
        seed,
        speed,
    });
    let base = format!("http://{}", listener.local_addr()?);
    if let (Some(from), Some(into)) = (manifests, into) {
        write_manifests(&from, &into, &base, speed)?;
    }
    println!("fakes ready: {base}");
    // A slow answer may still be waiting. The program ends without it.
    tokio::select! {
        served = axum::serve(listener, fakes) => served?,
        stopped = stop() => stopped?,
    }
    Ok(())
}

/// Writes each manifest of a folder with the addresses of the fakes in place of the vendors'.
fn write_manifests(from: &Path, into: &Path, base: &str, speed: u32) -> anyhow::Result<()> {
    std::fs::create_dir_all(into)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        let here = manifest_here(&std::fs::read_to_string(file.path())?, base, speed);
        std::fs::write(into.join(file.file_name()), here)?;
    }
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn stop() -> anyhow::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminated.recv() => {}
    }
    Ok(())
}
