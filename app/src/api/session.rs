//! Sign in, sign out, set up.

#![cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "a server function is async")
)]

use alta_domain::{Language, Me};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Postcard;

use super::AppError;

/// Who is signed in; nobody is no error.
///
/// # Errors
/// None of its own.
#[server(prefix = "/api", endpoint = "current_user", input = Postcard, output = Postcard)]
pub async fn current_user() -> Result<Option<Me>, AppError> {
    Ok(super::caller::caller()
        .access
        .map(|access| access.me().clone()))
}

/// Ways to sign in without a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaysIn {
    /// What the company's own accounts are called, where one may sign in with them.
    pub single_sign_on: Option<String>,
    /// Browsers make passkeys for this address.
    pub passkeys: bool,
}

/// How one may sign in here without a password.
///
/// # Errors
/// None of its own.
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

/// Opens a session.
///
/// # Errors
/// `BadCredentials`; `TooManyTries` after ten a minute for one address.
#[server(prefix = "/api", endpoint = "sign_in", output = Postcard)]
pub async fn sign_in(email: String, password: String) -> Result<(), AppError> {
    use super::caller::{begin_session, caller, redirect_forms, store};
    limit::tries(&email)?;
    let store = store();
    let signed_in = alta_store::account::sessions::sign_in(&store, &email, password).await;
    if signed_in.is_err() {
        tracing::warn!(from = caller().address, "a sign-in was refused");
    }
    let token = signed_in?;
    // What this browser was signed in as before ends.
    if let Some(before) = caller().token {
        alta_store::account::sessions::sign_out(&store, &before).await?;
    }
    begin_session(&store, &token).await?;
    redirect_forms("/");
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
#[server(prefix = "/api", endpoint = "sign_out", output = Postcard)]
pub async fn sign_out() -> Result<(), AppError> {
    use super::caller::{caller, redirect_forms, set_session, store};
    if let Some(token) = caller().token {
        alta_store::account::sessions::sign_out(&store(), &token).await?;
    }
    set_session(None);
    redirect_forms("/sign-in");
    Ok(())
}

/// Whether the set-up link may be used.
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
/// What is wrong with the link or the answers.
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
    use alta_domain::{Country, NewOrganization};
    limit::tries("set-up")?;
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
    let session = alta_store::account::setup::set_up(&store, &token, new).await?;
    begin_session(&store, &session).await?;
    redirect_forms("/onboarding/systems");
    Ok(())
}

/// Keeps the language in this browser, and for the user when somebody is signed in.
///
/// # Errors
/// When the database fails.
#[server(prefix = "/api", endpoint = "keep_language", input = Postcard, output = Postcard)]
pub async fn keep_language(language: Language) -> Result<(), AppError> {
    use super::caller::{caller, set_language, store};
    set_language(language);
    if let Some(access) = caller().access {
        alta_store::account::accounts::set_language(&store(), &access, language).await?;
    }
    Ok(())
}

/// Asks for a mail with a link for a new password. Answers alike whether the address is known or
/// not.
///
/// # Errors
/// `NoMail` when the server sends none; `TooManyTries`.
#[server(prefix = "/api", endpoint = "forgot_password", output = Postcard)]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    use super::caller::{Settings, redirect_forms, store};
    if !expect_context::<Settings>().sends_mail {
        return Err(alta_store::StoreError::from(alta_domain::ErrorCode::NoMail).into());
    }
    limit::tries(&format!("forgot {email}"))?;
    let store = store();
    // The answer does not wait for the work, whose time would tell.
    tokio::spawn(async move {
        if let Err(error) = alta_store::account::passwords::forgot(&store, &email).await {
            tracing::error!(%error, "a link for a new password could not be queued");
        }
    });
    redirect_forms("/forgot?sent=1");
    Ok(())
}

/// Sets a new password by a link, and opens a session.
///
/// # Errors
/// `BadLink`, `TooManyTries`; what is wrong with the password.
#[server(prefix = "/api", endpoint = "reset_password", output = Postcard)]
pub async fn reset_password(token: String, password: String) -> Result<(), AppError> {
    use super::caller::{begin_session, redirect_forms, store};
    limit::tries(&token)?;
    let store = store();
    let session = alta_store::account::passwords::reset(&store, &token, password).await?;
    begin_session(&store, &session).await?;
    redirect_forms("/");
    Ok(())
}

/// Takes the code that a session waits for: of the app, or for recovery.
///
/// # Errors
/// `BadCode`, `TooManyTries`; `SignedOut` when the password was too long ago.
#[server(prefix = "/api", endpoint = "give_code", output = Postcard)]
pub async fn give_code(code: String) -> Result<(), AppError> {
    use super::caller::{begin_session, caller, redirect_forms, store};
    use alta_domain::ErrorCode;
    use alta_store::StoreError;
    use alta_store::account::{second_factor, sessions};
    let (store, token) = (store(), caller().token.unwrap_or_default());
    let user = sessions::user_awaiting_code(&store, &token)
        .await?
        .ok_or(StoreError::from(ErrorCode::SignedOut))?;
    limit::tries(&format!("code of user {user}"))?;
    let session = second_factor::enter_code(&store, &token, &code).await?;
    begin_session(&store, &session).await?;
    redirect_forms("/");
    Ok(())
}

/// Confirms a new e-mail address by the link that was sent to it.
///
/// # Errors
/// `BadLink`; `NameTaken` when somebody has the address; `TooManyTries`.
#[server(prefix = "/api", endpoint = "confirm_email", output = Postcard)]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    use super::caller::{redirect_forms, store};
    limit::tries(&token)?;
    alta_store::account::emails::confirm(&store(), &token).await?;
    redirect_forms("/confirm-email?done=1");
    Ok(())
}

#[cfg(feature = "ssr")]
pub mod limit {
    //! How often something that must not be guessed may be tried.

    use std::net::Ipv6Addr;
    use std::num::NonZeroU32;
    use std::sync::LazyLock;

    use alta_domain::ErrorCode;
    use alta_store::StoreError;
    use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

    const fn a_minute(tries: u32) -> NonZeroU32 {
        match NonZeroU32::new(tries) {
            Some(tries) => tries,
            None => NonZeroU32::MIN,
        }
    }

    static OF_SUBJECT: LazyLock<DefaultKeyedRateLimiter<String>> =
        LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(10))));
    static OF_ADDRESS: LazyLock<DefaultKeyedRateLimiter<String>> =
        LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(100))));

    /// Letters of a subject that count: no address and no link is longer.
    const SUBJECT: usize = 320;

    /// Counts a try of something that must not be guessed: ten a minute for one account or link, a
    /// hundred for one network address.
    pub(crate) fn tries(subject: &str) -> Result<(), StoreError> {
        let refuse = |_| StoreError::from(ErrorCode::TooManyTries);
        of_address(super::super::caller::caller().address.as_deref())?;
        OF_SUBJECT.retain_recent();
        let subject = subject.trim().chars().take(SUBJECT).collect::<String>();
        OF_SUBJECT
            .check_key(&subject.to_lowercase())
            .map_err(refuse)
    }

    /// Counts a try of a network address: a hundred a minute.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`].
    pub fn of_address(address: Option<&str>) -> Result<(), StoreError> {
        OF_ADDRESS.retain_recent();
        let tried = address.map_or(Ok(()), |address| OF_ADDRESS.check_key(&network(address)));
        tried.map_err(|_| ErrorCode::TooManyTries.into())
    }

    /// What one customer of a network has: an IPv4 address, or 64 bits of an IPv6 address (RFC
    /// 6177).
    fn network(address: &str) -> String {
        match address.parse::<Ipv6Addr>() {
            Ok(address) => format!("{:?}", &address.segments()[..4]),
            Err(_) => address.to_owned(),
        }
    }
}
