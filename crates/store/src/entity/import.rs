//! An import of a file or of a connected system. The counts are its ledger.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub user_id: i64,
    pub list_id: Option<i64>,
    pub file_name: String,
    pub file_bytes: i64,
    pub fingerprint: i64,
    pub plan: Json,
    /// The plan of the corrected list of rejects that was received last; `None` before the first
    /// such list.
    pub correction: Option<Json>,
    pub state: String,
    pub next_sequence: i32,
    pub records: i32,
    pub created: i32,
    pub updated: i32,
    pub unchanged: i32,
    pub merged: i32,
    pub rejected: i32,
    pub dropped: i32,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    /// The number of records in the file; `None` for the import of a system.
    pub file_records: Option<i32>,
    /// True when the list `list_id` was created for the import.
    pub made_list: bool,
    /// The number of contacts for which the import brought a permission, but that had refused
    /// before. They stay refused.
    pub kept_out: i32,
    /// The connection that the contacts came from; `None` for a file, and after the connection was
    /// ended.
    pub connection_id: Option<i64>,
    pub undo_removed: Option<i32>,
    pub undo_restored: Option<i32>,
    pub undo_spared: Option<i32>,
    /// The number of the current reading: 0 for the import's file, above 0 for corrected lists of
    /// its rejects.
    pub reading: i32,
    /// True when the changes are stored in the histories of the contacts, which an undo needs.
    /// False for imports that were made before histories were stored.
    pub has_history: bool,
    /// The smallest id of the contacts that the import created; `last_contact` is the largest.
    /// `None` when the import created none.
    pub first_contact: Option<i64>,
    pub last_contact: Option<i64>,
    /// The phase of the undo: 0 for contacts that the import found, 1 for contacts that it created.
    /// The undo goes on after the contact `undo_cursor`.
    pub undo_phase: Option<i32>,
    pub undo_cursor: Option<i64>,
    /// The number of contacts that an undo has gone through.
    pub undo_passed: Option<i32>,
    /// The numbers of contacts that an undo left as they were, by reason, as JSON.
    pub undo_spared_why: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
