//! An order or a sale of a connected system. Amounts are minor units of the currency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transaction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub organization_id: i64,
    pub number: Option<String>,
    pub made_at: i64,
    pub status: String,
    /// The status in the system's own words.
    pub status_text: String,
    /// The system's id of the contact who ordered; `None` when it is not known.
    pub contact_external_id: Option<String>,
    pub total: i64,
    pub discount: i64,
    pub freight: i64,
    pub currency: String,
    /// The record as the system sent it, as JSON.
    pub raw: String,
    pub updated_at: i64,
    /// The number of complete readings in a row that did not contain the transaction; `None` when
    /// the last one contained it.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
