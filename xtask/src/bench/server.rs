//! A server for a benchmark, and requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use super::import::alta;

/// A running program that serves HTTP and prints its address. Dropping this value ends the program.
pub(super) struct Server {
    child: Child,
    /// The host and the port, with a colon between them.
    pub(super) host: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The program may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer over HTTP.
pub(super) struct Answer {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Server {
    /// Starts `alta serve` on a free port.
    pub(super) fn alta(binary: &Path, data: &Path) -> Result<Self> {
        Self::start(
            alta(binary, data, None)
                .arg("serve")
                .env("ALTA_LISTEN", "127.0.0.1:0"),
        )
    }

    /// Starts a program that prints its address at the end of its first line.
    pub(super) fn start(program: &mut Command) -> Result<Self> {
        let mut child = program.stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        let output = child.stdout.take().context("standard output")?;
        let mut server = Self {
            child,
            host: String::new(),
        };
        BufReader::new(output).read_line(&mut said)?;
        said.trim()
            .rsplit_once("http://")
            .context("an address")?
            .1
            .trim_end_matches('/')
            .clone_into(&mut server.host);
        Ok(server)
    }

    /// Sends a request and reads the whole answer. Each of the `headers` ends its line. A request
    /// with a body is a POST, any other a GET.
    pub(super) fn ask(&self, path: &str, headers: &str, body: Option<&[u8]>) -> Result<Answer> {
        let (method, body) = body.map_or(("GET", [].as_slice()), |body| ("POST", body));
        let mut connection = TcpStream::connect(&self.host)?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: {}\r\n{headers}Content-Length: {length}\r\n\r\n",
            self.host
        );
        connection.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;
        let at = answer
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .context("an answer")?;
        let body = answer.split_off(at + 4);
        Ok(Answer {
            head: String::from_utf8(answer)?,
            body,
        })
    }

    /// Returns the most memory that the program has used, in MiB, as Linux counts it.
    pub(super) fn most_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .context("VmHWM")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)
    }
}
