//! Passkeys: added to the own account, and signing in with one.

use alta_domain::{Passkey, PasskeyChallenge};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// The own passkeys, the newest first; none where browsers make none for this address.
///
/// # Errors
/// `SignedOut`.
#[server(
    name = ReadPasskeys,
    prefix = "/api",
    endpoint = "account/passkeys",
    input = Postcard,
    output = Postcard,
)]
pub async fn own_passkeys() -> Result<Option<Vec<Passkey>>, AppError> {
    use super::caller::{access, passkeys, store};
    let (store, access) = (store(), access()?);
    if passkeys().is_err() {
        return Ok(None);
    }
    Ok(Some(
        alta_store::account::passkeys::list(&store, &access).await?,
    ))
}

/// Asks for a new passkey.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`; `BadPasskey` where browsers make none.
#[server(prefix = "/api", endpoint = "account/begin_passkey", input = Postcard, output = Postcard)]
pub async fn begin_passkey(password: String) -> Result<PasskeyChallenge, AppError> {
    use super::caller::{access, passkeys, store};
    let access = access()?;
    super::session::limit::tries(&format!("password of {}", access.me().email))?;
    Ok(alta_store::account::passkeys::begin(&store(), &*passkeys()?, &access, password).await?)
}

/// Keeps the passkey that the browser made.
///
/// # Errors
/// `BadPasskey`; `NameTaken` when it is known already.
#[server(prefix = "/api", endpoint = "account/finish_passkey", input = Postcard, output = Postcard)]
pub async fn finish_passkey(token: String, answer: String) -> Result<(), AppError> {
    use super::caller::{access, caller, passkeys, store};
    Ok(alta_store::account::passkeys::finish(
        &store(),
        &*passkeys()?,
        &access()?,
        &token,
        &answer,
        caller().browser,
    )
    .await?)
}

/// Removes one of the own.
///
/// # Errors
/// `NotFound` when it is not theirs.
#[server(prefix = "/api", endpoint = "account/remove_passkey", input = Postcard, output = Postcard)]
pub async fn remove_passkey(id: String) -> Result<(), AppError> {
    use super::caller::{access, store};
    Ok(alta_store::account::passkeys::remove(&store(), &access()?, &id).await?)
}

/// Asks any passkey of this address to sign in.
///
/// # Errors
/// `TooManyTries`; `BadPasskey` where browsers make none.
#[server(prefix = "/api", endpoint = "begin_passkey_sign_in", input = Postcard, output = Postcard)]
pub async fn begin_passkey_sign_in() -> Result<PasskeyChallenge, AppError> {
    use super::caller::{caller, passkeys, store};
    super::session::limit::of_address(caller().address.as_deref())?;
    Ok(alta_store::account::passkeys::begin_sign_in(&store(), &*passkeys()?).await?)
}

/// Opens a session for the owner of the passkey that signed.
///
/// # Errors
/// `BadPasskey`, `TooManyTries`; `BadCredentials` when its owner may not sign in.
#[server(prefix = "/api", endpoint = "passkey_sign_in", input = Postcard, output = Postcard)]
pub async fn passkey_sign_in(token: String, answer: String) -> Result<(), AppError> {
    use super::caller::{begin_session, caller, passkeys, store};
    let (store, party, caller) = (store(), passkeys()?, caller());
    super::session::limit::of_address(caller.address.as_deref())?;
    let signed_in = alta_store::account::passkeys::sign_in(&store, &party, &token, &answer).await;
    if signed_in.is_err() {
        tracing::warn!(
            from = caller.address,
            "a sign-in with a passkey was refused"
        );
    }
    let session = signed_in?;
    if let Some(before) = caller.token {
        alta_store::account::sessions::sign_out(&store, &before).await?;
    }
    begin_session(&store, &session).await?;
    Ok(())
}
