//! Passwords: forgotten, reset, changed.

use alta_domain::{AuditAction, Email, ErrorCode, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use super::links::delete_password_links;
use super::lookup::{active_membership, existing_user, known_words, member_access, user_of};
use super::rules::checked_password;
use super::{emails, mail, passkeys, sessions};
use crate::access::Account;
use crate::entity::{password_reset, user};
use crate::error::Result;
use crate::secret::{hash_password, token_hash, verify_password};
use crate::{Store, audit, now};

/// Queues a mail with a link for a new password. An address without an account gives the same
/// answer.
///
/// # Errors
/// When the database fails.
pub async fn forgot(store: &Store, email: &str) -> Result<()> {
    let Some(email) = Email::parse(email) else {
        return Ok(());
    };
    let Some(user) = user_of(store.read(), email.as_str()).await? else {
        return Ok(());
    };
    if active_membership(store, user.id).await?.is_some() {
        mail::queue_reset(store, UserId(user.id)).await?;
    }
    Ok(())
}

/// Sets the password of the user whose link this is, removes their passkeys, ends all their
/// sessions, and opens a new one; returns its token.
///
/// # Errors
/// [`ErrorCode::BadLink`] for a link that was used, replaced, or is too old; those of the rules for
/// passwords.
pub async fn reset(store: &Store, token: &str, password: String) -> Result<String> {
    let valid = password_reset::Entity::find_by_id(token_hash(token))
        .filter(password_reset::Column::ExpiresAt.gt(now()));
    let row = valid.one(store.read()).await?.ok_or(ErrorCode::BadLink)?;
    let user = user::Entity::find_by_id(row.user_id)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let member = active_membership(store, user.id)
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let password = checked(store, &user, password).await?;
    let hash = hash_password(password).await?;
    let transaction = store.begin().await?;
    // Of two requests with one link only one deletes its row.
    let spent = password_reset::Entity::delete_by_id(token_hash(token))
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    replace(&transaction, user.id, hash).await?;
    if let Some(account) = member_access(store, member).await? {
        audit::record(&transaction, &account, AuditAction::PasswordChanged, "").await?;
    }
    transaction.commit().await?;
    sessions::open(store, member).await
}

/// Returns a new password of a user, unless it is easy to guess.
async fn checked(store: &Store, user: &user::Model, password: String) -> Result<String> {
    let known = known_words(store, user).await?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    checked_password(password, &known)
}

/// Returns a number that changes with the password of the account of this address; `None` when no
/// account has the address. Failed sign-ins are counted under this number, so that they count only
/// for the password that was guessed at.
///
/// # Errors
/// When the database fails.
pub async fn version(store: &Store, email: &Email) -> Result<Option<u64>> {
    let user = user_of(store.read(), email.as_str()).await?;
    Ok(user.map(|user| {
        let digest = Sha256::digest(user.password_hash);
        let first = digest.first_chunk().copied().unwrap_or_default();
        u64::from_be_bytes(first)
    }))
}

/// Changes the password of the user, and ends their other sessions. `token` is that of the session
/// that asks.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong old password; those of the rules for passwords.
pub async fn change(
    store: &Store,
    account: &Account,
    token: &str,
    old: String,
    new: String,
) -> Result<()> {
    let user = user::Entity::find_by_id(account.user.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    if !verify_password(old, Some(user.password_hash.clone())).await {
        return Err(ErrorCode::BadCredentials.into());
    }
    let hash = hash_password(checked(store, &user, new).await?).await?;
    let transaction = store.begin().await?;
    set_hash(&transaction, user.id, hash).await?;
    audit::record(&transaction, account, AuditAction::PasswordChanged, "").await?;
    sessions::end_all_but(&transaction, account, token).await?;
    transaction.commit().await?;
    Ok(())
}

/// Sets a new password, removes the passkeys and ends the sessions, from the command line of the
/// server.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address; those of the rules for passwords.
pub async fn set(store: &Store, email: &str, password: String) -> Result<()> {
    let user = existing_user(store, email).await?;
    let password = checked(store, &user, password).await?;
    let hash = hash_password(password).await?;
    let transaction = store.begin().await?;
    replace(&transaction, user.id, hash).await?;
    transaction.commit().await?;
    Ok(())
}

/// Replaces the password of a user, and removes the passkeys and the sessions, which somebody who
/// knew the old password may have made.
async fn replace(transaction: &DatabaseTransaction, user: i64, hash: String) -> Result<()> {
    set_hash(transaction, user, hash).await?;
    passkeys::remove_all(transaction, user).await?;
    sessions::end_all(transaction, user).await
}

/// Stores the hash of a new password. Links for a new password or a new address that were made
/// under the old one are deleted.
async fn set_hash(transaction: &DatabaseTransaction, user: i64, hash: String) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(user))
        .exec(transaction)
        .await?;
    delete_password_links(transaction, user).await?;
    emails::cancel_change(transaction, user).await
}
