//! The history of a contact, as its card shows it: what each import and each member changed.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{EditId, ImportId, ValueChange};

word_enum! {
    /// The kind of an edit: of a change of a contact by hand.
    pub enum EditKind {
        /// The contact was added.
        Added = "added",
        /// A value was changed, added or removed.
        Edited = "edited",
        /// The contact was moved to the bin.
        Deleted = "deleted",
        /// The contact was taken out of the bin.
        Restored = "restored",
    }
}

/// The source of an event in a contact's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventSource {
    /// An import of a file or of a system.
    Import {
        /// The import.
        id: ImportId,
        /// The name of the file, or of the account in the system.
        name: String,
        /// The system, by its slug or its name; `None` for a file.
        system: Option<String>,
    },
    /// An edit: a member changed the contact by hand.
    Edit {
        /// The edit.
        id: EditId,
        /// The kind of the edit.
        kind: EditKind,
        /// The time at which the edit was taken back, in milliseconds since 1970; `None` when it
        /// was not.
        taken_back_at: Option<i64>,
    },
    /// An answer about permission that a member noted by hand.
    Note,
    /// A refusal that was kept of a contact which was erased, and that had the same phone or e-mail
    /// address.
    KeptRefusal,
}

/// An event in a contact's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// The time of the event, in milliseconds since 1970. For an import, the time at which it
    /// began.
    pub at: i64,
    /// The name of the member who acted; `None` when it is not known.
    pub by: Option<String>,
    /// The source of the event.
    pub source: EventSource,
    /// True when the event created the contact.
    pub is_creation: bool,
    /// The changes of the contact. Empty when an import changed nothing, and when the event created
    /// the contact.
    pub changes: Vec<ValueChange>,
}
