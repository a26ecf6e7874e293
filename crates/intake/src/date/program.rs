//! The reading of days as programs and mails write them: with a weekday, and with the time after
//! the year.

use super::day::{DateReading, month, number, of_parts};
use crate::words::fold;

/// Removes the name of a weekday from the beginning: `Tue, 3 Apr 1990`,
/// `martes, 3 de abril de 1990`, `terça-feira, 3 de abril de 1990`.
pub(super) fn without_weekday(text: &str) -> &str {
    const STEMS: [&str; 19] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "lun", "mar", "mie", "jue", "vie", "sab",
        "dom", "seg", "ter", "qua", "qui", "sex",
    ];
    const WHOLE: [&str; 26] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "tues",
        "thur",
        "thurs",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
        "segunda",
        "terca",
        "quarta",
        "quinta",
        "sexta",
        "segunda feira",
        "terca feira",
        "quarta feira",
        "quinta feira",
    ];
    let Some((word, rest)) = text.split_once([' ', ',']) else {
        return text;
    };
    let folded = fold(word);
    let is_weekday =
        STEMS.contains(&&*folded) || WHOLE.contains(&&*folded) || folded == "sexta feira";
    let rest = rest.trim_start_matches([' ', ',']);
    // 'mar' is also March: it counts as a weekday only when another month follows.
    let has_month = || fold(rest).split(' ').any(|word| month(word).is_some());
    if is_weekday && (folded != "mar" || has_month()) && rest.len() < text.len() {
        rest
    } else {
        text
    }
}

/// Reads a day with its time as programs write it: `Apr 03 1990 00:00:00 GMT-0300 (...)`,
/// `3 Apr 1990 10:00:00 GMT`.
pub(super) fn of_a_program(text: &str) -> Option<DateReading> {
    let mut words = text.split_ascii_whitespace();
    let (a, b, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let has_time =
        time.len() >= 4 && time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    let year = number(year).filter(|_| year.len() == 4 && has_time)?;
    let (month, day) = match (month(&fold(a)), month(&fold(b))) {
        (Some(month), None) => (month, b),
        (None, Some(month)) => (month, a),
        _ => return None,
    };
    Some(of_parts(year, month, number(day.trim_end_matches(','))?))
}
