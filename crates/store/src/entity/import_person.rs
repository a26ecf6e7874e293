//! A person of a file of whom more records may come in later batches, with what the import has
//! decided about the person.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reading: i32,
    /// The number of the person's first record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record: i32,
    /// The person, as JSON.
    pub person: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
