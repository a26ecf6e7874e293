//! Imports as their lists show them, and the counts of an undo.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{ImportId, ImportLedger};

word_enum! {
    /// The state of an import.
    pub enum ImportState {
        /// The import still waits for batches.
        Running = "running",
        /// The import has ended, and its ledger is closed.
        Finished = "finished",
        /// The Admin stopped the import; contacts that had been sent stay.
        Stopped = "stopped",
        /// An undo has begun and has not ended; it continues from where it stopped.
        Undoing = "undoing",
        /// The import was undone.
        Undone = "undone",
    }
}

/// An import with the numbers that lists show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// The import's id.
    pub id: ImportId,
    /// The name of the import's file, or of the account in a system.
    pub file_name: String,
    /// The time at which the import began, in milliseconds since 1970.
    pub started_at: i64,
    /// The state of the import.
    pub state: ImportState,
    /// The numbers of the import up to now.
    pub ledger: ImportLedger,
    /// The number of records of the file; `None` for an import from before this number was stored.
    pub of: Option<u32>,
    /// The number of rejected records that agree with several contacts; an Admin may decide them.
    pub conflicts: u32,
    /// The number of contacts for which the import brought a permission, but that had refused
    /// before. They stay refused.
    pub kept_out: u32,
    /// True when the rows behind each number of the ledger can be listed; false for an import from
    /// before histories were stored.
    pub has_rows: bool,
    /// The time until which the rejects are kept, in milliseconds since 1970; `None` when they are
    /// deleted; `i64::MAX` for an import from a system, whose rejects are kept without limit.
    pub rejects_until: Option<i64>,
    /// The time until which the import can be undone, in milliseconds since 1970; `None` when it
    /// can't be undone.
    pub undo_until: Option<i64>,
    /// The counts of the finished undo; `None` when the import is not undone.
    pub undone: Option<UndoLedger>,
    /// The progress of an undo that has not ended; `None` when no undo is under way.
    pub undoing: Option<UndoProgress>,
}

/// An import with the details that the list of all imports shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// The import with its numbers.
    pub summary: ImportSummary,
    /// The time at which the import ended, in milliseconds since 1970; `None` when it has not
    /// ended.
    pub ended_at: Option<i64>,
    /// The system that the contacts came from, by its slug or its name; `None` for a file.
    pub system: Option<String>,
    /// The names of the lists that the import added contacts to.
    pub lists: Vec<String>,
    /// The name of the member who began the import.
    pub by: String,
}

/// The place from which the sender of an import continues, after it has begun or resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The import's id.
    pub import: ImportId,
    /// The number of the batch that the import waits for next, counted from 0.
    pub sequence: u32,
    /// The number of records of the file that the import has received; the next batch begins after
    /// them.
    pub records: u32,
}

/// The numbers of contacts of an undo: those that it would change, in a preview; those that it has
/// changed, afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoLedger {
    /// The number of contacts that the import created and the undo deletes.
    pub removed: u32,
    /// The number of contacts that get their old values back.
    pub restored: u32,
    /// The number of contacts that keep something of the import.
    pub spared: u32,
    /// The reasons for kept values, each with its number of contacts; a contact may have several
    /// reasons.
    pub why: SparedWhy,
}

/// The numbers of contacts for which an undo keeps something of the import, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SparedWhy {
    /// The number of contacts that the import created and that are not deleted, because another
    /// import or a system found them, or somebody has answered about permission since.
    pub relied_on: u32,
    /// The number of contacts that have a value which was changed after the import.
    pub changed_since: u32,
    /// The number of contacts that keep a value of the import, because another import has given the
    /// same value.
    pub confirmed: u32,
    /// The number of contacts that do not get back a phone, an e-mail address or a CPF, because it
    /// belongs to another contact now.
    pub key_taken: u32,
    /// The number of contacts whose refusal in the import stays, because they have refused again
    /// since.
    pub refused_since: u32,
}

/// The progress of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoProgress {
    /// The counts of the undo up to now.
    pub ledger: UndoLedger,
    /// The number of contacts processed.
    pub done: u32,
    /// The approximate number of contacts to process in all.
    pub of: u32,
    /// True when the undo has ended.
    pub is_finished: bool,
}
