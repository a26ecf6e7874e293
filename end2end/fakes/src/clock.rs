//! The fakes' time: local time of Brasília without an offset, as most of the systems write it, and
//! UTC for the systems that write UTC.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

/// The first second after the seeded records: 2026-11-20T00:00:00. No seeded record is later.
pub(crate) const END_OF_SEED: Moment = Moment::at_noon(2026, 11, 20).plus(-DAY / 2);

/// A second of the wall clock of Brasília.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    const fn at_noon(year: i64, month: i64, day: i64) -> Self {
        Self(days_from_civil(year, month, day) * DAY + DAY / 2)
    }

    pub(crate) const fn day(year: i64, month: i64, day: i64) -> Self {
        Self(days_from_civil(year, month, day) * DAY)
    }

    pub(crate) const fn plus(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }

    pub(crate) const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY)
    }

    pub(crate) const fn start_of_day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY))
    }

    pub(crate) const fn start_of_minute(self) -> Self {
        Self(self.0 - self.0.rem_euclid(60))
    }

    /// Writes the day: `2026-03-01`.
    pub(crate) fn iso_day(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Writes the day as in Brazil: `01/03/2026`.
    pub(crate) fn br_day(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        format!("{day:02}/{month:02}/{year:04}")
    }

    /// Writes the time of day: `14:32:10`.
    pub(crate) fn time(self) -> String {
        let second = self.0.rem_euclid(DAY);
        format!(
            "{:02}:{:02}:{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }

    /// Writes day and time with a space: `2026-03-01 14:32:10`.
    pub(crate) fn spaced(self) -> String {
        format!("{} {}", self.iso_day(), self.time())
    }

    /// Writes day and time with a `T`: `2026-03-01T14:32:10`.
    pub(crate) fn iso(self) -> String {
        format!("{}T{}", self.iso_day(), self.time())
    }

    /// Writes day and time as in Brazil: `01/03/2026 14:32:10`.
    pub(crate) fn br(self) -> String {
        format!("{} {}", self.br_day(), self.time())
    }

    pub(crate) fn parse_iso_day(text: &str) -> Option<Self> {
        let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
        Self::checked(year, month, day)
    }

    pub(crate) fn parse_br_day(text: &str) -> Option<Self> {
        let [day, month, year] = numbers(text, '/', [2, 2, 4])?;
        Self::checked(year, month, day)
    }

    /// Adds a time of day such as `14:32:10` to a day. `None` when the text is no time of day.
    pub(crate) fn with_time(self, text: &str) -> Option<Self> {
        let [hour, minute, second] = numbers(text, ':', [2, 2, 2])?;
        (hour < 24 && minute < 60 && second < 60)
            .then(|| self.plus(hour * 3600 + minute * 60 + second))
    }

    pub(crate) fn parse_spaced(text: &str) -> Option<Self> {
        let (day, time) = text.split_once(' ')?;
        Self::parse_iso_day(day)?.with_time(time)
    }

    pub(crate) fn parse_br(text: &str) -> Option<Self> {
        let (day, time) = text.split_once(' ')?;
        Self::parse_br_day(day)?.with_time(time)
    }

    /// Returns true when this moment lies between two others. An end that is `None` is open.
    pub(crate) fn is_between(self, from: Option<Self>, until: Option<Self>) -> bool {
        from.is_none_or(|from| self >= from) && until.is_none_or(|until| self <= until)
    }

    /// Returns what the clock in UTC shows at this moment. All texts that are written from the
    /// result are in UTC.
    pub(crate) const fn utc(self) -> Self {
        self.plus(BEHIND)
    }

    /// Writes the moment in UTC: `2026-03-01T17:32:10Z`.
    pub(crate) fn iso_utc(self) -> String {
        format!("{}Z", self.utc().iso())
    }

    /// Returns the milliseconds since 1970.
    pub(crate) const fn unix_millis(self) -> i64 {
        self.utc().0 * 1000
    }

    fn checked(year: i64, month: i64, day: i64) -> Option<Self> {
        let days = days_from_civil(year, month, day);
        (civil_from_days(days) == (year, month, day)).then_some(Self(days * DAY))
    }
}

/// The number of seconds that Brasília is behind UTC.
pub(crate) const BEHIND: i64 = 3 * 3600;

/// Returns the time of this machine, in Brasília. `Date` headers show the same time.
pub(crate) fn now() -> Moment {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Moment(i64::try_from(elapsed.as_secs()).unwrap_or(0) - BEHIND)
}

/// Reads three numbers with exactly these numbers of digits.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let mut found = [0; 3];
    if parts.len() != 3 {
        return None;
    }
    for (index, part) in parts.iter().enumerate() {
        if part.len() != lengths[index] || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        found[index] = part.parse().ok()?;
    }
    Some(found)
}

/// Returns the days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so
/// that the leap day comes last.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (
        year_of_era + era * 400 + if month <= 2 { 1 } else { 0 },
        month,
        day,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_back_as_written() {
        for text in [
            "1970-01-01",
            "2000-02-29",
            "2024-12-31",
            "2026-11-20",
            "1900-01-01",
        ] {
            assert_eq!(Moment::parse_iso_day(text).unwrap().iso_day(), text);
        }
        assert_eq!(Moment::parse_iso_day("2026-02-29"), None);
        assert_eq!(Moment::parse_iso_day("2026-2-9"), None);
        assert_eq!(
            Moment::parse_br("01/03/2026 14:32:10").unwrap().iso(),
            "2026-03-01T14:32:10"
        );
        assert_eq!(Moment::parse_br("01/03/2026 24:00:00"), None);
    }

    #[test]
    fn no_seeded_record_is_younger_than_now() {
        assert_eq!(END_OF_SEED.iso(), "2026-11-20T00:00:00");
        assert!(now() > END_OF_SEED);
    }
}
