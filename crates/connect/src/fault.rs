//! What kept a system from answering.

use std::time::Duration;

use alta_domain::FaultKind;

use crate::manifest::Words;

/// Letters of a vendor's words that are kept.
const SAID: usize = 300;

/// What kept a system from answering, with what its manifest knows about it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The system's own words, or ours about its answer.
    pub said: String,
    /// How long to wait before the next try, where the system says it.
    pub wait: Option<Duration>,
    /// What the admin must do, as the manifest says.
    pub remedy: Option<Box<Words>>,
    /// The records that it kept from being told, of a page that was there, by their ids.
    pub records: Vec<String>,
}

impl Fault {
    /// With words about it.
    #[must_use]
    pub fn new(kind: FaultKind, said: impl Into<String>) -> Self {
        let said: String = said.into();
        Self {
            kind,
            said: said
                .chars()
                .filter(|letter| !letter.is_control())
                .take(SAID)
                .collect(),
            wait: None,
            remedy: None,
            records: Vec::new(),
        }
    }

    /// To be tried again after this time.
    #[must_use]
    pub(crate) fn after(self, wait: Option<Duration>) -> Self {
        Self { wait, ..self }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.said)
    }
}

impl std::error::Error for Fault {}
