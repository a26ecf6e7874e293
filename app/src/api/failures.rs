//! Counts the failures of those who guess secrets: of one account from one network, of one account
//! from anywhere, of one network, and of browsers that signed in before (the device cookies of
//! OWASP's guide to blocking brute force attacks).
//!
//! The counts are in the memory of one server: of several servers, each counts only its own
//! failures.

mod pace;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use alta_domain::{Email, ErrorCode};
use alta_store::account::passwords;
use alta_store::{Store, StoreError};

use self::pace::{Failures, Pace};

/// The largest number of keys whose failures are counted for requests without a session, and
/// likewise for people who are signed in. When it is reached, the half of the keys that failed
/// longest ago is forgotten.
const MOST_KEYS: usize = 100_000;
/// The longest time that a try may wait; a try that would wait longer is refused.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The time that a try waits when its account has failed from many networks.
const WAIT_UNDER_ATTACK: Duration = Duration::from_secs(2);
/// The shortest time between two lines of the log about refused tries.
const LOGGED_EVERY: Duration = Duration::from_mins(1);
/// The pace of mails with a link for a new password: the number that an address gets at once, and
/// the time until one more.
const MAILS: Pace = Pace {
    free: 5,
    pause: Duration::from_mins(2),
};

/// The kinds of tries of a known person that are counted: of a secret, or of calls that cost the
/// server or others much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// The user's own password, given once more before a change.
    OwnPassword,
    /// The code of the second factor at a sign-in.
    Code,
    /// The first code of a new second factor.
    FirstCode,
    /// Attempts to connect a system.
    Connect,
}

/// The password that a try guesses: an e-mail address, and the version of its password (`None`
/// without an account). A reset, on a page or by the command line, makes another version, so
/// failures before it no longer count.
pub(crate) type Target = (String, Option<u64>);

/// The key under which failures are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// Sign-ins to an address from one network; `None` when the network is not known.
    SignIn(Target, Option<Network>),
    /// Sign-ins to an address from anywhere.
    SignInFromAnywhere(Target),
    /// Sign-ins to an address by browsers that signed in to it before.
    Browser(Target),
    /// Wrong passwords from one network, for whatever e-mail addresses.
    Network(Network),
    /// Wrong links from one network, together with requests without a session that cost the server
    /// much.
    Requests(Network),
    /// Secrets of somebody who is signed in, or who has given the password already.
    Own(Purpose, String),
    /// Mails to an address.
    Mail(String),
}

/// A network, which several customers may share: the first 24 bits of an IPv4 address, or the first
/// 48 of an IPv6 address (the largest block that RFC 6177 gives one customer).
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
    /// Returns the network of an address; `None` when the address is not known.
    pub(crate) fn of(address: Option<&str>) -> Option<Self> {
        let address: IpAddr = address?.parse().ok()?;
        Some(address.into())
    }
}

/// The numbers of failures after which the next try must wait, and the time that it waits.
#[derive(Clone, Copy, Debug)]
pub struct GuessLimits {
    /// The free failures of one account from one network.
    pub sign_in: u32,
    /// The free failures of one network.
    pub network: u32,
    /// The time between two tries of one account from one network, once its free failures are used
    /// up.
    pub pause: Duration,
}

/// The counter of the failures that this server has seen.
#[derive(Debug)]
pub struct Limiter {
    limits: GuessLimits,
    seen: Mutex<Seen>,
}

/// The counts of failures: of requests without a session, and of signed-in people. They are apart,
/// so that many requests of the first kind can't push out counts of the second.
#[derive(Debug)]
struct Seen {
    strangers: Failures<Key>,
    members: Failures<Key>,
    refused: Refused,
}

/// The tries that were refused since the last line of the log about them.
#[derive(Debug, Default)]
struct Refused {
    count: u64,
    /// The time of that line; `None` before the first one.
    told: Option<Instant>,
}

impl Refused {
    /// Counts a refused try. At most once a minute, writes the count to the log and begins at zero:
    /// whoever guesses must not fill the disk.
    fn count(&mut self, now: Instant) {
        self.count += 1;
        if self.told.is_none_or(|told| now - told >= LOGGED_EVERY) {
            tracing::warn!(
                tries = self.count,
                "tries were refused: too many came before them"
            );
            *self = Self {
                count: 0,
                told: Some(now),
            };
        }
    }
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
    /// Makes a limiter that has seen no failure.
    #[must_use]
    pub fn new(limits: GuessLimits) -> Self {
        Self {
            limits,
            seen: Mutex::new(Seen {
                strangers: Failures::new(MOST_KEYS),
                members: Failures::new(MOST_KEYS),
                refused: Refused::default(),
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

    /// Counts a try as a failure of each key, until [`Self::give_back`] takes the count back. Tries
    /// at the same moment are counted one after another, so that none slips through.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`] when a key has no free failure left; then nothing is counted.
    pub(crate) fn begin(&self, keys: &[Key]) -> Result<(), StoreError> {
        let (now, mut seen) = (Instant::now(), self.seen());
        let mut keys_and_paces = keys.iter().map(|key| (key, self.pace(key)));
        if keys_and_paces.any(|(key, pace)| seen.of(key).is_full(key, pace, now)) {
            seen.refused.count(now);
            return Err(ErrorCode::TooManyTries.into());
        }
        for key in keys {
            seen.of(key).begin(key.clone(), self.pace(key), (now, now));
        }
        Ok(())
    }

    /// Counts a try as [`Self::begin`] does, but a try beyond the free failures waits for its turn.
    /// Returns the time that the try has to wait.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`] when the try would wait too long; then nothing is counted.
    pub(crate) fn queue(&self, keys: &[Key]) -> Result<Duration, StoreError> {
        let (now, mut seen) = (Instant::now(), self.seen());
        let mut wait = Duration::ZERO;
        for key in keys {
            let (pace, failures) = (self.pace(key), seen.of(key));
            wait = wait.max(match key {
                // Failures from many networks must keep nobody out: the wait is the same for each
                // try.
                Key::SignInFromAnywhere(_) if failures.is_full(key, pace, now) => WAIT_UNDER_ATTACK,
                Key::SignInFromAnywhere(_) => Duration::ZERO,
                key => failures.wait(key, pace, now),
            });
        }
        if wait > LONGEST_WAIT {
            seen.refused.count(now);
            return Err(ErrorCode::TooManyTries.into());
        }
        for key in keys {
            let times = (now, now + wait);
            seen.of(key).begin(key.clone(), self.pace(key), times);
        }
        Ok(wait)
    }

    /// Takes back the count of a try that was no failure.
    pub(crate) fn give_back(&self, keys: &[Key]) {
        let mut seen = self.seen();
        for key in keys {
            seen.of(key).give_back(key);
        }
    }

    /// Counts a costly request of a stranger, whether it succeeds or not.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyTries`].
    pub fn count_request(&self, address: Option<&str>) -> Result<(), StoreError> {
        let key = Network::of(address).map(Key::Requests);
        self.begin(key.as_slice())
    }
}

/// Returns the purpose with which the cookie of a known browser is sealed. It contains the version
/// of the password, so a new password makes the cookie invalid.
fn browser_purpose((address, version): &Target) -> String {
    let version = version.unwrap_or_default();
    format!("browser that signed in as {address} with password {version:x}")
}

/// Returns the target under which failures of an address are counted: the address with the version
/// of its password.
pub(crate) async fn target(store: &Store, address: &Email) -> Result<Target, StoreError> {
    let version = passwords::version(store, address).await?;
    Ok((address.as_str().to_owned(), version))
}

/// Makes the cookie of a browser that signed in to an address.
pub(crate) fn browser_token(store: &Store, target: &Target) -> Result<String, StoreError> {
    store.seal(&browser_purpose(target), b"")
}

/// Returns true when the cookie of a browser proves that the browser signed in to the address
/// before.
pub(crate) fn is_known_browser(store: &Store, token: Option<&str>, target: &Target) -> bool {
    token.is_some_and(|token| store.unseal(&browser_purpose(target), token).is_ok())
}
