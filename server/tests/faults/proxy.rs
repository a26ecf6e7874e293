//! A proxy in front of the servers that holds answers back and cuts connections.

use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// The path of `HAProxy` on Debian, whose folder is not on everybody's path.
const DEBIAN: &str = "/usr/sbin/haproxy";

pub(crate) struct Proxy {
    port: u16,
    /// The process of `HAProxy` and the directory of its configuration; `None` when the proxy is
    /// the test's own.
    haproxy: Option<(Child, tempfile::TempDir)>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.haproxy {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Proxy {
    /// Starts a proxy that passes connections on to the servers in turn, and skips a server that is
    /// down. With `faulty`, every connection is slowed down, and cut after some bytes.
    pub(crate) async fn start(servers: Vec<u16>, faulty: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let turn = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let (servers, turn) = (servers.clone(), turn.clone());
                tokio::spawn(async move {
                    for _ in 0..servers.len() {
                        let at = turn.fetch_add(1, Ordering::Relaxed) % servers.len();
                        if let Ok(server) = TcpStream::connect(("127.0.0.1", servers[at])).await {
                            return pass(visitor, server, faulty).await;
                        }
                    }
                });
            }
        });
        Self {
            port,
            haproxy: None,
        }
    }

    /// Starts `HAProxy` as anybody would set it up: it passes requests on to the servers in turn,
    /// and skips servers that are down.
    pub(crate) async fn haproxy(servers: &[u16]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut text = format!(
            "defaults\n mode http\n timeout connect 1s\n timeout client 30s\n timeout server \
             30s\n option redispatch\n retries 3\n\
             frontend alta\n bind 127.0.0.1:{port}\n default_backend servers\n\
             backend servers\n balance roundrobin\n option httpchk GET /api/health\n"
        );
        for server in servers {
            writeln!(
                text,
                " server s{server} 127.0.0.1:{server} check inter 200ms fall 1 rise 1"
            )
            .unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("haproxy.cfg");
        std::fs::write(&path, text).unwrap();
        let program = if Path::new(DEBIAN).exists() {
            DEBIAN
        } else {
            "haproxy"
        };
        let child = Command::new(program)
            .args(["-db", "-q", "-f"])
            .arg(path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self {
            port,
            haproxy: Some((child, directory)),
        }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

async fn pass(visitor: TcpStream, server: TcpStream, faulty: bool) {
    let ((from_visitor, to_visitor), (from_server, to_server)) =
        (visitor.into_split(), server.into_split());
    let allowance = || {
        if faulty {
            1000 + rand::random::<u32>() as usize % 120_000
        } else {
            usize::MAX
        }
    };
    // When one direction ends, the other one ends too.
    tokio::select! {
        () = forward(from_visitor, to_server, allowance(), faulty) => {}
        () = forward(from_server, to_visitor, allowance() / 8, faulty) => {}
    }
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut allowance: usize,
    slow: bool,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if slow && rand::random::<u8>() < 16 {
            tokio::time::sleep(Duration::from_millis(u64::from(rand::random::<u8>()))).await;
        }
        let part = count.min(allowance);
        if to.write_all(&buffer[..part]).await.is_err() || part < count {
            return;
        }
        allowance -= part;
    }
}
