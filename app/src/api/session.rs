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
    limit::tries(&email)?;
    let store = store();
    let token = alta_store::sessions::sign_in(&store, &email, password).await?;
    if let Some(access) = alta_store::sessions::access(&store, &token).await? {
        set_language(access.language());
        let from = super::caller::caller().address;
        let access = match from {
            Some(from) => access.from_address(from),
            None => access,
        };
        alta_store::sessions::note_sign_in(&store, &access).await?;
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
    limit::tries("set-up")?;
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

/// Asks for a mail with a link for a new password. Answers alike whether the address is known or not.
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
        if let Err(error) = alta_store::passwords::forgot(&store, &email).await {
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
    use super::caller::{redirect_forms, set_session, store};
    limit::tries(&token)?;
    let session = alta_store::passwords::reset(&store(), &token, password).await?;
    set_session(Some(&session));
    redirect_forms("/");
    Ok(())
}

/// Changes the own password; the other sessions end.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`; what is wrong with the new one.
#[server(prefix = "/api", endpoint = "change_password", output = Postcard)]
pub async fn change_password(old: String, new: String) -> Result<(), AppError> {
    use super::caller::{access, caller, redirect_forms, store};
    let access = access()?;
    limit::tries(&access.me().email)?;
    let token = caller().token.unwrap_or_default();
    alta_store::passwords::change(&store(), &access, &token, old, new).await?;
    redirect_forms("/account?changed=1");
    Ok(())
}

/// How many sessions of the user are open.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "open_sessions", input = Postcard, output = Postcard)]
pub async fn open_sessions() -> Result<u64, AppError> {
    use super::caller::{access, store};
    Ok(alta_store::sessions::how_many(&store(), &access()?).await?)
}

/// Ends all sessions of the user but this one.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "end_other_sessions", input = Postcard, output = Postcard)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use super::caller::{access, caller, store};
    alta_store::sessions::end_others(&store(), &access()?, &caller().token.unwrap_or_default()).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
pub(crate) mod limit {
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

    static OF_SUBJECT: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(10))));
    static OF_ADDRESS: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(100))));

    /// Counts a try of something that must not be guessed: ten a minute for one account or link, a hundred for one network address.
    pub(crate) fn tries(subject: &str) -> Result<(), StoreError> {
        let refuse = |_| StoreError::from(ErrorCode::TooManyTries);
        OF_SUBJECT.retain_recent();
        OF_ADDRESS.retain_recent();
        if let Some(address) = super::super::caller::caller().address {
            OF_ADDRESS.check_key(&address).map_err(refuse)?;
        }
        OF_SUBJECT.check_key(&subject.trim().to_lowercase()).map_err(refuse)
    }
}
