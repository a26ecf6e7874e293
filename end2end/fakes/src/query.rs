//! Parameters of a request: a name may come once, and what is empty counts as not sent.

use std::collections::HashMap;

use axum::extract::Query;
use serde::Deserialize;

/// The parameters of a request's address.
pub(crate) type Given = Query<Parameters>;

/// The parameters of a request.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Parameters(pub(crate) HashMap<String, String>);

impl Parameters {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    /// A number, or this one where none was sent; nothing when what was sent is no number.
    pub(crate) fn number_or(&self, name: &str, otherwise: usize) -> Option<usize> {
        self.text(name)
            .map_or(Some(otherwise), |text| text.parse().ok())
    }

    /// What stands between commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|word| word.trim().to_owned())
            .collect()
    }

    /// A filter: true when it was not sent or is equal.
    pub(crate) fn allows(&self, name: &str, value: &str) -> bool {
        self.text(name).is_none_or(|wanted| wanted == value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// The rows that fit; nothing when the filter makes no sense for one of them.
pub(crate) fn fitting<T>(
    rows: impl IntoIterator<Item = T>,
    fits: impl Fn(&T) -> Option<bool>,
) -> Option<Vec<T>> {
    let kept = rows.into_iter().filter_map(|row| match fits(&row) {
        Some(false) => None,
        fits => Some(fits.map(|_| row)),
    });
    kept.collect()
}
