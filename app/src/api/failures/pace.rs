//! Counts failures, and computes how long the next try waits.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The number of failures that are free, and the pace of the tries beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// The number of failures that are free: tries up to it do not wait.
    pub(super) free: u32,
    /// The time that a try waits after the free failures are used up. One failure is forgotten in
    /// each such time.
    pub(super) pause: Duration,
}

/// The largest count of failures of a key, as a multiple of the free ones: more failures do not
/// make the wait longer.
const MOST_REMEMBERED: f64 = 2.0;

/// The failures of one key.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    failures: f64,
    /// The time up to which forgotten failures are subtracted from `failures`.
    at: Instant,
    /// The time at which the next try beyond the free failures may begin.
    next: Instant,
}

impl Bucket {
    fn failures(&self, pace: Pace, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at);
        let forgotten = passed.as_secs_f64() / pace.pause.as_secs_f64().max(0.001);
        (self.failures - forgotten).max(0.0)
    }

    fn is_full(&self, pace: Pace, now: Instant) -> bool {
        // Failures are forgotten in fractions. A key with all its free failures used counts as full
        // until one whole failure is forgotten.
        self.failures(pace, now) > f64::from(pace.free) - 1.0
    }
}

/// The failures of all keys, of at most `most` keys. When a new key finds no room, the half of the
/// keys that failed longest ago is removed.
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

    /// Returns true when the free failures of a key are used up.
    pub(super) fn is_full(&self, key: &K, pace: Pace, now: Instant) -> bool {
        let bucket = self.buckets.get(key);
        bucket.is_some_and(|bucket| bucket.is_full(pace, now))
    }

    /// Returns the time until a try of a key may begin; zero while the key has free failures.
    pub(super) fn wait(&self, key: &K, pace: Pace, now: Instant) -> Duration {
        let bucket = self.buckets.get(key);
        let full = bucket.filter(|bucket| bucket.is_full(pace, now));
        full.map_or(Duration::ZERO, |bucket| {
            bucket.next.saturating_duration_since(now)
        })
    }

    /// Counts a try that begins at `begins` as a failure. Once the free failures are used up, the
    /// next try may begin one pause after this one.
    pub(super) fn begin(&mut self, key: K, pace: Pace, (now, begins): (Instant, Instant)) {
        if self.buckets.len() >= self.most && !self.buckets.contains_key(&key) {
            self.make_room();
        }
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            failures: 0.0,
            at: now,
            next: now,
        });
        if bucket.is_full(pace, now) {
            bucket.next = bucket.next.max(begins + pace.pause);
        }
        let failures = bucket.failures(pace, now) + 1.0;
        // More failures than that change nothing: the pace is at its slowest.
        bucket.failures = failures.min(f64::from(pace.free) * MOST_REMEMBERED);
        bucket.at = now;
    }

    /// Takes back the count of a try that was no failure.
    pub(super) fn give_back(&mut self, key: &K) {
        if let Some(bucket) = self.buckets.get_mut(key) {
            bucket.failures = (bucket.failures - 1.0).max(0.0);
        }
    }

    fn make_room(&mut self) {
        let mut times: Vec<Instant> = self.buckets.values().map(|bucket| bucket.at).collect();
        let (_, middle, _) = times.select_nth_unstable(self.most / 2);
        let middle = *middle;
        self.buckets.retain(|_, bucket| bucket.at > middle);
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
        for _ in 0..4 {
            assert_eq!(failures.wait(&"ana", PACE, now), Duration::ZERO);
            failures.begin("ana", PACE, (now, now));
        }
        let first = failures.wait(&"ana", PACE, now);
        assert_eq!(first, PACE.pause);
        failures.begin("ana", PACE, (now, now + first));
        assert_eq!(failures.wait(&"ana", PACE, now), first + PACE.pause);
        assert_eq!(failures.wait(&"bia", PACE, now), Duration::ZERO);
    }

    #[test]
    fn a_try_that_was_right_is_no_failure() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for _ in 0..100 {
            failures.begin("ana", PACE, (now, now));
            failures.give_back(&"ana");
        }
        assert!(!failures.is_full(&"ana", PACE, now));
    }

    #[test]
    fn failures_are_forgotten_one_a_pause() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for _ in 0..100 {
            failures.begin("ana", PACE, (now, now));
        }
        assert!(failures.is_full(&"ana", PACE, now));
        assert!(failures.is_full(&"ana", PACE, now + PACE.pause * 2));
        assert!(!failures.is_full(&"ana", PACE, now + PACE.pause * 6));
    }

    #[test]
    fn it_holds_a_bounded_number_of_keys_and_keeps_those_that_failed_last() {
        let (now, mut failures) = (Instant::now(), Failures::new(10));
        for key in 0..1000_u32 {
            let now = now + PACE.pause * key;
            failures.begin(key, PACE, (now, now));
            assert!(failures.buckets.len() <= 10);
            assert!(key < 4 || failures.buckets.contains_key(&(key - 4)));
        }
    }
}
