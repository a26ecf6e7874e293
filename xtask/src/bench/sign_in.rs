//! Refused sign-ins: whether an address is known must not show in the time that its refusal takes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::import::{alta, set_up};
use super::median;
use crate::build::{build, target_directory};

/// Known addresses; each may be tried ten times a minute.
const KNOWN: usize = 3;
/// Tries of each of them, and as many of unknown ones.
const TRIES: usize = 10;
/// How far the medians may be apart.
const APART: f64 = 0.1;

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds, serves, and tries known and unknown addresses in turns.
pub fn run(root: &Path) -> Result<()> {
    let binary = build(root)?;
    let data = target_directory(root).join("alta-bench/sign-in");
    set_up(&binary, &data, None)?;
    for number in 0..KNOWN {
        let address = format!("known{number}@example.com");
        let mut add = alta(&binary, &data, None).args(["user", "add", &address, "--name", "Vera Lima"]).stdin(Stdio::piped()).spawn()?;
        add.stdin.take().context("standard input")?.write_all(b"primeros pasos")?;
        ensure!(add.wait()?.success(), "a user could not be added");
    }
    let mut server = Server(alta(&binary, &data, None).arg("serve").env("ALTA_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).spawn()?);
    let mut said = String::new();
    BufReader::new(server.0.stdout.take().context("standard output")?).read_line(&mut said)?;
    let host = said.trim().rsplit_once("http://").context("an address")?.1.trim_end_matches('/').to_owned();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..TRIES {
        for number in 0..KNOWN {
            known.push(refused(&host, &format!("known{number}@example.com"))?);
            unknown.push(refused(&host, &format!("unknown{number}.{round}@example.com"))?);
        }
    }
    let (known, unknown) = (median(&known) * 1000.0, median(&unknown) * 1000.0);
    println!("refused sign-in: known address {known:.1} ms, unknown address {unknown:.1} ms, ratio {:.3}", known / unknown);
    ensure!((known / unknown - 1.0).abs() < APART, "the medians are more than {:.0} % apart", APART * 100.0);
    Ok(())
}

/// Seconds that a refusal takes.
fn refused(host: &str, email: &str) -> Result<f64> {
    let body = format!("email={}&password=wrong+password", email.replace('@', "%40"));
    let mut connection = TcpStream::connect(host)?;
    let request = format!(
        "POST /api/sign_in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let begun = Instant::now();
    connection.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(answer.starts_with(b"HTTP/1.1 401"), "{}", String::from_utf8_lossy(&answer[..answer.len().min(200)]));
    Ok(seconds)
}
