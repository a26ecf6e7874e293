//! A second factor at sign-in: codes of an app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, what
//! every such app knows), and recovery codes.

use alta_domain::{AuditAction, Email, Enrolment, ErrorCode, SecondFactor};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use totp_rs::{Builder, Secret, Totp};

use crate::access::Access;
use crate::entity::{organization, recovery_code, second_factor, session, user};
use crate::error::{Result, StoreError};
use crate::secret::{token_hash, verify_password};
use crate::{Store, audit, emails, now, passkeys, sessions};

/// Recovery codes made at once.
const CODES: usize = 10;
/// Bytes of a secret (RFC 4226, 4: 160 bits).
const SECRET: usize = 20;
/// Wrong codes in a row after which one has to wait, and how long after the last one, in
/// milliseconds: 15 minutes.
const FAILURES: i32 = 10;
const BLOCKED_FOR: i64 = 15 * 60 * 1000;
/// Letters of recovery codes: none that is taken for another. 32 of them, so that a byte's
/// remainder favours none.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// What the secret of a user is sealed for.
pub(crate) fn purpose(user: i64) -> String {
    format!("second factor of user {user}")
}

/// Whether a user signs in with a second factor.
pub(crate) async fn is_on(connection: &impl ConnectionTrait, user: i64) -> Result<bool> {
    let on =
        second_factor::Entity::find_by_id(user).filter(second_factor::Column::Since.is_not_null());
    Ok(on.count(connection).await? > 0)
}

/// How it stands with one's own.
///
/// # Errors
/// When the database fails.
pub async fn state(store: &Store, access: &Access) -> Result<SecondFactor> {
    let row = second_factor::Entity::find_by_id(access.user.0)
        .one(store.read())
        .await?;
    let codes = recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(access.user.0))
        .count(store.read())
        .await?;
    let organization = organization::Entity::find_by_id(access.organization.0)
        .one(store.read())
        .await?;
    Ok(SecondFactor {
        since: row.and_then(|row| row.since),
        codes: u32::try_from(codes).unwrap_or(u32::MAX),
        required: access.is_admin()
            && organization.is_some_and(|organization| organization.requires_second_factor),
    })
}

/// Makes a secret for an app; it counts from [`confirm`] on.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::NameTaken`] when one is on
/// already.
pub async fn begin(store: &Store, access: &Access, password: String) -> Result<Enrolment> {
    own_password(store, access, password).await?;
    let secret: [u8; SECRET] = rand::random();
    let row = second_factor::ActiveModel {
        user_id: Set(access.user.0),
        secret: Set(store.vault.seal(&purpose(access.user.0), &secret)?),
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
    let app = app_of(&secret, Some(&access.me.email))?;
    let link = app
        .to_url()
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(Enrolment {
        secret: app.secret().to_base32(),
        link,
    })
}

/// Turns the factor on with a first code, ends the other sessions, and answers with the recovery
/// codes: nobody sees them again.
///
/// # Errors
/// [`ErrorCode::BadCode`].
pub async fn confirm(
    store: &Store,
    access: &Access,
    token: &str,
    code: &str,
) -> Result<Vec<String>> {
    let user = access.user.0;
    let row = second_factor::Entity::find_by_id(user)
        .filter(second_factor::Column::Since.is_null())
        .one(store.write())
        .await?;
    let row = row.ok_or(ErrorCode::BadCode)?;
    if !passes(store, &row, code).await? {
        return Err(ErrorCode::BadCode.into());
    }
    let transaction = store.begin().await?;
    // Of two screens that set it up one gets past this line, with the secret that its code was of.
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
    sessions::end_all_but(&transaction, access, token).await?;
    audit::record(&transaction, access, AuditAction::SecondFactorOn, "").await?;
    transaction.commit().await?;
    Ok(codes)
}

/// New recovery codes in place of those there were.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password; [`ErrorCode::NotFound`] when no factor is
/// on.
pub async fn new_codes(store: &Store, access: &Access, password: String) -> Result<Vec<String>> {
    own_password(store, access, password).await?;
    if !is_on(store.read(), access.user.0).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let transaction = store.begin().await?;
    let codes = renew_codes(&transaction, access.user.0).await?;
    audit::record(&transaction, access, AuditAction::RecoveryCodesRenewed, "").await?;
    transaction.commit().await?;
    Ok(codes)
}

/// Turns the own factor off.
///
/// # Errors
/// [`ErrorCode::BadCredentials`] for a wrong password.
pub async fn turn_off(store: &Store, access: &Access, password: String) -> Result<()> {
    own_password(store, access, password).await?;
    let transaction = store.begin().await?;
    forget(&transaction, access.user.0).await?;
    audit::record(&transaction, access, AuditAction::SecondFactorOff, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// Turns somebody's factor off and forgets their passkeys, from the command line of the server:
/// their phone and their codes are lost.
///
/// # Errors
/// [`ErrorCode::NotFound`] for an unknown address.
pub async fn reset(store: &Store, email: &str) -> Result<()> {
    let email = Email::parse(email).ok_or(ErrorCode::InvalidEmail)?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    forget(&transaction, user.id).await?;
    passkeys::forget(&transaction, user.id).await?;
    emails::forget(&transaction, user.id).await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes the code that a session waits for, of the app or for recovery, and opens a session in its
/// place; answers with its token.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when no such session waits; [`ErrorCode::BadCode`];
/// [`ErrorCode::TooManyTries`] after ten wrong ones, for 15 minutes.
pub async fn pass(store: &Store, token: &str, code: &str) -> Result<String> {
    let waiting = sessions::waiting(store, token)
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    let row = second_factor::Entity::find_by_id(waiting.user_id)
        .one(store.write())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    if row.failures >= FAILURES && row.failed_at + BLOCKED_FOR > now() {
        return Err(ErrorCode::TooManyTries.into());
    }
    if !recovers(store, row.user_id, code).await? && !passes(store, &row, code).await? {
        second_factor::Entity::update_many()
            .col_expr(
                second_factor::Column::Failures,
                Expr::col(second_factor::Column::Failures).add(1),
            )
            .col_expr(second_factor::Column::FailedAt, Expr::value(now()))
            .filter(second_factor::Column::UserId.eq(row.user_id))
            .exec(store.write())
            .await?;
        return Err(ErrorCode::BadCode.into());
    }
    let forgiven = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::Failures, Expr::value(0));
    forgiven
        .filter(second_factor::Column::UserId.eq(row.user_id))
        .exec(store.write())
        .await?;
    sessions::sign_out(store, token).await?;
    sessions::open_with_factor(store, waiting.user_id, waiting.organization_id).await
}

/// Whether a code of the app is right and was not used before: of two requests with one code one
/// passes.
async fn passes(store: &Store, row: &second_factor::Model, code: &str) -> Result<bool> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 {
        return Ok(false);
    }
    let secret = store.vault.open(&purpose(row.user_id), &row.secret)?;
    let Some(step) =
        app_of(&secret, None)?.check(&digits, u64::try_from(now() / 1000).unwrap_or(0))
    else {
        return Ok(false);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let used = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(
            Condition::all()
                .add(second_factor::Column::UserId.eq(row.user_id))
                .add(second_factor::Column::LastStep.lt(step)),
        )
        .exec(store.write())
        .await?;
    Ok(used.rows_affected > 0)
}

async fn recovers(store: &Store, user: i64, code: &str) -> Result<bool> {
    let spent = recovery_code::Entity::delete_by_id(code_hash(user, code))
        .filter(recovery_code::Column::UserId.eq(user));
    Ok(spent.exec(store.write()).await?.rows_affected > 0)
}

async fn renew_codes(connection: &impl ConnectionTrait, user: i64) -> Result<Vec<String>> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    let codes: Vec<String> = std::iter::repeat_with(new_code).take(CODES).collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        code_hash: Set(code_hash(user, code)),
        user_id: Set(user),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(codes)
}

/// 60 random bits, as people copy them: `abcd-efgh-jkmn`.
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

fn code_hash(user: i64, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    token_hash(&format!("{user}:{}", plain.to_lowercase()))
}

async fn forget(connection: &impl ConnectionTrait, user: i64) -> Result<()> {
    second_factor::Entity::delete_by_id(user)
        .exec(connection)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .exec(connection)
        .await?;
    Ok(())
}

/// Asks for the password again before what a stranger at an open screen must not do.
pub(crate) async fn own_password(store: &Store, access: &Access, password: String) -> Result<()> {
    let user = user::Entity::find_by_id(access.user.0)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::SignedOut)?;
    if verify_password(password, Some(user.password_hash)).await {
        Ok(())
    } else {
        Err(ErrorCode::BadCredentials.into())
    }
}

fn app_of(secret: &[u8], account: Option<&str>) -> Result<Totp> {
    let builder = Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some("Alta"));
    // A colon would part issuer and account.
    let account = account.unwrap_or("account").replace(':', " ");
    builder
        .with_account_name(account)
        .build()
        .map_err(|error| StoreError::Broken(error.to_string()))
}

/// The code of an app that was given this secret, as of now.
///
/// # Errors
/// When the secret is no base32.
#[cfg(feature = "testing")]
pub fn code_of(secret: &str, steps_later: u64) -> Result<String> {
    let secret =
        Secret::try_from_base32(secret).map_err(|error| StoreError::Broken(error.to_string()))?;
    let seconds = u64::try_from(now() / 1000).unwrap_or(0) + steps_later * 30;
    Ok(app_of(secret.as_bytes(), None)?
        .generate(seconds)
        .to_string())
}
