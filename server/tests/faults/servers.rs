//! Servers as processes of their own, which can be killed and started again on the same port.

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use alta_domain::{Country, Language, NewOrganization};
use alta_store::account::setup;
use alta_store::testing::TestDatabase;

use crate::disk::Disk;

pub(crate) const EMAIL: &str = "admin@example.com";
pub(crate) const PASSWORD: &str = "primeros pasos";

pub(crate) struct Servers {
    url: String,
    data: tempfile::TempDir,
    running: Vec<(u16, Mutex<Option<Child>>)>,
    settings: Vec<(&'static str, &'static str)>,
}

impl Servers {
    /// Starts `count` servers, with one organization and its Admin.
    pub(crate) async fn start(database: &TestDatabase, count: usize) -> Self {
        let servers = Self::new(database, count).await;
        for at in 0..count {
            servers.run(at, None).await;
        }
        servers
    }

    /// Starts one server whose files are on a small disk.
    pub(crate) async fn start_on(database: &TestDatabase, disk: &Disk) -> Self {
        let servers = Self::new(database, 1).await;
        servers.run(0, disk.blocks()).await;
        servers
    }

    /// Starts one server with these settings, and with the manifest of a system.
    pub(crate) async fn start_with(
        database: &TestDatabase,
        settings: &[(&'static str, &'static str)],
        manifest: &str,
    ) -> Self {
        let mut servers = Self::new(database, 1).await;
        let systems = servers.data.path().join("systems");
        std::fs::create_dir(&systems).unwrap();
        std::fs::write(systems.join("own.toml"), manifest).unwrap();
        servers.settings = settings.to_vec();
        servers.run(0, None).await;
        servers
    }

    async fn new(database: &TestDatabase, count: usize) -> Self {
        let link = setup::renew_link(&database.store).await.unwrap().unwrap();
        let new = NewOrganization {
            organization: "Acme".into(),
            country: Country::BRAZIL,
            language: Language::Spanish,
            name: "Ana Silva".into(),
            email: EMAIL.into(),
            password: PASSWORD.into(),
        };
        setup::set_up(&database.store, &link, new).await.unwrap();
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listeners: Vec<std::net::TcpListener> = (0..count).map(|_| free()).collect();
        let running = listeners
            .iter()
            .map(|listener| (listener.local_addr().unwrap().port(), Mutex::new(None)))
            .collect();
        Self {
            url: database.url.clone(),
            data: tempfile::tempdir().unwrap(),
            running,
            settings: Vec::new(),
        }
    }

    pub(crate) fn ports(&self) -> Vec<u16> {
        self.running.iter().map(|(port, _)| *port).collect()
    }

    /// Starts a server and waits until it answers.
    async fn run(&self, at: usize, blocks: Option<u32>) {
        let (port, running) = &self.running[at];
        let binary =
            std::env::var("ALTA_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_alta").to_owned());
        let mut command = if let Some(blocks) = blocks {
            let mut shell = Command::new("sh");
            // Beyond the limit a write fails, as it does on a full disk.
            shell.args([
                "-c",
                &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" serve"),
                &binary,
            ]);
            shell
        } else {
            let mut alta = Command::new(binary);
            alta.arg("serve");
            alta
        };
        command
            .current_dir(self.data.path())
            .env("ALTA_DATA", self.data.path())
            .env("DATABASE_URL", &self.url);
        command
            .env("ALTA_LISTEN", format!("127.0.0.1:{port}"))
            .env("RUST_LOG", "off")
            .env("ALTA_BATCH_WAIT_MS", "200")
            .envs(self.settings.iter().copied());
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        *running.lock().unwrap() = Some(child);
        while tokio::net::TcpStream::connect(("127.0.0.1", *port))
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills a server with SIGKILL, and starts another one in its place.
    pub(crate) async fn kill_one(&self, round: usize) {
        let at = round % self.running.len();
        self.kill(at);
        self.run(at, None).await;
    }

    fn kill(&self, at: usize) {
        if let Some(mut child) = self.running[at].1.lock().unwrap().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Ends a server with SIGTERM, and waits until it has ended.
    pub(crate) async fn end(&self, at: usize) {
        let child = self.running[at].1.lock().unwrap().take();
        let mut child = child.unwrap();
        assert!(
            Command::new("kill")
                .args(["-TERM", &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let status = tokio::task::spawn_blocking(move || child.wait().unwrap())
            .await
            .unwrap();
        assert!(status.success(), "{status}");
    }

    /// Returns the most memory that the first server has used, in MiB, as Linux counts it.
    pub(crate) fn most_memory(&self) -> u64 {
        let id = self.running[0].1.lock().unwrap().as_ref().unwrap().id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().trim_end_matches("kB").trim();
        kib.parse::<u64>().unwrap() / 1024
    }

    /// Makes room on the disk; replaces a server that runs under a limit with one that does not.
    pub(crate) async fn make_room(&self, disk: &Disk) {
        if !disk.make_room() {
            self.kill(0);
            self.run(0, None).await;
        }
    }

    pub(crate) fn stop(&self) {
        (0..self.running.len()).for_each(|at| self.kill(at));
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.stop();
    }
}
