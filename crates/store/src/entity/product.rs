//! A product of a connected system.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub organization_id: i64,
    pub sku: Option<String>,
    pub name: String,
    /// The price in minor units of the currency; `None` when it is not known.
    pub price: Option<i64>,
    pub currency: String,
    pub active: bool,
    /// The record as the system sent it, as JSON.
    pub raw: String,
    pub updated_at: i64,
    /// The number of complete readings in a row that did not contain the product; `None` when the
    /// last one contained it.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
