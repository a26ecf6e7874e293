//! Slows down who guesses secrets. A try counts as a failure until it proves to be right. Whoever
//! knows a password waits behind the failures of others for some seconds at most, unless so many
//! tries come from the own network that ten seconds of them wait; a browser that signed in to the
//! account before does not wait.

use std::future::Future;
use std::sync::Arc;

use alta_domain::{Email, ErrorCode};
use alta_store::StoreError;
use leptos::prelude::expect_context;

use super::caller::{Settings, caller, store};
use super::failures::{Key, Limiter, Network, Purpose, is_known_browser, target};

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

/// Waits for a try that was counted, and takes it back when it was no wrong guess. A caller who
/// does not wait for the answer leaves it counted.
async fn counted<T>(
    limiter: &Limiter,
    keys: &[Key],
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let result = attempt.await;
    if !result.as_ref().is_err_and(is_wrong_guess) {
        limiter.give_back(keys);
    }
    result
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
    let network = Network::of(caller.address.as_deref());
    let mut keys: Vec<Key> = network.map(Key::Network).into_iter().collect();
    if let Some(address) = Email::parse(email) {
        let target = target(&store, &address).await?;
        if is_known_browser(&store, caller.known_browser.as_deref(), &target) {
            let known = [Key::Browser(target.clone())];
            if limiter.begin(&known).is_ok() {
                return counted(&limiter, &known, attempt).await;
            }
        }
        keys.push(Key::SignIn(target.clone(), network));
        keys.push(Key::SignInFromAnywhere(target));
    }
    let wait = limiter.queue(&keys)?;
    tokio::time::sleep(wait).await;
    counted(&limiter, &keys, attempt).await
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
    let (limiter, keys) = (limiter(), [Key::Own(purpose, whose.into())]);
    limiter.begin(&keys)?;
    if purpose == Purpose::Connect {
        // Each call asks somebody else's server, and stays counted.
        return attempt.await;
    }
    counted(&limiter, &keys, attempt).await
}

/// Opens a link. Nobody guesses its 256 bits, so that it has no limit of its own; whoever tries
/// very many wrong ones is refused by their network.
///
/// # Errors
/// Those of `attempt`; [`ErrorCode::TooManyTries`].
pub(crate) async fn link<T>(
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, caller) = (limiter(), caller());
    let network = Network::of(caller.address.as_deref()).map(Key::Requests);
    limiter.begin(network.as_slice())?;
    counted(&limiter, network.as_slice(), attempt).await
}

/// Counts a request of a stranger that costs something, whatever comes of it.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_request() -> Result<(), StoreError> {
    limiter().count_request(caller().address.as_deref())
}

/// Counts a mail that somebody asks for, who may be a stranger, to an address.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_mail(email: &str) -> Result<(), StoreError> {
    let network = Network::of(caller().address.as_deref()).map(Key::Requests);
    let mail = Email::parse(email).map(|address| Key::Mail(address.as_str().to_owned()));
    let keys: Vec<Key> = network.into_iter().chain(mail).collect();
    limiter().begin(&keys)
}
