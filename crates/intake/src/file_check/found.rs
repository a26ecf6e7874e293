//! Problems as they are found, by column, with the values that have them.

use std::borrow::Cow;

use alta_domain::{CellProblem, DateOrder, ProblemCode, ProblemFilter, Severity};

use crate::check::Note;
use crate::record::Record;
use crate::remedies::Texts;

/// Lines named in a report.
const NAMED_LINES: usize = 20;
/// Dates without order kept for a sample.
const SAMPLE_DATES: usize = 20;

/// Records with one problem.
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

    /// Takes in those of another, which may stand before or behind.
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

/// What the values of a date column without order say.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    pub(super) dmy: Found,
    pub(super) mdy: Found,
    pub(super) ambiguous: Found,
}

/// What was found, the record's own problems first, then by column: few kinds stand in one column,
/// and those are looked through sooner than hashed.
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

    /// Takes in what stands in a cell of a record, by its number and line: a problem, or a date
    /// whose order is not known yet.
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

/// Whether every value with the problem is kept, to try remedies on; of the others one is enough
/// for a sample.
fn is_tried(problem: CellProblem) -> bool {
    problem.severity != Severity::Notice || problem.code == ProblemCode::SuspectDomain
}

/// What is wrong with a record as a whole, and bytes that are no text in one of its cells.
pub(super) struct RecordProblems {
    /// By column.
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

/// What is wrong with the record's own form.
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
