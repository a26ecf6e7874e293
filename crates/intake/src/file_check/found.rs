//! The problems found so far, by column, with the values that have them.

use std::borrow::Cow;

use alta_domain::{CellProblem, DateOrder, ProblemCode, ProblemFilter, Severity};

use crate::check::Note;
use crate::record::Record;
use crate::remedies::Texts;

/// The most lines that a report names.
const NAMED_LINES: usize = 20;
/// The most dates of unknown order that are kept as examples.
const SAMPLE_DATES: usize = 20;

/// The records with one problem.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) lines: Vec<u32>,
    pub(super) records: Vec<u32>,
    pub(super) texts: Texts,
}

impl Found {
    pub(super) fn add(&mut self, record: u32, line: u32) {
        if self.lines.len() < NAMED_LINES {
            self.lines.push(line);
        }
        self.records.push(record);
    }

    /// Adds the records of another problem list. Its records may come before or after the own ones.
    pub(super) fn join(&mut self, other: Self) {
        self.records.extend(other.records);
        self.records.sort_unstable();
        self.records.dedup();
        self.lines.extend(other.lines);
        self.lines.sort_unstable();
        self.lines.dedup();
        self.lines.truncate(NAMED_LINES);
        if self.texts.is_empty() {
            self.texts = other.texts;
        }
    }
}

/// The dates of a column whose order is not known, by the order that each proves.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    pub(super) dmy: Found,
    pub(super) mdy: Found,
    pub(super) ambiguous: Found,
}

/// The problems: first those of records as a whole, then by column. Each column has few kinds of
/// problems, so a search through a list is faster than hashing.
#[derive(Clone, Debug, Default)]
pub(super) struct Problems(Vec<Vec<(CellProblem, Found)>>);

impl Problems {
    pub(super) fn of(&mut self, problem: CellProblem, column: Option<u32>) -> &mut Found {
        let at = column.map_or(0, |column| column as usize + 1);
        if self.0.len() <= at {
            self.0.resize_with(at + 1, Vec::new);
        }
        let known = &mut self.0[at];
        let place = known
            .iter()
            .position(|(other, _)| *other == problem)
            .unwrap_or_else(|| {
                known.push((problem, Found::default()));
                known.len() - 1
            });
        &mut known[place].1
    }

    /// Adds the note on a cell, a problem or a date of unknown order, for a record with this number
    /// and line.
    pub(super) fn noted<'a>(
        &mut self,
        dates: &mut [Dates],
        note: &Note,
        at: (u32, u32),
        text: impl FnOnce() -> Cow<'a, str>,
    ) {
        let found = match (note.pending, note.problem) {
            (Some(reading), _) => {
                let Some(dates) = dates.get_mut(note.column as usize) else {
                    return;
                };
                match reading.proof() {
                    Some(DateOrder::Dmy) => &mut dates.dmy,
                    Some(DateOrder::Mdy) => &mut dates.mdy,
                    None => &mut dates.ambiguous,
                }
            }
            (None, Some(problem)) => self.of(problem, Some(note.column)),
            (None, None) => return,
        };
        found.add(at.0, at.1);
        let is_kept = if note.pending.is_some() {
            found.records.len() <= SAMPLE_DATES
        } else {
            found.texts.is_empty() || note.problem.is_some_and(is_tried)
        };
        if is_kept {
            found.texts.add(&text());
        }
    }

    pub(super) fn all(self) -> impl Iterator<Item = (ProblemFilter, Found)> {
        let columns = std::iter::once(None).chain((0..).map(Some)).zip(self.0);
        columns.flat_map(|(column, found)| {
            found.into_iter().map(move |(problem, found)| {
                (
                    ProblemFilter {
                        code: problem.code,
                        column,
                        severity: problem.severity,
                    },
                    found,
                )
            })
        })
    }
}

/// Returns true when all values with the problem are kept, to try remedies on them. Of other
/// problems one value is kept as an example.
fn is_tried(problem: CellProblem) -> bool {
    problem.severity != Severity::Notice || problem.code == ProblemCode::SuspectDomain
}

/// The problems of a record as a whole, and the columns with bytes that are not text.
pub(super) struct RecordProblems {
    /// The columns whose cells hold bytes that are not text.
    pub(super) bad_encoding: Vec<u32>,
    pub(super) shape: Option<CellProblem>,
    pub(super) no_identity: bool,
}

impl RecordProblems {
    pub(super) fn all(&self) -> impl Iterator<Item = (CellProblem, Option<u32>)> {
        let bad = CellProblem {
            code: ProblemCode::BadEncoding,
            severity: Severity::Warning,
        };
        let nobody = CellProblem {
            code: ProblemCode::NoIdentity,
            severity: Severity::Error,
        };
        let bad = self
            .bad_encoding
            .iter()
            .map(move |column| (bad, Some(*column)));
        bad.chain(self.shape.map(|shape| (shape, None)))
            .chain(self.no_identity.then_some((nobody, None)))
    }

    pub(super) fn has(&self, filter: &ProblemFilter) -> bool {
        self.all().any(|(problem, column)| {
            filter.column == column
                && (problem.code, problem.severity) == (filter.code, filter.severity)
        })
    }
}

/// Returns the problem of a record's own form: an unclosed quote, or too few or too many cells;
/// `None` when it has none.
pub(crate) fn shape_problem(
    record: &Record,
    width: usize,
    is_empty: impl Fn(usize) -> bool,
) -> Option<CellProblem> {
    let code = if record.unclosed {
        ProblemCode::UnclosedQuote
    } else if record.cells.len() < width {
        ProblemCode::TooFewCells
    } else if (width..record.cells.len()).any(|cell| !is_empty(cell)) {
        ProblemCode::TooManyCells
    } else {
        return None;
    };
    Some(CellProblem {
        code,
        severity: Severity::Warning,
    })
}
