//! A mail to be sent. What it says is made when it is sent, so that no link stands in the database.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The invitation it sends.
    pub invitation_id: Option<i64>,
    /// Whom it sends a link for a new password, or to confirm `new_email`.
    pub user_id: Option<i64>,
    pub created_at: i64,
    pub tries: i32,
    pub next_try_at: i64,
    /// Until then one server has it in hand.
    pub leased_until: i64,
    pub sent_at: Option<i64>,
    /// What the mail server said when it refused it for good.
    pub refused: Option<String>,
    /// The address that it asks to confirm.
    pub new_email: Option<String>,
    /// The address to warn that somebody wants to sign in with `new_email` in its place.
    pub warned_email: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
