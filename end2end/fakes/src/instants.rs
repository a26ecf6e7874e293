//! Reads moments as clients write them to vendors that use UTC or an offset, not only Brasília's
//! wall clock.

use crate::clock::{BEHIND, Moment};

/// The meaning of a time without an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    Utc,
    Brasilia,
    /// No meaning: there must be a day, a `T`, a time, and `Z` or an offset with its minutes.
    Nothing,
}

/// Reads a moment such as `2026-03-01T17:32:10Z`. It may have `-03:00`, `-0300` or nothing in place
/// of `Z`. It may have a fraction, which is dropped, or be a day alone.
pub(crate) fn parse(text: &str, bare: Bare) -> Option<Moment> {
    read(text, bare).map(|(moment, _)| moment)
}

/// Reads a moment as milliseconds since 1970. Letters must be capitals, and an offset must have a
/// colon.
pub(crate) fn unix_millis(text: &str, bare: Bare) -> Option<i64> {
    let (moment, millis) = read(text, bare)?;
    let colon = text
        .get(19..)
        .is_none_or(|zone| zone.contains(':') || !zone.contains(['+', '-']));
    (colon && !text.contains(['t', 'z'])).then_some(moment.unix_millis() + millis)
}

/// Reads a moment as a second and the milliseconds after it.
fn read(text: &str, bare: Bare) -> Option<(Moment, i64)> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = Moment::parse_iso_day(day)?;
    let between: &[char] = if bare == Bare::Nothing {
        &['T']
    } else {
        &['T', 't', ' ']
    };
    let (local, millis, zone) = match rest.strip_prefix(between) {
        Some(rest) => {
            let (time, rest) = rest.split_at_checked(8)?;
            let (millis, zone) = fraction(rest)?;
            (day.with_time(time)?, millis, zone)
        }
        None if rest.is_empty() => (day, 0, ""),
        None => return None,
    };
    let ahead = match (zone, bare) {
        ("" | "z", Bare::Nothing) => return None,
        (zone, Bare::Nothing) if zone.len() == 3 => return None,
        ("", Bare::Brasilia) => -BEHIND,
        ("" | "Z" | "z", _) => 0,
        (zone, _) => offset(zone)?,
    };
    Some((local.plus(-ahead - BEHIND), millis))
}

/// Returns the milliseconds of a fraction of a second, and the rest of the text.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(fraction) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = &fraction[..fraction.len() - rest.len()];
    let millis = format!("{digits:0<3}").get(..3)?.parse().ok()?;
    (!digits.is_empty()).then_some((millis, rest))
}

/// Reads an offset as seconds ahead of UTC.
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
        assert_eq!(noon.iso_utc(), "2026-03-01T15:00:00Z");
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
        assert_eq!(
            parse("2026-03-01", Bare::Brasilia),
            Some(Moment::day(2026, 3, 1))
        );
        for text in [
            "2026-03-01T15:00",
            "2026-03-01T15:00:00 00:00",
            "2026-03-01T15:00:00.Z",
            "ontem",
            "2026-03-01x",
        ] {
            assert_eq!(parse(text, Bare::Utc), None, "{text}");
        }
    }

    #[test]
    fn where_nothing_may_lack_offsets_lead_to_the_same_moment() {
        let wanted = Moment::parse_spaced("2026-03-01 22:32:10").unwrap();
        for text in [
            "2026-03-02T01:32:10Z",
            "2026-03-01T21:32:10.000-04:00",
            "2026-03-02T01:32:10.4597231+00:00",
            "2026-03-01T22:32:10-0300",
        ] {
            assert_eq!(parse(text, Bare::Nothing), Some(wanted), "{text}");
        }
        assert_eq!(wanted.utc().iso(), "2026-03-02T01:32:10");
        for text in [
            "2026-03-02T01:32:10",
            "2026-03-02",
            "2026-03-02T01:32:10 00:00",
            "2026-03-02T01:32:10.Z",
            "2026-03-02T01:32:10-4",
            "2026-03-01T22:32:10-03",
        ] {
            assert_eq!(parse(text, Bare::Nothing), None, "{text}");
        }
        assert_eq!(
            parse("2026-03-02", Bare::Utc).unwrap().iso(),
            "2026-03-01T21:00:00"
        );
    }

    #[test]
    fn milliseconds_count_where_they_are_asked_for() {
        let moment = Moment::parse_spaced("2026-03-01 22:32:10").unwrap();
        assert_eq!(moment.iso_utc(), "2026-03-02T01:32:10Z");
        let millis = |text| unix_millis(text, Bare::Utc);
        for text in [
            "2026-03-02T01:32:10Z",
            "2026-03-01T22:32:10-03:00",
            "2026-03-02 01:32:10",
            "2026-03-02T01:32:10.000Z",
        ] {
            assert_eq!(millis(text), Some(moment.unix_millis()), "{text}");
        }
        assert_eq!(
            millis("2026-03-02T01:32:10.25Z"),
            Some(moment.unix_millis() + 250)
        );
        assert_eq!(
            millis("2026-03-02"),
            Some(moment.start_of_day().plus_days(1).unix_millis() - 3 * 3_600_000)
        );
        assert_eq!(
            ["2026-03-02T01:32", "yesterday", "2026-03-02T01:32:10 BRT"].map(millis),
            [None; 3]
        );
        assert_eq!(
            ["2026-03-01T22:32:10-0300", "2026-03-02t01:32:10z"].map(millis),
            [None; 2]
        );
    }
}
