//! The protocol of the import worker: the messages of the page, and the answers of the worker.
//!
//! Messages travel as postcard bytes. [`ToWorker::Open`] carries the `File` itself along; the page
//! never reads it.

use serde::{Deserialize, Serialize};

use crate::plan::Mapping;
use crate::{
    CellProblem, CheckLedger, ColumnReport, ConsentPlan, Country, DateOrder, Effect,
    ExistingPolicy, FieldException, FieldTarget, FileError, FileLimits, FileShape, ImportId,
    ProblemFilter, ProblemReport, ShapeChoice, SharedPair,
};

/// A message from the page to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Read the first part of a file: of the one that comes with this message, else of the one that
    /// the worker has.
    Open {
        /// The country by whose rules national phone numbers are read.
        country: Country,
        /// The limits for the file.
        limits: FileLimits,
        /// The Admin's corrections of the form that was found.
        choice: ShapeChoice,
    },
    /// Read the whole file and check every cell. Ends a check that is running.
    Check {
        /// The number of the check. The answers repeat it, so that the page ignores those of an
        /// earlier check.
        run: u32,
        /// The form of the file, its columns and the decisions about them.
        mapping: Mapping,
    },
    /// End the check that is running.
    Stop,
    /// Read rows for the grid.
    Rows {
        /// The number of the request; the answer repeats it.
        request: u32,
        /// The first row, counted from 0 among the rows that the filter shows.
        first: u32,
        /// The number of rows to read.
        count: u32,
        /// The filter for the rows; `None` for all records.
        filter: Option<RowFilter>,
    },
    /// Find the nearest record with a problem, after or before another record, in the whole file.
    NextProblem {
        /// The record to start from, counted from 1; 0 is before the first.
        record: u32,
        /// True to search before the record, false to search after it.
        backwards: bool,
    },
    /// Search for a text in all cells. Ends a search that is running.
    Search {
        /// The number of the search; the answer repeats it.
        run: u32,
        /// The text to search for, without accents, case and punctuation.
        text: String,
    },
    /// Cut the next batch. The first one after a check starts at the beginning of the file.
    Batch {
        /// The number of the batch, counted from 0.
        sequence: u32,
        /// The size in bytes, before compression, with which a batch is closed. Its last row may go
        /// beyond.
        max_bytes: u32,
        /// The number of records that the server has already. The first batch begins after them.
        records_before: u32,
        /// True to compress the batch, because the connection is slower than the compressor.
        packed: bool,
    },
    /// Keep a copy of the file in this browser until its import has ended, so that the import can
    /// continue on another visit.
    Keep(ImportId),
    /// Load the copy kept for an import, as if its file had been dropped. A following
    /// [`ToWorker::Open`] reads it.
    Restore(ImportId),
    /// Keep a draft in this browser: the decisions about a file that is not sent yet, with a copy
    /// of the file.
    KeepDraft(Box<Draft>),
    /// Load the draft of this owner, as if its file had been dropped. A following
    /// [`ToWorker::Open`] reads it.
    FindDraft(String),
    /// Take a part of the contact base, from which the effect of the import is computed. It has no
    /// values: keys and values are hashes, which can be compared but not read.
    Base {
        /// With the first part, the fields whose values are compared; the parts that the worker has
        /// from before are then dropped. `None` with each later part.
        fields: Option<Vec<FieldTarget>>,
        /// The bytes of the marks.
        #[serde(with = "serde_bytes")]
        marks: Vec<u8>,
    },
    /// Compute the effect of the import on the contacts whose marks the worker has.
    Effect {
        /// The number of the computation; the answer repeats it. Another computation, a check or a
        /// batch ends this one.
        run: u32,
        /// The policy for contacts that exist.
        policy: ExistingPolicy,
        /// The fields with a policy of their own.
        exceptions: Vec<FieldException>,
        /// True when the import adds the contacts to a list.
        has_list: bool,
        /// The permissions that the import gives.
        consent: ConsentPlan,
    },
}

/// A draft: a file that is not sent yet, and the decisions about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The number from which the name of the draft's copy of the file is made.
    pub id: u64,
    /// The account and the organization that the draft belongs to. Other accounts in the same
    /// browser do not see it.
    pub owner: String,
    /// The name of the file.
    pub file_name: String,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The form of the file, its columns and the decisions about them.
    pub mapping: Mapping,
    /// The time at which the draft was kept, in milliseconds since 1970.
    pub kept_at: i64,
}

/// A filter for the rows of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowFilter {
    /// Records with a certain problem.
    Problem(ProblemFilter),
    /// Records in a place of the check's ledger.
    Place(CheckPlace),
    /// Records that the search with this number found.
    Search(u32),
}

/// A place of a check's ledger: each record is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CheckPlace {
    /// Records that can be imported as they are.
    Ready,
    /// Records that are the same person as an earlier record.
    Merged,
    /// Records without a usable identity.
    Rejected,
    /// Records that the Admin leaves out.
    Dropped,
}

/// A message from the worker to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker has started.
    Ready,
    /// The worker has read the first part of the file.
    Opened(Preview),
    /// The file as a whole can't be used.
    Refused(FileError),
    /// The progress of a check.
    Progress {
        /// The number of the check.
        run: u32,
        /// The number of bytes read so far.
        bytes: u64,
        /// The number of data records read so far.
        records: u32,
    },
    /// The worker has checked the whole file.
    Checked {
        /// The number of the check.
        run: u32,
        /// The result of the check.
        report: CheckReport,
    },
    /// Rows for the grid.
    Rows {
        /// The number of the request.
        request: u32,
        /// The rows, in the file's order.
        rows: Vec<GridRow>,
    },
    /// The record that [`ToWorker::NextProblem`] asks for; `None` when there is none.
    Problem(Option<u32>),
    /// A search has ended.
    Searched {
        /// The number of the search; [`RowFilter::Search`] shows its records under this number.
        run: u32,
        /// The number of records that the search found.
        records: u32,
    },
    /// A batch to send, as a postcard of [`crate::Batch`].
    Batch {
        /// The number of the batch, counted from 0.
        sequence: u32,
        /// The bytes of the postcard.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        /// True when the bytes are compressed (gzip).
        packed: bool,
        /// The number of records in the batch.
        records: u32,
        /// True for the last batch of the file.
        last: bool,
    },
    /// The copy of the file is stored.
    Kept,
    /// The draft is stored, with this number of decisions; a reload of the page does not lose them.
    DraftKept(u32),
    /// The draft that [`ToWorker::FindDraft`] asked for.
    Draft(Box<Draft>),
    /// The copy kept for an import was found; its size in bytes.
    Restored(u64),
    /// The effect of the import, computed in parts.
    Effect {
        /// The number of the computation.
        run: u32,
        /// The effect of all records read so far.
        effect: Effect,
        /// True when the effect is complete.
        last: bool,
    },
}

/// The preview of a file: the findings of its first part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The form in which the file is read.
    pub shape: FileShape,
    /// The columns of the file.
    pub columns: Vec<ColumnReport>,
    /// The first rows, for the grid.
    pub rows: Vec<GridRow>,
    /// The first lines of the file, each with its physical line number, from which the Admin can
    /// choose the header.
    pub head: Vec<(u32, String)>,
    /// The names of the visible sheets of a workbook, and the index of the sheet that is read;
    /// `None` for a text file.
    pub sheets: Option<(Vec<String>, u32)>,
}

/// The result of a check of the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The ledger of the check.
    pub ledger: CheckLedger,
    /// The problems, those with most records first.
    pub problems: Vec<ProblemReport>,
    /// Examples of two people who share a key for which no remedy is chosen, in the file's order.
    pub shared_pairs: Vec<SharedPair>,
    /// The number of records that each decision of the plan changed, in the order of the decisions.
    pub fixed: Vec<u32>,
    /// The date orders that the values prove: for each such column its index, the order, and the
    /// line that proves it.
    pub date_orders: Vec<(u32, DateOrder, u32)>,
    /// The fingerprint of the file's content; the same content always has the same fingerprint.
    pub fingerprint: u64,
    /// The form in which the file was read, but with the encoding that the whole file proves.
    pub shape: FileShape,
}

/// One row of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// The number of the record, counted from 1.
    pub record: u32,
    /// The physical line on which the record starts, counted from 1.
    pub line: u32,
    /// The problem of the record as a whole; `None` when it has none.
    pub problem: Option<CellProblem>,
    /// The physical line of the earlier record that is the same person; `None` when there is none.
    pub same_as_line: Option<u32>,
    /// The cells of the record.
    pub cells: Vec<GridCell>,
}

/// One cell of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridCell {
    /// The text of the cell in the file.
    pub text: String,
    /// The value that will be stored; `None` when it equals the text of the cell, and when nothing
    /// is stored.
    pub mended: Option<String>,
    /// The problem of the cell; `None` when it has none.
    pub problem: Option<CellProblem>,
}
