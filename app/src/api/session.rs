//! Sign in, sign out, set up.

#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async"))]

use alta_domain::{Language, Me};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Who is signed in; nobody is no error.
///
/// # Errors
/// None of its own.
#[server(prefix = "/api", endpoint = "current_user", input = Postcard, output = Postcard)]
pub async fn current_user() -> Result<Option<Me>, AppError> {
    Ok(super::caller::caller().access.map(|access| access.me().clone()))
}

/// Opens a session.
///
/// # Errors
/// `BadCredentials`; `TooManyTries` after ten a minute for one address.
#[server(prefix = "/api", endpoint = "sign_in", output = Postcard)]
pub async fn sign_in(email: String, password: String) -> Result<(), AppError> {
    use super::caller::{redirect_forms, set_language, set_session, store};
    limit::sign_in(&email)?;
    let store = store();
    let token = alta_store::sessions::sign_in(&store, &email, password).await?;
    if let Some(access) = alta_store::sessions::access(&store, &token).await? {
        set_language(access.language());
    }
    set_session(Some(&token));
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
        alta_store::sessions::sign_out(&store(), &token).await?;
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
    Ok(alta_store::setup::is_valid(&super::caller::store(), &token).await?)
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
    use super::caller::{redirect_forms, set_language, set_session, store};
    use alta_domain::{Country, NewOrganization};
    limit::sign_in("set-up")?;
    let language = Language::parse(&language).unwrap_or_default();
    let country = Country::parse(&country).unwrap_or(Country::BRAZIL);
    let new = NewOrganization { organization, country, language, name, email, password };
    let session = alta_store::setup::set_up(&store(), &token, new).await?;
    set_language(language);
    set_session(Some(&session));
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
        alta_store::accounts::set_language(&store(), &access, language).await?;
    }
    Ok(())
}

#[cfg(feature = "ssr")]
mod limit {
    use std::num::NonZeroU32;
    use std::sync::LazyLock;

    use alta_domain::ErrorCode;
    use alta_store::StoreError;
    use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

    /// Tries a minute for one address.
    const TRIES: NonZeroU32 = match NonZeroU32::new(10) {
        Some(tries) => tries,
        None => NonZeroU32::MIN,
    };

    static SIGN_IN: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(TRIES)));

    pub(super) fn sign_in(address: &str) -> Result<(), StoreError> {
        SIGN_IN.retain_recent();
        SIGN_IN.check_key(&address.trim().to_lowercase()).map_err(|_| ErrorCode::TooManyTries.into())
    }
}
