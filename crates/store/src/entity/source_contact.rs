//! A contact of a connected system, with the organization's contact that it was written to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub contact_id: Option<i64>,
    /// The cells of the system's record that were written to the contact last, as JSON. A cell that
    /// the system has not changed since then changes nothing in the contact.
    pub cells: String,
    /// The cells that were refused last, as JSON; `None` when the last cells were written.
    pub refused: Option<String>,
    /// The import that refused the contact last; `refused_record` is the number of the record in
    /// that import, where an Admin can decide it.
    pub refused_import_id: Option<i64>,
    pub refused_record: Option<i32>,
    /// The import in which an Admin decided or corrected which contact this is; `None` without such
    /// a decision.
    pub decided_import_id: Option<i64>,
    /// The record as the system sent it, as JSON.
    pub raw: String,
    pub updated_at: i64,
    /// The number of complete readings in a row that did not contain the contact; `None` when the
    /// last one contained it.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
