//! The protocol of the import worker: what the page asks, and what the worker answers.
//!
//! Messages travel as postcard bytes; with [`ToWorker::Open`] goes the `File` itself, which the
//! page never reads.

use serde::{Deserialize, Serialize};

use crate::plan::Mapping;
use crate::{
    CellProblem, CheckLedger, ColumnReport, ConsentPlan, Country, DateOrder, Effect,
    ExistingPolicy, FieldException, FieldTarget, FileError, FileLimits, FileShape, ImportId,
    ProblemFilter, ProblemReport, ShapeChoice,
};

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Look at the first part of the file that comes with this message, or of the one held already.
    Open {
        /// How national phone numbers are read.
        country: Country,
        /// How much the file may hold.
        limits: FileLimits,
        /// What the admin corrected.
        choice: ShapeChoice,
    },
    /// Read the whole file and check every cell. Ends a check that is running.
    Check {
        /// Comes back with the answers, so that those of an earlier check are known for old.
        run: u32,
        /// How the file is read.
        mapping: Mapping,
    },
    /// End the check that is running.
    Stop,
    /// Rows for the grid.
    Rows {
        /// Comes back with the answer.
        request: u32,
        /// The first, counted from 0 among those the filter shows.
        first: u32,
        /// How many.
        count: u32,
        /// Only these records.
        filter: Option<RowFilter>,
    },
    /// The nearest record behind or before another one that has a problem, among all of the file.
    NextProblem {
        /// The record to start from, counted from 1; 0 is before the first.
        record: u32,
        /// Look before it.
        backwards: bool,
    },
    /// Look for a text in all cells. Ends a search that is running.
    Search {
        /// Comes back with the answer.
        run: u32,
        /// Without accents, case and punctuation.
        text: String,
    },
    /// The next rows to send; the first after a check starts at the beginning of the file.
    Batch {
        /// Counted from 0.
        sequence: u32,
        /// Bytes at which a batch is closed.
        max_bytes: u32,
        /// Records that are there already: the first batch begins behind them.
        behind: u32,
        /// Compress it: the line is slower than the compressor.
        packed: bool,
    },
    /// Keep a copy of the file in this browser until its import has ended, so that it can go on
    /// from another visit.
    Keep(ImportId),
    /// Take up the copy kept for an import, as if its file had been dropped: [`ToWorker::Open`]
    /// looks at it.
    Restore(ImportId),
    /// Keep the decisions about the file that is not sent yet, with a copy of it, in this browser.
    KeepDraft(Box<Draft>),
    /// Take up the draft of this owner, as if its file had been dropped: [`ToWorker::Open`] looks
    /// at it.
    FindDraft(String),
    /// Marks of the organization's contacts, to find out what the import would do.
    Base {
        /// The fields that have marks, with the first part; it takes the place of what was there.
        fields: Option<Vec<FieldTarget>>,
        /// The marks.
        #[serde(with = "serde_bytes")]
        marks: Vec<u8>,
    },
    /// Find out what the import would do to those contacts.
    Effect {
        /// Comes back with the answer; another run, a check or a batch ends it.
        run: u32,
        /// What happens to contacts that exist.
        policy: ExistingPolicy,
        /// Fields for which something else was decided.
        exceptions: Vec<FieldException>,
        /// The contacts are added to a list.
        has_list: bool,
        /// What it says of permission.
        consent: ConsentPlan,
    },
}

/// A file that is not sent yet, and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of its file among the copies is made of this.
    pub id: u64,
    /// The account and the organization whose draft it is: others who use the browser do not see
    /// it.
    pub owner: String,
    /// The file's name.
    pub file_name: String,
    /// The file's size.
    pub bytes: u64,
    /// How it is read, and the decisions.
    pub mapping: Mapping,
    /// When it was kept, in milliseconds since 1970.
    pub kept_at: i64,
}

/// Which rows the grid shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowFilter {
    /// Records with a problem.
    Problem(ProblemFilter),
    /// Records in a place of the check's ledger.
    Place(CheckPlace),
    /// Records that the search of this number found.
    Search(u32),
}

/// The places of a check's ledger: each record is in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CheckPlace {
    /// Records that can be imported as they are.
    Ready,
    /// The same person as an earlier record.
    Merged,
    /// Records without usable identity.
    Rejected,
    /// Records that the admin leaves out.
    Dropped,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The module is there.
    Ready,
    /// The first part was read.
    Opened(Preview),
    /// The file as a whole can't be used.
    Refused(FileError),
    /// So far.
    Progress {
        /// Of the check with this number.
        run: u32,
        /// Bytes read.
        bytes: u64,
        /// Data records seen.
        records: u32,
    },
    /// The whole file was checked.
    Checked {
        /// The number of the check.
        run: u32,
        /// What was found.
        report: CheckReport,
    },
    /// Rows for the grid.
    Rows {
        /// The number of the request.
        request: u32,
        /// The rows.
        rows: Vec<GridRow>,
    },
    /// The record that [`ToWorker::NextProblem`] asked for; none when there is no more.
    Problem(Option<u32>),
    /// A search has ended.
    Searched {
        /// Its number, by which [`RowFilter::Search`] shows what it found.
        run: u32,
        /// The records that it found.
        records: u32,
    },
    /// Rows to send, a postcard of [`crate::Batch`].
    Batch {
        /// Counted from 0.
        sequence: u32,
        /// The postcard.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        /// They are compressed (gzip).
        packed: bool,
        /// Records in it.
        records: u32,
        /// Nothing comes after it.
        last: bool,
    },
    /// The copy is there.
    Kept,
    /// The draft with so many decisions is there: a reload does not lose them.
    DraftKept(u32),
    /// The draft that was looked for.
    Draft(Box<Draft>),
    /// The copy kept for an import was found, and has so many bytes.
    Restored(u64),
    /// What the import would do.
    Effect {
        /// The number of the run.
        run: u32,
        /// So far.
        effect: Effect,
        /// It is the whole of it.
        last: bool,
    },
}

/// The first part of a file, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How it is read.
    pub shape: FileShape,
    /// Its columns.
    pub columns: Vec<ColumnReport>,
    /// The first rows.
    pub rows: Vec<GridRow>,
    /// The first lines as they stand in the file, to point at the header.
    pub head: Vec<(u32, String)>,
    /// The visible sheets of a workbook, and the place of the one that is read; none when the file
    /// is text.
    pub sheets: Option<(Vec<String>, u32)>,
}

/// What a check of the whole file found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The accounts.
    pub ledger: CheckLedger,
    /// The problems, most records first.
    pub problems: Vec<ProblemReport>,
    /// For each decision of the plan, in its order, how many records it changed.
    pub fixed: Vec<u32>,
    /// For each date column, the order its values prove and the line that proves it.
    pub date_orders: Vec<(u32, DateOrder, u32)>,
    /// A fingerprint of the content: the same file again has the same.
    pub fingerprint: u64,
    /// The encoding the whole file proves, when the first part could not know.
    pub shape: FileShape,
}

/// One row of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// The record's number, counted from 1.
    pub record: u32,
    /// The physical line where it starts.
    pub line: u32,
    /// A problem of the record as a whole.
    pub problem: Option<CellProblem>,
    /// The earlier record that is the same person, by its physical line.
    pub same_as_line: Option<u32>,
    /// Its cells.
    pub cells: Vec<GridCell>,
}

/// One cell of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridCell {
    /// As the file has it.
    pub text: String,
    /// As it will be stored, when that differs.
    pub mended: Option<String>,
    /// What is wrong with it.
    pub problem: Option<CellProblem>,
}
