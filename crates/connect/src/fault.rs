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
    /// The message: the system's own, or ours about its answer.
    pub message: String,
    /// The time to wait before the next try. `None` when the system names none.
    pub wait: Option<Duration>,
    /// The text about what the admin must do. `None` when the manifest has none.
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
