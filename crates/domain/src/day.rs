//! Days of the calendar (Gregorian, UTC).

/// The number of milliseconds in a day.
const DAY: i64 = 86_400_000;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The year, such as 2026.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
}

impl Day {
    /// Returns the day of a time in milliseconds since 1970, in UTC.
    ///
    /// The formula is 'civil from days' of Howard Hinnant, 'chrono-Compatible Low-Level Date
    /// Algorithms'.
    ///
    /// ```
    /// # use alta_domain::Day;
    /// assert_eq!(Day::of(0), Day { year: 1970, month: 1, day: 1 });
    /// ```
    #[must_use]
    pub fn of(time: i64) -> Self {
        let days = time.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: u8::try_from(month).unwrap_or_default(),
            day: u8::try_from(day).unwrap_or_default(),
        }
    }

    /// Returns the year of a time in milliseconds since 1970, in UTC, as imports keep it.
    #[must_use]
    pub fn year_of(time: i64) -> u16 {
        u16::try_from(Self::of(time).year).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_days_and_ends_of_years_are_right() {
        let day = |year, month, day| Day { year, month, day };
        assert_eq!(Day::of(-1), day(1969, 12, 31));
        assert_eq!(Day::of(951_782_400_000), day(2000, 2, 29));
        assert_eq!(Day::of(1_709_164_800_000), day(2024, 2, 29));
        assert_eq!(Day::of(1_798_761_599_999), day(2026, 12, 31));
        assert_eq!(Day::year_of(1_798_761_600_000), 2027);
    }
}
