//! A company that uses Alta.

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
    /// The short name by which the command line names the organization, such as `comercial-andina`.
    pub slug: Option<String>,
    /// True when Admins must have a second factor.
    pub requires_second_factor: bool,
    /// The number of batches that imports have written; it numbers the parts of all histories.
    pub writes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
