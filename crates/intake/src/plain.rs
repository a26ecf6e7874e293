//! The text of a cell without what programs write around a value, or in the place of an empty one.

use std::borrow::Cow;

use alta_domain::BuiltInField as F;
use alta_domain::FieldTarget;

/// The words for an empty value that databases and spreadsheets write, in lower case. Spreadsheets
/// write them in the language of their user.
const NOTHING: [&str; 27] = [
    "null",
    "(null)",
    "<null>",
    "[null]",
    "\\n",
    "n/a",
    "n/d",
    "s/n",
    "s/d",
    "#n/a",
    "#n/d",
    "#ref!",
    "#¡ref!",
    "#value!",
    "#valor!",
    "#¡valor!",
    "#name?",
    "#nome?",
    "#¿nombre?",
    "#div/0!",
    "#¡div/0!",
    "#num!",
    "#núm!",
    "#¡num!",
    "#null!",
    "#nulo!",
    "#¡nulo!",
];

/// Words for an empty value that are also names of people.
const NOTHING_BUT_IN_NAMES: [&str; 2] = ["none", "nan"];

/// The size of the longest word for an empty value in bytes.
const LONGEST_WORD: usize = 10;

/// The size of the longest day of zeros with its time in bytes.
const LONGEST: usize = 29;

/// Returns the text of a cell as its field reads it: without the wrappers of spreadsheets, and
/// empty for a word that means nothing. In notes such words stay. Text around an e-mail address
/// stays too, because the reader of addresses reports it.
pub(crate) fn plain(text: &str, target: FieldTarget) -> Cow<'_, str> {
    if is_surely_plain(text) {
        return Cow::Borrowed(text);
    }
    let inner = unwrapped(text);
    let is_empty = match target {
        FieldTarget::BuiltIn(F::Notes) => false,
        FieldTarget::BuiltIn(F::Name | F::FirstName | F::LastName) => is_nothing(&inner),
        _ => is_nothing(&inner) || is_one_of(&inner, &NOTHING_BUT_IN_NAMES),
    };
    if is_empty {
        Cow::Borrowed("")
    } else if target == FieldTarget::BuiltIn(F::Email) && !text.starts_with('=') {
        Cow::Borrowed(text)
    } else {
        inner
    }
}

/// Returns true for most texts, judged by their first and last bytes: these texts have no wrapper
/// and are no word for an empty value.
fn is_surely_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = |byte: &u8| *byte == b',' || !byte.is_ascii_graphic();
    let begins_plainly = match bytes {
        // Most phones, and half of all days: no mask and no day of zeros continues like this.
        [b'(' | b'0', b'1'..=b'9', ..] => true,
        [first, ..] => !BEGINS[usize::from(*first)],
        [] => false,
    };
    begins_plainly && bytes.last().is_some_and(|last| !ends(last))
}

/// The bytes with which wrappers, words for an empty value, days of zeros and masks begin, and
/// those that may be part of white space.
const BEGINS: [bool; 256] = {
    let mut begins = [true; 256];
    let mut byte: u8 = b'!';
    while byte < 0x7F {
        begins[byte as usize] = matches!(
            byte,
            b'=' | b'\''
                | b'N'
                | b'n'
                | b'S'
                | b's'
                | b'#'
                | b'\\'
                | b'<'
                | b'['
                | b'('
                | b'0'
                | b'-'
                | b'_'
                | b'/'
        );
        byte += 1;
    }
    begins
};

/// Returns the plain text of a value whose column has no known field yet.
pub(crate) fn plain_value(text: &str) -> Cow<'_, str> {
    let text = unwrapped(text);
    if is_nothing(&text) || is_one_of(&text, &NOTHING_BUT_IN_NAMES) {
        Cow::Borrowed("")
    } else {
        text
    }
}

/// The size of the longest code before a phone in bytes, with a plus or zeros.
const LONGEST_CODE: usize = 6;

/// Returns the digits of a calling code or an area code, empty for an empty cell; `None` for any
/// other text.
pub(crate) fn short_code(text: &str) -> Option<String> {
    let text = plain_value(text);
    let text = text
        .strip_suffix(".0")
        .or_else(|| text.strip_suffix(",0"))
        .unwrap_or(&text);
    let digits = text.trim_matches(|letter: char| "+() ".contains(letter));
    let is_code = digits.len() <= LONGEST_CODE && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| digits.to_owned())
}

/// Removes `="..."`, by which programs keep a spreadsheet from reading digits as a number, and the
/// apostrophe that people write for the same purpose.
fn unwrapped(text: &str) -> Cow<'_, str> {
    let text = crate::words::trim(text);
    match text.as_bytes().first() {
        Some(b'=') => {
            let inner = text.strip_prefix("=\"");
            match inner.and_then(|rest| rest.strip_suffix('"')) {
                Some(inner) if inner.contains("\"\"") => {
                    Cow::Owned(crate::words::trim(inner).replace("\"\"", "\""))
                }
                Some(inner) => Cow::Borrowed(crate::words::trim(inner)),
                None => Cow::Borrowed(text),
            }
        }
        Some(b'\'') => {
            let rest = &text[1..];
            Cow::Borrowed(crate::words::trim(rest.strip_suffix('\'').unwrap_or(rest)))
        }
        // A spreadsheet wrote a file of semicolons as one of commas.
        _ if text.ends_with(",,") => Cow::Borrowed(text.trim_end_matches(',')),
        _ => Cow::Borrowed(text),
    }
}

/// Returns true for a word that means an empty value, a day of zeros, or the mask of a form without
/// a value.
fn is_nothing(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST {
        return false;
    }
    match bytes.first() {
        None => true,
        Some(b'N' | b'n' | b'S' | b's' | b'#' | b'\\' | b'<' | b'[') => is_one_of(text, &NOTHING),
        Some(b'(') => is_mask(bytes) || is_one_of(text, &NOTHING),
        Some(b'0') => is_zero_day(text),
        Some(b'-' | b'_' | b'/') => is_mask(bytes),
        Some(_) => false,
    }
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    text.len() <= LONGEST_WORD
        && words
            .iter()
            .any(|word| word.len() == text.len() && *word == text.to_lowercase())
}

/// Returns true for the mask of a form: `__/__/____`, `(__) _____-____`, `--`.
fn is_mask(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| matches!(byte, b'_' | b'-' | b'/' | b'(' | b')' | b' '))
}

/// Returns true for a day of zeros: `00/00/0000`, `0/0/00`, `0000-00-00 00:00:00`.
fn is_zero_day(text: &str) -> bool {
    if text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return false;
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:0"));
    let is_zeros = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte == b'0');
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    matches!(lengths[..], [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2])
        && parts.into_iter().all(is_zeros)
        && time.trim_end_matches('Z').split([':', '.']).all(is_zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(field: F, text: &str) -> String {
        plain(text, FieldTarget::BuiltIn(field)).into_owned()
    }

    #[test]
    fn a_word_for_nothing_is_an_empty_cell() {
        for text in [
            "NULL",
            "null",
            "\\N",
            "(null)",
            "#N/D",
            "#n/a",
            "N/A",
            "n/d",
            "-",
            "--",
            "---",
            "s/n",
            "S/D",
            "00/00/0000",
            "0000-00-00",
            "0/0/00",
            "__/__/____",
            "/  /",
            "#REF!",
            "#VALUE!",
            "0000-00-00 00:00:00",
            "0000-00-00T00:00:00Z",
            "none",
            "NaN",
            "(__) _____-____",
            "#¡VALOR!",
            "#NÚM!",
            "'-",
            "=\"NULL\"",
            "=\"\"",
        ] {
            assert_eq!(of(F::City, text), "", "{text}");
            assert_eq!(of(F::Phone, text), "", "{text}");
            assert_eq!(plain_value(text), "", "{text}");
        }
    }

    #[test]
    fn notes_keep_their_words_and_people_their_names() {
        for text in ["N/A", "-", "none", "00/00/0000"] {
            assert_eq!(of(F::Notes, text), text);
        }
        for text in ["None", "Nan"] {
            assert_eq!(of(F::Name, text), text);
        }
        assert_eq!(of(F::FirstName, "N/A"), "");
    }

    #[test]
    fn values_that_resemble_nothing_stay() {
        for text in [
            "0",
            "00",
            "00.000.000",
            "0/1/00",
            "Nulla",
            "S/N 12",
            "-1",
            "(11)",
            "#1",
            "10/00/0000",
            "00:00",
            "N",
            "?",
        ] {
            assert_eq!(of(F::City, text), text, "{text}");
        }
    }

    #[test]
    fn codes_are_read_as_spreadsheets_write_them() {
        for (text, code) in [
            ("11", Some("11")),
            ("11.0", Some("11")),
            ("=\"011\"", Some("011")),
            ("(11)", Some("11")),
            ("+55", Some("55")),
            ("NULL", Some("")),
            ("", Some("")),
            ("São Paulo", None),
            ("11987654321", None),
        ] {
            assert_eq!(short_code(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn wrappers_of_spreadsheets_are_taken_off() {
        for (text, inner) in [
            ("=\"00123\"", "00123"),
            ("'01310-100", "01310-100"),
            ("'Ana'", "Ana"),
            ("=\"dit \"\"oi\"\"\"", "dit \"oi\""),
            ("=\" Rio \"", "Rio"),
            ("Rio,,,", "Rio"),
            ("Rio,", "Rio,"),
            ("D'Ávila", "D'Ávila"),
            ("=1+1", "=1+1"),
        ] {
            assert_eq!(of(F::City, text), inner, "{text}");
        }
    }
}
