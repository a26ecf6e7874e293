//! A company.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub country: String,
    pub language: String,
    pub created_at: i64,
    /// What the command line calls it.
    pub slug: Option<String>,
    /// Admins work only with a second factor.
    pub requires_second_factor: bool,
    /// Batches that imports have written: the order of all histories.
    pub writes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
