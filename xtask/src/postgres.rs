//! A throw-away PostgreSQL cluster for the tests. PostgreSQL refuses to run as root, so root starts
//! it as the user `postgres`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::shell::{is_root, run};

/// A running cluster. Dropping this value stops and removes the cluster.
pub struct Cluster {
    programs: PathBuf,
    directory: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster on a free port.
    pub fn start() -> Result<Self> {
        let programs = install::postgres()?;
        let directory = std::env::temp_dir().join(format!("alta-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&directory)?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&directory))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Self {
            programs,
            directory,
            port,
        };
        run(cluster
            .program("initdb")
            .args([
                "--auth",
                "trust",
                "--username",
                "postgres",
                "--no-sync",
                "--pgdata",
            ])
            .arg(cluster.data())
            .stdout(std::process::Stdio::null()))?;
        let options = format!(
            "-p {port} -h 127.0.0.1 -k {} -c fsync=off -c max_connections=400",
            cluster.directory.display()
        );
        run(cluster
            .program("pg_ctl")
            .args(["-w", "-o", &options, "-l"])
            .arg(cluster.directory.join("log"))
            .arg("-D")
            .arg(cluster.data())
            .arg("start")
            .stdout(std::process::Stdio::null()))
        .context("starting PostgreSQL")?;
        Ok(cluster)
    }

    /// Returns the cluster's address, without a database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let path: PathBuf = Path::new(&self.programs).join(name);
        if is_root() {
            let mut command = Command::new("runuser");
            command
                .args(["-u", "postgres", "--"])
                .arg(path)
                .current_dir("/");
            return command;
        }
        Command::new(path)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = run(self
            .program("pg_ctl")
            .args(["-m", "immediate", "-D"])
            .arg(self.data())
            .arg("stop")
            .stdout(std::process::Stdio::null()));
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}
