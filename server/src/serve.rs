//! Serving: connections that must not wait for ever, and an end that finishes what is in hand.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;

/// How long requests in hand may take once the server is to end.
const LAST_REQUESTS: Duration = Duration::from_secs(30);

/// Serves until `stop`; a connection on which no whole head of a request arrives for `patience` is
/// closed.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    patience: Duration,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let handle = Handle::new();
    // HTTP/2 without TLS is for proxies that ask for it, and none of ours does; its first bytes
    // would be waited for without end.
    let mut server = axum_server::from_tcp(listener)?
        .http1_only()
        .handle(handle.clone());
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience);
    tokio::spawn(async move {
        stop.await;
        handle.graceful_shutdown(Some(LAST_REQUESTS));
    });
    server
        .serve(app.into_make_service_with_connect_info::<SocketAddr>())
        .await
}
