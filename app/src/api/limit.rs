//! Limits how often a secret may be tried: ten times a minute for one account or link, a hundred
//! times for one network address.

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

static SUBJECTS: LazyLock<DefaultKeyedRateLimiter<String>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(10))));
static ADDRESSES: LazyLock<DefaultKeyedRateLimiter<String>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(a_minute(100))));

/// The longest subject, in characters: no e-mail address and no link is longer.
const LONGEST_SUBJECT: usize = 320;

/// Counts a try of a secret, for a subject such as an account and for the caller's address.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub(crate) fn count_try(subject: &str) -> Result<(), StoreError> {
    let refuse = |_| StoreError::from(ErrorCode::TooManyTries);
    count_address(super::caller::caller().address.as_deref())?;
    SUBJECTS.retain_recent();
    let subject = subject
        .trim()
        .chars()
        .take(LONGEST_SUBJECT)
        .collect::<String>();
    SUBJECTS.check_key(&subject.to_lowercase()).map_err(refuse)
}

/// Counts a try from a network address.
///
/// # Errors
/// [`ErrorCode::TooManyTries`].
pub fn count_address(address: Option<&str>) -> Result<(), StoreError> {
    ADDRESSES.retain_recent();
    let tried = address.map_or(Ok(()), |address| ADDRESSES.check_key(&network(address)));
    tried.map_err(|_| ErrorCode::TooManyTries.into())
}

/// The part of an address that one customer of a network has: all of IPv4, 64 bits of IPv6 (RFC
/// 6177).
fn network(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(address) => format!("{:?}", &address.segments()[..4]),
        Err(_) => address.to_owned(),
    }
}
