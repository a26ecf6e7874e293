//! Strangers who hold connections open: they begin to sign in and send a byte now and then.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Running;

/// The pause between two bytes of a stranger.
const PAUSE: Duration = Duration::from_secs(2);
/// What a stranger sends first: the form of a sign-in that never ends.
const HEAD: &[u8] = b"POST /api/sign_in HTTP/1.1\r\nHost: 127.0.0.1\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 16000\r\n\r\nemail=";

/// Holds `count` connections open, and opens each again that the server closes. Returns how many
/// were opened, and how many of them the server has closed.
pub(super) async fn hold(port: u16, count: usize, running: Running) -> (u32, u32) {
    let mut strangers = JoinSet::new();
    for at in 0..count {
        strangers.spawn(one(port, at, running.clone()));
    }
    let counts = strangers.join_all().await.into_iter();
    counts.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
}

/// Holds one connection open. One stranger of three does not even end the head of the request.
async fn one(port: u16, at: usize, running: Running) -> (u32, u32) {
    let begin = if at.is_multiple_of(3) {
        &HEAD[..40]
    } else {
        HEAD
    };
    let (mut opened, mut closed) = (0, 0);
    while running.is_on() {
        let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)).await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        opened += 1;
        let mut sent = connection.write_all(begin).await;
        while running.is_on() && sent.is_ok() {
            tokio::time::sleep(PAUSE).await;
            sent = connection.write_all(b"a").await;
        }
        closed += u32::from(sent.is_err());
    }
    (opened, closed)
}
