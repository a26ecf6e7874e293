//! The second factor of a user.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: i64,
    /// Sealed by the vault.
    pub secret: String,
    /// When it was turned on; before that it is only being set up.
    pub since: Option<i64>,
    /// The time step of the last code that was used: none passes twice.
    pub last_step: i64,
    /// Wrong codes since the last right one.
    pub failures: i32,
    pub failed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
