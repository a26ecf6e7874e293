//! The reading of numbers with comma or point, and of yes and no in three languages.

use alta_domain::Country;

/// The largest number of digits of a number.
const MOST_DIGITS: usize = 30;

/// Reads a number. The result has a point before the fraction and no grouping; `None` when the text
/// is no number. The country decides what `1.234` means.
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
    let (sign, body) = unwrapped(text);
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

/// Removes the sign and the currency, in whatever order they come. Accountants write negative
/// amounts in brackets.
fn unwrapped(text: &str) -> (&'static str, &str) {
    let text = text.trim();
    let in_brackets = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let mut is_negative = in_brackets.is_some();
    let mut rest = in_brackets.unwrap_or(text).trim();
    if let Some(positive) = rest.strip_prefix(['-', '\u{2212}']) {
        is_negative = true;
        rest = positive.trim_start();
    } else {
        rest = rest.strip_prefix('+').unwrap_or(rest).trim_start();
    }
    let currency = CURRENCIES.iter().find(|mark| rest.starts_with(**mark));
    if let Some(mark) = currency {
        rest = rest[mark.len()..].trim_start();
        if let Some(positive) = rest.strip_prefix('-') {
            is_negative = true;
            rest = positive.trim_start();
        }
    }
    let behind = CURRENCIES.iter().find(|mark| rest.ends_with(**mark));
    let mark = behind.map_or(usize::from(rest.ends_with('%')), |mark| mark.len());
    let body = rest[..rest.len() - mark].trim();
    (if is_negative { "-" } else { "" }, body)
}

/// The marks and codes of the currencies of Latin America, Spain and Portugal. A longer mark comes
/// before a shorter one that it begins with.
const CURRENCIES: [&str; 25] = [
    "US$", "MX$", "AR$", "R$", "RD$", "COL$", "$U", "S/.", "S/", "Bs.", "Bs", "B/.", "C$", "Q",
    "L", "₡", "₲", "€", "$", "BRL", "USD", "MXN", "ARS", "COP", "EUR",
];

/// Reads a number that means the same in every country: digits alone, or with one mark and one or
/// two digits after it. Most numbers are of this kind.
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

/// Returns the mark before the fraction; `None` when there is no fraction.
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
    // One mark with three digits after it is a grouping or a fraction, as the country writes.
    let groups = if country.has_decimal_comma() {
        '.'
    } else {
        ','
    };
    (text.len() - last - 1 != 3 || mark != groups).then_some(mark)
}

/// Returns true when the groups of a number have three digits each.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3))
}

/// Reads yes or no; `None` for another text.
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
            ("R$ 1.234,56", "1234.56"),
            ("-R$ 10,00", "-10.00"),
            ("R$ -10,00", "-10.00"),
            ("(10,00)", "-10.00"),
            ("2.000,00 €", "2000.00"),
            ("$1,234.56", "1234.56"),
            ("S/ 12", "12"),
            ("USD 5", "5"),
            ("5 %", "5"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
        for text in ["", "abc", "1,2,3", "12.34.5", "1-2", "--1", "03/04/1990"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
