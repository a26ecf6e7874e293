//! The whole file, chunk by chunk: every cell of every record is checked once, and enough is kept to show any row afterwards.

use std::borrow::Cow;
use std::collections::HashMap;

use alta_domain::worker::{CheckReport, ProblemFilter};
use alta_domain::{CellProblem, CheckLedger, DateOrder, FileShape, Mapping, ProblemCode, ProblemReport, Severity};

use crate::check::{Checker, Note, Verdict};
use crate::decode::Utf8Census;
use crate::identity::{Identities, Keys, SharedKey};
use crate::record::{Reader, Record, Step};

/// A checkpoint every so many records.
const SPACING: u32 = 64;
/// Records after which the number of all is estimated.
const ROOM_AT: u32 = 8192;
/// Room made for people before they are seen, at most.
const MOST_ROOM: u64 = 10_000_000;
/// Lines named in a report.
const NAMED_LINES: usize = 20;

/// Records with one problem.
#[derive(Clone, Debug, Default)]
struct Found {
    lines: Vec<u32>,
    records: Vec<u32>,
}

impl Found {
    fn add(&mut self, record: u32, line: u32) {
        if self.lines.len() < NAMED_LINES {
            self.lines.push(line);
        }
        self.records.push(record);
    }
}

/// What the values of a date column without order say.
#[derive(Clone, Debug, Default)]
struct Dates {
    dmy: Found,
    mdy: Found,
    ambiguous: Found,
}

/// What was found, the record's own problems first, then by column: few kinds stand in one column, and those are looked through sooner than hashed.
#[derive(Clone, Debug, Default)]
struct Problems(Vec<Vec<(CellProblem, Found)>>);

impl Problems {
    fn of(&mut self, problem: CellProblem, column: Option<u32>) -> &mut Found {
        let at = column.map_or(0, |column| column as usize + 1);
        if self.0.len() <= at {
            self.0.resize_with(at + 1, Vec::new);
        }
        let known = &mut self.0[at];
        let place = known.iter().position(|(other, _)| *other == problem).unwrap_or_else(|| {
            known.push((problem, Found::default()));
            known.len() - 1
        });
        &mut known[place].1
    }

    fn all(self) -> impl Iterator<Item = (ProblemFilter, Found)> {
        let columns = std::iter::once(None).chain((0..).map(Some)).zip(self.0);
        columns.flat_map(|(column, found)| {
            found.into_iter().map(move |(problem, found)| (ProblemFilter { code: problem.code, column, severity: problem.severity }, found))
        })
    }
}

/// Where records stand in the file, one in 64.
#[derive(Clone, Debug, Default)]
pub struct RowIndex {
    /// Offset and line of records 1, 65, 129, ...
    checkpoints: Vec<(u64, u32)>,
}

impl RowIndex {
    /// The checkpoint at or before a record (counted from 1): that record's number, offset and line; and the offset where the next checkpoint is.
    #[must_use]
    pub fn locate(&self, record: u32) -> Option<(u32, u64, u32, Option<u64>)> {
        let at = (record.checked_sub(1)? / SPACING) as usize;
        let (offset, line) = *self.checkpoints.get(at)?;
        let next = self.checkpoints.get(at + 1).map(|(offset, _)| *offset);
        Some((u32::try_from(at).ok()? * SPACING + 1, offset, line, next))
    }
}

/// What is kept of a checked file.
#[derive(Clone, Debug, Default)]
pub struct FoundRows {
    /// Where its records stand.
    pub index: RowIndex,
    /// How many there are.
    pub records: u32,
    /// Records that are the same person as an earlier one, and which; in the file's order.
    merged: Vec<(u32, u32)>,
    /// Records that can't be used, in the file's order.
    rejected: Vec<u32>,
    /// The line of each record.
    lines: Vec<u32>,
    by_problem: HashMap<ProblemFilter, Vec<u32>, foldhash::fast::RandomState>,
}

impl FoundRows {
    /// The earlier record of the same person.
    #[must_use]
    pub fn same_as(&self, record: u32) -> Option<u32> {
        self.merged.binary_search_by_key(&record, |(record, _)| *record).ok().map(|at| self.merged[at].1)
    }

    /// Whether the record can't be used.
    #[must_use]
    pub fn is_rejected(&self, record: u32) -> bool {
        self.rejected.binary_search(&record).is_ok()
    }

    /// The physical line where a record starts.
    #[must_use]
    pub fn line(&self, record: u32) -> Option<u32> {
        self.lines.get(record.checked_sub(1)? as usize).copied()
    }

    /// The records a filter shows, from the `first` on; all records without filter.
    #[must_use]
    pub fn shown(&self, filter: Option<&ProblemFilter>, first: u32, count: u32) -> Vec<u32> {
        match filter {
            None => (first + 1..=self.records.min(first.saturating_add(count))).collect(),
            Some(filter) => {
                let records = self.by_problem.get(filter).map(Vec::as_slice).unwrap_or_default();
                records.iter().skip(first as usize).take(count as usize).copied().collect()
            }
        }
    }
}

/// A check of a whole file under way.
pub struct FileCheck {
    reader: Reader,
    record: Record,
    checker: Checker,
    shape: FileShape,
    width: usize,
    census: Utf8Census,
    identities: Identities,
    found: FoundRows,
    problems: Problems,
    /// By column.
    dates: Vec<Dates>,
    bytes: u64,
    /// Bytes of the whole file; 0 when that is not known.
    expected: u64,
    fingerprint: u64,
    notes: Vec<Note>,
}

impl FileCheck {
    /// A check under a mapping.
    #[must_use]
    pub fn new(mapping: &Mapping) -> Self {
        Self {
            reader: Reader::new(&mapping.shape),
            record: Record::default(),
            checker: Checker::new(mapping),
            shape: mapping.shape,
            width: mapping.columns.len(),
            census: Utf8Census::default(),
            identities: Identities::default(),
            found: FoundRows::default(),
            problems: Problems::default(),
            dates: vec![Dates::default(); mapping.columns.len()],
            expected: 0,
            bytes: 0,
            fingerprint: 0,
            notes: Vec::new(),
        }
    }

    /// Says how many bytes will come, so that room for all people is made at once.
    #[must_use]
    pub fn expecting(self, bytes: u64) -> Self {
        Self { expected: bytes, ..self }
    }

    /// Records seen so far.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.found.records
    }

    /// The next bytes of the file; `last` when nothing comes after them.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        self.bytes += bytes.len() as u64;
        self.reader.push(bytes, last);
        while self.reader.next(&mut self.record) == Step::Record {
            self.take();
        }
    }

    /// One record of the reader.
    fn take(&mut self) {
        let reader = &self.reader;
        let open = reader.open();
        if self.shape.encoding == alta_domain::Encoding::Utf8 {
            match open.text() {
                Some(text) => self.census.text(text),
                None => self.census.push(reader.raw()),
            }
        }
        let in_table = self.record.line >= self.shape.first_data_line;
        if !in_table || self.record.cells.iter().all(|cell| open.is_blank(*cell)) {
            return;
        }
        self.found.records += 1;
        let (number, line) = (self.found.records, self.record.line);
        self.found.lines.push(line);
        if (number - 1).is_multiple_of(SPACING) {
            self.found.index.checkpoints.push((self.record.offset, line));
            let raw = text_hash(reader.raw());
            self.fingerprint = self.fingerprint.rotate_left(5) ^ raw;
        }
        let mut notes = std::mem::take(&mut self.notes);
        let bad = std::cell::Cell::new(None);
        let text_at = |index: u32| match self.record.cells.get(index as usize) {
            Some(cell) => {
                let (text, is_bad) = open.cell(*cell);
                if is_bad && bad.get().is_none() {
                    bad.set(Some(index));
                }
                text
            }
            None => Cow::Borrowed(""),
        };
        let (verdict, keys) = self.checker.notes(text_at, &mut notes);
        let bad = bad.get();
        if number == ROOM_AT && self.record.offset > 0 {
            let records = u64::from(number) * self.expected / self.record.offset;
            self.identities.reserve(usize::try_from(records.min(MOST_ROOM)).unwrap_or(0));
        }
        for note in &notes {
            match (note.pending, note.problem) {
                (Some(reading), _) => {
                    let Some(dates) = self.dates.get_mut(note.column as usize) else { continue };
                    match reading.proof() {
                        Some(DateOrder::Dmy) => dates.dmy.add(number, line),
                        Some(DateOrder::Mdy) => dates.mdy.add(number, line),
                        None => dates.ambiguous.add(number, line),
                    }
                }
                (None, Some(problem)) => self.problems.of(problem, Some(note.column)).add(number, line),
                (None, None) => {}
            }
        }
        self.notes = notes;
        if let Some(column) = bad {
            self.problems.of(CellProblem { code: ProblemCode::BadEncoding, severity: Severity::Warning }, Some(column)).add(number, line);
        }
        if let Some(problem) = shape_problem(&self.record, self.width, |cell| open.is_blank(self.record.cells[cell])) {
            self.problems.of(problem, None).add(number, line);
        }
        match verdict {
            Verdict::Rejected(code) => {
                self.found.rejected.push(number);
                if code == ProblemCode::NoIdentity {
                    self.problems.of(CellProblem { code, severity: Severity::Error }, None).add(number, line);
                }
            }
            Verdict::Ready => {
                if let Some((first, key)) = self.identities.admit(&keys, number) {
                    self.found.merged.push((number, first));
                    let column = self.checker.targets().find(|(_, target)| is_key(*target, key)).map(|(index, _)| index);
                    self.problems.of(CellProblem { code: ProblemCode::Duplicate, severity: Severity::Notice }, column).add(number, line);
                }
            }
        }
    }

    /// What was found, and what is kept to show it.
    #[must_use]
    pub fn finish(mut self) -> (CheckReport, FoundRows) {
        let date_orders = self.settle_dates();
        let merged = u32::try_from(self.found.merged.len()).unwrap_or(u32::MAX);
        let rejected = u32::try_from(self.found.rejected.len()).unwrap_or(u32::MAX);
        let ledger = CheckLedger { records: self.found.records, ready: self.found.records - merged - rejected, merged, rejected };
        let mut problems = Vec::new();
        for (filter, found) in self.problems.all() {
            let records = u32::try_from(found.records.len()).unwrap_or(u32::MAX);
            problems.push(ProblemReport {
                code: filter.code,
                severity: filter.severity,
                column: filter.column,
                records,
                lines: found.lines,
            });
            self.found.by_problem.insert(filter, found.records);
        }
        problems.sort_by_key(|problem| (problem.severity, std::cmp::Reverse(problem.records), problem.code, problem.column));
        let shape = FileShape {
            encoding: if self.shape.encoding == alta_domain::Encoding::Utf8 { self.census.encoding() } else { self.shape.encoding },
            ..self.shape
        };
        let fingerprint = self.fingerprint ^ self.bytes.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (CheckReport { ledger, problems, date_orders, fingerprint, shape }, self.found)
    }

    /// A column has one order, the one most of its values prove; a value against it is no date. Nothing proves it: all wait.
    fn settle_dates(&mut self) -> Vec<(u32, DateOrder, u32)> {
        let mut orders = Vec::new();
        for (column, dates) in (0..).zip(std::mem::take(&mut self.dates)) {
            let Dates { dmy, mdy, ambiguous } = dates;
            let order = match (dmy.records.len(), mdy.records.len()) {
                (0, 0) => None,
                (day, month) if day >= month => Some(DateOrder::Dmy),
                _ => Some(DateOrder::Mdy),
            };
            let (proof, against, code) = match order {
                Some(DateOrder::Dmy) => (dmy.lines.first(), mdy, ProblemCode::InvalidDate),
                Some(DateOrder::Mdy) => (mdy.lines.first(), dmy, ProblemCode::InvalidDate),
                None => (None, ambiguous, ProblemCode::AmbiguousDate),
            };
            if let (Some(order), Some(line)) = (order, proof) {
                orders.push((column, order, *line));
            }
            if !against.records.is_empty() {
                let entry = self.problems.of(CellProblem { code, severity: Severity::Warning }, Some(column));
                entry.records.extend(against.records);
                entry.records.sort_unstable();
                entry.lines.extend(against.lines);
                entry.lines.sort_unstable();
                entry.lines.truncate(NAMED_LINES);
            }
        }
        orders.sort_unstable_by_key(|(column, ..)| *column);
        orders
    }
}

/// What is wrong with the record's own form.
pub(crate) fn shape_problem(record: &Record, width: usize, is_empty: impl Fn(usize) -> bool) -> Option<CellProblem> {
    let code = if record.unclosed {
        ProblemCode::UnclosedQuote
    } else if record.cells.len() < width {
        ProblemCode::TooFewCells
    } else if (width..record.cells.len()).any(|cell| !is_empty(cell)) {
        ProblemCode::TooManyCells
    } else {
        return None;
    };
    Some(CellProblem { code, severity: Severity::Warning })
}

fn is_key(target: alta_domain::FieldTarget, key: SharedKey) -> bool {
    use alta_domain::{BuiltInField as F, FieldTarget};
    matches!(
        (target, key),
        (FieldTarget::BuiltIn(F::Phone), SharedKey::Phone)
            | (FieldTarget::BuiltIn(F::Email), SharedKey::Email)
            | (FieldTarget::BuiltIn(F::TaxId), SharedKey::TaxId)
    )
}

fn text_hash(bytes: &[u8]) -> u64 {
    Keys::of_text(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests;
