//! An answer about the permission to write to a contact by a channel: from an import, or noted by
//! hand.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    /// The import that brought the answer about permission; [`BY_HAND`] or [`OF_ERASED`] when none
    /// did.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    pub granted: bool,
    pub at: i64,
    /// The word of the legal basis; `None` when none was named.
    pub basis: Option<String>,
    /// The place where the contact gave the answer, as a person described it.
    pub source: String,
    /// True for a refusal that stays although its import was undone, because a later answer refuses
    /// too.
    pub kept: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The value of `import_id` for an answer that was noted by hand.
pub(crate) const BY_HAND: i64 = 0;

/// The value of `import_id` for a refusal that was kept of a contact which was erased. No edit has
/// this negative number.
pub(crate) const OF_ERASED: i64 = -(1 << 62);
