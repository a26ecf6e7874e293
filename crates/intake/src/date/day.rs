//! The types for a day and for the reading of a day, and the numbers and names of days.

use alta_domain::{DateOrder, Day};

/// A day of the Gregorian calendar, or a birthday without a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year; 0 for a birthday without one.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=days).contains(&day) && (1000..=9999).contains(&year)).then_some(Self {
            year,
            month,
            day,
        })
    }

    /// Returns a birthday without a year: any day that a leap year has.
    pub(super) fn birthday(month: u8, day: u8) -> Option<Self> {
        Self::new(2000, month, day).map(|date| Self { year: 0, ..date })
    }

    /// Returns a day of this year, or a birthday without a year when `year` is 0.
    fn in_year(year: u16, month: u8, day: u8) -> Option<Self> {
        if year == 0 {
            Self::birthday(month, day)
        } else {
            Self::new(year, month, day)
        }
    }

    /// Returns the day of a serial number of Excel's 1900 system, counted from 30 December 1899.
    /// Below 61 (1 March 1900) the result is a day before Excel's, because Excel has a 29 February
    /// 1900. Returns `None` for a year after 9999.
    pub(super) fn of_serial(serial: u32) -> Option<Self> {
        /// The serial of 1 January 1970.
        const EPOCH: i64 = 25_569;
        const MILLISECONDS: i64 = 86_400_000;
        let day = Day::of((i64::from(serial) - EPOCH) * MILLISECONDS);
        Self::new(u16::try_from(day.year).ok()?, day.month, day.day)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.year == 0 {
            // ISO 8601:2000, 5.2.1.3 d: a date without a year.
            return write!(f, "--{:02}-{:02}", self.month, self.day);
        }
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The reading of a text as a day, before the order of its column is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateReading {
    /// One certain day.
    Sure(Date),
    /// Two numbers and a year; the order of day and month is open.
    Numbers {
        /// The number that is written first.
        first: u8,
        /// The number that is written second.
        second: u8,
        /// The year with all its digits; 0 for a birthday without a year.
        year: u16,
    },
    /// The text is not a day.
    Invalid,
}

impl DateReading {
    /// Returns the order that this date proves, because one of its numbers can't be a month; `None`
    /// when it proves none.
    #[must_use]
    pub fn proof(self) -> Option<DateOrder> {
        match self {
            Self::Numbers { first: 13.., .. } => Some(DateOrder::Dmy),
            Self::Numbers { second: 13.., .. } => Some(DateOrder::Mdy),
            _ => None,
        }
    }

    /// Returns the year, 0 for a birthday without a year; `None` when the text is not a day.
    #[must_use]
    pub fn year(self) -> Option<u16> {
        match self {
            Self::Sure(date) => Some(date.year),
            Self::Numbers { year, .. } => Some(year),
            Self::Invalid => None,
        }
    }

    /// Returns the day under an order; `None` when there is no such day. Without an order, only
    /// certain days have a result.
    #[must_use]
    pub fn under(self, order: Option<DateOrder>) -> Option<Date> {
        match (self, order) {
            (Self::Sure(date), _) => Some(date),
            (
                Self::Numbers {
                    first,
                    second,
                    year,
                },
                Some(DateOrder::Dmy),
            ) => Date::in_year(year, second, first),
            (
                Self::Numbers {
                    first,
                    second,
                    year,
                },
                Some(DateOrder::Mdy),
            ) => Date::in_year(year, first, second),
            _ => None,
        }
    }
}

/// Reads the number of a day: `3`, `3rd`, `1º`.
pub(super) fn day_number(word: &str) -> Option<u16> {
    number(word.trim_end_matches(|c: char| c.is_alphabetic()))
}

pub(super) fn number(text: &str) -> Option<u16> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

pub(super) fn of_parts(year: u16, month: u16, day: u16) -> DateReading {
    let date = u8::try_from(month)
        .ok()
        .zip(u8::try_from(day).ok())
        .and_then(|(month, day)| Date::new(year, month, day));
    date.map_or(DateReading::Invalid, DateReading::Sure)
}

/// Returns the two numbers as a reading, when they are a day in at least one order.
pub(super) fn in_order(first: u8, second: u8, year: u16) -> DateReading {
    let reading = DateReading::Numbers {
        first,
        second,
        year,
    };
    let is_day = [DateOrder::Dmy, DateOrder::Mdy]
        .into_iter()
        .any(|order| reading.under(Some(order)).is_some());
    if is_day {
        reading
    } else {
        DateReading::Invalid
    }
}

/// Returns the month of a folded name in Spanish, Portuguese or English. The first three letters
/// decide.
pub(super) fn month(word: &str) -> Option<u16> {
    const STEMS: [&[&str]; 12] = [
        &["jan", "ene"],
        &["feb", "fev"],
        &["mar"],
        &["apr", "abr"],
        &["may", "mai"],
        &["jun"],
        &["jul"],
        &["aug", "ago"],
        &["sep", "set"],
        &["oct", "out"],
        &["nov"],
        &["dec", "dic", "dez"],
    ];
    let stem = word
        .get(..3)
        .filter(|_| word.chars().all(char::is_alphabetic) && word.len() <= 10)?;
    STEMS
        .iter()
        .position(|stems| stems.contains(&stem))
        .and_then(|at| u16::try_from(at + 1).ok())
}
