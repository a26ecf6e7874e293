//! Leaky buckets: how some vendors let through bursts, and a steady rate after them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Levels are counted in millionths, so that a leak per second is one per microsecond.
const MILLION: u64 = 1_000_000;

/// What a bucket holds, and what leaks out of it in a second.
#[derive(Clone, Copy)]
pub(crate) struct Leak {
    pub(crate) size: u64,
    pub(crate) per_second: u64,
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// What could still be poured in.
    pub(crate) room: u64,
    /// Until it is empty.
    pub(crate) empty_in: Duration,
}

struct Bucket {
    level: u64,
    at: Instant,
}

/// The buckets of one system.
#[derive(Default)]
pub(crate) struct Buckets(HashMap<String, Bucket>);

impl Buckets {
    /// Pours in so much unless the bucket would run over; answers the level afterwards in either case.
    pub(crate) fn pour(&mut self, key: &str, leak: Leak, amount: u64, now: Instant) -> Result<Level, Level> {
        let bucket = self.0.entry(key.to_owned()).or_insert(Bucket { level: 0, at: now });
        let passed = u64::try_from(now.saturating_duration_since(bucket.at).as_micros()).unwrap_or(u64::MAX);
        bucket.level = bucket.level.saturating_sub(passed.saturating_mul(leak.per_second));
        bucket.at = now;
        let poured = bucket.level + amount * MILLION;
        if poured > leak.size * MILLION {
            return Err(level(bucket.level, leak));
        }
        bucket.level = poured;
        Ok(level(poured, leak))
    }

    /// Takes back what was poured in for nothing.
    pub(crate) fn take_back(&mut self, key: &str, leak: Leak, amount: u64) -> Level {
        let bucket = self.0.entry(key.to_owned()).or_insert(Bucket { level: 0, at: Instant::now() });
        bucket.level = bucket.level.saturating_sub(amount * MILLION);
        level(bucket.level, leak)
    }
}

fn level(level: u64, leak: Leak) -> Level {
    Level { room: (leak.size * MILLION).saturating_sub(level) / MILLION, empty_in: Duration::from_micros(level / leak.per_second.max(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_takes_a_burst_and_then_what_leaks() {
        let (mut buckets, start, leak) = (Buckets::default(), Instant::now(), Leak { size: 40, per_second: 2 });
        for left in (0..40).rev() {
            assert_eq!(buckets.pour("store", leak, 1, start).map(|level| level.room), Ok(left));
        }
        assert_eq!(buckets.pour("store", leak, 1, start), Err(Level { room: 0, empty_in: Duration::from_secs(20) }));
        assert!(buckets.pour("other", leak, 40, start).is_ok());
        assert!(buckets.pour("store", leak, 1, start + Duration::from_millis(499)).is_err());
        assert!(buckets.pour("store", leak, 1, start + Duration::from_millis(500)).is_ok());
        assert_eq!(buckets.take_back("store", leak, 10).room, 10);
    }
}
