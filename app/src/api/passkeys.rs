//! Server functions of passkeys: adding, removing, signing in.

use alta_domain::{Passkey, PasskeyChallenge};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Lists the user's passkeys, the newest first; `None` when browsers make no passkeys for the
/// server's address.
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
    use super::caller::{account, passkeys, store};
    let (store, account) = (store(), account()?);
    if passkeys().is_err() {
        return Ok(None);
    }
    Ok(Some(
        alta_store::account::passkeys::list(&store, &account).await?,
    ))
}

/// Makes the challenge for a new passkey.
///
/// # Errors
/// `BadCredentials`, `TooManyTries`; `BadPasskey` when browsers make no passkeys for the server.
#[server(prefix = "/api", endpoint = "account/begin_passkey", input = Postcard, output = Postcard)]
pub async fn begin_passkey(password: String) -> Result<PasskeyChallenge, AppError> {
    use super::caller::{account, passkeys, store};
    use super::failures::Purpose;
    use super::limit::own;
    let account = account()?;
    let (store, party) = (store(), passkeys()?);
    let begin = alta_store::account::passkeys::begin(&store, &party, &account, password);
    Ok(own(Purpose::OwnPassword, &account.me().email, begin).await?)
}

/// Stores the passkey that the browser made.
///
/// # Errors
/// `BadPasskey`; `NameTaken` when the passkey is stored already.
#[server(prefix = "/api", endpoint = "account/finish_passkey", input = Postcard, output = Postcard)]
pub async fn finish_passkey(token: String, answer: String) -> Result<(), AppError> {
    use super::caller::{account, caller, passkeys, store};
    Ok(alta_store::account::passkeys::finish(
        &store(),
        &*passkeys()?,
        &account()?,
        &token,
        &answer,
        caller().browser,
    )
    .await?)
}

/// Removes a passkey of the user.
///
/// # Errors
/// `BadCredentials` for a wrong password; `TooManyTries`; `NotFound` when the passkey is not the
/// user's.
#[server(prefix = "/api", endpoint = "account/remove_passkey", input = Postcard, output = Postcard)]
pub async fn remove_passkey(id: String, password: String) -> Result<(), AppError> {
    use super::caller::{account, store};
    use super::failures::Purpose;
    use super::limit::own;
    let (account, store) = (account()?, store());
    let remove = alta_store::account::passkeys::remove(&store, &account, &id, password);
    Ok(own(Purpose::OwnPassword, &account.me().email, remove).await?)
}

/// Makes the challenge for signing in with a passkey.
///
/// # Errors
/// `TooManyTries`; `BadPasskey` when browsers make no passkeys for the server.
#[server(prefix = "/api", endpoint = "begin_passkey_sign_in", input = Postcard, output = Postcard)]
pub async fn begin_passkey_sign_in() -> Result<PasskeyChallenge, AppError> {
    use super::caller::{passkeys, store};
    let (store, party) = (store(), passkeys()?);
    super::limit::count_request()?;
    Ok(alta_store::account::passkeys::begin_sign_in(&store, &party).await?)
}

/// Opens a session for the owner of the passkey that signed the challenge.
///
/// # Errors
/// `BadPasskey`, `TooManyTries`; `BadCredentials` when the passkey's owner may not sign in.
#[server(prefix = "/api", endpoint = "passkey_sign_in", input = Postcard, output = Postcard)]
pub async fn passkey_sign_in(token: String, answer: String) -> Result<(), AppError> {
    use super::caller::{begin_session, caller, passkeys, store};
    use alta_domain::AuditAction;
    let (store, party, caller) = (store(), passkeys()?, caller());
    let sign_in = alta_store::account::passkeys::sign_in(&store, &party, &token, &answer);
    let signed_in = super::limit::link(sign_in).await;
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
    begin_session(&store, &session, AuditAction::SignedInByPasskey).await?;
    Ok(())
}
