//! The check of a whole file, chunk by chunk. Every cell of every record is checked once, and
//! enough is kept to show any row afterwards.

mod again;
mod found;
mod pairs;
mod report;
mod reread;
mod rows;

use std::borrow::Cow;

use alta_domain::worker::CheckReport;
use alta_domain::{
    CellProblem, Country, DateOrder, FileShape, Fix, KeyKind, Mapping, ProblemCode, ProblemFilter,
    Repeated, Severity, SharedPair,
};

use crate::check::{Checker, Note, Verdict};
use crate::damage::Chunks;
use crate::decode::Utf8Census;
use crate::fingerprint::mixed;
use crate::identity::Keys;
use crate::identity::sharing::Sharing;
use crate::record::{Open, Reader, Record, Step};
use crate::remedies::Areas;

use found::{Dates, Problems, RecordProblems};
use rows::SPACING;

pub(crate) use found::shape_problem;
pub use reread::Stretch;
use reread::{Again, nobodys_before};
pub use rows::{FoundRows, RowIndex};

/// The number of first records whose area codes are all counted. Of later records, one in
/// [`SPACING`] is counted.
const COUNTED: u32 = 4096;

/// The number of records after which the total is estimated.
const ROOM_AT: u32 = 8192;
/// The most people for whom room is reserved in advance.
const MOST_ROOM: u64 = 10_000_000;
/// The record number that stands for the header.
const HEADER: u32 = 0;

/// A running check of a whole file.
pub struct FileCheck {
    reader: Reader,
    record: Record,
    checker: Checker,
    shape: FileShape,
    width: usize,
    census: Utf8Census,
    /// The mapping, with the date orders that the check has proved.
    mapping: Mapping,
    /// The second reading, of the records that share keys; `None` before it begins.
    again: Option<Again>,
    sharing: Sharing,
    found: FoundRows,
    problems: Problems,
    shared_pairs: Vec<SharedPair>,
    /// The undecided dates of each column.
    dates: Vec<Dates>,
    bytes: u64,
    /// The size of the whole file in bytes; 0 when it is not known.
    expected: u64,
    /// The scan that tells whether the current bytes may hold damaged text.
    damage: Chunks,
    fingerprint: u64,
    notes: Vec<Note>,
    /// The proved date orders: the column, the order, and the line that proves it.
    date_orders: Vec<(u32, DateOrder, u32)>,
    country: Country,
    year: u16,
    repeated: Repeated,
    /// The index, in the plan, of the decision about repeated persons; `None` when there is none.
    repeated_at: Option<usize>,
    /// The decisions that leave out records, each with its index in the plan.
    drops: Vec<(usize, ProblemFilter)>,
    /// The number of records that each decision of the plan changed.
    fixed: Vec<u32>,
    areas: Areas,
}

impl FileCheck {
    /// Starts a check under a mapping.
    #[must_use]
    pub fn new(mapping: &Mapping) -> Self {
        let mut sharing = Sharing::default();
        sharing.watch(nobodys_before(mapping));
        Self {
            reader: Reader::new(&mapping.shape),
            record: Record::default(),
            checker: Checker::new(mapping),
            shape: mapping.shape,
            width: mapping.columns.len(),
            census: Utf8Census::default(),
            sharing,
            again: None,
            mapping: mapping.clone(),
            found: FoundRows::default(),
            problems: Problems::default(),
            shared_pairs: Vec::new(),
            dates: vec![Dates::default(); mapping.columns.len()],
            expected: 0,
            bytes: 0,
            damage: Chunks::of(mapping.shape.encoding),
            fingerprint: 0,
            notes: Vec::new(),
            date_orders: Vec::new(),
            country: mapping.country,
            year: mapping.year,
            repeated: mapping.repeated(),
            repeated_at: mapping
                .fixes
                .iter()
                .rposition(|fix| matches!(fix, Fix::Repeated(_))),
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

    /// Sets the size of the file in bytes, so that room for all people is reserved at once.
    #[must_use]
    pub fn expecting(self, bytes: u64) -> Self {
        Self {
            expected: bytes,
            ..self
        }
    }

    /// Returns the number of records checked so far.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.found.records
    }

    /// Checks the next bytes of the file. `last` is true for the end of the file.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        self.bytes += bytes.len() as u64;
        self.damage.next(bytes);
        self.reader.push(bytes, last);
        self.check_records();
    }

    /// Checks the next `count` bytes of the file, which `fill` writes into the buffer.
    pub fn push_with(&mut self, count: usize, last: bool, fill: impl FnOnce(&mut [u8])) {
        self.bytes += count as u64;
        let damage = &mut self.damage;
        self.reader.push_with(count, last, |room| {
            fill(room);
            damage.next(room);
        });
        self.check_records();
    }

    /// Checks all records that the reader has received completely.
    fn check_records(&mut self) {
        while self.reader.next(&mut self.record) == Step::Record {
            self.check_record();
        }
    }

    /// Checks the reader's current record.
    fn check_record(&mut self) {
        let open = self.reader.open();
        if self.shape.encoding == alta_domain::Encoding::Utf8 {
            count_encoding(&mut self.census, &self.reader, &open);
        }
        if self.record.unclosed && Some(self.record.line) == self.shape.header_line {
            let problem = CellProblem {
                code: ProblemCode::UnclosedQuote,
                severity: Severity::Warning,
            };
            let line = self.record.line;
            self.problems.of(problem, None).add(HEADER, line);
        }
        let in_table = self.record.line >= self.shape.first_data_line;
        if !in_table || self.record.cells.iter().all(|cell| open.is_blank(*cell)) {
            return;
        }
        let (number, line) = self.count_record();
        let mut notes = std::mem::take(&mut self.notes);
        self.judge_record(number, line, &mut notes);
        self.notes = notes;
    }

    /// Counts a record of the table. Returns its number, from 1, and its line.
    fn count_record(&mut self) -> (u32, u32) {
        self.found.records += 1;
        let (number, line) = (self.found.records, self.record.line);
        self.found.lines.push(line);
        if (number - 1).is_multiple_of(SPACING) {
            let checkpoint = (self.record.offset, line);
            self.found.index.checkpoints.push(checkpoint);
        }
        self.fingerprint = mixed(self.fingerprint, self.reader.raw());
        (number, line)
    }

    /// Judges the cells of a record and counts it as left out, rejected, merged or ready. `notes`
    /// is an empty buffer for the notes on its cells.
    fn judge_record(&mut self, number: u32, line: u32, notes: &mut Vec<Note>) {
        let open = self.reader.open();
        let text_at = |index: u32| {
            if let Some(edited) = self.checker.edits().get(number, index) {
                return Cow::Borrowed(edited);
            }
            let Some(cell) = self.record.cells.get(index as usize) else {
                return Cow::Borrowed("");
            };
            open.cell(*cell).0
        };
        let length = |index: u32| {
            let cell = self.record.cells.get(index as usize);
            cell.map_or(0, |cell| cell.bytes())
        };
        let is_text = open.text().is_some_and(|text| !self.damage.may_be(text));
        let (verdict, keys) = self.checker.notes(number, text_at, length, is_text, notes);
        for (at, ..) in self.checker.edits().of_record(number, self.width) {
            self.fixed[at] = 1;
        }
        let of_record = self.record_problems(&open, verdict, notes);
        let dropped = self
            .drops
            .iter()
            .find(|(_, filter)| of_record.has(filter) || notes.iter().any(|note| note.has(filter)));
        if let Some((at, _)) = dropped {
            self.fixed[*at] += 1;
            self.found.dropped.push(number);
            return;
        }
        for note in &*notes {
            if let Some(at) = note.fix {
                self.fixed[at] += 1;
            }
            self.problems
                .noted(&mut self.dates, note, (number, line), || {
                    text_at(note.column)
                });
        }
        if number == ROOM_AT && self.record.offset > 0 {
            let records = u64::from(number) * self.expected / self.record.offset;
            self.sharing
                .reserve(usize::try_from(records.min(MOST_ROOM)).unwrap_or(0));
        }
        if let Some(phone) = keys
            .first(KeyKind::Phone)
            .filter(|_| number <= COUNTED || (number - 1).is_multiple_of(SPACING))
        {
            self.areas.add(phone.number());
        }
        self.admit(number, line, verdict, &keys, &of_record);
    }

    /// Returns the problems of a record as a whole: bytes that are not text, too few or too many
    /// cells, no identity.
    fn record_problems(
        &self,
        open: &Open<'_>,
        verdict: Verdict,
        notes: &mut Vec<Note>,
    ) -> RecordProblems {
        let is_text = open.text().is_some() || self.shape.encoding.is_of_single_bytes();
        let bad_encoding = if is_text {
            Vec::new()
        } else {
            self.bad_cells(open, notes)
        };
        RecordProblems {
            bad_encoding,
            shape: shape_problem(&self.record, self.width, |cell| {
                open.is_blank(self.record.cells[cell])
            }),
            no_identity: verdict == Verdict::Rejected(ProblemCode::NoIdentity),
        }
    }

    /// Returns the columns whose cells hold bytes that are not text and have no worse problem.
    /// Notes about mended values in these cells are removed.
    fn bad_cells(&self, open: &Open<'_>, notes: &mut Vec<Note>) -> Vec<u32> {
        let cells = (0..).zip(self.record.cells.iter().take(self.width));
        let mut bad: Vec<u32> = cells
            .filter(|(_, cell)| open.cell(**cell).1)
            .map(|(column, _)| column)
            .collect();
        let is_worse = |note: &Note| {
            let is_problem = |problem: CellProblem| {
                // The bytes are the reason for the lost letters.
                problem.severity != Severity::Notice && problem.code != ProblemCode::LostLetters
            };
            note.pending.is_some() || note.problem.is_some_and(is_problem)
        };
        bad.retain(|column| {
            !notes
                .iter()
                .any(|note| note.column == *column && is_worse(note))
        });
        notes.retain(|note| !bad.contains(&note.column));
        bad
    }

    /// Adds a record to the rejected ones or to those whose keys are compared, with its problems.
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
            Verdict::Ready => self.sharing.add(keys, number),
        }
    }

    /// Ends the check. Returns the report, and the rows by their problems and places. The caller
    /// reads the parts from [`Self::stretches`] again before this call, so that records with shared
    /// keys are identified.
    #[must_use]
    pub fn finish(mut self) -> (CheckReport, FoundRows) {
        let _ = self.stretches();
        self.identify();
        let date_orders = std::mem::take(&mut self.date_orders);
        let ledger = self.ledger();
        if let Some(at) = self.repeated_at {
            self.fixed[at] = ledger.merged;
        }
        let problems = self.report_problems();
        let shape = FileShape {
            encoding: if self.shape.encoding == alta_domain::Encoding::Utf8 {
                self.census.encoding()
            } else {
                self.shape.encoding
            },
            ..self.shape
        };
        let fingerprint = self.fingerprint ^ self.bytes.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let report = CheckReport {
            ledger,
            problems,
            shared_pairs: self.shared_pairs,
            fixed: self.fixed,
            date_orders,
            fingerprint,
            shape,
        };
        (report, self.found)
    }
}

/// Adds a record's bytes to the census that decides the file's encoding.
fn count_encoding(census: &mut Utf8Census, reader: &Reader, open: &Open<'_>) {
    if reader.is_marked() {
        census.marked();
    }
    match open.text() {
        Some(text) => census.text(text),
        None => census.push(reader.raw()),
    }
}

#[cfg(test)]
mod fix_tests;
#[cfg(test)]
mod tests;
