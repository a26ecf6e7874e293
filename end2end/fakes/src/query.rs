//! Reads the parameters of a request. A name may come once, and an empty value counts as not sent.

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

    /// Returns a number, or `otherwise` when none was sent. `None` when the text that was sent is
    /// no number.
    pub(crate) fn number_or(&self, name: &str, otherwise: usize) -> Option<usize> {
        self.text(name)
            .map_or(Some(otherwise), |text| text.parse().ok())
    }

    /// Returns the values between commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|word| word.trim().to_owned())
            .collect()
    }

    /// Returns true when a filter was not sent or is equal to the value.
    pub(crate) fn allows(&self, name: &str, value: &str) -> bool {
        self.text(name).is_none_or(|wanted| wanted == value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// Returns the rows that fit. `None` when the filter makes no sense for one of them.
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
