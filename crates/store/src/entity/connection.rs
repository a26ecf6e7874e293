//! A connected system, with an organization's credentials for it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "connection")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    /// The user who connected the system; the imports of its contacts belong to this user.
    pub user_id: i64,
    /// The slug of the system in the catalogue.
    pub slug: String,
    /// The system's name of the account.
    pub account: String,
    /// The system's id of the account, which stays the same when the account is renamed. `None`
    /// when the system gives no id, or when the account was connected before ids were stored.
    pub account_id: Option<String>,
    pub state: String,
    /// Credentials and tokens, sealed by the vault.
    pub secrets: String,
    /// The hash of the token that comes back with the Admin's consent; `None` when no consent is
    /// awaited.
    pub consent_hash: Option<String>,
    pub consent_until: Option<i64>,
    /// The connection that gets the new credentials when the Admin consents; `None` when the
    /// consent is for a new connection.
    pub reopens: Option<i64>,
    pub fault_kind: Option<String>,
    pub fault_said: Option<String>,
    pub created_at: i64,
    /// The time when the next run is due; `None` when no run is planned.
    pub next_run_at: Option<i64>,
    /// The number of faults since the last run without a fault.
    pub failures: i32,
    /// The token of the current lease, which is valid until `lease_until`; `None` when the lease
    /// was given back or revoked.
    pub lease: Option<String>,
    pub lease_until: i64,
    /// The secret word in the web address to which the system sends notices of changes; `None`
    /// until an Admin asks for the address.
    pub notice_word: Option<String>,
    /// The time of the last notice, or of the last time that an Admin asked for a run at once.
    pub noticed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
