//! Renders pages to their end, even when the client disconnects.
//!
//! A client that disconnects in the middle of a page would drop the page's reactive owners while a
//! part of the page reads its context. In `reactive_graph` 0.2 this can deadlock:
//! `Owner::with_context` drops the last handle of an owner while it holds that owner's lock. The
//! thread would be lost for good. Therefore a task of its own reads the page, and continues when
//! nobody receives the rest.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

/// The number of pieces of a page that are rendered before a slow client has received them.
const BUFFERED_PIECES: usize = 16;

/// Detaches the body of an HTML page from its connection, so that the page is read to its end in
/// any case. Returns other responses unchanged.
pub(crate) async fn detach_body(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (parts, body) = response.into_parts();
    let (sender, receiver) = mpsc::channel::<Result<Bytes, axum::Error>>(BUFFERED_PIECES);
    tokio::spawn(async move {
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            // The client may be gone; the rest is rendered nevertheless.
            let _ = sender.send(piece).await;
        }
    });
    let pieces = stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_page_is_rendered_to_its_end_when_its_reader_goes_away() {
        let rendered = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&rendered);
        let pieces = stream::iter(0..100).then(move |_| {
            let count = Arc::clone(&count);
            async move {
                tokio::task::yield_now().await;
                count.fetch_add(1, Ordering::Relaxed);
                Ok::<_, std::io::Error>("<p>")
            }
        });
        let page = Response::builder()
            .header(CONTENT_TYPE, "text/html; charset=utf-8")
            .body(Body::from_stream(pieces))
            .unwrap();
        let mut body = detach_body(page).await.into_body().into_data_stream();
        assert!(body.next().await.is_some());
        drop(body);
        while rendered.load(Ordering::Relaxed) < 100 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn a_page_arrives_whole_and_a_file_as_it_is() {
        for kind in ["text/html", "text/csv"] {
            let pieces =
                stream::iter((0..100).map(|piece| Ok::<_, std::io::Error>(format!("{piece},"))));
            let answer = Response::builder()
                .header(CONTENT_TYPE, kind)
                .body(Body::from_stream(pieces))
                .unwrap();
            let body = axum::body::to_bytes(detach_body(answer).await.into_body(), usize::MAX)
                .await
                .unwrap();
            let wanted = (0..100)
                .map(|piece| format!("{piece},"))
                .collect::<Vec<_>>()
                .concat();
            assert_eq!(body, wanted);
        }
    }
}
