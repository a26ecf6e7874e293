//! Numbers, amounts, sizes and dates as a reader of a language writes them.

use alta_domain::{Day, Language};

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

/// Returns an amount in minor units, such as cents, with its currency's code before it. The
/// currencies without minor unit are those of ISO 4217 that a shop in Latin America meets.
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

/// The groups in which a country writes its numbers: the country code, the first digits of the
/// national number, its number of digits, and the groups, each with the character before it. Of
/// several entries that fit, the first counts. The groups are those of libphonenumber's metadata.
const PHONE_GROUPS: [(&str, &str, usize, &[(char, usize)]); 11] = [
    ("55", "", 11, &[(' ', 2), (' ', 5), ('-', 4)]),
    ("55", "", 10, &[(' ', 2), (' ', 4), ('-', 4)]),
    ("52", "55", 10, &[(' ', 2), (' ', 4), (' ', 4)]),
    ("52", "56", 10, &[(' ', 2), (' ', 4), (' ', 4)]),
    ("52", "33", 10, &[(' ', 2), (' ', 4), (' ', 4)]),
    ("52", "81", 10, &[(' ', 2), (' ', 4), (' ', 4)]),
    ("52", "", 10, &[(' ', 3), (' ', 3), (' ', 4)]),
    ("54", "911", 11, &[(' ', 1), (' ', 2), (' ', 4), ('-', 4)]),
    ("56", "9", 9, &[(' ', 1), (' ', 4), (' ', 4)]),
    ("57", "3", 10, &[(' ', 3), (' ', 7)]),
    ("51", "9", 9, &[(' ', 3), (' ', 3), (' ', 3)]),
];

/// Returns a phone number, stored as E.164 digits without `+`, as people write it:
/// `+55 11 96123-4567`. The digits of other countries stay in one group.
pub(crate) fn phone(digits: &str) -> String {
    let national = |(code, start, length, groups): &(&str, &str, usize, &'static [_])| {
        let national = digits.strip_prefix(code)?;
        let fits = national.len() == *length && national.starts_with(start);
        fits.then_some((digits.len() - national.len(), *groups))
    };
    let Some((code, groups)) = PHONE_GROUPS.iter().find_map(national) else {
        return format!("+{digits}");
    };
    let (code, mut rest) = digits.split_at(code);
    let mut written = format!("+{code}");
    for (before, length) in groups {
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
    }
}
