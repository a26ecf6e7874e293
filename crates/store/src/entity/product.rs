//! What is sold.

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
    /// Minor units.
    pub price: Option<i64>,
    pub currency: String,
    pub active: bool,
    /// As it came.
    pub raw: String,
    pub updated_at: i64,
    /// In how many readings of everything it was missed, one after another.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
