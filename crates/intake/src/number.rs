//! Numbers with comma or point, and yes or no in three languages.

use alta_domain::Country;

/// The most digits of a number.
const MOST_DIGITS: usize = 30;

/// The number with a point and no grouping; none when the text is not one. What `1.234` means is
/// decided by the country.
///
/// ```
/// use alta_domain::Country;
/// use alta_intake::read_number;
/// assert_eq!(read_number("R$ 1.234,50", Country::BRAZIL).as_deref(), Some("1234.50"));
/// assert_eq!(read_number("1.234", Country::BRAZIL).as_deref(), Some("1234"));
/// assert_eq!(read_number("1.234", Country::MEXICO).as_deref(), Some("1.234"));
/// ```
#[must_use]
pub fn read_number(text: &str, country: Country) -> Option<String> {
    if let Some(plain) = plain_number(text) {
        return Some(plain);
    }
    let text = text
        .trim()
        .trim_start_matches("R$")
        .trim_start_matches(['$', '€'])
        .trim_end_matches('%')
        .trim();
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let body = body.trim();
    if !body.starts_with(|c: char| c.is_ascii_digit())
        || !body
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\''))
    {
        return None;
    }
    let compact: String = body
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\''))
        .collect();
    let decimal = decimal_mark(&compact, country);
    let (whole, fraction) = match decimal {
        Some(mark) => compact.rsplit_once(mark)?,
        None => (compact.as_str(), ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !grouped(whole)
        || !fraction.chars().all(|c| c.is_ascii_digit())
        || digits.len() + fraction.len() > MOST_DIGITS
    {
        return None;
    }
    Some(if fraction.is_empty() {
        format!("{sign}{digits}")
    } else {
        format!("{sign}{digits}.{fraction}")
    })
}

/// A number that reads the same everywhere: digits alone, or with one mark and one or two digits
/// behind it. Most are of this kind, and are read without looking further.
fn plain_number(text: &str) -> Option<String> {
    let is_mark = |byte: &u8| matches!(byte, b',' | b'.');
    let bytes = text.as_bytes();
    let mark = bytes.iter().position(|byte| !byte.is_ascii_digit());
    let fraction = match mark {
        None => {
            return (1..=MOST_DIGITS)
                .contains(&bytes.len())
                .then(|| text.to_owned());
        }
        Some(at) => &bytes[at + 1..],
    };
    let (whole, is_fraction) = (mark?, fraction.iter().all(u8::is_ascii_digit));
    let is_plain = whole > 0 && is_mark(&bytes[whole]) && is_fraction;
    if !is_plain || !matches!(fraction.len(), 1 | 2) || bytes.len() > MOST_DIGITS {
        return None;
    }
    Some(text.replace(',', "."))
}

/// The mark before the fraction, if there is one.
fn decimal_mark(text: &str, country: Country) -> Option<char> {
    let last = text.rfind([',', '.'])?;
    let mark = text[last..].chars().next()?;
    let other = if mark == ',' { '.' } else { ',' };
    if text.contains(other) {
        return Some(mark);
    }
    if text.matches(mark).count() > 1 {
        return None;
    }
    // One mark with three digits behind it is a group or a fraction: as the country writes.
    let comma_country = !matches!(
        country.as_str(),
        "MX" | "US" | "PR" | "GT" | "HN" | "SV" | "NI" | "PA" | "DO" | "PE"
    );
    let groups = if comma_country { '.' } else { ',' };
    (text.len() - last - 1 != 3 || mark != groups).then_some(mark)
}

/// Groups are of three digits, all by one mark.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3))
}

/// Yes or no.
///
/// ```
/// assert_eq!(alta_intake::read_boolean("Sí"), Some(true));
/// assert_eq!(alta_intake::read_boolean("não"), Some(false));
/// ```
#[must_use]
pub fn read_boolean(text: &str) -> Option<bool> {
    match crate::words::fold(text).as_str() {
        "si" | "sim" | "s" | "yes" | "y" | "true" | "verdadero" | "verdadeiro" | "1" | "x" => {
            Some(true)
        }
        "no" | "nao" | "n" | "false" | "falso" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_what_they_are() {
        for (text, number) in [
            ("7", "7"),
            ("1234", "1234"),
            ("1234,5", "1234.5"),
            ("12.50", "12.50"),
        ] {
            for country in [Country::BRAZIL, Country::MEXICO] {
                assert_eq!(read_number(text, country).as_deref(), Some(number));
            }
        }
        for text in ["", ",5", "5,", "1,2,3", "1234567890123456789012345678901"] {
            assert_eq!(plain_number(text), None, "{text}");
        }
    }

    #[test]
    fn comma_and_point_are_told_apart() {
        let read = |text| read_number(text, Country::BRAZIL);
        for (text, value) in [
            ("1234", "1234"),
            ("1,5", "1.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("-12,00", "-12.00"),
            ("15%", "15"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
        for text in ["", "abc", "1,2,3", "12.34.5", "1-2", "--1", "03/04/1990"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
