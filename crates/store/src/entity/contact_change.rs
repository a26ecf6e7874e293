//! A part of a contact's history: the effect of one batch of an import on the contact.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    /// The number of the batch, counted over all batches of the organization. The history is
    /// ordered by this number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub write: i64,
    pub import_id: i64,
    /// The number of the reading within the import: 0 for the import's file, above 0 for corrected
    /// lists of its rejects.
    pub reading: i32,
    /// The built-in fields for which the reading has given a value, one bit each; bit 62 when the
    /// reading created the contact.
    pub said: i64,
    /// True when the batch changed a value, a permission or a list of the contact.
    pub changed: bool,
    /// The values that the batch changed and confirmed, as JSON; `None` when there are none.
    pub entry: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
