//! The reading of birthdays, which often lack a year.

use super::day::{Date, DateReading, day_number, in_order, month, number};
use super::written::read_date;
use crate::words::fold;

/// Reads a birthday: a day, or a day without its year (`13/05`, `--05-13`, `May 13`). A small whole
/// number is not read as a day count since 1900, because it may count something else, such as the
/// days of a month.
///
/// ```
/// use alta_intake::read_birthday;
/// let date = read_birthday("13 de mayo", 2026).under(None).map(|date| date.to_string());
/// assert_eq!(date.as_deref(), Some("--05-13"));
/// ```
#[must_use]
pub fn read_birthday(text: &str, this_year: u16) -> DateReading {
    let text = crate::words::trim(text);
    if text.len() < LEAST_SERIAL && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return DateReading::Invalid;
    }
    match read_date(text, this_year) {
        DateReading::Invalid => without_year(text),
        reading => reading,
    }
}

/// The fewest digits of a day count that may be a birthday: 10000 is a day of May 1927. Four digits
/// are a year.
const LEAST_SERIAL: usize = 5;

/// Reads a birthday without a year.
fn without_year(text: &str) -> DateReading {
    let sure = |month: u16, day: u16| {
        let month = u8::try_from(month).ok();
        month
            .zip(u8::try_from(day).ok())
            .and_then(|(month, day)| Date::birthday(month, day))
            .map_or(DateReading::Invalid, DateReading::Sure)
    };
    if let Some(rest) = text.strip_prefix("--") {
        let parts = rest.split_once('-').or_else(|| rest.split_at_checked(2));
        return match parts.map(|(month, day)| (number(month), number(day))) {
            Some((Some(month), Some(day))) => sure(month, day),
            _ => DateReading::Invalid,
        };
    }
    if let Some((first, second)) = text.split_once(['/', '-', '.']) {
        let small = |part: &str| u8::try_from(number(part.trim())?).ok();
        if let (Some(first), Some(second)) = (small(first), small(second)) {
            return in_order(first, second, 0);
        }
    }
    let folded = fold(text);
    let mut words = folded
        .split(' ')
        .filter(|word| !matches!(*word, "de" | "del" | "of" | "the"));
    match (words.next(), words.next(), words.next()) {
        (Some(a), Some(b), None) => match (month(a), month(b)) {
            (Some(month), None) => {
                day_number(b).map_or(DateReading::Invalid, |day| sure(month, day))
            }
            (None, Some(month)) => {
                day_number(a).map_or(DateReading::Invalid, |day| sure(month, day))
            }
            _ => DateReading::Invalid,
        },
        _ => DateReading::Invalid,
    }
}
