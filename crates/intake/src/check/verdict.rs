//! The verdict on one record.

use alta_domain::ProblemCode;

use super::outcome::Outcome;
use crate::identity::Keys;

/// Says whether a record can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has a valid phone, landline or e-mail.
    Ready,
    /// It has neither: the identity cells are wrong, or all empty.
    Rejected(ProblemCode),
}

/// The result of judging one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVerdict<'a> {
    /// An outcome for each column that has a target, in the mapping's order.
    pub cells: Vec<Outcome<'a>>,
    /// Says whether the record can be imported.
    pub verdict: Verdict,
    /// The keys by which its person is known.
    pub keys: Keys,
}
