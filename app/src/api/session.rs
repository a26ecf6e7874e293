//! Server functions of sessions: set-up, sign-in, sign-out, and the links that mails carry.

#![cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "a server function is async")
)]

use alta_domain::{Language, Me};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Postcard;

use super::AppError;

/// Reads the user who is signed in; `None` when nobody is.
///
/// # Errors
/// Returns no error of its own.
#[server(prefix = "/api", endpoint = "current_user", input = Postcard, output = Postcard)]
pub async fn current_user() -> Result<Option<Me>, AppError> {
    Ok(super::caller::caller()
        .account
        .map(|account| account.me().clone()))
}

/// The ways to sign in without a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaysIn {
    /// The name of the company's accounts for single sign-on; `None` when single sign-on is not set
    /// up.
    pub single_sign_on: Option<String>,
    /// True when browsers make passkeys for the server's address.
    pub passkeys: bool,
}

/// Reads the ways to sign in without a password.
///
/// # Errors
/// Returns no error of its own.
#[server(
    name = ReadWaysIn,
    prefix = "/api",
    endpoint = "ways_in",
    input = Postcard,
    output = Postcard,
)]
pub async fn ways_in() -> Result<WaysIn, AppError> {
    let settings = expect_context::<super::caller::Settings>();
    Ok(WaysIn {
        single_sign_on: settings.single_sign_on,
        passkeys: settings.passkeys.is_some(),
    })
}

/// Signs in with a password and opens a session.
///
/// # Errors
/// `BadCredentials`; `TooManyTries` when very many tries for the address wait before this one.
#[server(prefix = "/api", endpoint = "sign_in", output = Postcard)]
pub async fn sign_in(email: String, password: String) -> Result<(), AppError> {
    use super::caller::{caller, redirect_forms, set_cookies, store};
    use alta_domain::AuditAction;
    use alta_store::account::sessions::{Arrival, check_password, enter};
    let (store, caller) = (store(), caller());
    let attempt = Box::pin(check_password(&store, &email, password));
    let checked = super::limit::sign_in(&email, attempt).await;
    if checked.is_err() {
        tracing::warn!(from = caller.address, "a sign-in was refused");
    }
    let arrival = Arrival {
        address: caller.address,
        browser: caller.browser,
        way: AuditAction::SignedIn,
        before: caller.token.as_deref(),
    };
    let (token, account) = enter(&store, checked?, arrival).await?;
    set_cookies(&store, &token, account.as_ref()).await?;
    redirect_forms("/");
    Ok(())
}

/// Signs out: ends the session.
///
/// # Errors
/// When the database fails.
#[server(prefix = "/api", endpoint = "sign_out", output = Postcard)]
pub async fn sign_out() -> Result<(), AppError> {
    use super::caller::{caller, redirect_forms, set_session, store};
    let caller = caller();
    if let Some(token) = caller.token {
        let store = store();
        alta_store::account::sessions::sign_out(&store, &token).await?;
        if let Some(account) = &caller.account {
            alta_store::account::sessions::record_closed(&store, account).await?;
        }
    }
    set_session(None);
    redirect_forms("/sign-in");
    Ok(())
}

/// Returns true when a set-up link is valid.
///
/// # Errors
/// When the database fails.
#[server(prefix = "/api", endpoint = "setup_link_valid", input = Postcard, output = Postcard)]
pub async fn setup_link_valid(token: String) -> Result<bool, AppError> {
    Ok(alta_store::account::setup::is_valid(&super::caller::store(), &token).await?)
}

/// Creates the organization and its first Admin, and signs them in.
///
/// # Errors
/// `BadSetupLink`, and the codes of fields that are invalid.
#[server(prefix = "/api", endpoint = "set_up", output = Postcard)]
pub async fn set_up(
    token: String,
    organization: String,
    country: String,
    language: String,
    name: String,
    email: String,
    password: String,
) -> Result<(), AppError> {
    use super::caller::{begin_session, redirect_forms, store};
    use alta_domain::{AuditAction, Country, NewOrganization};
    let language = Language::parse(&language).unwrap_or_default();
    let country = Country::parse(&country).unwrap_or(Country::BRAZIL);
    let new = NewOrganization {
        organization,
        country,
        language,
        name,
        email,
        password,
    };
    let store = store();
    let set_up = alta_store::account::setup::set_up(&store, &token, new);
    let session = super::limit::link(set_up).await?;
    begin_session(&store, &session, AuditAction::SignedIn).await?;
    redirect_forms("/onboarding/systems");
    Ok(())
}

/// Stores the chosen language in a cookie, and for the user who is signed in.
///
/// # Errors
/// When the database fails.
#[server(prefix = "/api", endpoint = "keep_language", input = Postcard, output = Postcard)]
pub async fn keep_language(language: Language) -> Result<(), AppError> {
    use super::caller::{caller, set_language, store};
    set_language(language);
    if let Some(account) = caller().account {
        alta_store::account::accounts::set_language(&store(), &account, language).await?;
    }
    Ok(())
}

/// Sends a mail with a link for a new password, when the address has an account. The answer is the
/// same when the address has none.
///
/// # Errors
/// `NoMail` when the server sends no mail; `TooManyTries`.
#[server(prefix = "/api", endpoint = "forgot_password", output = Postcard)]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    use super::caller::{Settings, redirect_forms, store};
    if !expect_context::<Settings>().sends_mail {
        return Err(alta_store::StoreError::from(alta_domain::ErrorCode::NoMail).into());
    }
    super::limit::count_mail(&email)?;
    let store = store();
    // The answer does not wait for this work: the time taken would reveal whether there is an
    // account.
    tokio::spawn(async move {
        if let Err(error) = alta_store::account::passwords::forgot(&store, &email).await {
            tracing::error!(%error, "a link for a new password could not be queued");
        }
    });
    redirect_forms("/forgot?sent=1");
    Ok(())
}

/// Sets a new password by the link of a mail, and opens a session.
///
/// # Errors
/// `BadLink`, `TooManyTries`; `InvalidPassword`, `CommonPassword`.
#[server(prefix = "/api", endpoint = "reset_password", output = Postcard)]
pub async fn reset_password(token: String, password: String) -> Result<(), AppError> {
    use super::caller::{begin_session, redirect_forms, store};
    use alta_domain::AuditAction;
    let store = store();
    let reset = alta_store::account::passwords::reset(&store, &token, password);
    let session = super::limit::link(reset).await?;
    begin_session(&store, &session, AuditAction::SignedIn).await?;
    redirect_forms("/");
    Ok(())
}

/// Completes a sign-in by a code of the authenticator app or a recovery code.
///
/// # Errors
/// `BadCode`, `TooManyTries`; `SignedOut` when the password was given too long ago.
#[server(prefix = "/api", endpoint = "give_code", output = Postcard)]
pub async fn give_code(code: String) -> Result<(), AppError> {
    use super::caller::{begin_session, caller, redirect_forms, store};
    use super::failures::Purpose;
    use super::limit::own;
    use alta_domain::{AuditAction, ErrorCode};
    use alta_store::StoreError;
    use alta_store::account::{second_factor, sessions};
    let (store, token) = (store(), caller().token.unwrap_or_default());
    let user = sessions::user_awaiting_code(&store, &token)
        .await?
        .ok_or(StoreError::from(ErrorCode::SignedOut))?;
    let enter = second_factor::enter_code(&store, &token, &code);
    let entered = own(Purpose::Code, user.to_string(), enter).await;
    if entered.is_err() {
        tracing::warn!(from = caller().address, "a code was refused");
    }
    let session = entered?;
    begin_session(&store, &session, AuditAction::SignedInWithCode).await?;
    redirect_forms("/");
    Ok(())
}

/// Changes the user's address by the link that was sent to the new address.
///
/// # Errors
/// `BadLink`; `NameTaken` when somebody else has the address; `TooManyTries`.
#[server(prefix = "/api", endpoint = "confirm_email", output = Postcard)]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    use super::caller::{redirect_forms, store};
    let store = store();
    super::limit::link(alta_store::account::emails::confirm(&store, &token)).await?;
    redirect_forms("/confirm-email?done=1");
    Ok(())
}
