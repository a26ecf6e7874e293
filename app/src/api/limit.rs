//! Slows down those who guess secrets. A try counts as a failure until it proves to be right. A
//! person who knows the password waits some seconds at most because of the failures of others. The
//! try is refused only when so many tries come from the person's own network that the wait is
//! longer than ten seconds. A browser that signed in to the account before does not wait.

use std::future::Future;
use std::sync::Arc;

use alta_domain::{Email, ErrorCode};
use alta_store::StoreError;
use leptos::prelude::expect_context;

use super::caller::{Settings, caller, store};
use super::failures::{Key, Limiter, Network, Purpose, is_known_browser, target};

/// Returns true for an error that shows the caller that a guess was wrong.
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

/// Runs a try that is counted as a failure, and takes the count back when it was not a wrong guess.
/// When the caller goes away before the try ends, it stays counted.
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

/// Tries a password of an address, after a wait when there were many failures.
///
/// # Errors
/// The errors of `attempt`; [`ErrorCode::TooManyTries`] when too many other tries wait before this
/// one.
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

/// Runs `attempt`, which checks a secret of the signed-in person or costs much. After as many
/// failures as one account has free, tries are refused; all are forgotten within a minute.
///
/// # Errors
/// The errors of `attempt`; [`ErrorCode::TooManyTries`].
pub(crate) async fn own<T>(
    purpose: Purpose,
    whose: impl Into<String>,
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, keys) = (limiter(), [Key::Own(purpose, whose.into())]);
    limiter.begin(&keys)?;
    if purpose == Purpose::Connect {
        // Each call sends a request to a system of somebody else, so it stays counted.
        return attempt.await;
    }
    counted(&limiter, &keys, attempt).await
}

/// Runs `attempt`, which opens a link of a mail by its token. A single link needs no limit, because
/// nobody guesses its 256 bits; a network that tries very many wrong links is refused.
///
/// # Errors
/// The errors of `attempt`; [`ErrorCode::TooManyTries`].
pub(crate) async fn link<T>(
    attempt: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let (limiter, caller) = (limiter(), caller());
    let network = Network::of(caller.address.as_deref()).map(Key::Requests);
    limiter.begin(network.as_slice())?;
    counted(&limiter, network.as_slice(), attempt).await
}

/// Counts a costly request of a stranger, whether it succeeds or not.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_request() -> Result<(), StoreError> {
    limiter().count_request(caller().address.as_deref())
}

/// Counts a mail to an address that somebody, perhaps a stranger, asks for.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_mail(email: &str) -> Result<(), StoreError> {
    let network = Network::of(caller().address.as_deref()).map(Key::Requests);
    let mail = Email::parse(email).map(|address| Key::Mail(address.as_str().to_owned()));
    let keys: Vec<Key> = network.into_iter().chain(mail).collect();
    limiter().begin(&keys)
}
