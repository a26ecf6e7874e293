//! The whole file, chunk by chunk: every cell of every record is checked once, and enough is kept
//! to show any row afterwards.

mod found;
mod rows;

use std::borrow::Cow;

use alta_domain::worker::CheckReport;
use alta_domain::{
    CellProblem, CheckLedger, Country, DateOrder, FileShape, Fix, Mapping, ProblemCode,
    ProblemFilter, ProblemReport, Repeated, Severity,
};

use crate::check::{Checker, Note, Verdict};
use crate::decode::Utf8Census;
use crate::fingerprint::mixed;
use crate::fix::Edits;
use crate::identity::{Identities, Keys, SharedKey};
use crate::record::{Open, Reader, Record, Step};
use crate::remedies::{Areas, Context, remedies};

use found::{Dates, Problems, RecordProblems};
use rows::{SPACING, keep_last};

pub(crate) use found::shape_problem;
pub use rows::{FoundRows, RowIndex};

/// Records after which the number of all is estimated.
const ROOM_AT: u32 = 8192;
/// Room made for people before they are seen, at most.
const MOST_ROOM: u64 = 10_000_000;
/// The header's number among the records.
const HEADER: u32 = 0;

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
    country: Country,
    year: u16,
    repeated: Repeated,
    /// The place in the plan where that was decided.
    repeated_at: Option<usize>,
    edits: Edits,
    /// Records to leave out, with the place of the decision in the plan.
    drops: Vec<(usize, ProblemFilter)>,
    /// Records that each decision of the plan changed.
    fixed: Vec<u32>,
    areas: Areas,
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
            country: mapping.country,
            year: mapping.year,
            repeated: mapping.repeated(),
            repeated_at: mapping
                .fixes
                .iter()
                .rposition(|fix| matches!(fix, Fix::Repeated(_))),
            edits: Edits::of(mapping),
            drops: mapping
                .fixes
                .iter()
                .enumerate()
                .filter_map(|(at, fix)| {
                    if let Fix::Drop(filter) = fix {
                        Some((at, *filter))
                    } else {
                        None
                    }
                })
                .collect(),
            fixed: vec![0; mapping.fixes.len()],
            areas: Areas::default(),
        }
    }

    /// Says how many bytes will come, so that room for all people is made at once.
    #[must_use]
    pub fn expecting(self, bytes: u64) -> Self {
        Self {
            expected: bytes,
            ..self
        }
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
        self.take_all();
    }

    /// The same for so many bytes that `fill` writes to their place.
    pub fn push_with(&mut self, count: usize, last: bool, fill: impl FnOnce(&mut [u8])) {
        self.bytes += count as u64;
        self.reader.push_with(count, last, fill);
        self.take_all();
    }

    fn take_all(&mut self) {
        while self.reader.next(&mut self.record) == Step::Record {
            self.take();
        }
    }

    /// One record of the reader.
    fn take(&mut self) {
        let reader = &self.reader;
        let open = reader.open();
        if self.shape.encoding == alta_domain::Encoding::Utf8 {
            counted(&mut self.census, reader, &open);
        }
        let in_table = self.record.line >= self.shape.first_data_line;
        if self.record.unclosed && Some(self.record.line) == self.shape.header_line {
            self.problems
                .of(
                    CellProblem {
                        code: ProblemCode::UnclosedQuote,
                        severity: Severity::Warning,
                    },
                    None,
                )
                .add(HEADER, self.record.line);
        }
        if !in_table || self.record.cells.iter().all(|cell| open.is_blank(*cell)) {
            return;
        }
        self.found.records += 1;
        let (number, line) = (self.found.records, self.record.line);
        self.found.lines.push(line);
        if (number - 1).is_multiple_of(SPACING) {
            self.found
                .index
                .checkpoints
                .push((self.record.offset, line));
        }
        self.fingerprint = mixed(self.fingerprint, reader.raw());
        let mut notes = std::mem::take(&mut self.notes);
        let text_at = |index: u32| {
            if let Some(edited) = self.edits.get(number, index) {
                return Cow::Borrowed(edited);
            }
            let Some(cell) = self.record.cells.get(index as usize) else {
                return Cow::Borrowed("");
            };
            open.cell(*cell).0
        };
        let (verdict, keys) = self
            .checker
            .notes(text_at, open.text().is_some(), &mut notes);
        for (at, ..) in self.edits.of_record(number, self.width) {
            self.fixed[at] = 1;
        }
        let is_text = open.text().is_some() || self.shape.encoding.is_of_single_bytes();
        let bad_encoding = if is_text {
            Vec::new()
        } else {
            self.bad_cells(&open, &mut notes)
        };
        let of_record = RecordProblems {
            bad_encoding,
            shape: shape_problem(&self.record, self.width, |cell| {
                open.is_blank(self.record.cells[cell])
            }),
            no_identity: verdict == Verdict::Rejected(ProblemCode::NoIdentity),
        };
        if let Some((at, _)) = self
            .drops
            .iter()
            .find(|(_, filter)| of_record.has(filter) || notes.iter().any(|note| note.has(filter)))
        {
            self.fixed[*at] += 1;
            self.found.dropped.push(number);
            self.notes = notes;
            return;
        }
        if number == ROOM_AT && self.record.offset > 0 {
            let records = u64::from(number) * self.expected / self.record.offset;
            self.identities
                .reserve(usize::try_from(records.min(MOST_ROOM)).unwrap_or(0));
        }
        if let Some(digits) = keys.phone.filter(|_| (number - 1).is_multiple_of(SPACING)) {
            self.areas.add(digits);
        }
        for note in &notes {
            if let Some(at) = note.fix {
                self.fixed[at] += 1;
            }
            self.problems
                .noted(&mut self.dates, note, (number, line), || {
                    text_at(note.column)
                });
        }
        self.notes = notes;
        self.admit(number, line, verdict, &keys, &of_record);
    }

    /// The columns whose cells hold bytes that are no text, and nothing worse; what was mended
    /// there is not said too.
    fn bad_cells(&self, open: &Open<'_>, notes: &mut Vec<Note>) -> Vec<u32> {
        let cells = (0..).zip(self.record.cells.iter().take(self.width));
        let mut bad: Vec<u32> = cells
            .filter(|(_, cell)| open.cell(**cell).1)
            .map(|(column, _)| column)
            .collect();
        let is_worse = |note: &Note| {
            note.pending.is_some()
                || note
                    .problem
                    .is_some_and(|problem| problem.severity != Severity::Notice)
        };
        bad.retain(|column| {
            !notes
                .iter()
                .any(|note| note.column == *column && is_worse(note))
        });
        notes.retain(|note| !bad.contains(&note.column));
        bad
    }

    /// Puts the record where it belongs: ready, merged or rejected.
    fn admit(
        &mut self,
        number: u32,
        line: u32,
        verdict: Verdict,
        keys: &Keys,
        of_record: &RecordProblems,
    ) {
        for (problem, column) in of_record.all() {
            self.problems.of(problem, column).add(number, line);
        }
        match verdict {
            Verdict::Rejected(_) => self.found.rejected.push(number),
            Verdict::Ready => self.identities.admit(keys, number),
        }
    }

    /// Finds the records that are the same person as an earlier one.
    fn merge(&mut self) {
        for (record, first, key) in std::mem::take(&mut self.identities).merged(self.found.records)
        {
            self.found.merged.push((record, first));
            let column = self
                .checker
                .targets()
                .find(|(_, target)| is_key(*target, key))
                .map(|(index, _)| index);
            let line = self.found.line(record).unwrap_or_default();
            self.problems
                .of(
                    CellProblem {
                        code: ProblemCode::Duplicate,
                        severity: Severity::Notice,
                    },
                    column,
                )
                .add(record, line);
        }
    }

    /// What was found, and what is kept to show it.
    #[must_use]
    pub fn finish(mut self) -> (CheckReport, FoundRows) {
        let date_orders = self.settle_dates();
        self.merge();
        let count = |records: &[u32]| u32::try_from(records.len()).unwrap_or(u32::MAX);
        let merged = u32::try_from(self.found.merged.len()).unwrap_or(u32::MAX);
        let (rejected, dropped) = (count(&self.found.rejected), count(&self.found.dropped));
        let records = self.found.records;
        let ledger = CheckLedger {
            records,
            ready: records - merged - rejected - dropped,
            merged,
            rejected,
            dropped,
        };
        if self.repeated == Repeated::Last {
            keep_last(&mut self.found.merged);
        }
        if let Some(at) = self.repeated_at {
            self.fixed[at] = merged;
        }
        let area = self
            .areas
            .usual()
            .filter(|_| self.country == Country::BRAZIL);
        let context = Context {
            country: self.country,
            year: self.year,
            area,
        };
        let mut problems = Vec::new();
        for (filter, found) in self.problems.all() {
            let records = count(&found.records);
            problems.push(ProblemReport {
                code: filter.code,
                severity: filter.severity,
                column: filter.column,
                records,
                lines: found.lines,
                sample: filter
                    .column
                    .and_then(|column| self.checker.sample(column, found.texts.first()?)),
                remedies: remedies(&filter, records, &found.texts, &context),
            });
            self.found.by_problem.insert(
                filter,
                found
                    .records
                    .into_iter()
                    .filter(|record| *record != HEADER)
                    .collect(),
            );
        }
        problems.sort_by_key(|problem| {
            (
                problem.severity,
                std::cmp::Reverse(problem.records),
                problem.code,
                problem.column,
            )
        });
        let shape = FileShape {
            encoding: if self.shape.encoding == alta_domain::Encoding::Utf8 {
                self.census.encoding()
            } else {
                self.shape.encoding
            },
            ..self.shape
        };
        let fingerprint = self.fingerprint ^ self.bytes.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (
            CheckReport {
                ledger,
                problems,
                fixed: self.fixed,
                date_orders,
                fingerprint,
                shape,
            },
            self.found,
        )
    }

    /// A column has one order, the one most of its values prove; a value against it is no date.
    /// Nothing proves it: all wait.
    fn settle_dates(&mut self) -> Vec<(u32, DateOrder, u32)> {
        let mut orders = Vec::new();
        for (column, dates) in (0..).zip(std::mem::take(&mut self.dates)) {
            let Dates {
                dmy,
                mdy,
                ambiguous,
            } = dates;
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
                self.problems
                    .of(
                        CellProblem {
                            code,
                            severity: Severity::Warning,
                        },
                        Some(column),
                    )
                    .join(against);
            }
        }
        orders.sort_unstable_by_key(|(column, ..)| *column);
        orders
    }
}

/// Takes a record's bytes into the census of the file's encoding.
fn counted(census: &mut Utf8Census, reader: &Reader, open: &Open<'_>) {
    if reader.is_marked() {
        census.marked();
    }
    match open.text() {
        Some(text) => census.text(text),
        None => census.push(reader.raw()),
    }
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

#[cfg(test)]
mod fix_tests;
#[cfg(test)]
mod tests;
