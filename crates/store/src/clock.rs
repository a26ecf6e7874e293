//! The clock of the server.

/// The milliseconds of an hour.
pub(crate) const HOUR: i64 = 60 * 60 * 1000;

/// The milliseconds of a day.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// Returns the time in milliseconds since 1970, as all times are stored.
#[must_use]
pub fn now() -> i64 {
    let elapsed = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
