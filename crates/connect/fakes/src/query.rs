//! Parameters of a request: a name may come once, and what is empty counts as not sent.

use std::collections::HashMap;

/// The parameters of a request.
#[derive(Default)]
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
