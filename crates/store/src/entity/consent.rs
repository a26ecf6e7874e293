//! What an import, or somebody by hand, said of the permission to write to a contact by a channel.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    /// The import; 0 for an answer by hand.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    pub granted: bool,
    pub at: i64,
    /// The legal basis that it was given with.
    pub basis: Option<String>,
    /// Where it was given.
    pub source: String,
    /// Its import was undone, and it stays: a no that somebody has said again since.
    pub kept: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The import of an answer that was noted by hand.
pub(crate) const BY_HAND: i64 = 0;
