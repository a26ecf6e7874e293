//! The counters of a vendor: requests in a sliding window, the level of a leaky bucket, calls that
//! run at the same time, and locks.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The number of requests that a vendor lets through in a period.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) requests: usize,
    pub(crate) period: Duration,
}

/// The refusal of a request above the limit: how long until one is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Over(pub(crate) Duration);

/// The rest of a window after a request was let through: the number of requests, and the time until
/// more are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) requests: usize,
    pub(crate) reset: Duration,
}

#[derive(Default)]
struct Window {
    accepted: VecDeque<Instant>,
    arrived: VecDeque<Instant>,
}

impl Window {
    fn admit(&mut self, rate: Rate, now: Instant) -> Result<Left, Over> {
        forget(&mut self.accepted, rate.period, now);
        forget(&mut self.arrived, rate.period, now);
        self.arrived.push_back(now);
        let reset = self.accepted.front().map_or(rate.period, |first| {
            rate.period.saturating_sub(now - *first)
        });
        if self.accepted.len() >= rate.requests {
            return Err(Over(reset));
        }
        self.accepted.push_back(now);
        Ok(Left {
            requests: rate.requests - self.accepted.len(),
            reset,
        })
    }
}

fn forget(hits: &mut VecDeque<Instant>, period: Duration, now: Instant) {
    while hits
        .front()
        .is_some_and(|hit| now.duration_since(*hit) >= period)
    {
        hits.pop_front();
    }
}

/// The parts of a unit in which levels are counted: a leak of one unit a second is one part a
/// microsecond.
const MILLION: u64 = 1_000_000;

/// A leaky bucket, which lets through bursts and a steady rate after them: its size, and what leaks
/// out of it in a second.
#[derive(Clone, Copy)]
pub(crate) struct Leak {
    pub(crate) size: u64,
    pub(crate) per_second: u64,
}

/// The level of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// The amount that the bucket can still take.
    pub(crate) room: u64,
    /// The time until the bucket is empty.
    pub(crate) empty_in: Duration,
}

struct Bucket {
    level: u64,
    at: Instant,
}

/// All counters of one system, each under a key of the vendor's choice.
#[derive(Default)]
pub(crate) struct Limits {
    windows: HashMap<String, Window>,
    locks: HashMap<String, Instant>,
    running: HashMap<String, usize>,
    seen: HashMap<String, Instant>,
    buckets: HashMap<String, Bucket>,
}

impl Limits {
    /// Counts a request under this key, and lets it through or refuses it.
    pub(crate) fn admit(&mut self, key: &str, rate: Rate, now: Instant) -> Result<Left, Over> {
        self.windows
            .entry(key.to_owned())
            .or_default()
            .admit(rate, now)
    }

    /// Returns the number of requests of the last period under this key, with the refused ones.
    pub(crate) fn arrived(&self, key: &str) -> usize {
        self.windows
            .get(key)
            .map_or(0, |window| window.arrived.len())
    }

    pub(crate) fn lock(&mut self, key: &str, until: Instant) {
        self.locks.insert(key.to_owned(), until);
    }

    /// Returns how long this key stays locked. `None` when it is not locked.
    pub(crate) fn locked(&self, key: &str, now: Instant) -> Option<Duration> {
        self.locks
            .get(key)
            .and_then(|until| until.checked_duration_since(now))
            .filter(|left| !left.is_zero())
    }

    /// Takes a place among the calls that run at the same time. Returns false when none is free.
    pub(crate) fn enter(&mut self, key: &str, most: usize) -> bool {
        let running = self.running.entry(key.to_owned()).or_default();
        let free = *running < most;
        *running += usize::from(free);
        free
    }

    pub(crate) fn leave(&mut self, key: &str) {
        if let Some(running) = self.running.get_mut(key) {
            *running = running.saturating_sub(1);
        }
    }

    /// Returns what is left of `period` when this key was seen less than `period` ago. Otherwise
    /// notes the key and returns `None`.
    pub(crate) fn repeated(
        &mut self,
        key: &str,
        period: Duration,
        now: Instant,
    ) -> Option<Duration> {
        self.seen.retain(|_, at| now.duration_since(*at) < period);
        if let Some(at) = self.seen.get(key) {
            return Some(period.saturating_sub(now.duration_since(*at)));
        }
        self.seen.insert(key.to_owned(), now);
        None
    }

    /// Pours an amount into the bucket unless the bucket would run over, which is an error. Returns
    /// the level afterwards in both cases.
    pub(crate) fn pour(
        &mut self,
        key: &str,
        leak: Leak,
        amount: u64,
        now: Instant,
    ) -> Result<Level, Level> {
        let bucket = self
            .buckets
            .entry(key.to_owned())
            .or_insert(Bucket { level: 0, at: now });
        let passed =
            u64::try_from(now.saturating_duration_since(bucket.at).as_micros()).unwrap_or(u64::MAX);
        bucket.level = bucket
            .level
            .saturating_sub(passed.saturating_mul(leak.per_second));
        bucket.at = now;
        let poured = bucket.level + amount * MILLION;
        if poured > leak.size * MILLION {
            return Err(level(bucket.level, leak));
        }
        bucket.level = poured;
        Ok(level(poured, leak))
    }

    /// Takes back an amount that was poured in and not needed. Returns the level afterwards.
    pub(crate) fn take_back(&mut self, key: &str, leak: Leak, amount: u64) -> Level {
        let bucket = self.buckets.entry(key.to_owned()).or_insert(Bucket {
            level: 0,
            at: Instant::now(),
        });
        bucket.level = bucket.level.saturating_sub(amount * MILLION);
        level(bucket.level, leak)
    }
}

fn level(level: u64, leak: Leak) -> Level {
    Level {
        room: (leak.size * MILLION).saturating_sub(level) / MILLION,
        empty_in: Duration::from_micros(level / leak.per_second.max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        requests: 3,
        period: Duration::from_secs(1),
    };

    #[test]
    fn window_slides() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(
            limits.admit("", RATE, at(0)),
            Ok(Left {
                requests: 2,
                reset: Duration::from_secs(1)
            })
        );
        assert!(limits.admit("", RATE, at(400)).is_ok());
        assert!(limits.admit("", RATE, at(500)).is_ok());
        assert_eq!(
            limits.admit("", RATE, at(900)),
            Err(Over(Duration::from_millis(100)))
        );
        assert_eq!(limits.arrived(""), 4);
        assert!(limits.admit("", RATE, at(1000)).is_ok());
        assert_eq!(
            limits.admit("", RATE, at(1300)),
            Err(Over(Duration::from_millis(100)))
        );
        assert!(limits.admit("other", RATE, at(1300)).is_ok());
    }

    #[test]
    fn places_come_free() {
        let mut limits = Limits::default();
        assert!(limits.enter("list", 2) && limits.enter("list", 2));
        assert!(!limits.enter("list", 2));
        limits.leave("list");
        assert!(limits.enter("list", 2));
    }

    #[test]
    fn locks_and_repetitions_end() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let minute = Duration::from_mins(1);
        limits.lock("list", start + minute);
        assert_eq!(limits.locked("list", start), Some(minute));
        assert_eq!(limits.locked("list", start + minute), None);
        assert_eq!(limits.repeated("same", minute, start), None);
        assert_eq!(
            limits.repeated("same", minute, start + minute / 2),
            Some(minute / 2)
        );
        assert_eq!(limits.repeated("same", minute, start + minute), None);
    }

    #[test]
    fn a_bucket_takes_a_burst_and_then_what_leaks() {
        let (mut limits, start, leak) = (
            Limits::default(),
            Instant::now(),
            Leak {
                size: 40,
                per_second: 2,
            },
        );
        for left in (0..40).rev() {
            assert_eq!(
                limits.pour("store", leak, 1, start).map(|level| level.room),
                Ok(left)
            );
        }
        assert_eq!(
            limits.pour("store", leak, 1, start),
            Err(Level {
                room: 0,
                empty_in: Duration::from_secs(20)
            })
        );
        assert!(limits.pour("other", leak, 40, start).is_ok());
        assert!(
            limits
                .pour("store", leak, 1, start + Duration::from_millis(499))
                .is_err()
        );
        assert!(
            limits
                .pour("store", leak, 1, start + Duration::from_millis(500))
                .is_ok()
        );
        assert_eq!(limits.take_back("store", leak, 10).room, 10);
    }
}
