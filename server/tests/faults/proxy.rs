//! A proxy in front of the servers that keeps answers back and cuts connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Proxy {
    port: u16,
}

impl Proxy {
    /// Passes connections on to the servers in turn; one that is down is passed over. Every `faulty` connection is cut after some bytes.
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
        Self { port }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

async fn pass(visitor: TcpStream, server: TcpStream, faulty: bool) {
    let ((from_visitor, to_visitor), (from_server, to_server)) = (visitor.into_split(), server.into_split());
    let allowance = || if faulty { 1000 + rand::random::<u32>() as usize % 120_000 } else { usize::MAX };
    // Either direction that ends takes the other with it.
    tokio::select! {
        () = forward(from_visitor, to_server, allowance(), faulty) => {}
        () = forward(from_server, to_visitor, allowance() / 8, faulty) => {}
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut allowance: usize, slow: bool) {
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
