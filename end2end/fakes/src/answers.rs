//! Makes answers to requests, refusals among them.

use std::fmt::Display;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// Returns the address of another page of a list. The address is that of the request, with the
/// parameter `name` set to `page`. That parameter is the first of the query when `first` is set,
/// otherwise the last.
pub(crate) fn elsewhere(
    uri: &Uri,
    headers: &HeaderMap,
    name: &str,
    page: impl Display,
    first: bool,
) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let (name, page) = (format!("{name}="), format!("{name}={page}"));
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with(&name));
    let mut query: Vec<&str> = kept.chain([page.as_str()]).collect();
    if first {
        query.rotate_right(1);
    }
    format!("http://{host}{}?{}", uri.path(), query.join("&"))
}

/// Adds headers to an answer, except those with an empty value.
pub(crate) fn with_headers(
    mut response: Response,
    headers: impl IntoIterator<Item = (&'static str, String)>,
) -> Response {
    for (name, value) in headers {
        if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Returns a record as JSON, or the answer `missing` when there is no record.
pub(crate) fn found(record: Option<Value>, missing: impl FnOnce() -> Response) -> Response {
    record.map_or_else(missing, |record| Json(record).into_response())
}

/// An answer: a response, or the refusal of a request that can't be met.
pub(crate) type Answer = Result<Response, Refusal>;

/// The answer to a request that can't be met. It is in a box because responses are large.
pub(crate) struct Refusal(Box<Response>);

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}
