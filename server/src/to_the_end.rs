//! Pages are rendered to their ends, whoever still listens.
//!
//! A visitor who goes away in the middle of a page would drop what its parts are rendered from
//! while one of them asks for its context. In `reactive_graph` 0.2 that can wait for itself:
//! `Owner::with_context` drops the last handle of an owner while it reads it. A thread would stand
//! still for good. So the page is read by a task of its own, which goes on when nobody takes what
//! it reads.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

/// Pieces of a page that wait for a slow line.
const AHEAD: usize = 16;

/// The same answer; of a page the body is read to its end.
pub(crate) async fn to_the_end(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (parts, body) = response.into_parts();
    let (sender, receiver) = mpsc::channel::<Result<Bytes, axum::Error>>(AHEAD);
    tokio::spawn(async move {
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            // Nobody may be there any more: the rest is rendered all the same.
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
        let mut body = to_the_end(page).await.into_body().into_data_stream();
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
            let body = axum::body::to_bytes(to_the_end(answer).await.into_body(), usize::MAX)
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
