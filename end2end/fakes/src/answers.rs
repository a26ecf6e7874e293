//! Answers, to requests that can be met and to those that cannot.

use std::fmt::Display;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The address of another page of a list, which goes by this name and stands first or last in the
/// query.
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

/// Adds headers to an answer, but for empty ones.
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

/// A record as JSON, or the answer that there is none.
pub(crate) fn found(record: Option<Value>, missing: impl FnOnce() -> Response) -> Response {
    record.map_or_else(missing, |record| Json(record).into_response())
}

/// An answer, whether or not the request could be met.
pub(crate) type Answer = Result<Response, Refusal>;

/// The answer to a request that cannot be met, in a box as answers are big.
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
