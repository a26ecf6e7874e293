//! Days as spreadsheets write them. Which of two small numbers is the day is never guessed: the
//! column proves it or somebody decides.

mod birthday;
mod program;

use alta_domain::DateOrder;

use crate::words::fold;

pub use birthday::read_birthday;
use program::{of_a_program, without_weekday};

/// A day of the Gregorian calendar, or a birthday whose year nobody told.
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

    /// A birthday without a year: any day that a leap year has.
    fn birthday(month: u8, day: u8) -> Option<Self> {
        Self::new(2000, month, day).map(|date| Self { year: 0, ..date })
    }

    /// The same in a year that may be missing.
    fn in_year(year: u16, month: u8, day: u8) -> Option<Self> {
        if year == 0 {
            Self::birthday(month, day)
        } else {
            Self::new(year, month, day)
        }
    }

    /// Excel counts days from 30 December 1899 (its 1900 system, from 1 March 1900 on).
    fn of_serial(serial: u32) -> Option<Self> {
        // Civil from days (Howard Hinnant, 'chrono-Compatible Low-Level Date Algorithms'), with day
        // 0 on 1 March of year 0.
        let days = serial + 693_899;
        let era = days / 146_097;
        let of_era = days % 146_097;
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + u32::from(month <= 2);
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.year == 0 {
            // ISO 8601:2000, 5.2.1.3 d: the year is left out.
            return write!(f, "--{:02}-{:02}", self.month, self.day);
        }
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What a text says of a day before the order of its column is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateReading {
    /// One day and no other.
    Sure(Date),
    /// Two numbers and a year.
    Numbers {
        /// Written first.
        first: u8,
        /// Written second.
        second: u8,
        /// The whole year; 0 for a birthday without one.
        year: u16,
    },
    /// No day.
    Invalid,
}

impl DateReading {
    /// The order this date proves: one of its numbers is no month.
    #[must_use]
    pub fn proof(self) -> Option<DateOrder> {
        match self {
            Self::Numbers { first: 13.., .. } => Some(DateOrder::Dmy),
            Self::Numbers { second: 13.., .. } => Some(DateOrder::Mdy),
            _ => None,
        }
    }

    /// The year; none when it is no day.
    #[must_use]
    pub fn year(self) -> Option<u16> {
        match self {
            Self::Sure(date) => Some(date.year),
            Self::Numbers { year, .. } => Some(year),
            Self::Invalid => None,
        }
    }

    /// The day under an order; none when it is not one. Without order only sure days are days.
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

/// Reads a day. `this_year` is the latest that a two-digit year may mean.
///
/// ```
/// use alta_domain::DateOrder;
/// use alta_intake::{DateReading, read_date};
/// let numbers = DateReading::Numbers { first: 3, second: 4, year: 1990 };
/// assert_eq!(read_date("03/04/90", 2026), numbers);
/// assert_eq!(read_date("31/12/1999", 2026).proof(), Some(DateOrder::Dmy));
/// let date = read_date("1990-04-03", 2026).under(None).map(|date| date.to_string());
/// assert_eq!(date.as_deref(), Some("1990-04-03"));
/// ```
#[must_use]
pub fn read_date(text: &str, this_year: u16) -> DateReading {
    let text = crate::words::trim(text);
    if let Some((first, second, year, digits)) = slashed(text.as_bytes()) {
        return in_order(first, second, whole_year(year, digits, this_year));
    }
    // A spreadsheet writes .0 behind whole numbers.
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0"));
    let whole = whole.unwrap_or(text);
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_digits(whole);
    }
    let text = without_weekday(text);
    if let Some(day) = of_a_program(text) {
        return day;
    }
    let day = text
        .split_once(['T', ' '])
        .filter(|(_, time)| is_time(time))
        .map_or(text, |(day, _)| day);
    let parts: Vec<&str> = day.split(['/', '-', '.']).map(str::trim).collect();
    if let [first, second, third] = parts.as_slice() {
        let numbers = [first, second, third].map(|part| number(part));
        if let [Some(a), Some(b), Some(c)] = numbers {
            return match (first.len(), third.len()) {
                (4, 1..=2) => of_parts(a, b, c),
                (1..=2, 2 | 4) => match (u8::try_from(a), u8::try_from(b)) {
                    (Ok(first), Ok(second)) => {
                        in_order(first, second, whole_year(c, third.len(), this_year))
                    }
                    _ => DateReading::Invalid,
                },
                _ => DateReading::Invalid,
            };
        }
    }
    named_month(day, this_year)
}

/// `31/12/1999` and its like: the two numbers, the year and how many digits it has.
fn slashed(text: &[u8]) -> Option<(u8, u8, u16, usize)> {
    if let [a, b, b'/', c, d, b'/', e, f, g, h] = text {
        let digits = [a, b, c, d, e, f, g, h].map(|byte| byte.wrapping_sub(b'0'));
        if digits.iter().any(|digit| *digit > 9) {
            return None;
        }
        let [a, b, c, d, year @ ..] = digits;
        let year = year
            .iter()
            .fold(0, |year, digit| year * 10 + u16::from(*digit));
        return Some((a * 10 + b, c * 10 + d, year, 4));
    }
    let mut numbers = [0_u16; 3];
    let mut lengths = [0_usize; 3];
    let mut part = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                *lengths.get_mut(part)? += 1;
                numbers[part] = numbers[part]
                    .checked_mul(10)?
                    .checked_add(u16::from(byte - b'0'))?;
            }
            b'/' | b'-' | b'.' => part += 1,
            _ => return None,
        }
    }
    let fits = matches!(lengths, [1 | 2, 1 | 2, 2 | 4]) && part == 2;
    fits.then(|| {
        Some((
            u8::try_from(numbers[0]).ok()?,
            u8::try_from(numbers[1]).ok()?,
            numbers[2],
            lengths[2],
        ))
    })?
}

/// The number of a day: `3`, `3rd`, `1º`.
fn day_number(word: &str) -> Option<u16> {
    number(word.trim_end_matches(|c: char| c.is_alphabetic()))
}

fn number(text: &str) -> Option<u16> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn is_time(text: &str) -> bool {
    // Also '10:22:33 a. m. GMT-3'.
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(':')
        && text.len() <= 30
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric()
                || matches!(c, ':' | '.' | '+' | '-' | ' ' | '\u{a0}' | '\u{202f}')
        })
}

fn whole_year(year: u16, digits: usize, this_year: u16) -> u16 {
    if digits == 4 {
        return year;
    }
    let of_century = this_year - this_year % 100 + year;
    if of_century > this_year {
        of_century - 100
    } else {
        of_century
    }
}

fn of_parts(year: u16, month: u16, day: u16) -> DateReading {
    let date = u8::try_from(month)
        .ok()
        .zip(u8::try_from(day).ok())
        .and_then(|(month, day)| Date::new(year, month, day));
    date.map_or(DateReading::Invalid, DateReading::Sure)
}

/// Two numbers that are a day in at least one order.
fn in_order(first: u8, second: u8, year: u16) -> DateReading {
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

/// `19900403`, or a spreadsheet's count of days.
fn of_digits(text: &str) -> DateReading {
    let date = match (text.len(), text.parse::<u32>()) {
        (8, Ok(packed)) => {
            let part = |value: u32| u16::try_from(value).unwrap_or_default();
            let reading = of_parts(
                part(packed / 10_000),
                part(packed / 100 % 100),
                part(packed % 100),
            );
            // Banks write 31121990.
            let (first, second) = (part(packed / 1_000_000), part(packed / 10_000 % 100));
            return match (reading, u8::try_from(first), u8::try_from(second)) {
                (DateReading::Invalid, Ok(first), Ok(second))
                    if (1900..2100).contains(&(packed % 10_000)) =>
                {
                    in_order(first, second, part(packed % 10_000))
                }
                _ => reading,
            };
        }
        (1..=5, Ok(serial @ 1..=60_000)) => Date::of_serial(serial),
        _ => None,
    };
    date.map_or(DateReading::Invalid, DateReading::Sure)
}

/// `3 de abril de 1990`, `03-abr-90`, `Apr 3, 1990`.
fn named_month(text: &str, this_year: u16) -> DateReading {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|word| !matches!(*word, "de" | "del" | "of" | "the"))
        .collect();
    let [a, b, year] = words.as_slice() else {
        return DateReading::Invalid;
    };
    let (month, day) = match (month(a), month(b)) {
        (Some(month), None) => (month, b),
        (None, Some(month)) => (month, a),
        _ => return DateReading::Invalid,
    };
    match (day_number(day), number(year)) {
        (Some(day), Some(number)) => {
            of_parts(whole_year(number, year.len(), this_year), month, day)
        }
        _ => DateReading::Invalid,
    }
}

/// The month of a name in Spanish, Portuguese or English, folded; three letters are enough.
fn month(word: &str) -> Option<u16> {
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

#[cfg(test)]
mod tests;
