//! Serves HTTP/1.1. Closes connections that send or receive nothing, and finishes running requests
//! before the server ends.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;

use crate::connections::{Bounded, ConnectionLimits};

/// The time that running requests get when the server is asked to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves until `stop` completes, within the limits of connections.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let handle = Handle::new();
    let patience = limits.patience;
    // Only proxies use HTTP/2 without TLS, and none of the supported ones does. With HTTP/2, the
    // server would wait for the first bytes of a connection without limit.
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Bounded::new(limits))
        .http1_only()
        .handle(handle.clone());
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience);
    tokio::spawn(async move {
        stop.await;
        handle.graceful_shutdown(Some(SHUTDOWN_TIMEOUT));
    });
    server
        .serve(app.into_make_service_with_connect_info::<SocketAddr>())
        .await
}
