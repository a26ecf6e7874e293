//! The verdict on one record.

use alta_domain::ProblemCode;

use super::outcome::Outcome;
use crate::identity::Keys;

/// The verdict on a record: whether it can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The record has a valid phone, landline or e-mail.
    Ready,
    /// The record has none of them: its identity cells are wrong, or all empty.
    Rejected(ProblemCode),
}

/// The result of judging one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVerdict<'a> {
    /// An outcome for each column that has a target, in the mapping's order.
    pub cells: Vec<Outcome<'a>>,
    /// The verdict: whether the record can be imported.
    pub verdict: Verdict,
    /// The keys that say who the record's person is.
    pub keys: Keys,
}
