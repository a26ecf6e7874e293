//! Passwords: forgotten, changed, reset. After NIST SP 800-63B: a length, a list of the commonest,
//! and no rules of composition.

use alta_domain::{AuditAction, Email, ErrorCode};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::access::Access;
use crate::entity::{membership, password_reset, session, user};
use crate::error::Result;
use crate::secret::{hash_password, token_hash, verify_password};
use crate::{Store, audit, emails, mail, now, passkeys, sessions};

/// How long a link for a new password is valid, in milliseconds: an hour.
pub const VALID_FOR: i64 = 60 * 60 * 1000;

/// Queues a mail with a link for a new password; an address that nobody has answers alike.
///
/// # Errors
/// When the database fails.
pub async fn forgot(store: &Store, email: &str) -> Result<()> {
    let Some(email) = Email::parse(email) else {
        return Ok(());
    };
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(store.read())
        .await?;
    let Some(user) = found else { return Ok(()) };
    let active = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(membership::Column::Active.eq(true));
    if active.one(store.read()).await?.is_some() {
        mail::queue_reset(store, user.id).await?;
    }
    Ok(())
}

/// Sets the password of the user whose link this is, removes their passkeys, ends all their
/// sessions, and opens one; answers with its token.
///
/// # Errors
/// [`ErrorCode::BadLink`] for a link that was used, replaced, or is too old; what is wrong with the
/// password.
pub async fn reset(store: &Store, token: &str, password: String) -> Result<String> {
    let valid = password_reset::Entity::find_by_id(token_hash(token))
        .filter(password_reset::Column::ExpiresAt.gt(now()));
    let row = valid.one(store.read()).await?.ok_or(ErrorCode::BadLink)?;
    let user = user::Entity::find_by_id(row.user_id)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let member = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(membership::Column::Active.eq(true));
    let member = member.one(store.read()).await?.ok_or(ErrorCode::BadLink)?;
    let hash = hash_password(fit(password, &[&user.name, &user.email])?).await?;
    let transaction = store.begin().await?;
    // Of two requests with one link one gets past this line.
    let spent = password_reset::Entity::delete_by_id(token_hash(token))
        .exec(&transaction)
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    set_hash(&transaction, user.id, hash).await?;
    // Whoever knew the password before may have made one.
    passkeys::forget(&transaction, user.id).await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    if let Some(access) = sessions::of_member(store, member.organization_id, user.id).await? {
        audit::record(&transaction, &access, AuditAction::PasswordChanged, "").await?;
    }
    transaction.commit().await?;
    sessions::open(store, user.id, member.organization_id).await
}

/// Changes the own password, and ends the other sessions.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong old one; what is wrong with the new one.
pub async fn change(
    store: &Store,
    access: &Access,
    token: &str,
    old: String,
    new: String,
) -> Result<()> {
    let user = user::Entity::find_by_id(access.user.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    if !verify_password(old, Some(user.password_hash)).await {
        return Err(ErrorCode::BadCredentials.into());
    }
    let hash = hash_password(fit(
        new,
        &[&user.name, &user.email, &access.me.organization],
    )?)
    .await?;
    let transaction = store.begin().await?;
    set_hash(&transaction, user.id, hash).await?;
    audit::record(&transaction, access, AuditAction::PasswordChanged, "").await?;
    sessions::end_all_but(&transaction, access, token).await?;
    transaction.commit().await?;
    Ok(())
}

/// Sets a new password, removes the passkeys and ends the sessions, from the command line of the
/// server.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address; what is wrong with the password.
pub async fn set(store: &Store, email: &str, password: String) -> Result<()> {
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let hash = hash_password(fit(password, &[&user.name, &user.email])?).await?;
    let transaction = store.begin().await?;
    set_hash(&transaction, user.id, hash).await?;
    passkeys::forget(&transaction, user.id).await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Links that were made under the old one, for a new password or a new address, are not valid under
/// the new one.
async fn set_hash(connection: &impl ConnectionTrait, user: i64, hash: String) -> Result<()> {
    let change =
        user::Entity::update_many().col_expr(user::Column::PasswordHash, Expr::value(hash));
    change
        .filter(user::Column::Id.eq(user))
        .exec(connection)
        .await?;
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    emails::forget(connection, user).await
}

/// Makes a link for a new password in place of those before; answers with its token.
pub(crate) async fn new_link(store: &Store, user: i64) -> Result<String> {
    let (token, hash) = crate::secret::new_token();
    let transaction = store.begin().await?;
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user))
        .exec(&transaction)
        .await?;
    let row = password_reset::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user),
        expires_at: Set(now() + VALID_FOR),
    };
    password_reset::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// The password, unless many people use it or it is what everybody knows of its owner.
///
/// # Errors
/// [`ErrorCode::CommonPassword`].
pub(crate) fn fit(password: String, known: &[&str]) -> Result<String> {
    let lower = password.to_lowercase();
    let is_own = known.iter().any(|known| {
        let known = known.to_lowercase();
        lower == known || lower == known.replace(' ', "") || known.split('@').next() == Some(&lower)
    });
    if is_own
        || COMMON.lines().any(|common| common == lower)
        || zxcvbn::zxcvbn(&password, known).guesses() < GUESSES
    {
        return Err(ErrorCode::CommonPassword.into());
    }
    Ok(password)
}

/// Guesses that a password must outlast, as zxcvbn counts them: those it takes to go through the
/// published lists, with the turns that everybody knows.
const GUESSES: u64 = 1_000_000;

/// What stands at the top of every published list, and its like in Spanish and Portuguese, which
/// zxcvbn does not know.
const COMMON: &str = include_str!("../data/common_passwords.txt");

#[cfg(test)]
mod tests {
    use super::fit;
    use alta_domain::ErrorCode;

    #[test]
    fn what_everybody_would_try_first_is_refused_whatever_its_case() {
        for bad in [
            "Password1",
            "12345678",
            "QWERTYUIOP",
            "contraseña",
            "senha123",
            "anasilva",
            "ana.silva",
            "Ana Silva",
        ] {
            let refused = fit(bad.to_owned(), &["Ana Silva", "ana.silva@example.com"]).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::CommonPassword, "{bad}");
        }
        assert!(fit("primeros pasos".to_owned(), &["Ana Silva"]).is_ok());
    }
}
