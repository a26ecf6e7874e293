//! A contact as its system has it, and who that is here.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub contact_id: Option<i64>,
    /// What was taken over last, as JSON: a value that stands still there changes nothing here.
    pub cells: String,
    /// What was refused as it came last, in the same way; nothing where it was taken.
    pub refused: Option<String>,
    /// The import that refused it last, and as which of its records: there it can be decided.
    pub refused_import_id: Option<i64>,
    pub refused_record: Option<i32>,
    /// The import in which somebody has said who it is.
    pub decided_import_id: Option<i64>,
    /// As it came.
    pub raw: String,
    pub updated_at: i64,
    /// In how many readings of everything it was missed, one after another.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
