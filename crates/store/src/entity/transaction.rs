//! An order or a sale. Amounts are minor units of its currency.

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
    /// The system's own word for it.
    pub status_text: String,
    /// Whose it is, by the system's id.
    pub contact_external_id: Option<String>,
    pub total: i64,
    pub discount: i64,
    pub freight: i64,
    pub currency: String,
    /// As it came.
    pub raw: String,
    pub updated_at: i64,
    /// In how many readings of everything it was missed, one after another.
    pub missed: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
