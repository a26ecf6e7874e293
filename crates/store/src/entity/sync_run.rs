//! One run of a connection, with the numbers of records that it read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_run")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub connection_id: i64,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub contacts: i32,
    pub transactions: i32,
    pub products: i32,
    pub set_aside: i32,
    /// The import of the run's contacts; `None` before the first contact.
    pub import_id: Option<i64>,
    pub fault_kind: Option<String>,
    pub fault_said: Option<String>,
    /// The words of the streams that the run has read to their ends, each after a comma.
    pub done: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
