//! Server functions of the user's own account: password, e-mail address, second factor, sessions.

use alta_domain::{OpenSession, SecondFactor};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Postcard;

use super::AppError;

/// Changes the user's password, and ends the user's other sessions.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`; `InvalidPassword` or `CommonPassword` for the new password.
#[server(prefix = "/api", endpoint = "account/change_password", output = Postcard)]
pub async fn change_password(old: String, new: String) -> Result<(), AppError> {
    use super::caller::{account, caller, redirect_forms, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let (store, token) = (store(), caller().token.unwrap_or_default());
    let change = alta_store::account::passwords::change(&store, &account, &token, old, new);
    own(Purpose::OwnPassword, &account.me().email, change).await?;
    redirect_forms("/account?done=password");
    Ok(())
}

/// Sends a link to a new e-mail address. The account's address changes when the link is opened.
///
/// # Errors
/// `NoMail` when the server sends no mail; `BadCredentials`, `TooManyTries`, `TooManyChanges`,
/// `InvalidEmail`.
#[server(prefix = "/api", endpoint = "account/change_email", output = Postcard)]
pub async fn change_email(email: String, password: String) -> Result<(), AppError> {
    use super::caller::{Settings, account, redirect_forms, store};
    use super::failures::Purpose;
    use super::limit::own;
    if !expect_context::<Settings>().sends_mail {
        return Err(alta_store::StoreError::from(alta_domain::ErrorCode::NoMail).into());
    }
    let account = account()?;
    let store = store();
    let request = alta_store::account::emails::request_change(&store, &account, &email, password);
    own(Purpose::OwnPassword, &account.me().email, request).await?;
    redirect_forms("/account?done=email");
    Ok(())
}

/// Lists the open sessions of the user, the most recently used first.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "account/sessions", input = Postcard, output = Postcard)]
pub async fn open_sessions() -> Result<Vec<OpenSession>, AppError> {
    use super::caller::{account, caller, store};
    Ok(alta_store::account::sessions::list(
        &store(),
        &account()?,
        &caller().token.unwrap_or_default(),
    )
    .await?)
}

/// Ends one session of the user.
///
/// # Errors
/// `NotFound` when the session is not the user's.
#[server(prefix = "/api", endpoint = "account/end_session", input = Postcard, output = Postcard)]
pub async fn end_session(id: String) -> Result<(), AppError> {
    use super::caller::{account, store};
    Ok(alta_store::account::sessions::end(&store(), &account()?, &id).await?)
}

/// Ends all sessions of the user except the present one.
///
/// # Errors
/// `SignedOut`.
#[server(
    prefix = "/api",
    endpoint = "account/end_other_sessions",
    input = Postcard,
    output = Postcard,
)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use super::caller::{account, caller, store};
    alta_store::account::sessions::end_others(
        &store(),
        &account()?,
        &caller().token.unwrap_or_default(),
    )
    .await?;
    Ok(())
}

/// Reads the state of the user's second factor.
///
/// # Errors
/// `SignedOut`.
#[server(
    name = ReadSecondFactor,
    prefix = "/api",
    endpoint = "account/second_factor",
    input = Postcard,
    output = Postcard,
)]
pub async fn second_factor() -> Result<SecondFactor, AppError> {
    use super::caller::{account, store};
    Ok(alta_store::account::second_factor::state(&store(), &account()?).await?)
}

/// The secret for an authenticator app, as text and as a QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSecret {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The dark squares of the QR code, as the path of an SVG.
    pub squares: String,
    /// The side of the QR code in squares, including the white border.
    pub side: u32,
}

/// Makes a secret for an authenticator app. The secret takes effect when a first code is confirmed.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`; `NameTaken` when a second factor is on already.
#[server(
    prefix = "/api",
    endpoint = "account/begin_second_factor",
    input = Postcard,
    output = Postcard,
)]
pub async fn begin_second_factor(password: String) -> Result<AppSecret, AppError> {
    use super::caller::{account, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let store = store();
    let begin = alta_store::account::second_factor::begin(&store, &account, password);
    let enrolment = own(Purpose::OwnPassword, &account.me().email, begin).await?;
    let (squares, side) = super::qr::path(&enrolment.link)
        .ok_or_else(|| alta_store::StoreError::Broken("the link has no QR code".to_owned()))?;
    Ok(AppSecret {
        secret: enrolment.secret,
        squares,
        side,
    })
}

/// Turns the second factor on when the first code is right; returns the recovery codes.
///
/// # Errors
/// `BadCode`, `TooManyTries`.
#[server(
    prefix = "/api",
    endpoint = "account/confirm_second_factor",
    input = Postcard,
    output = Postcard,
)]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, AppError> {
    use super::caller::{account, caller, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let (store, token) = (store(), caller().token.unwrap_or_default());
    let confirm = alta_store::account::second_factor::confirm(&store, &account, &token, &code);
    Ok(own(Purpose::FirstCode, &account.me().email, confirm).await?)
}

/// Replaces the recovery codes with new ones, and returns the new ones.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`.
#[server(
    prefix = "/api",
    endpoint = "account/new_recovery_codes",
    input = Postcard,
    output = Postcard,
)]
pub async fn new_recovery_codes(password: String) -> Result<Vec<String>, AppError> {
    use super::caller::{account, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let store = store();
    let new_codes = alta_store::account::second_factor::new_codes(&store, &account, password);
    Ok(own(Purpose::OwnPassword, &account.me().email, new_codes).await?)
}

/// Turns the second factor off.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`.
#[server(
    prefix = "/api",
    endpoint = "account/turn_off_second_factor",
    input = Postcard,
    output = Postcard,
)]
pub async fn turn_off_second_factor(password: String) -> Result<(), AppError> {
    use super::caller::{account, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let store = store();
    let turn_off = alta_store::account::second_factor::turn_off(&store, &account, password);
    Ok(own(Purpose::OwnPassword, &account.me().email, turn_off).await?)
}
