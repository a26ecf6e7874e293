//! Faults: the reasons why a system did not answer as it should.

use std::time::Duration;

use alta_domain::FaultKind;

use crate::manifest::Words;

/// The most letters of a fault's message that are kept.
const MESSAGE_LETTERS: usize = 300;

/// The reason why a system did not answer as it should, with what its manifest says about it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The kind of the fault.
    pub kind: FaultKind,
    /// The system's own message, for Admins; empty when it sent none.
    pub message: String,
    /// What this server says about the fault, in English, for its log.
    pub detail: String,
    /// The time to wait before the next try. `None` when the system names none.
    pub wait: Option<Duration>,
    /// The text about what the admin must do. `None` when the manifest has none.
    pub remedy: Option<Box<Words>>,
    /// The ids of the records whose details could not be read, when the page itself could.
    pub records: Vec<String>,
}

impl Fault {
    /// Makes a fault, with what this server says about it for its log.
    #[must_use]
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            message: String::new(),
            detail: cleaned(&detail.into()),
            wait: None,
            remedy: None,
            records: Vec::new(),
        }
    }

    /// Returns the fault with the system's own message.
    #[must_use]
    pub(crate) fn saying(self, message: &str) -> Self {
        Self {
            message: cleaned(message),
            ..self
        }
    }

    /// Returns the fault with the time to wait before the next try.
    #[must_use]
    pub(crate) fn retry_in(self, wait: Option<Duration>) -> Self {
        Self { wait, ..self }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = self.kind.as_str();
        let texts = [self.detail.as_str(), self.message.as_str()];
        write!(f, "{kind}: {}", texts.join(" ").trim())
    }
}

/// Returns a message without its control characters, and cut when it is long.
fn cleaned(message: &str) -> String {
    message
        .chars()
        .filter(|letter| !letter.is_control())
        .take(MESSAGE_LETTERS)
        .collect()
}

impl std::error::Error for Fault {}
