//! A record of a file that joined the contact of an earlier record: the same person.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_merged")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    /// Which reading of the import it was: 0 for its file, above for corrections of its rejects.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reading: i32,
    /// The record's number in the file, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record: i32,
    /// The physical line where it starts, counted from 1.
    pub line: i32,
    pub contact_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
