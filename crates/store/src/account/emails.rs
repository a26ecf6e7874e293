//! Changes of e-mail addresses: a new address holds once the link that is sent to it was followed.

use alta_domain::{AuditAction, Email, ErrorCode, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::links::{delete_email_links, delete_password_links};
use super::lookup::{MemberId, check_own_password, member_access};
use super::mail;
use crate::access::Account;
use crate::entity::{email_change, membership, user};
use crate::error::{Result, StoreError};
use crate::secret::token_hash;
use crate::{Store, audit, now};

/// Queues a mail to the new address, and one that warns the old address. The old address holds
/// until the link in the first mail is followed. A new address that another account has is refused
/// only then: an answer before would tell strangers who has an account.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::InvalidEmail`];
/// [`ErrorCode::TooManyChanges`] when the account has asked for too many within an hour.
pub async fn request_change(
    store: &Store,
    account: &Account,
    email: &str,
    password: String,
) -> Result<()> {
    check_own_password(store, account, password).await?;
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    mail::queue_email_change(store, account.user, &account.me.email, email.as_str()).await
}

/// Cancels the change that a user has asked for, with the links and the mails: whoever asked for it
/// may not be the owner of the account.
pub(super) async fn cancel_change(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    delete_email_links(connection, user).await?;
    mail::cancel_of_user(connection, user).await
}

/// Changes the address of the user whose link this is; returns the new address.
///
/// # Errors
/// [`ErrorCode::BadLink`]; [`ErrorCode::NameTaken`] when somebody has the address.
pub async fn confirm(store: &Store, token: &str) -> Result<String> {
    let valid = email_change::Entity::find_by_id(token_hash(token))
        .filter(email_change::Column::ExpiresAt.gt(now()));
    let row = valid.one(store.read()).await?.ok_or(ErrorCode::BadLink)?;
    let transaction = store.begin().await?;
    // Of two requests with one link only one deletes its row.
    let spent = email_change::Entity::delete_by_id(&row.token_hash)
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value(row.email.clone()))
        .filter(user::Column::Id.eq(row.user_id))
        .exec(&transaction)
        .await
        .map_err(|error| StoreError::on_taken(error, ErrorCode::NameTaken))?;
    // A link for a new password may be in a mailbox that is not the user's any more.
    delete_password_links(&transaction, row.user_id).await?;
    mail::cancel_of_user(&transaction, row.user_id).await?;
    record_everywhere(store, &transaction, UserId(row.user_id), &row.email).await?;
    transaction.commit().await?;
    Ok(row.email)
}

/// Writes the change into the audit log of every organization that the user is in.
async fn record_everywhere(
    store: &Store,
    transaction: &DatabaseTransaction,
    user: UserId,
    email: &str,
) -> Result<()> {
    let memberships = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.0))
        .all(transaction)
        .await?;
    for membership in &memberships {
        if let Some(account) = member_access(store, MemberId::from(membership)).await? {
            audit::record(transaction, &account, AuditAction::EmailChanged, email).await?;
        }
    }
    Ok(())
}
