//! Parameters of a request: a name may come once, and what is empty counts as not sent. And the answer, if they cannot be met.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

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

    /// A filter: true when it was not sent or is equal.
    pub(crate) fn allows(&self, name: &str, value: &str) -> bool {
        self.text(name).is_none_or(|wanted| wanted == value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
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
