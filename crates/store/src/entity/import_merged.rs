//! A merged record: the same person as an earlier record of the file, and written to the contact of
//! that record.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_merged")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    /// The number of the reading within the import: 0 for the import's file, above 0 for corrected
    /// lists of its rejects.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reading: i32,
    /// The record's number in the file, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record: i32,
    /// The physical line on which the record starts, counted from 1.
    pub line: i32,
    pub contact_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
