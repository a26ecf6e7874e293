//! What the Imports page shows of one import.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{
    BuiltInField, Channel, ContactEntry, ExistingPolicy, FieldTarget, ImportEntry, LegalBasis,
    ProblemCode,
};

word_enum! {
    /// The places of an import's ledger: each record is in one of them.
    pub enum LedgerPlace {
        /// Contacts that did not exist.
        New = "new",
        /// Contacts that existed and got another value, a permission or a list.
        Updated = "updated",
        /// Contacts that existed and stayed as they were.
        Unchanged = "unchanged",
        /// The same person as an earlier record of the file.
        Merged = "merged",
        /// Records that could not be imported.
        Rejected = "rejected",
        /// Records that the admin left out.
        Dropped = "dropped",
    }
}

/// An import with its problems and its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDetail {
    /// The import, as it is listed.
    pub entry: ImportEntry,
    /// How many records were rejected for which reason, the most frequent first; only for an
    /// Admin.
    pub problems: Vec<(ProblemCode, u32)>,
    /// What was decided; only for an Admin.
    pub plan: Option<PlanSummary>,
}

/// What was decided for an import, in words that a screen can show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// The columns of the file in their order.
    pub columns: Vec<PlannedColumn>,
    /// What happened to contacts that existed.
    pub policy: ExistingPolicy,
    /// Channels for which everybody in the file was said to have given permission.
    pub channels: Vec<Channel>,
    /// The legal basis of permissions.
    pub basis: Option<LegalBasis>,
    /// Where permissions were given; empty when that was not said.
    pub source: String,
    /// The number of decisions about problems.
    pub decisions: u32,
}

/// A column of an imported file and where it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedColumn {
    /// Its name in the file; empty when it has none.
    pub header: String,
    /// Its field; none when the column was left out.
    pub target: Option<FieldTarget>,
    /// The name of the organization's own field that it went to.
    pub custom: Option<String>,
}

/// A record or a contact in a place of an import's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Where the next rows begin, when this is the last one of an answer.
    pub cursor: i64,
    /// The physical line of the record; none for a contact.
    pub line: Option<u32>,
    /// The contact. None for a record that was not imported, and for a contact that is gone.
    pub contact: Option<ContactEntry>,
    /// What the import changed of the contact.
    pub changes: Vec<ValueChange>,
    /// Why the record was rejected.
    pub reason: Option<ProblemCode>,
    /// The cells with text of a rejected record, each with the name of its column.
    pub cells: Vec<(String, String)>,
}

/// What an import can change of a contact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangedPart {
    /// A built-in field.
    Field(BuiltInField),
    /// A field of the organization's own, by its name.
    Custom(String),
    /// The permission to write by a channel: true when it was given.
    Permission(Channel, bool),
    /// A list that the contact was added to, by its name.
    List(String),
}

/// A change that an import made to a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// What was changed.
    pub part: ChangedPart,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}
