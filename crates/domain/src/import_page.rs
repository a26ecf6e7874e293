//! The details of one import on the Imports page.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{
    Channel, ContactEntry, ExistingPolicy, FieldTarget, ImportEntry, LegalBasis, ProblemCode,
    ValueChange,
};

word_enum! {
    /// One of the numbers of an import's ledger. Each record of the import counts in exactly one.
    pub enum LedgerPlace {
        /// Contacts that the import created.
        New = "new",
        /// Contacts that existed and got another value, a permission or a list.
        Updated = "updated",
        /// Contacts that existed and did not change.
        Unchanged = "unchanged",
        /// Records that are the same person as an earlier record of the file.
        Merged = "merged",
        /// Records that could not be imported.
        Rejected = "rejected",
        /// Records that the Admin left out.
        Dropped = "dropped",
    }
}

/// An import with its rejects counted by reason, and its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDetail {
    /// The import with the details that lists show.
    pub entry: ImportEntry,
    /// The reasons of rejects, each with its number of records, the most frequent first. Empty for
    /// members who are no Admins.
    pub problems: Vec<(ProblemCode, u32)>,
    /// The decisions about the import; `None` for members who are no Admins.
    pub plan: Option<PlanSummary>,
}

/// The decisions about an import, in a form that a screen can show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// The columns of the file, in their order.
    pub columns: Vec<PlannedColumn>,
    /// The policy for contacts that existed.
    pub policy: ExistingPolicy,
    /// The channels for which the Admin declared that everybody in the file gave permission.
    pub channels: Vec<Channel>,
    /// The legal basis of the permissions; `None` when the plan names no basis.
    pub basis: Option<LegalBasis>,
    /// The occasion on which permissions were given, such as 'form in the shop'; empty when
    /// unknown.
    pub source: String,
    /// The number of decisions about problems.
    pub decisions: u32,
}

/// A column of an imported file and its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedColumn {
    /// The name of the column in the file; empty when it has none.
    pub header: String,
    /// The target of the column; `None` when the column was left out.
    pub target: Option<FieldTarget>,
    /// The name of the custom field that the column went into; `None` for another target.
    pub custom: Option<String>,
}

/// A row of an import's ledger: one record or one contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The place of the row in the list. Who asks for the next page sends the cursor of the last
    /// row.
    pub cursor: i64,
    /// The physical line on which the record starts; `None` for a contact.
    pub line: Option<u32>,
    /// The contact; `None` for a record that was not imported, and for a contact that was deleted.
    pub contact: Option<ContactEntry>,
    /// The changes that the import made to the contact.
    pub changes: Vec<ValueChange>,
    /// The reason why the record was rejected; `None` for all other rows.
    pub reason: Option<ProblemCode>,
    /// The cells with text of a rejected record, each with the name of its column. Empty for all
    /// other rows.
    pub cells: Vec<(String, String)>,
}
