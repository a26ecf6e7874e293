//! Reads the HTTP headers of answers that the engine acts on.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::now;
use crate::http::Answer;

/// Reads the `Retry-After` header (RFC 9110, 10.2.3), which holds seconds or a date. A date is
/// compared with the answer's own `Date` header, because the vendor's clock may differ; a date that
/// has passed gives zero. `None` without a header that can be read.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let text = answer.headers.get("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date(text)?;
    let vendors_now = answer.headers.get("date").and_then(|date| http_date(date));
    let wait = until - vendors_now.unwrap_or_else(now);
    Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0)))
}

/// Reads a date in a header (RFC 9110, 5.6.7) as milliseconds since 1970.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(date.timestamp().as_millisecond())
}

/// Returns the address of the next page in a `Link` header (RFC 8288).
pub(crate) fn next_link(headers: &BTreeMap<String, String>) -> Option<String> {
    // The links are not split at commas: an address may hold one.
    let links = headers
        .get("link")?
        .split('<')
        .filter_map(|link| link.split_once('>'));
    let mut next =
        links.filter(|(_, rest)| rest.contains("rel=\"next\"") || rest.contains("rel=next"));
    next.next().map(|(address, _)| address.to_owned())
}
