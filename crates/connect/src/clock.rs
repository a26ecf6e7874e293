//! The wall clock.

use std::time::SystemTime;

/// Returns the time as milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
