//! Counts the failures of those who guess secrets: of one account from one network, of one account
//! from anywhere, of one network, and of a browser that signed in before (the device cookies of
//! OWASP's guide to blocking brute force attacks).
//!
//! The counters are those of one server: behind several servers each counts for itself.

mod pace;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alta_domain::ErrorCode;
use alta_store::{Store, StoreError};

use self::pace::{Failures, Pace};

/// Most keys whose failures are counted.
const MOST_KEYS: usize = 100_000;
/// The longest wait of a try; what would wait longer is refused.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long a try waits when an account has failed from many networks.
const WAIT_UNDER_ATTACK: Duration = Duration::from_secs(2);
/// Mails with a link for a new password that an address gets at once, and the time of one more.
const MAILS: Pace = Pace {
    free: 5,
    pause: Duration::from_mins(2),
};

/// What a signed-in person gives a secret for, or asks much of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// The own password once more, before a change.
    OwnPassword,
    /// The code of the second factor at a sign-in.
    Code,
    /// The first code of a new second factor.
    FirstCode,
    /// The credentials of a system.
    Connect,
}

/// What a password is guessed for: an address, and the version of its password. After a reset, here
/// or from the server's shell, the failures before it count no more.
pub(crate) type Target = (String, Option<u64>);

/// Whose failures are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// Sign-ins to an address from a network.
    SignIn(Target, Option<Network>),
    /// Sign-ins to an address from anywhere.
    SignInFromAnywhere(Target),
    /// Sign-ins by a browser that signed in before, named by its cookie.
    Browser(String),
    /// Everything from a network.
    Network(Network),
    /// Secrets of somebody who is signed in, or has given the password.
    Own(Purpose, String),
    /// Mails to an address.
    Mail(String),
}

/// The part of an address that one customer of a network has: 24 bits of IPv4, 48 of IPv6 (RFC
/// 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl Network {
    pub(crate) fn of(address: &str) -> Option<Self> {
        Some(Self(match address.parse().ok()? {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Ipv4Addr::new(a, b, c, 0).into()
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
            }
        }))
    }
}

/// How many failures are free.
#[derive(Clone, Copy, Debug)]
pub struct GuessLimits {
    /// Of one account from one network.
    pub sign_in: u32,
    /// Of one network.
    pub network: u32,
    /// The time between two tries of one account from one network beyond that.
    pub pause: Duration,
}

/// The failures that this server has seen.
#[derive(Debug)]
pub struct Limiter {
    limits: GuessLimits,
    failures: Mutex<Failures<Key>>,
}

impl Limiter {
    /// Makes a limiter that has seen none.
    #[must_use]
    pub fn new(limits: GuessLimits) -> Self {
        Self {
            limits,
            failures: Mutex::new(Failures::new(MOST_KEYS)),
        }
    }

    fn pace(&self, key: &Key) -> Pace {
        let GuessLimits {
            sign_in,
            network,
            pause,
        } = self.limits;
        let minute = |free: u32| Pace {
            free,
            pause: Duration::from_mins(1) / free.max(1),
        };
        match key {
            Key::SignIn(..) => Pace {
                free: sign_in,
                pause,
            },
            Key::SignInFromAnywhere(_) | Key::Network(_) => minute(network),
            Key::Browser(_) | Key::Own(..) => minute(sign_in),
            Key::Mail(_) => MAILS,
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Failures<Key>) -> T) -> T {
        let failures = self.failures.lock();
        work(&mut failures.unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a failure of each of the keys.
    pub(crate) fn count(&self, keys: &[Key]) {
        let now = Instant::now();
        self.with(|failures| {
            for key in keys {
                failures.count(key.clone(), self.pace(key), now);
            }
        });
    }

    /// Returns true when the free failures of a key are used up.
    pub(crate) fn is_full(&self, key: &Key) -> bool {
        self.with(|failures| failures.is_full(key, self.pace(key), Instant::now()))
    }

    /// Refuses what has no free failure left.
    pub(crate) fn check(&self, key: &Key) -> Result<(), StoreError> {
        if self.is_full(key) {
            return Err(ErrorCode::TooManyTries.into());
        }
        Ok(())
    }

    /// Takes the places of a try, and returns how long it waits.
    pub(crate) fn take_places(&self, keys: &[Key]) -> Result<Duration, StoreError> {
        let now = Instant::now();
        self.with(|failures| {
            let waits = keys.iter().map(|key| match key {
                Key::SignInFromAnywhere(_) if failures.is_full(key, self.pace(key), now) => {
                    WAIT_UNDER_ATTACK
                }
                Key::SignInFromAnywhere(_) => Duration::ZERO,
                key => failures.wait(key, self.pace(key), now),
            });
            let wait = waits.max().unwrap_or_default();
            if wait > LONGEST_WAIT {
                return Err(ErrorCode::TooManyTries.into());
            }
            for key in keys {
                failures.take_place(key, self.pace(key), (now, now + wait));
            }
            Ok(wait)
        })
    }

    /// Refuses a network whose failures are used up.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`].
    pub fn check_network(&self, address: Option<&str>) -> Result<(), StoreError> {
        network_of(address).map_or(Ok(()), |network| self.check(&network))
    }

    /// Counts a failure of the network of an address.
    pub fn count_network(&self, address: Option<&str>) {
        self.count(network_of(address).as_slice());
    }
}

/// The counter of the network of an address.
pub(crate) fn network_of(address: Option<&str>) -> Option<Key> {
    Network::of(address?).map(Key::Network)
}

/// What the cookie of a browser is sealed for.
fn browser_purpose(address: &str) -> String {
    format!("browser that signed in as {address}")
}

/// Makes the cookie of a browser that signed in to an address.
pub(crate) fn browser_token(store: &Store, address: &str) -> Result<String, StoreError> {
    store.seal(&browser_purpose(address), b"")
}

/// The counter of a browser, when its cookie says that it signed in to the address before.
pub(crate) fn known_browser(store: &Store, token: Option<&str>, address: &str) -> Option<Key> {
    let token = token?;
    store.unseal(&browser_purpose(address), token).ok()?;
    Some(Key::Browser(token.to_owned()))
}
