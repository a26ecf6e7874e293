//! A shop whose answers harm whoever reads them, as far as the limits of answers allow.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

/// The slug of the manifest.
pub(super) const SLUG: &str = "hostile-shop";

/// The ways in which the shop answers. The key of a connection begins with one of them.
const KINDS: [&str; 4] = ["padded", "many", "deep", "slow"];

/// The bytes of a large answer; the limit is 32 MiB.
const LARGE: usize = 31 * 1024 * 1024;

/// A manifest that reads the shop page by page without an end.
pub(super) const MANIFEST: &str = r#"
slug = "hostile-shop"
name = "Hostile shop"
kind = "store"
tested = "documentation"
currency = "BRL"

[[credentials]]
name = "address"
label = "Address"

[[credentials]]
name = "key"
label = "Key"
secret = true

[request]
base = "{{ credentials.address }}"
headers = { Authorization = "Bearer {{ credentials.key }}" }

[check]
request = { path = "shop" }
account = "answer.name"

[contacts]
request = { path = "customers", query = { page = "{{ page }}" } }
records = "answer.customers"
id = "id"
pages = { kind = "page", size = 1 }

[contacts.fields]
name = "name"
email = "mail"
"#;

/// How often each kind of answer was asked for.
pub(super) type Asked = Arc<[AtomicU32; KINDS.len()]>;

/// Returns the kinds of answers of this run: all, or those that `ALTA_LOAD_ANSWERS` names.
pub(super) fn kinds() -> Vec<&'static str> {
    let named = std::env::var("ALTA_LOAD_ANSWERS").ok();
    let is_named = |kind: &str| {
        let named = named.as_deref();
        named.is_none_or(|named| named.split(',').any(|name| name == kind))
    };
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| is_named(kind)).collect();
    assert!(
        !kinds.is_empty(),
        "ALTA_LOAD_ANSWERS names some of {KINDS:?}"
    );
    kinds
}

/// Returns how often each of `kinds` was asked for.
pub(super) fn counts(asked: &Asked, kinds: &[&'static str]) -> Vec<(&'static str, u32)> {
    let of_all = KINDS.into_iter().zip(asked.iter());
    of_all
        .filter(|(kind, _)| kinds.contains(kind))
        .map(|(kind, count)| (kind, count.load(Ordering::Relaxed)))
        .collect()
}

/// The large answers, made once.
#[derive(Clone)]
struct Answers {
    asked: Asked,
    padded: Bytes,
    many: Bytes,
    deep: Bytes,
}

/// Serves the shop; returns its address, and the counts of what is asked for.
pub(super) async fn serve() -> (String, Asked) {
    let asked = Asked::default();
    let filled = |head: &str, part: &str, tail: &str| {
        let parts = (LARGE - head.len() - tail.len()) / part.len();
        Bytes::from([head, &part.repeat(parts), tail].concat())
    };
    let answers = Answers {
        asked: Arc::clone(&asked),
        padded: filled(r#"{"customers": [{"id": 1, "name": ""#, "x", r#""}]}"#),
        many: filled(r#"{"customers": [{"id": 1, "tags": [0"#, ",1234567", "]}]}"),
        deep: filled(r#"{"customers": "#, "[", ""),
    };
    let name = get(async |headers: HeaderMap| format!(r#"{{"name": "Shop {}"}}"#, key(&headers)));
    let router = Router::new()
        .route("/shop", name)
        .route("/customers", get(customers))
        .with_state(answers);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

fn key(headers: &HeaderMap) -> &str {
    let word = headers["authorization"].to_str().unwrap();
    word.trim_start_matches("Bearer ")
}

/// Responds with a page of customers, in the way that the key says.
async fn customers(State(answers): State<Answers>, headers: HeaderMap) -> Response {
    let key = key(&headers);
    let json = |bytes: Bytes| ([("content-type", "application/json")], bytes).into_response();
    let kind = KINDS.iter().position(|kind| key.starts_with(kind));
    if let Some(count) = kind.and_then(|kind| answers.asked.get(kind)) {
        count.fetch_add(1, Ordering::Relaxed);
    }
    match kind {
        Some(0) => json(answers.padded),
        Some(1) => json(answers.many),
        Some(2) => json(answers.deep),
        _ => {
            let bytes = stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
            });
            Body::from_stream(bytes).into_response()
        }
    }
}
