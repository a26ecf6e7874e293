//! A mail that waits to be sent, or was sent. Its text and its link are made when it is sent, so
//! that the database holds no link.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The invitation that the mail sends; `None` for other mails.
    pub invitation_id: Option<i64>,
    /// The user who gets a link for a new password, or whose address is to become `new_email`;
    /// `None` for an invitation.
    pub user_id: Option<i64>,
    pub created_at: i64,
    pub tries: i32,
    pub next_try_at: i64,
    /// The end of the lease of the server that sends the mail; 0 when no server has a lease.
    pub leased_until: i64,
    pub sent_at: Option<i64>,
    /// The reason for which the mail server refused the mail for good; `None` when it did not.
    pub refused: Option<String>,
    /// The new address of the user, which the mail asks to confirm; `None` for mails that are not
    /// about a change of address.
    pub new_email: Option<String>,
    /// The old address, for the mail that warns of the change to `new_email`; `None` for other
    /// mails.
    pub warned_email: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
