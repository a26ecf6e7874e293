//! A session, by the hash of its token.

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
    /// When it was used last, within the hour.
    pub seen_at: i64,
    /// The password was right and the code is still to come: it opens nothing else.
    pub awaits_code: bool,
    /// The network address it was opened from.
    pub from_address: Option<String>,
    /// Browser and system, as people name them.
    pub browser: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
