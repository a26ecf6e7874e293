//! Imports as their lists show them, and what an undo does.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{ImportId, ImportLedger};

word_enum! {
    /// The state of an import.
    pub enum ImportState {
        /// Batches are still expected.
        Running = "running",
        /// The ledger is closed.
        Finished = "finished",
        /// Stopped by the admin; contacts that had been sent stay.
        Stopped = "stopped",
        /// An undo has begun, and is not through: it goes on where it was.
        Undoing = "undoing",
        /// Undone.
        Undone = "undone",
    }
}

/// One import, as listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// Whether it has ended.
    pub state: ImportState,
    /// What it did so far.
    pub ledger: ImportLedger,
    /// Records of its file; none for one that began before this was kept.
    pub of: Option<u32>,
    /// Records that point at two contacts, of those rejected: an admin may decide them.
    pub conflicts: u32,
    /// Contacts that its file would have let in by a channel, and that had said no before: they
    /// stay out.
    pub kept_out: u32,
    /// Its numbers open their rows; not so before histories were kept.
    pub has_rows: bool,
    /// Until when its rejects are kept, in milliseconds since 1970; none when they are deleted.
    pub rejects_until: Option<i64>,
    /// Until when it can be taken back, in milliseconds since 1970; none when it can't.
    pub undo_until: Option<i64>,
    /// What taking it back did.
    pub undone: Option<UndoLedger>,
    /// How far taking it back has come, while it is not through.
    pub undoing: Option<UndoProgress>,
}

/// An import with what the list of all imports shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// The import.
    pub summary: ImportSummary,
    /// When it ended, in milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// The system that it came by, by its slug; none for a file.
    pub system: Option<String>,
    /// The lists that it added contacts to.
    pub lists: Vec<String>,
    /// The name of the member who began it.
    pub by: String,
}

/// An import that has begun, or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Its id.
    pub import: ImportId,
    /// The number of the batch it waits for.
    pub sequence: u32,
    /// Records of this file that it has already: it goes on behind them.
    pub records: u32,
}

/// What taking an import back does, or did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoLedger {
    /// Contacts that the import made and that go.
    pub removed: u32,
    /// Contacts that get their old values back.
    pub restored: u32,
    /// Contacts of which something stays.
    pub spared: u32,
    /// Why, by the number of contacts; a contact may have several reasons.
    pub why: SparedWhy,
}

/// Why an undo leaves something of contacts as it is: numbers of contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SparedWhy {
    /// The import made it, and another import or a system knows it.
    pub relied_on: u32,
    /// A value was changed since.
    pub changed_since: u32,
    /// A value was said by another import too.
    pub confirmed: u32,
    /// An old key belongs to somebody else now.
    pub key_taken: u32,
    /// A no stays, because somebody has said it since.
    pub refused_since: u32,
}

/// How far an undo has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoProgress {
    /// What it did so far.
    pub ledger: UndoLedger,
    /// Contacts that were gone through.
    pub done: u32,
    /// Contacts in all, about.
    pub of: u32,
    /// It is through.
    pub is_finished: bool,
}
