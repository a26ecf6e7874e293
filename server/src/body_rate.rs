//! The lowest rate at which the body of a request may arrive.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout};

/// The lowest rate at which a body may arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeastRate {
    /// The rate in bytes a second; 0 counts as 1.
    pub(crate) rate: u64,
    /// The time that each body gets in addition, and the longest wait for the next bytes.
    pub(crate) patience: Duration,
}

/// Ends a body that stops or arrives too slowly. A client that sends a byte now and then would
/// otherwise keep the request, and the memory it needs, for ever.
pub(crate) async fn require_rate(
    State(least): State<LeastRate>,
    request: Request,
    next: Next,
) -> Response {
    next.run(request.map(|body| at_least(least, body))).await
}

fn at_least(least: LeastRate, body: Body) -> Body {
    let begins = (body.into_data_stream(), Duration::ZERO, 0_u64);
    let pieces = stream::unfold(begins, move |(mut pieces, waited, received)| async move {
        let earned = Duration::from_secs(received / least.rate.max(1));
        let left = least.patience.saturating_add(earned).saturating_sub(waited);
        // Only the time of the client counts, not the time of the program that reads the body.
        let asked = Instant::now();
        let piece = match timeout(left.min(least.patience), pieces.next()).await {
            Ok(piece) => piece?,
            Err(_) => Err(axum::Error::new("the body arrives too slowly")),
        };
        let waited = waited.saturating_add(asked.elapsed());
        let length = piece.as_ref().map_or(0, Bytes::len) as u64;
        Some((piece, (pieces, waited, received + length)))
    });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many pieces of a body were read before it ended, and whether it ended well.
    async fn reads(least: LeastRate, pieces: Body) -> (usize, bool) {
        let mut pieces = at_least(least, pieces).into_data_stream();
        let mut read = 0;
        while let Some(piece) = pieces.next().await {
            if piece.is_err() {
                return (read, false);
            }
            read += 1;
        }
        (read, true)
    }

    #[tokio::test]
    async fn a_body_that_stops_or_drips_ends_and_one_that_is_there_is_read() {
        let at = |rate| LeastRate {
            rate,
            patience: Duration::from_millis(200),
        };
        let piece = || Ok::<_, std::io::Error>("x");
        let whole = stream::iter((0..1000).map(move |_| piece()));
        let read = reads(at(1), Body::from_stream(whole.clone())).await;
        assert_eq!(read, (1000, true));
        // The bytes that arrived before the stop would allow for a quarter of an hour.
        let stopped = whole.chain(stream::pending());
        assert_eq!(
            reads(at(1), Body::from_stream(stopped)).await,
            (1000, false)
        );
        let drips = stream::unfold((), move |()| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((piece(), ()))
        });
        let (_, is_whole) = reads(at(1024 * 1024), Body::from_stream(drips)).await;
        assert!(!is_whole);
    }
}
