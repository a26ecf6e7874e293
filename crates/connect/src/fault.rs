//! Faults: why a system did not answer as it should.

use std::time::Duration;

use alta_domain::FaultKind;

use crate::manifest::Words;

/// How many letters of a fault's message are kept.
const MESSAGE_LETTERS: usize = 300;

/// Why a system did not answer as it should, and what its manifest says about that.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The kind of the fault.
    pub kind: FaultKind,
    /// The system's own words, or ours about its answer.
    pub message: String,
    /// How long to wait before the next try, where the system says so.
    pub wait: Option<Duration>,
    /// What the admin must do, where the manifest says so.
    pub remedy: Option<Box<Words>>,
    /// The ids of the records whose details could not be read, when the page itself could.
    pub records: Vec<String>,
}

impl Fault {
    /// Makes a fault. Control characters are removed from the message, and long messages are cut.
    #[must_use]
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self {
            kind,
            message: message
                .chars()
                .filter(|letter| !letter.is_control())
                .take(MESSAGE_LETTERS)
                .collect(),
            wait: None,
            remedy: None,
            records: Vec::new(),
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
        write!(f, "{}: {}", self.kind.as_str(), self.message)
    }
}

impl std::error::Error for Fault {}
