//! The links that go out by mail. A link carries a token; the database holds only its hash.

use alta_domain::InvitationId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::{email_change, invitation, password_reset};
use crate::error::Result;
use crate::secret::new_token;
use crate::{HOUR, Store, now};

/// Milliseconds that an invitation is valid: 7 days.
pub(super) const INVITATION_VALID: i64 = 7 * 24 * 60 * 60 * 1000;
/// Milliseconds that a link for a new e-mail address is valid: a day.
pub(super) const EMAIL_CHANGE_VALID: i64 = 24 * 60 * 60 * 1000;
/// Milliseconds that a link for a new password is valid: an hour.
pub(super) const PASSWORD_RESET_VALID: i64 = HOUR;

/// Makes the link of an invitation in place of the one before; returns its token.
pub(super) async fn new_invitation_link(
    connection: &impl ConnectionTrait,
    id: InvitationId,
) -> Result<String> {
    let (token, hash) = new_token();
    invitation::Entity::update_many()
        .col_expr(invitation::Column::TokenHash, Expr::value(hash))
        .filter(invitation::Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    Ok(token)
}

/// Makes the link that confirms a new e-mail address, in place of those before; returns its token.
pub(super) async fn new_email_link(store: &Store, user: i64, email: &str) -> Result<String> {
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    delete_email_links(&transaction, user).await?;
    let row = email_change::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        email: Set(email.to_owned()),
        expires_at: Set(now() + EMAIL_CHANGE_VALID),
    };
    email_change::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Makes the link for a new password, in place of those before; returns its token.
pub(super) async fn new_password_link(store: &Store, user: i64) -> Result<String> {
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    delete_password_links(&transaction, user).await?;
    let row = password_reset::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        expires_at: Set(now() + PASSWORD_RESET_VALID),
    };
    password_reset::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Deletes the links of a user that confirm a new e-mail address.
pub(super) async fn delete_email_links(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    email_change::Entity::delete_many()
        .filter(email_change::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

/// Deletes the links of a user for a new password.
pub(super) async fn delete_password_links(
    connection: &impl ConnectionTrait,
    user: i64,
) -> Result<()> {
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}
