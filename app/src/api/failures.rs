//! Counts the failures of those who guess secrets: of one account from one network, of one account
//! from anywhere, of one network, and of a browser that signed in before (the device cookies of
//! OWASP's guide to blocking brute force attacks).
//!
//! The counters are those of one server: behind several servers each counts for itself.

mod pace;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use alta_domain::{Email, ErrorCode};
use alta_store::account::passwords;
use alta_store::{Store, StoreError};

use self::pace::{Failures, Pace};

/// Most keys of strangers, and of members, whose failures are counted.
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
    /// Sign-ins to an address by browsers that signed in to it before.
    Browser(Target),
    /// Passwords from a network.
    Network(Network),
    /// Wrong links from a network, and what costs something without a session.
    Requests(Network),
    /// Secrets of somebody who is signed in, or has given the password.
    Own(Purpose, String),
    /// Mails to an address.
    Mail(String),
}

/// A network, whose customers may be several: 24 bits of an IPv4 address, 48 of an IPv6 address
/// (the most that RFC 6177 has one customer get).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Ipv4Addr::new(a, b, c, 0).into()
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
            }
        })
    }
}

impl Network {
    /// The network of an address; none when the address is not known.
    pub(crate) fn of(address: Option<&str>) -> Option<Self> {
        let address: IpAddr = address?.parse().ok()?;
        Some(address.into())
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
    seen: Mutex<Seen>,
}

/// Failures by whom they can be made: strangers can't push out what members have failed.
#[derive(Debug)]
struct Seen {
    strangers: Failures<Key>,
    members: Failures<Key>,
}

impl Seen {
    fn of(&mut self, key: &Key) -> &mut Failures<Key> {
        match key {
            Key::Own(..) | Key::Browser(_) => &mut self.members,
            _ => &mut self.strangers,
        }
    }
}

impl Limiter {
    /// Makes a limiter that has seen none.
    #[must_use]
    pub fn new(limits: GuessLimits) -> Self {
        Self {
            limits,
            seen: Mutex::new(Seen {
                strangers: Failures::new(MOST_KEYS),
                members: Failures::new(MOST_KEYS),
            }),
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
            Key::SignInFromAnywhere(_) | Key::Network(_) | Key::Requests(_) => minute(network),
            Key::Browser(_) | Key::Own(..) => minute(sign_in),
            Key::Mail(_) => MAILS,
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try as a failure of each key, until [`Self::give_back`] says that it was none.
    /// Tries at the same moment are counted one after another, so that none slips through.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`] when a key has no free failure left; then none is counted.
    pub(crate) fn begin(&self, keys: &[Key]) -> Result<(), StoreError> {
        let (now, mut seen) = (Instant::now(), self.seen());
        let mut keys_and_paces = keys.iter().map(|key| (key, self.pace(key)));
        if keys_and_paces.any(|(key, pace)| seen.of(key).is_full(key, pace, now)) {
            return Err(ErrorCode::TooManyTries.into());
        }
        for key in keys {
            seen.of(key).begin(key.clone(), self.pace(key), (now, now));
        }
        Ok(())
    }

    /// As [`Self::begin`], but beyond the free failures a try waits for its turn. Returns how long.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`] when it would wait too long; then none is counted.
    pub(crate) fn queue(&self, keys: &[Key]) -> Result<Duration, StoreError> {
        let (now, mut seen) = (Instant::now(), self.seen());
        let mut wait = Duration::ZERO;
        for key in keys {
            let (pace, failures) = (self.pace(key), seen.of(key));
            wait = wait.max(match key {
                // Whoever fails from everywhere keeps nobody out.
                Key::SignInFromAnywhere(_) if failures.is_full(key, pace, now) => WAIT_UNDER_ATTACK,
                Key::SignInFromAnywhere(_) => Duration::ZERO,
                key => failures.wait(key, pace, now),
            });
        }
        if wait > LONGEST_WAIT {
            return Err(ErrorCode::TooManyTries.into());
        }
        for key in keys {
            let times = (now, now + wait);
            seen.of(key).begin(key.clone(), self.pace(key), times);
        }
        Ok(wait)
    }

    /// Takes a try back that was no failure.
    pub(crate) fn give_back(&self, keys: &[Key]) {
        let mut seen = self.seen();
        for key in keys {
            seen.of(key).give_back(key);
        }
    }

    /// Counts a request of a stranger that costs something, whatever comes of it.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`].
    pub fn count_request(&self, address: Option<&str>) -> Result<(), StoreError> {
        let key = Network::of(address).map(Key::Requests);
        self.begin(key.as_slice())
    }
}

/// What the cookie of a browser is sealed for: it ends with the password that it was given for.
fn browser_purpose((address, version): &Target) -> String {
    let version = version.unwrap_or_default();
    format!("browser that signed in as {address} with password {version:x}")
}

/// What the password of an address is, as failures are counted for it.
pub(crate) async fn target(store: &Store, address: &Email) -> Result<Target, StoreError> {
    let version = passwords::version(store, address).await?;
    Ok((address.as_str().to_owned(), version))
}

/// Makes the cookie of a browser that signed in to an address.
pub(crate) fn browser_token(store: &Store, target: &Target) -> Result<String, StoreError> {
    store.seal(&browser_purpose(target), b"")
}

/// Returns true when the cookie of a browser says that it signed in to the address before.
pub(crate) fn is_known_browser(store: &Store, token: Option<&str>, target: &Target) -> bool {
    token.is_some_and(|token| store.unseal(&browser_purpose(target), token).is_ok())
}
