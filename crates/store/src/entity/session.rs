//! A session of a user, by the hash of its token.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: i64,
    pub organization_id: i64,
    pub created_at: i64,
    pub expires_at: i64,
    /// The time of the last use, renewed at most once an hour.
    pub seen_at: i64,
    /// True while the session waits for the code of the second factor. Until then it gives access
    /// to nothing but the page for the code.
    pub awaits_code: bool,
    /// The network address from which the session was opened; `None` when it is not known.
    pub from_address: Option<String>,
    /// The browser and the operating system, as people name them; `None` when they are not known.
    pub browser: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
