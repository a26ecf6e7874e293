//! The second factor of a user: the secret of an authenticator app.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: i64,
    /// The secret, sealed by the vault.
    pub secret: String,
    /// The time when the second factor was turned on; `None` while it is being set up.
    pub since: Option<i64>,
    /// The time step of the last code that was accepted (RFC 6238): no code is accepted twice.
    pub last_step: i64,
    /// The number of wrong codes since the last right one.
    pub failures: i32,
    pub failed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
