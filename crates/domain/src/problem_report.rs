//! What a check reports of one problem, and what can be done about it.

use serde::{Deserialize, Serialize};

use crate::{Fix, ProblemCode, ProblemFilter, Severity};

/// All problems of one code, column and severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemReport {
    /// What.
    pub code: ProblemCode,
    /// What it costs.
    pub severity: Severity,
    /// The column, counted from 0; none when it is the record's.
    pub column: Option<u32>,
    /// How many records.
    pub records: u32,
    /// The first 20, by the physical line where the record starts, counted from 1.
    pub lines: Vec<u32>,
    /// A cell before and after, where it was mended.
    pub sample: Option<(String, String)>,
    /// What can be done about it, the best first.
    pub remedies: Vec<Remedy>,
}

impl ProblemReport {
    /// Its records.
    #[must_use]
    pub fn filter(&self) -> ProblemFilter {
        ProblemFilter {
            code: self.code,
            column: self.column,
            severity: self.severity,
        }
    }
}

/// A decision that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// The decision.
    pub fix: Fix,
    /// Records it mends or leaves out.
    pub records: u32,
    /// There may be more: of very many different values only the first were tried.
    pub at_least: bool,
    /// A cell before and after.
    pub sample: Option<(String, String)>,
}
