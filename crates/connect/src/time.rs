//! Reads and writes times as vendors write them.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

/// The formats of times without their zone.
const TIME_FORMATS: [&str; 6] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
];
/// The formats of days.
const DAY_FORMATS: [&str; 2] = ["%Y-%m-%d", "%d/%m/%Y"];
/// The earliest year of a plausible date. Times before it count as no time, because vendors write
/// such years (0000, 0001, 1900, 1970) where they have no date.
const EARLIEST_YEAR: i16 = 1992;

/// A point in time with the offset that it is written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment(ZonedDateTime);

impl Moment {
    /// Makes a moment out of milliseconds since 1970, to be written with this offset.
    pub(crate) fn of(millis: i64, zone: Offset) -> Option<Self> {
        Some(Self(
            Timestamp::from_millisecond(millis)
                .ok()?
                .to_zoned_datetime(TimeZone::fixed(zone)),
        ))
    }

    /// Parses a time with its offset (RFC 3339). `None` when the text is no such time.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let offset = text
            .rfind(['+', '-'])
            .filter(|at| *at > 10)
            .and_then(|at| offset(&text[at..]))
            .unwrap_or(Offset::UTC);
        Some(Self(
            text.parse::<Timestamp>()
                .ok()?
                .to_zoned_datetime(TimeZone::fixed(offset)),
        ))
    }

    /// Writes the moment in a format of strftime. The format `utc` is RFC 3339 in UTC, and `millis`
    /// is milliseconds since 1970.
    pub(crate) fn write(&self, format: &str) -> String {
        match format {
            "utc" => self
                .0
                .timestamp()
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
            "millis" => self.0.timestamp().as_millisecond().to_string(),
            _ => self.0.strftime(format).to_string(),
        }
    }

    /// Returns the moment so many milliseconds later.
    pub(crate) fn later(&self, millis: i64) -> Self {
        Self(
            self.0
                .saturating_add(jiff::SignedDuration::from_millis(millis)),
        )
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%:z").fmt(f)
    }
}

/// Parses an offset such as `-03:00`.
pub(crate) fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let seconds =
        i32::from(hours.parse::<i16>().ok()?) * 3600 + i32::from(minutes.parse::<i16>().ok()?) * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

/// Reads a time as vendors write it, as milliseconds since 1970. The time may have its own offset
/// or be in `zone`, have a time of day or none, or be a number of seconds or milliseconds since
/// 1970. Returns `None` for a text that is no time, and for times before [`EARLIEST_YEAR`].
pub(crate) fn millis(text: &str, zone: Offset) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return match number {
            1_000_000_000_000.. => Some(number),
            // Seconds, from March 1992 on.
            700_000_000.. => Some(number * 1000),
            _ => None,
        };
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return (zone.to_datetime(timestamp).year() >= EARLIEST_YEAR)
            .then(|| timestamp.as_millisecond());
    }
    let local = TIME_FORMATS
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok());
    let local = local.or_else(|| Some(day(text)?.to_datetime(jiff::civil::Time::midnight())))?;
    (local.year() >= EARLIEST_YEAR)
        .then(|| zone.to_timestamp(local).ok().map(Timestamp::as_millisecond))
        .flatten()
}

/// Parses a day in one of [`DAY_FORMATS`].
fn day(text: &str) -> Option<jiff::civil::Date> {
    DAY_FORMATS
        .iter()
        .find_map(|format| jiff::civil::Date::strptime(format, text).ok())
}

/// Reads a day of birth as `YYYY-MM-DD`: first in the strftime form `format`, else as other days
/// are read. Returns an empty text for a text that is no day, and for years up to 1900, which
/// vendors write instead of none.
pub(crate) fn birthday(text: &str, format: Option<&str>) -> String {
    let in_format = |text: &str| jiff::civil::Date::strptime(format?, text).ok();
    let written = text
        .trim()
        .get(..10)
        .and_then(|text| in_format(text).or_else(|| day(text)))
        .filter(|day| day.year() > 1900);
    written.map_or(String::new(), |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_vendors_write_them() {
        let brasilia = offset("-03:00").unwrap();
        let noon = 1_772_377_200_000;
        for text in [
            "2026-03-01T12:00:00-03:00",
            "2026-03-01T15:00:00Z",
            "2026-03-01 12:00:00",
            "2026-03-01T12:00:00.000",
            "01/03/2026 12:00:00",
            "2026-03-01 12:00",
            "1772377200",
            "1772377200000",
        ] {
            assert_eq!(millis(text, brasilia), Some(noon), "{text}");
        }
        assert_eq!(millis("2026-03-01", brasilia), Some(noon - 12 * 3_600_000));
        for none in [
            "",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0001-01-01",
            "1900-01-01T00:00:00",
            "1990-01-01",
            "soon",
            "0",
        ] {
            assert_eq!(millis(none, brasilia), None, "{none}");
        }
    }

    #[test]
    fn nobody_was_born_in_the_year_nought() {
        assert_eq!(birthday("1990-08-24T00:00:00", None), "1990-08-24");
        assert_eq!(birthday("24/08/1990", None), "1990-08-24");
        assert_eq!(
            [
                birthday("0000-00-00", None),
                birthday("1900-01-01", None),
                birthday("", None),
                birthday("é", None)
            ],
            ["", "", "", ""]
        );
        let us = Some("%m-%d-%Y");
        assert_eq!(birthday("12-25-1990T00:00:00", us), "1990-12-25");
        assert_eq!(birthday("25/12/1990", us), "1990-12-25");
    }

    #[test]
    fn a_moment_keeps_its_zone() {
        let moment = Moment::of(1_772_377_200_000, offset("-03:00").unwrap()).unwrap();
        assert_eq!(moment.to_string(), "2026-03-01T12:00:00-03:00");
        assert_eq!(Moment::parse(&moment.to_string()), Some(moment.clone()));
        assert_eq!(moment.write("%d/%m/%Y %H:%M:%S"), "01/03/2026 12:00:00");
        assert_eq!(moment.write("utc"), "2026-03-01T15:00:00Z");
        assert_eq!(moment.write("millis"), "1772377200000");
    }
}
