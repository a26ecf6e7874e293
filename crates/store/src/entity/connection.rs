//! A system with an organization's credentials for it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "connection")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    /// Who connected it: its imports are theirs.
    pub user_id: i64,
    /// Of the catalogue.
    pub slug: String,
    /// What the system calls the account.
    pub account: String,
    /// What tells the account from others, whatever it is called; nothing where it was connected
    /// before that was kept.
    pub account_id: Option<String>,
    pub state: String,
    /// Credentials and tokens, sealed by the vault.
    pub secrets: String,
    /// The hash of what comes back with the admin's consent, while it is waited for.
    pub consent_hash: Option<String>,
    pub consent_until: Option<i64>,
    /// The connection that the consent is to open anew.
    pub reopens: Option<i64>,
    pub fault_kind: Option<String>,
    pub fault_said: Option<String>,
    pub created_at: i64,
    /// When its next run is due; none while it has none.
    pub next_run_at: Option<i64>,
    /// Runs in a row that a fault has cut off.
    pub failures: i32,
    /// Whose run is under way, and until when that holds.
    pub lease: Option<String>,
    pub lease_until: i64,
    /// The word in the address that its system sends notices of changes to, once somebody has
    /// asked for it.
    pub notice_word: Option<String>,
    /// When the last of them came.
    pub noticed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
