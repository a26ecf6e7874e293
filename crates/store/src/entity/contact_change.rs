//! What a batch of an import found and changed of a contact: a part of the contact's history.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    /// The number of the batch among all of the organization: the order of the history.
    #[sea_orm(primary_key, auto_increment = false)]
    pub write: i64,
    pub import_id: i64,
    /// Which reading of the import it was: 0 for its file, above for corrections of its rejects.
    pub reading: i32,
    /// The fields that the reading has said something about, one bit each.
    pub said: i64,
    /// It changed something of the contact: a value, a permission or a list.
    pub changed: bool,
    /// What it changed and confirmed, as JSON; none when there is nothing to undo.
    pub entry: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
