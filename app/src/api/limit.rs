//! Slows down who guesses secrets. Failures alone count. Whoever knows the secret is never refused
//! for the failures of others, but waits; a browser that signed in to the account before does not
//! even wait.

use std::future::Future;
use std::sync::Arc;

use alta_domain::{Email, ErrorCode};
use alta_store::StoreError;
use alta_store::account::passwords;
use leptos::prelude::expect_context;

use super::caller::{Settings, caller, store};
use super::failures::{Key, Limiter, Network, Purpose, known_browser, network_of};

/// Returns true for an error by which somebody learns that a guess was wrong.
fn is_wrong_guess(error: &StoreError) -> bool {
    use ErrorCode as E;
    matches!(
        error.code(),
        E::BadCredentials | E::BadCode | E::BadLink | E::BadSetupLink | E::BadPasskey
    )
}

fn limiter() -> Arc<Limiter> {
    expect_context::<Settings>().limiter
}

/// Tries a password of an address.
///
/// # Errors
/// Those of `attempt`; [`ErrorCode::TooManyTries`] when many others wait before it.
pub(crate) async fn sign_in<T>(
    email: &str,
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, caller, store) = (limiter(), caller(), store());
    let mut keys: Vec<Key> = network_of(caller.address.as_deref()).into_iter().collect();
    if let Some(address) = Email::parse(email) {
        let version = passwords::version(&store, &address).await?;
        let address = address.as_str().to_owned();
        match known_browser(&store, caller.known_browser.as_deref(), &address) {
            Some(browser) if !limiter.is_full(&browser) => keys = vec![browser],
            _ => {
                let network = caller.address.as_deref().and_then(Network::of);
                keys.push(Key::SignIn((address.clone(), version), network));
                keys.push(Key::SignInFromAnywhere((address, version)));
            }
        }
    }
    let wait = limiter.take_places(&keys)?;
    tokio::time::sleep(wait).await;
    let result = attempt.await;
    if result.as_ref().is_err_and(is_wrong_guess) {
        limiter.count(&keys);
    }
    result
}

/// Tries a secret of somebody whose session says who they are: ten failures a minute.
///
/// # Errors
/// Those of `attempt`; [`ErrorCode::TooManyTries`].
pub(crate) async fn own<T>(
    purpose: Purpose,
    whose: impl Into<String>,
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, key) = (limiter(), Key::Own(purpose, whose.into()));
    limiter.check(&key)?;
    if purpose == Purpose::Connect {
        // Each call asks somebody else's server.
        limiter.count(std::slice::from_ref(&key));
        return attempt.await;
    }
    let result = attempt.await;
    if result.as_ref().is_err_and(is_wrong_guess) {
        limiter.count(&[key]);
    }
    result
}

/// Opens a link. Nobody guesses its 256 bits, so that it has no limit of its own; whoever tries
/// very many is slowed down by their network.
///
/// # Errors
/// Those of `attempt`; [`ErrorCode::TooManyTries`].
pub(crate) async fn link<T>(
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, caller) = (limiter(), caller());
    limiter.check_network(caller.address.as_deref())?;
    let result = attempt.await;
    if result.as_ref().is_err_and(is_wrong_guess) {
        limiter.count_network(caller.address.as_deref());
    }
    result
}

/// Counts a mail that somebody asks for, who may be a stranger, to an address.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_mail(email: &str) -> Result<(), StoreError> {
    let (limiter, caller) = (limiter(), caller());
    limiter.check_network(caller.address.as_deref())?;
    let Some(address) = Email::parse(email) else {
        limiter.count_network(caller.address.as_deref());
        return Ok(());
    };
    let key = Key::Mail(address.as_str().to_owned());
    limiter.check(&key)?;
    limiter.count(&[key]);
    Ok(())
}
