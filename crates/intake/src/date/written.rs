//! The reading of days as spreadsheets and people write them.

use super::day::{Date, DateReading, day_number, in_order, month, number, of_parts};
use super::program::{of_a_program, without_weekday};
use crate::words::fold;

/// Reads a day. `this_year` is the latest year that a two-digit year may mean.
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
    // A spreadsheet writes .0 after whole numbers.
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

/// Splits a date such as `31/12/1999`: the two numbers, the year, and the number of the year's
/// digits.
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

fn is_time(text: &str) -> bool {
    // A time such as '10:22:33 a. m. GMT-3' counts too.
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

/// Reads a text of digits: `19900403`, or the day count of a spreadsheet.
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

/// Reads a day with the name of its month: `3 de abril de 1990`, `03-abr-90`, `Apr 3, 1990`.
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
