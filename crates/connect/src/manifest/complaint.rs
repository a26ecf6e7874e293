//! A fault in a manifest, with its line.

use std::fmt;

/// A fault in a manifest.
pub(super) struct Complaint {
    /// The line of the fault, from 1.
    pub(super) line: usize,
    message: String,
}

impl Complaint {
    /// Makes a complaint about a line.
    pub(super) fn at(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }

    /// Makes a complaint of an error of TOML, or of a value of the wrong type.
    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().unwrap_or_default().start;
        let message = error.message().split_whitespace();
        let message = message.collect::<Vec<_>>().join(" ");
        let message = match key_before(text, start) {
            "" => message,
            key => format!("{key}: {message}"),
        };
        Self::at(line(text, start), message)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Returns the line of a byte, from 1.
fn line(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// Returns the key whose value begins at a byte: the text before the last `=` of the line.
fn key_before(text: &str, byte: usize) -> &str {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let key = line.trim_end().strip_suffix('=').unwrap_or_default();
    let begin = key.rfind(['{', ',']).map_or(0, |at| at + 1);
    key.get(begin..).unwrap_or_default().trim()
}
