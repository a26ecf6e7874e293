//! Moments of vendors that write UTC or name an offset; within the fakes all time is Brasília's.

use crate::clock::Moment;

/// Seconds that Brasília is behind UTC.
const BEHIND: i64 = 3 * 3600;

/// The digits of UTC's clock at a moment of Brasília's.
pub(crate) const fn utc(moment: Moment) -> Moment {
    moment.plus(BEHIND)
}

/// `2026-03-01T17:32:10Z` from 14:32:10 in Brasília.
pub(crate) fn zulu(moment: Moment) -> String {
    format!("{}Z", utc(moment).iso())
}

/// What a time without an offset means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    Utc,
    Brasilia,
}

/// A moment of Brasília from `2026-03-01T17:32:10Z`, with `-03:00`, `-0300` or nothing for `Z`, a fraction, or the day alone.
pub(crate) fn parse(text: &str, bare: Bare) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = Moment::parse_iso_day(day)?;
    let (local, zone) = match rest.strip_prefix(['T', 't', ' ']) {
        Some(rest) => {
            let (time, rest) = rest.split_at_checked(8)?;
            (day.with_time(time)?, without_fraction(rest)?)
        }
        None if rest.is_empty() => (day, ""),
        None => return None,
    };
    let ahead = match (zone, bare) {
        ("", Bare::Brasilia) => -BEHIND,
        ("", Bare::Utc) | ("Z" | "z", _) => 0,
        (zone, _) => offset(zone)?,
    };
    Some(local.plus(-ahead - BEHIND))
}

fn without_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix('.') else { return Some(text) };
    let rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (rest.len() < fraction.len()).then_some(rest)
}

/// Seconds ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replacen(':', "", 1);
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    let plain = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(hours) || !plain(minutes) {
        return None;
    }
    Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_spelling() {
        let noon = Moment::day(2026, 3, 1).plus(12 * 3600);
        assert_eq!(zulu(noon), "2026-03-01T15:00:00Z");
        for text in [
            "2026-03-01T15:00:00Z",
            "2026-03-01T15:00:00.250Z",
            "2026-03-01T12:00:00-03:00",
            "2026-03-01T15:00:00+0000",
            "2026-03-01 17:00:00+02",
        ] {
            assert_eq!(parse(text, Bare::Utc), Some(noon), "{text}");
        }
        assert_eq!(parse("2026-03-01T12:00:00", Bare::Brasilia), Some(noon));
        assert_eq!(parse("2026-03-01T15:00:00", Bare::Utc), Some(noon));
        assert_eq!(parse("2026-03-01", Bare::Brasilia), Some(Moment::day(2026, 3, 1)));
        for text in ["2026-03-01T15:00", "2026-03-01T15:00:00 00:00", "2026-03-01T15:00:00.Z", "ontem", "2026-03-01x"] {
            assert_eq!(parse(text, Bare::Utc), None, "{text}");
        }
    }
}
