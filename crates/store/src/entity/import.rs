//! One import of one file. The counts are its ledger so far.

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
    /// The plan of the corrected list of rejects that was dropped last.
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
    /// Records of the file.
    pub file_records: Option<i32>,
    /// Its list was made for it.
    pub made_list: bool,
    /// Contacts that its file would have let in by a channel, and that had said no before.
    pub kept_out: i32,
    /// The connection that it came by; none for a file.
    pub connection_id: Option<i64>,
    pub undo_removed: Option<i32>,
    pub undo_restored: Option<i32>,
    pub undo_spared: Option<i32>,
    /// Which reading it is at: 0 for its file, above for corrections of its rejects.
    pub reading: i32,
    /// Its changes are in the histories of its contacts; not so before these were kept.
    pub has_history: bool,
    /// The first and the last id of the contacts that it created.
    pub first_contact: Option<i64>,
    pub last_contact: Option<i64>,
    /// How far an undo has come: its phase, and the last contact that was gone through.
    pub undo_phase: Option<i32>,
    pub undo_cursor: Option<i64>,
    /// How many contacts an undo has gone through.
    pub undo_passed: Option<i32>,
    /// Contacts that an undo spared, by reason.
    pub undo_spared_why: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
