//! A record that could not be imported, with the reason and the record's cells.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_reject")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record: i32,
    pub line: i32,
    pub code: String,
    pub cells: Json,
    /// The number of the reject that this record waits with, because both are one person. `None`
    /// for a record that counts as a reject itself.
    pub joins: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
