//! Moments as vendors write them who do not stay with Brasília's wall clock: in UTC, or with an offset.

use crate::clock::Moment;

/// Seconds that Brasília is behind UTC.
const BEHIND: i64 = 3 * 3600;

/// What a clock in UTC shows at this moment.
pub(crate) const fn utc(at: Moment) -> Moment {
    at.plus(BEHIND)
}

/// Reads `2026-03-01T14:32:10.123-04:00`; fractions of a second are dropped, and without a zone it is no moment.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let (day, rest) = text.split_once('T')?;
    let (time, zone) = rest.split_at(rest.find(['Z', '+', '-'])?);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let at = Moment::parse_iso_day(day)?.with_time(time)?;
    digits.then_some(at.plus(-offset(zone)? - BEHIND))
}

/// The same for a day alone, which begins at midnight in UTC.
pub(crate) fn parse_or_day(text: &str) -> Option<Moment> {
    parse(text).or_else(|| Some(Moment::parse_iso_day(text)?.plus(-BEHIND)))
}

/// Seconds ahead of UTC, from `Z`, `-04:00` or `-0400`.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, digits) = (if zone.starts_with('-') { -1 } else { 1 }, zone[1..].replace(':', ""));
    let (hours, minutes) = digits.split_at_checked(2)?;
    let plain = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    plain.then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_to_the_same_moment() {
        let wanted = Moment::parse_spaced("2026-03-01 22:32:10").unwrap();
        for text in
            ["2026-03-02T01:32:10Z", "2026-03-01T21:32:10.000-04:00", "2026-03-02T01:32:10.4597231+00:00", "2026-03-01T22:32:10-0300"]
        {
            assert_eq!(parse(text), Some(wanted), "{text}");
        }
        assert_eq!(utc(wanted).iso(), "2026-03-02T01:32:10");
        for text in ["2026-03-02T01:32:10", "2026-03-02", "2026-03-02T01:32:10 00:00", "2026-03-02T01:32:10.Z", "2026-03-02T01:32:10-4"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse_or_day("2026-03-02").unwrap().iso(), "2026-03-01T21:00:00");
    }
}
