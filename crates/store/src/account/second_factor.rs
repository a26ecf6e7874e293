//! The second factor of a sign-in: codes of an authenticator app, and recovery codes. The app's
//! codes are TOTP (RFC 6238) with SHA-1, six digits and 30 seconds, which every such app supports.

use alta_domain::{AuditAction, Enrolment, ErrorCode, SecondFactor};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use totp_rs::{Builder, Secret, Totp};

use super::lookup::{check_own_password, existing_user, has_second_factor};
use super::{emails, passkeys, sessions};
use crate::access::Account;
use crate::entity::{organization, recovery_code, second_factor};
use crate::error::{Result, StoreError};
use crate::secret::token_hash;
use crate::vault::second_factor_purpose;
use crate::{Store, audit, now};

/// Recovery codes that are made at once.
const RECOVERY_CODES: usize = 10;
/// Bytes of a secret (RFC 4226, 4: 160 bits).
const SECRET: usize = 20;
/// Wrong codes in a row after which a user is blocked.
const MOST_FAILURES: i32 = 10;
/// Milliseconds from the last wrong code until a blocked user may try again: 15 minutes.
const BLOCKED_FOR: i64 = 15 * 60 * 1000;
/// The letters of recovery codes: none is easily read as another. There are 32 of them, so that
/// each is as likely as the others in a random byte's remainder.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Reads the state of the user's second factor.
///
/// # Errors
/// When the database fails.
pub async fn state(store: &Store, account: &Account) -> Result<SecondFactor> {
    let row = second_factor::Entity::find_by_id(account.user.0)
        .one(store.read())
        .await?;
    let codes = recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(account.user.0))
        .count(store.read())
        .await?;
    let organization = organization::Entity::find_by_id(account.organization.0)
        .one(store.read())
        .await?;
    Ok(SecondFactor {
        since: row.and_then(|row| row.since),
        codes: u32::try_from(codes).unwrap_or(u32::MAX),
        required: account.is_admin()
            && organization.is_some_and(|organization| organization.requires_second_factor),
    })
}

/// Makes a secret for an authenticator app. Sign-in asks for its codes from [`confirm`] on.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::NameTaken`] when the second
/// factor is on already.
pub async fn begin(store: &Store, account: &Account, password: String) -> Result<Enrolment> {
    check_own_password(store, account, password).await?;
    let secret: [u8; SECRET] = rand::random();
    let row = second_factor::ActiveModel {
        user_id: Set(account.user.0),
        secret: Set(store
            .vault
            .seal(&second_factor_purpose(account.user.0), &secret)?),
        since: Set(None),
        last_step: Set(0),
        failures: Set(0),
        failed_at: Set(0),
    };
    let mut again = OnConflict::column(second_factor::Column::UserId);
    again.update_columns([
        second_factor::Column::Secret,
        second_factor::Column::LastStep,
        second_factor::Column::Failures,
    ]);
    again.action_and_where(
        Expr::col((second_factor::Entity, second_factor::Column::Since)).is_null(),
    );
    if second_factor::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(store.write())
        .await?
        == 0
    {
        return Err(ErrorCode::NameTaken.into());
    }
    let app = totp(&secret, Some(&account.me.email))?;
    let link = app
        .to_url()
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(Enrolment {
        secret: app.secret().to_base32(),
        link,
    })
}

/// Turns the second factor on with a first code, ends the other sessions, and returns the recovery
/// codes. They can't be read again.
///
/// # Errors
/// [`ErrorCode::BadCode`].
pub async fn confirm(
    store: &Store,
    account: &Account,
    token: &str,
    code: &str,
) -> Result<Vec<String>> {
    let user = account.user.0;
    let row = second_factor::Entity::find_by_id(user)
        .filter(second_factor::Column::Since.is_null())
        .one(store.write())
        .await?;
    let row = row.ok_or(ErrorCode::BadCode)?;
    if !accept_app_code(store, &row, code).await? {
        return Err(ErrorCode::BadCode.into());
    }
    let transaction = store.begin().await?;
    // Of two screens that set it up only one gets past this line: the one whose secret is stored.
    let on = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::Since, Expr::value(now()))
        .filter(second_factor::Column::UserId.eq(user))
        .filter(second_factor::Column::Since.is_null())
        .filter(second_factor::Column::Secret.eq(row.secret))
        .exec(&transaction)
        .await?;
    if on.rows_affected == 0 {
        return Err(ErrorCode::BadCode.into());
    }
    let codes = renew_codes(&transaction, user).await?;
    sessions::end_all_but(&transaction, account, token).await?;
    audit::record(&transaction, account, AuditAction::SecondFactorOn, "").await?;
    transaction.commit().await?;
    Ok(codes)
}

/// Makes new recovery codes in place of the old ones, and returns them.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::NotFound`] when no second
/// factor is on.
pub async fn new_codes(store: &Store, account: &Account, password: String) -> Result<Vec<String>> {
    check_own_password(store, account, password).await?;
    if !has_second_factor(store.read(), account.user).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let transaction = store.begin().await?;
    let codes = renew_codes(&transaction, account.user.0).await?;
    audit::record(&transaction, account, AuditAction::RecoveryCodesRenewed, "").await?;
    transaction.commit().await?;
    Ok(codes)
}

/// Turns the second factor of the user off.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn turn_off(store: &Store, account: &Account, password: String) -> Result<()> {
    check_own_password(store, account, password).await?;
    let transaction = store.begin().await?;
    delete(&transaction, account.user.0).await?;
    audit::record(&transaction, account, AuditAction::SecondFactorOff, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Turns the second factor of a user off, removes their passkeys and ends their sessions, from the
/// command line of the server: for one who has lost phone and codes.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address.
pub async fn reset(store: &Store, email: &str) -> Result<()> {
    let user = existing_user(store, email).await?;
    let transaction = store.begin().await?;
    delete(&transaction, user.id).await?;
    passkeys::remove_all(&transaction, user.id).await?;
    emails::cancel_change(&transaction, user.id).await?;
    sessions::end_all(&transaction, user.id).await?;
    transaction.commit().await?;
    Ok(())
}

/// Checks the code that a session waits for, of the app or for recovery, and opens a new session in
/// its place; returns the token of the new one.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when no such session waits; [`ErrorCode::BadCode`];
/// [`ErrorCode::TooManyTries`] after ten wrong ones, for 15 minutes.
pub async fn enter_code(store: &Store, token: &str, code: &str) -> Result<String> {
    let member = sessions::member_awaiting_code(store, token)
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    let row = second_factor::Entity::find_by_id(member.user.0)
        .one(store.write())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    count_failure(store, row.user_id).await?;
    let accepted = accept_recovery_code(store, row.user_id, code).await?
        || accept_app_code(store, &row, code).await?;
    if !accepted {
        return Err(ErrorCode::BadCode.into());
    }
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::Failures, Expr::value(0))
        .filter(second_factor::Column::UserId.eq(row.user_id))
        .exec(store.write())
        .await?;
    sessions::sign_out(store, token).await?;
    sessions::open_with_factor(store, member).await
}

/// Counts a try of a code as a failure before the code is checked; the caller takes the count back
/// when the code is right. So of many tries at the same moment at most ten are checked.
///
/// # Errors
/// [`ErrorCode::TooManyTries`] after ten wrong ones, for 15 minutes.
async fn count_failure(store: &Store, user: i64) -> Result<()> {
    let one_more = Expr::col(second_factor::Column::Failures).add(1);
    let is_let_in = Condition::any()
        .add(second_factor::Column::Failures.lt(MOST_FAILURES))
        .add(second_factor::Column::FailedAt.lte(now() - BLOCKED_FOR));
    let counted = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::Failures, one_more)
        .col_expr(second_factor::Column::FailedAt, Expr::value(now()))
        .filter(second_factor::Column::UserId.eq(user))
        .filter(is_let_in)
        .exec(store.write())
        .await?;
    if counted.rows_affected == 0 {
        return Err(ErrorCode::TooManyTries.into());
    }
    Ok(())
}

/// Uses up a code of the app; returns true when it is right and was not used before. Of two
/// requests with one code only one passes.
async fn accept_app_code(store: &Store, row: &second_factor::Model, code: &str) -> Result<bool> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 {
        return Ok(false);
    }
    let purpose = second_factor_purpose(row.user_id);
    let secret = store.vault.open(&purpose, &row.secret)?;
    let seconds = u64::try_from(now() / 1000).unwrap_or(0);
    let Some(step) = totp(&secret, None)?.check(&digits, seconds) else {
        return Ok(false);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let used = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::UserId.eq(row.user_id))
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(store.write())
        .await?;
    Ok(used.rows_affected > 0)
}

/// Uses up a recovery code; returns true when the user has it.
async fn accept_recovery_code(store: &Store, user: i64, code: &str) -> Result<bool> {
    let spent = recovery_code::Entity::delete_by_id(code_hash(user, code))
        .filter(recovery_code::Column::UserId.eq(user));
    Ok(spent.exec(store.write()).await?.rows_affected > 0)
}

/// Makes the recovery codes of a user in place of the old ones, and returns them.
async fn renew_codes(transaction: &DatabaseTransaction, user: i64) -> Result<Vec<String>> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(transaction)
        .await?;
    let codes: Vec<String> = std::iter::repeat_with(new_code)
        .take(RECOVERY_CODES)
        .collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        code_hash: Set(code_hash(user, code)),
        user_id: Set(user),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    Ok(codes)
}

/// Makes a recovery code of 60 random bits, in groups for people to copy: `abcd-efgh-jkmn`.
fn new_code() -> String {
    let bytes: [u8; 12] = rand::random();
    let letters: Vec<char> = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    letters
        .chunks(4)
        .map(|part| part.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// Hashes a recovery code, whatever its case and its hyphens.
fn code_hash(user: i64, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    token_hash(&format!("{user}:{}", plain.to_lowercase()))
}

/// Deletes the second factor of a user, with its recovery codes.
async fn delete(transaction: &DatabaseTransaction, user: i64) -> Result<()> {
    second_factor::Entity::delete_by_id(user)
        .exec(transaction)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Makes the generator of an app's codes from its secret. `account` is the name that the app shows.
fn totp(secret: &[u8], account: Option<&str>) -> Result<Totp> {
    let builder = Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some("Alta"));
    // In the app's link a colon separates issuer and account.
    let account = account.unwrap_or("account").replace(':', " ");
    builder
        .with_account_name(account)
        .build()
        .map_err(|error| StoreError::Broken(error.to_string()))
}

/// Returns the code of an app with this secret, `steps_later` steps of 30 seconds from now.
///
/// # Errors
/// When the secret is not base32.
#[cfg(feature = "testing")]
pub fn code_of(secret: &str, steps_later: u64) -> Result<String> {
    let secret =
        Secret::try_from_base32(secret).map_err(|error| StoreError::Broken(error.to_string()))?;
    let seconds = u64::try_from(now() / 1000).unwrap_or(0) + steps_later * 30;
    Ok(totp(secret.as_bytes(), None)?.generate(seconds).to_string())
}
