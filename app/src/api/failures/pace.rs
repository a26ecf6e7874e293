//! Counts failures, and says how long the next try waits.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// How many failures are free, and how slow it gets beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// Failures without a wait.
    pub(super) free: u32,
    /// The time between two tries beyond them; the time in which one failure is forgotten.
    pub(super) pause: Duration,
}

/// The failures of one key.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    failures: f64,
    /// When `failures` was counted.
    at: Instant,
    /// When the next try beyond the free ones may begin.
    next: Instant,
}

impl Bucket {
    fn failures(&self, pace: Pace, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at);
        let forgotten = passed.as_secs_f64() / pace.pause.as_secs_f64().max(0.001);
        (self.failures - forgotten).max(0.0)
    }

    fn is_full(&self, pace: Pace, now: Instant) -> bool {
        // One that was free a moment ago stays so: a failure is forgotten bit by bit.
        self.failures(pace, now) > f64::from(pace.free) - 1.0
    }
}

/// The failures of all keys. It holds at most `most` keys; the key after that begins it anew.
#[derive(Debug)]
pub(super) struct Failures<K> {
    buckets: HashMap<K, Bucket>,
    most: usize,
}

impl<K: Eq + Hash> Failures<K> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            buckets: HashMap::new(),
            most,
        }
    }

    /// Counts a failure of a key.
    pub(super) fn count(&mut self, key: K, pace: Pace, now: Instant) {
        if self.buckets.len() >= self.most && !self.buckets.contains_key(&key) {
            self.buckets.clear();
        }
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            failures: 0.0,
            at: now,
            next: now,
        });
        let failures = bucket.failures(pace, now) + 1.0;
        // More than the free ones change nothing: the pace is at its slowest.
        bucket.failures = failures.min(f64::from(pace.free) + 1.0);
        bucket.at = now;
    }

    /// Returns true when the free failures of a key are used up.
    pub(super) fn is_full(&self, key: &K, pace: Pace, now: Instant) -> bool {
        let bucket = self.buckets.get(key);
        bucket.is_some_and(|bucket| bucket.is_full(pace, now))
    }

    /// The time until a try of a key may begin; zero while failures are free.
    pub(super) fn wait(&self, key: &K, pace: Pace, now: Instant) -> Duration {
        let bucket = self.buckets.get(key);
        let full = bucket.filter(|bucket| bucket.is_full(pace, now));
        full.map_or(Duration::ZERO, |bucket| {
            bucket.next.saturating_duration_since(now)
        })
    }

    /// Takes the place of a try that begins at `begins`, beyond the free failures: the one after it
    /// comes a pause later.
    pub(super) fn take_place(&mut self, key: &K, pace: Pace, (now, begins): (Instant, Instant)) {
        if let Some(bucket) = self.buckets.get_mut(key)
            && bucket.is_full(pace, now)
        {
            bucket.next = bucket.next.max(begins + pace.pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        free: 3,
        pause: Duration::from_secs(2),
    };

    #[test]
    fn free_failures_cost_no_wait_and_those_beyond_come_one_by_one() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for _ in 0..2 {
            failures.count("ana", PACE, now);
            assert_eq!(failures.wait(&"ana", PACE, now), Duration::ZERO);
            failures.take_place(&"ana", PACE, (now, now));
        }
        failures.count("ana", PACE, now);
        let first = failures.wait(&"ana", PACE, now);
        assert_eq!(first, Duration::ZERO);
        failures.take_place(&"ana", PACE, (now, now + first));
        let second = failures.wait(&"ana", PACE, now);
        assert_eq!(second, first + PACE.pause);
        assert_eq!(failures.wait(&"bia", PACE, now), Duration::ZERO);
    }

    #[test]
    fn failures_are_forgotten_one_a_pause() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for _ in 0..100 {
            failures.count("ana", PACE, now);
        }
        assert!(failures.is_full(&"ana", PACE, now));
        assert!(failures.is_full(&"ana", PACE, now + PACE.pause));
        assert!(!failures.is_full(&"ana", PACE, now + PACE.pause * 3));
    }

    #[test]
    fn it_holds_a_bounded_number_of_keys() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for key in 0..1000 {
            failures.count(key, PACE, now);
            assert!(failures.buckets.len() <= 10);
        }
    }
}
