//! The report of a problem that a check found, and the remedies for it.

use serde::{Deserialize, Serialize};

use crate::{Fix, Key, ProblemCode, ProblemFilter, Severity};

/// The report of a problem: all its records with one code, column and severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemReport {
    /// The kind of the problem.
    pub code: ProblemCode,
    /// The cost of the problem.
    pub severity: Severity,
    /// The column, counted from 0; `None` for a problem of records as a whole.
    pub column: Option<u32>,
    /// The number of records with the problem.
    pub records: u32,
    /// The physical lines on which the first 20 of the records start, counted from 1.
    pub lines: Vec<u32>,
    /// A cell before and after it was mended; `None` when nothing was mended.
    pub sample: Option<(String, String)>,
    /// The remedies for the problem, the best first.
    pub remedies: Vec<Remedy>,
}

impl ProblemReport {
    /// Returns the filter that selects the records with the problem.
    #[must_use]
    pub fn filter(&self) -> ProblemFilter {
        ProblemFilter {
            code: self.code,
            column: self.column,
            severity: self.severity,
        }
    }
}

/// A remedy: a decision that the Admin is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// The decision that the remedy adds to the plan.
    pub fix: Fix,
    /// The number of records that the remedy mends or leaves out.
    pub records: u32,
    /// True when the number may be higher: of very many different values only the first ones were
    /// tried.
    pub at_least: bool,
    /// A cell before and after the remedy; `None` when there is no example.
    pub sample: Option<(String, String)>,
}

/// Two people of a file who share a key, for the Admin to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedPair {
    /// The problem that the pair belongs to. Its column holds the key of the second person.
    pub problem: ProblemFilter,
    /// The shared key.
    pub key: Key,
    /// The first person, who keeps the key.
    pub first: PersonSample,
    /// The second person, whose record loses the key.
    pub second: PersonSample,
}

/// What one record of a file says about its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSample {
    /// The physical line on which the record starts, counted from 1.
    pub line: u32,
    /// The name as the file writes it; `None` when the record has none.
    pub name: Option<String>,
    /// The keys of the record, in the order in which they are looked up.
    pub keys: Vec<Key>,
}
