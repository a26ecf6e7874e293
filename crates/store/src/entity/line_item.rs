//! A line item of a transaction. Amounts are minor units of the transaction's currency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub transaction_external_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub product_external_id: Option<String>,
    pub sku: Option<String>,
    pub name: String,
    /// The quantity, as a decimal number.
    pub quantity: String,
    pub unit_price: i64,
    pub total: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
