//! The notes on a cell's problems, and their severity under the record's verdict.

use alta_domain::{BuiltInField, CellProblem, FieldKind, FieldTarget, ProblemFilter, Severity};

use super::active::Active;
use super::verdict::Verdict;
use crate::date::DateReading;
use crate::fix;

/// Returns true when a field takes any text.
pub(super) fn takes_any(target: FieldTarget) -> bool {
    use BuiltInField as F;
    match target {
        FieldTarget::BuiltIn(field) => !matches!(
            field,
            F::Phone | F::Landline | F::Email | F::TaxId | F::BirthDate
        ),
        FieldTarget::Custom { kind, .. } => matches!(kind, FieldKind::Text | FieldKind::Choice),
        FieldTarget::PhonePart(_) => true,
        FieldTarget::Consent(_) | FieldTarget::Refusal(_) => false,
    }
}

/// A note on one cell: its problem, or the decision that mended it.
pub(crate) struct Note {
    pub(crate) column: u32,
    /// The index of the column among the judged columns.
    pub(super) at: usize,
    pub(crate) problem: Option<CellProblem>,
    pub(crate) pending: Option<DateReading>,
    pub(crate) fix: Option<usize>,
}

impl Note {
    pub(crate) fn has(&self, filter: &ProblemFilter) -> bool {
        filter.column == Some(self.column)
            && self.problem.is_some_and(|problem| {
                (problem.code, problem.severity) == (filter.code, filter.severity)
            })
    }
}

/// Returns a cell's final problem once the record's verdict is known. In a rejected record the
/// problems of identity cells become errors, because they are the reason. In any other record, a
/// value that the Admin leaves out is no longer a problem.
pub(super) fn final_problem(
    column: &Active,
    verdict: Verdict,
    problem: CellProblem,
) -> Option<CellProblem> {
    let is_identity = matches!(column.target, FieldTarget::BuiltIn(field) if field.is_identity());
    if is_identity && verdict != Verdict::Ready {
        return Some(CellProblem {
            severity: Severity::Error,
            ..problem
        });
    }
    (fix::left_out(&column.fixes, problem.code).is_none()).then_some(problem)
}
