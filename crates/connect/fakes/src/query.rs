//! Parameters of a request: a name may come once, and what is empty counts as not sent. And the answer, if they cannot be met.

use std::collections::HashMap;
use std::fmt::Display;

use axum::Json;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

/// The parameters of a request's address.
pub(crate) type Given = Query<Parameters>;

/// The parameters of a request.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Parameters(pub(crate) HashMap<String, String>);

impl Parameters {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    /// A number, or this one where none was sent; nothing when what was sent is no number.
    pub(crate) fn number_or(&self, name: &str, otherwise: usize) -> Option<usize> {
        self.text(name).map_or(Some(otherwise), |text| text.parse().ok())
    }

    /// What stands between commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.text(name).into_iter().flat_map(|list| list.split(',')).map(|word| word.trim().to_owned()).collect()
    }

    /// A filter: true when it was not sent or is equal.
    pub(crate) fn allows(&self, name: &str, value: &str) -> bool {
        self.text(name).is_none_or(|wanted| wanted == value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// The address of another page of a list, which goes by this name and stands first or last in the query.
pub(crate) fn elsewhere(uri: &Uri, headers: &HeaderMap, name: &str, page: impl Display, first: bool) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let (name, page) = (format!("{name}="), format!("{name}={page}"));
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&name));
    let mut query: Vec<&str> = kept.chain([page.as_str()]).collect();
    if first {
        query.rotate_right(1);
    }
    format!("http://{host}{}?{}", uri.path(), query.join("&"))
}

/// Adds headers to an answer, but for empty ones.
pub(crate) fn with_headers(mut response: Response, headers: impl IntoIterator<Item = (&'static str, String)>) -> Response {
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

/// The rows that fit; nothing when the filter makes no sense for one of them.
pub(crate) fn fitting<T>(rows: impl IntoIterator<Item = T>, fits: impl Fn(&T) -> Option<bool>) -> Option<Vec<T>> {
    let kept = rows.into_iter().filter_map(|row| match fits(&row) {
        Some(false) => None,
        fits => Some(fits.map(|_| row)),
    });
    kept.collect()
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
