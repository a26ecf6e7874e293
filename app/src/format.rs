//! Numbers, amounts, sizes and dates as a reader of a language writes them.

use std::borrow::Cow;

use alta_domain::{BuiltInField, ContactEntry, Country, Day, FieldKind, FieldTarget, Language};

/// Returns a number with its digits in groups of three, separated by a point in Portuguese, a comma
/// in English, and a narrow space in Spanish, whose readers use both.
pub(crate) fn number(language: Language, value: u64) -> String {
    let mark = match language {
        Language::Spanish => '\u{202f}',
        Language::Portuguese => '.',
        Language::English => ',',
    };
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// Returns the text of an amount with its currency's code before it: `BRL 12.50` in the reader's
/// language for 1,250 minor units (cents). Currencies without minor units, as ISO 4217 has them,
/// are written without a fraction.
pub(crate) fn money(language: Language, minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "−" } else { "" };
    let amount = minor.unsigned_abs();
    if matches!(currency, "CLP" | "PYG" | "JPY" | "KRW") {
        return format!("{currency} {sign}{}", number(language, amount));
    }
    let mark = if language == Language::English {
        '.'
    } else {
        ','
    };
    format!(
        "{currency} {sign}{}{mark}{:02}",
        number(language, amount / 100),
        amount % 100
    )
}

/// Returns a size in B, KB or MB as text. A MB is 1,048,576 bytes, as file managers count.
pub(crate) fn bytes(language: Language, bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if bytes >= MB {
        let tenths = bytes * 10 / MB;
        let mark = if language == Language::English {
            '.'
        } else {
            ','
        };
        let (whole, tenth) = (number(language, tenths / 10), tenths % 10);
        return if tenth == 0 {
            format!("{whole} MB")
        } else {
            format!("{whole}{mark}{tenth} MB")
        };
    }
    if bytes >= 1024 {
        format!("{} KB", bytes / 1024)
    } else {
        format!("{bytes} B")
    }
}

/// Returns the day of a time in milliseconds since 1970 (UTC) as text: 22/11/2026, or 22 Nov 2026
/// in English.
pub(crate) fn day(language: Language, time: i64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let Day { year, month, day } = Day::of(time);
    if language == Language::English {
        let name = MONTHS
            .get(usize::from(month.saturating_sub(1)))
            .copied()
            .unwrap_or_default();
        return format!("{day} {name} {year}");
    }
    format!("{day:02}/{month:02}/{year}")
}

/// Returns the day and the minute of a time in milliseconds since 1970 (UTC) as text: 22/11/2026
/// 14:05 UTC.
pub(crate) fn moment(language: Language, time: i64) -> String {
    let minutes = time.div_euclid(60_000).rem_euclid(24 * 60);
    format!(
        "{} {:02}:{:02} UTC",
        day(language, time),
        minutes / 60,
        minutes % 60
    )
}

/// A group of a phone number: the character before it, and its number of digits.
type Group = (char, usize);

/// The groups in which a country writes its mobile numbers, or its landlines.
struct PhoneForm {
    /// The country code.
    code: &'static str,
    /// The first digits of the national number.
    start: &'static str,
    /// The groups of the national number.
    groups: &'static [Group],
}

const fn form(code: &'static str, start: &'static str, groups: &'static [Group]) -> PhoneForm {
    PhoneForm {
        code,
        start,
        groups,
    }
}

/// The ways in which countries write their numbers. Of several that fit, the first counts. The
/// groups are those of libphonenumber's metadata.
const PHONE_FORMS: [PhoneForm; 11] = [
    form("55", "", &[(' ', 2), (' ', 5), ('-', 4)]),
    form("55", "", &[(' ', 2), (' ', 4), ('-', 4)]),
    form("52", "55", &[(' ', 2), (' ', 4), (' ', 4)]),
    form("52", "56", &[(' ', 2), (' ', 4), (' ', 4)]),
    form("52", "33", &[(' ', 2), (' ', 4), (' ', 4)]),
    form("52", "81", &[(' ', 2), (' ', 4), (' ', 4)]),
    form("52", "", &[(' ', 3), (' ', 3), (' ', 4)]),
    form("54", "911", &[(' ', 1), (' ', 2), (' ', 4), ('-', 4)]),
    form("56", "9", &[(' ', 1), (' ', 4), (' ', 4)]),
    form("57", "3", &[(' ', 3), (' ', 7)]),
    form("51", "9", &[(' ', 3), (' ', 3), (' ', 3)]),
];

impl PhoneForm {
    /// Returns the digits of a phone after the country code when the phone has the code and the
    /// number of digits of this form; otherwise `None`.
    fn national<'a>(&self, digits: &'a str) -> Option<&'a str> {
        let national = digits.strip_prefix(self.code)?;
        let length: usize = self.groups.iter().map(|(_, length)| length).sum();
        (national.len() == length && national.starts_with(self.start)).then_some(national)
    }
}

/// Returns a phone number, stored as E.164 digits without `+`, as people write it:
/// `+55 11 96123-4567`. The digits of other countries stay in one group.
pub(crate) fn phone(digits: &str) -> String {
    let found = PHONE_FORMS
        .iter()
        .find_map(|form| Some((form, form.national(digits)?)));
    let Some((form, mut rest)) = found else {
        return format!("+{digits}");
    };
    let mut written = format!("+{}", form.code);
    for (before, length) in form.groups {
        let (group, after) = rest.split_at(*length);
        written.push(*before);
        written.push_str(group);
        rest = after;
    }
    written
}

/// Returns a CPF, stored as eleven digits, with its punctuation: `123.456.789-09`. Any other text
/// stays as it is.
pub(crate) fn cpf(digits: &str) -> String {
    if digits.len() != 11 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let (a, b, c, d) = (&digits[..3], &digits[3..6], &digits[6..9], &digits[9..]);
    format!("{a}.{b}.{c}-{d}")
}

/// Returns a phone or an e-mail address of a contact as people write it.
pub(crate) fn known_by(text: &str) -> String {
    let is_phone = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_phone {
        phone(text)
    } else {
        text.to_owned()
    }
}

/// Returns the name of a contact in a list. A phone that stands for the name is written as people
/// write it.
pub(crate) fn entry_name(entry: &ContactEntry) -> Cow<'_, str> {
    if entry.known_by.contains(&entry.name) {
        Cow::Owned(known_by(&entry.name))
    } else {
        Cow::Borrowed(&entry.name)
    }
}

/// Returns a day, stored as `YYYY-MM-DD`, as the reader writes it. A birthday without a year, and
/// any other text, stay as they are.
pub(crate) fn date(language: Language, stored: &str) -> String {
    let parts: Vec<&str> = stored.split('-').collect();
    match parts[..] {
        [year, month, day] if language != Language::English && year.len() == 4 => {
            format!("{day}/{month}/{year}")
        }
        _ => stored.to_owned(),
    }
}

/// Returns a stored value of a contact as people of the organization's country write it. The import
/// engine reads the result as the same value. Without a country, tax ids and numbers stay as they
/// are stored.
pub(crate) fn value(
    language: Language,
    country: Option<Country>,
    target: Option<FieldTarget>,
    stored: &str,
) -> String {
    use BuiltInField as F;
    match target {
        Some(FieldTarget::BuiltIn(F::Phone | F::Landline)) => phone(stored),
        Some(FieldTarget::BuiltIn(F::TaxId)) if country == Some(Country::BRAZIL) => cpf(stored),
        Some(FieldTarget::Custom {
            kind: FieldKind::Number,
            ..
        }) if country.is_some_and(Country::has_decimal_comma) => stored.replace('.', ","),
        Some(
            FieldTarget::BuiltIn(F::BirthDate)
            | FieldTarget::Custom {
                kind: FieldKind::Date,
                ..
            },
        ) => date(language, stored),
        _ => stored.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_reader_writes_them() {
        assert_eq!(number(Language::Portuguese, 1_234_567), "1.234.567");
        assert_eq!(number(Language::English, 999), "999");
        assert_eq!(number(Language::Spanish, 12_345), "12\u{202f}345");
    }

    #[test]
    fn sizes_and_days_are_short() {
        assert_eq!(bytes(Language::Spanish, 78_643_200), "75 MB");
        assert_eq!(bytes(Language::Portuguese, 1_600_000), "1,5 MB");
        assert_eq!(day(Language::Spanish, 1_795_305_600_000), "22/11/2026");
        assert_eq!(day(Language::English, 0), "1 Jan 1970");
        assert_eq!(moment(Language::English, 3_900_000), "1 Jan 1970 01:05 UTC");
    }

    #[test]
    fn phones_and_cpfs_are_written_as_people_write_them() {
        let written = [
            ("5511961234567", "+55 11 96123-4567"),
            ("551132345678", "+55 11 3234-5678"),
            ("525512345678", "+52 55 1234 5678"),
            ("522221234567", "+52 222 123 4567"),
            ("5491112345678", "+54 9 11 1234-5678"),
            ("56961234567", "+56 9 6123 4567"),
            ("573001234567", "+57 300 1234567"),
            ("51912345678", "+51 912 345 678"),
            ("4915112345678", "+4915112345678"),
        ];
        for (digits, text) in written {
            assert_eq!(phone(digits), text);
        }
        assert_eq!(cpf("12345678909"), "123.456.789-09");
        assert_eq!(cpf("ana@example.com"), "ana@example.com");
        let birthday = Some(FieldTarget::BuiltIn(BuiltInField::BirthDate));
        let written = value(Language::Portuguese, None, birthday, "1990-04-03");
        assert_eq!(written, "03/04/1990");
        let tax_id = Some(FieldTarget::BuiltIn(BuiltInField::TaxId));
        let of = |country| value(Language::Spanish, Some(country), tax_id, "20100070970");
        assert_eq!(of(Country::BRAZIL), "201.000.709-70");
        assert_eq!(of(Country::MEXICO), "20100070970");
    }
}
