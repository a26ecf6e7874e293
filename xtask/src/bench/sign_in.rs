//! The benchmark of refused sign-ins: the time of a refusal must not show whether an address is
//! known.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::import::{alta, set_up};
use super::median;
use super::server::Server;
use crate::build::release;
use crate::workspace::target_directory;

/// The number of known addresses. Each may be tried ten times a minute.
const KNOWN: usize = 3;
/// The number of tries of each known address. As many unknown addresses are tried.
const TRIES: usize = 10;
/// The most that the ratio of the medians may differ from 1.
const APART: f64 = 0.1;

/// Builds and starts the server, and tries known and unknown addresses in turns.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    let data = target_directory(root).join("alta-bench/sign-in");
    set_up(&binary, &data, None)?;
    for number in 0..KNOWN {
        let address = format!("known{number}@example.com");
        let mut add = alta(&binary, &data, None)
            .args(["user", "add", &address, "--name", "Vera Lima"])
            .stdin(Stdio::piped())
            .spawn()?;
        add.stdin
            .take()
            .context("standard input")?
            .write_all(b"primeros pasos")?;
        ensure!(add.wait()?.success(), "a user could not be added");
    }
    let server = Server::alta(&binary, &data)?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..TRIES {
        for number in 0..KNOWN {
            known.push(refused(&server, &format!("known{number}@example.com"))?);
            unknown.push(refused(
                &server,
                &format!("unknown{number}.{round}@example.com"),
            )?);
        }
    }
    let (known, unknown) = (median(&known) * 1000.0, median(&unknown) * 1000.0);
    println!(
        "refused sign-in: known address {known:.1} ms, unknown address {unknown:.1} ms, ratio \
         {:.3}",
        known / unknown
    );
    ensure!(
        (known / unknown - 1.0).abs() < APART,
        "the medians are more than {:.0} % apart",
        APART * 100.0
    );
    Ok(())
}

/// Returns the seconds that a refusal takes.
fn refused(server: &Server, email: &str) -> Result<f64> {
    let body = format!(
        "email={}&password=wrong+password",
        email.replace('@', "%40")
    );
    let begun = Instant::now();
    let answer = server.ask(
        "/api/sign_in",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        Some(body.as_bytes()),
    )?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(answer.head.contains(" 401 "), "{}", answer.head);
    Ok(seconds)
}
