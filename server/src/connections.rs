//! Limits the number of connections, and the time that a connection waits for its client to read an
//! answer.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use alta_app::api::failures::Network;
use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use crate::config::Networks;
use crate::process;

/// The number of files that the server needs besides its connections: the database, requests to
/// systems, mails.
const OTHER_FILES: u64 = 64;

/// The factor by which the time for a client to take more of an answer is longer than the time to
/// send a request, because the operating system first sends what it has buffered.
const READING: u32 = 4;

/// The time between two lines of the log about refused connections.
const LOG_PAUSE: Duration = Duration::from_mins(1);

/// The limits of connections.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// The largest number of connections of all clients.
    pub all: u32,
    /// The largest number of connections from one public network.
    pub of_network: u32,
    /// The proxies. Their connections carry the requests of all clients.
    pub proxies: Networks,
    /// The longest time without a whole head of a request, after which the client is disconnected.
    pub patience: Duration,
}

/// The acceptor of connections: it accepts connections within the limits, and closes all others at
/// once.
#[derive(Clone)]
pub(crate) struct Bounded {
    open: Arc<Mutex<Open>>,
    limits: ConnectionLimits,
}

#[derive(Default)]
struct Open {
    all: u32,
    of_networks: HashMap<Option<Network>, u32>,
    /// The number of connections refused since the last line of the log.
    refused: u32,
    logged: Option<Instant>,
}

impl Open {
    fn take(&mut self, network: Option<Network>, limits: &ConnectionLimits) -> bool {
        let of_network = self.of_networks.get(&network).copied().unwrap_or(0);
        let has_room = network.is_none() || of_network < limits.of_network;
        let has_place = self.all < limits.all && has_room;
        if has_place {
            self.all += 1;
            self.of_networks.insert(network, of_network + 1);
        } else {
            self.note_refusal();
        }
        has_place
    }

    fn note_refusal(&mut self) {
        self.refused += 1;
        let may_log = self
            .logged
            .is_none_or(|logged| logged.elapsed() >= LOG_PAUSE);
        if may_log {
            tracing::warn!(
                refused = self.refused,
                open = self.all,
                "connections were refused: there were too many in all, or from one network"
            );
            self.logged = Some(Instant::now());
            self.refused = 0;
        }
    }

    fn leave(&mut self, network: Option<Network>) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.of_networks.get_mut(&network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.of_networks.remove(&network);
            }
        }
    }
}

impl Bounded {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        let files = process::file_limit().unwrap_or(u64::MAX);
        let most = u32::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(u32::MAX);
        Self {
            open: Arc::default(),
            limits: ConnectionLimits {
                all: limits.all.min(most).max(1),
                of_network: limits.of_network.max(1),
                ..limits
            },
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns false for an address of this machine or of a private network. Such an address belongs to
/// a proxy, which has the connections of all clients.
fn is_public(address: &IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local())
        }
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unique_local()),
    }
}

impl<S> Accept<TcpStream, S> for Bounded {
    type Stream = Connection;
    type Service = S;
    type Future = Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let address: Option<IpAddr> = stream.peer_addr().ok().map(|peer| peer.ip());
        let counts =
            |address: &IpAddr| is_public(address) && !self.limits.proxies.contains(*address);
        let network = address.filter(counts).map(Network::from);
        if !self.open().take(network, &self.limits) {
            return ready(Err(io::ErrorKind::ConnectionRefused.into()));
        }
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.patience * READING));
        let connection = Connection {
            stream: Box::pin(stream),
            network,
            accepted_by: self.clone(),
        };
        ready(Ok((connection, service)))
    }
}

/// A connection that is counted until it is dropped.
pub(crate) struct Connection {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    network: Option<Network>,
    accepted_by: Bounded,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.accepted_by.open().leave(self.network);
    }
}

impl Connection {
    /// When a write has timed out, sets the connection to end with a reset, which a client that
    /// reads nothing notices too. Without it the operating system would keep the rest of the answer
    /// for the client. Returns `written` as it is.
    fn reset_after_timeout(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Err(error)) = &written
            && error.kind() == io::ErrorKind::TimedOut
            && let Err(error) = self.stream.get_ref().set_zero_linger()
        {
            tracing::debug!(%error, "a connection could not be reset");
        }
        written
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.as_mut().poll_write(context, bytes);
        self.reset_after_timeout(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.as_mut().poll_write_vectored(context, slices);
        self.reset_after_timeout(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_connections_and_leaves_others_theirs() {
        let network = |text: &str| Some(Network::from(text.parse::<IpAddr>().unwrap()));
        let (one, two) = (network("192.0.2.1"), network("198.51.100.1"));
        let limits = ConnectionLimits {
            all: 3,
            of_network: 2,
            proxies: Networks::default(),
            patience: Duration::from_secs(1),
        };
        let mut open = Open::default();
        assert!(open.take(one, &limits));
        assert!(open.take(network("192.0.2.9"), &limits), "the same /24");
        assert!(!open.take(one, &limits), "two of a network");
        assert!(open.take(two, &limits));
        assert!(!open.take(two, &limits), "three in all");
        open.leave(one);
        assert!(open.take(two, &limits));
        open.leave(two);
        open.leave(two);
        open.leave(one);
        for _ in 0..3 {
            assert!(
                open.take(None, &limits),
                "a proxy has them for all its clients"
            );
        }
        for _ in 0..3 {
            open.leave(None);
        }
        assert_eq!((open.all, open.of_networks.len()), (0, 0));
    }
}
