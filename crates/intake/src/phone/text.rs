//! The way from a cell to its digits: spreadsheet wrappings, several numbers in a cell, extensions.

use std::borrow::Cow;

use super::number::PhoneError;

const MAX_DIGITS: usize = 24;

/// The digits of one written number.
pub(super) struct Written {
    pub(super) digits: Digits,
    /// True for a number with `+` or `00`; its digits begin with the country code.
    pub(super) international: bool,
    /// The leading zeros that made the number international; they are not in its digits.
    pub(super) zeros: &'static [u8],
    /// True when there is text before or inside the number.
    pub(super) extra: bool,
    /// The offset in the text where the number ends.
    pub(super) end: usize,
}

/// ASCII digits in a fixed buffer, without allocation.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    bytes: [u8; MAX_DIGITS],
    length: usize,
}

impl Digits {
    pub(super) const EMPTY: Self = Self {
        bytes: [0; MAX_DIGITS],
        length: 0,
    };

    /// Appends a digit. Digits past the capacity are dropped; the number is too long to be valid.
    pub(super) fn push(&mut self, digit: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = digit;
            self.length += 1;
        }
    }

    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut digits = Self::EMPTY;
        parts
            .iter()
            .copied()
            .flatten()
            .for_each(|digit| digits.push(*digit));
        digits
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Removes what spreadsheets and links put around a number: `="..."`, a leading apostrophe, `tel:`,
/// a final `.0`, `%20`.
pub(crate) fn unwrap(text: &str) -> Cow<'_, str> {
    let mut text = text.trim();
    if let Some(inner) = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
    {
        text = inner.trim();
    }
    text = text.strip_prefix('\'').unwrap_or(text).trim();
    text = text.strip_prefix("tel:").unwrap_or(text);
    if let Some((digits, zeros)) = text.rsplit_once(['.', ','])
        && !zeros.is_empty()
        && zeros.bytes().all(|byte| byte == b'0')
        && digits
            .strip_prefix('+')
            .unwrap_or(digits)
            .bytes()
            .all(|byte| byte.is_ascii_digit())
    {
        text = digits;
    }
    let mut groups = text.split(',');
    if groups
        .next()
        .is_some_and(|first| matches!(first.len(), 1..=3))
        && groups.clone().count() >= 2
        && groups.all(|group| group.len() == 3)
    {
        // Groups of thousands, as a spreadsheet of Mexico or the United States writes them.
        return Cow::Owned(text.replace(',', ""));
    }
    if text.contains('%') {
        return Cow::Owned(
            text.replace("%2B", "+")
                .replace("%2b", "+")
                .replace("%20", " ")
                .replace("%28", "(")
                .replace("%29", ")"),
        );
    }
    Cow::Borrowed(text)
}

/// Writes out the first number in scientific notation, when all its digits are known. Returns
/// `None` when the text has no such notation.
pub(crate) fn scientific(text: &str) -> Option<Result<String, PhoneError>> {
    let exponents = text.match_indices(['e', 'E']);
    let (at, _) = exponents.into_iter().find(|(at, _)| {
        let (before, behind) = (&text[..*at], &text[at + 1..]);
        // 'e' between two numbers means 'and'.
        let is_word =
            before.ends_with(char::is_whitespace) && behind.starts_with(char::is_whitespace);
        !is_word && before.trim_end().ends_with(|c: char| c.is_ascii_digit())
    })?;
    let mantissa = text[..at].trim_end();
    let exponent = text[at + 1..].trim_start();
    let (negative, exponent) = match exponent.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let length = exponent.bytes().take_while(u8::is_ascii_digit).count();
    let exponent: usize = exponent
        .get(..length)
        .filter(|digits| (1..=3).contains(&digits.len()))?
        .parse()
        .ok()?;
    let start = mantissa
        .bytes()
        .rposition(|byte| !byte.is_ascii_digit() && byte != b'.' && byte != b',')
        .map_or(0, |before| before + 1);
    let mantissa = &mantissa[start..];
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits: String = [whole, fraction].concat();
    if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let asked = whole.len() + exponent;
    Some(match digits.get(asked..) {
        _ if negative => Err(PhoneError::Invalid),
        None if exponent >= 5 => Err(PhoneError::LostDigits),
        Some(rest) if rest.bytes().all(|byte| byte == b'0') => Ok(digits[..asked].to_owned()),
        _ => Err(PhoneError::Invalid),
    })
}

/// Splits a cell into its numbers: at `/`, `;`, `,`, `|` or a line end once seven digits have
/// passed.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text.trim());
    std::iter::from_fn(move || {
        let text = rest?;
        let mut digits = 0;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'/' | b';' | b',' | b'|' | b'\n' | b'\r' if digits >= 7 => {
                    rest = Some(text[at + 1..].trim());
                    return Some(text[..at].trim());
                }
                _ => {}
            }
        }
        rest = None;
        Some(text)
    })
}

/// Splits a text at all separators that may stand between numbers.
pub(super) fn segments(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', ';', ',', '|', '\n', '\r'])
        .flat_map(|part| part.split(" - "))
        .map(str::trim)
}

/// Returns a text and its first words, the longest beginning first, as long as there are enough
/// digits for a number.
pub(super) fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_whitespace() || *c == ')')
        .map(|(at, _)| at)
        .collect();
    let shorter = ends.into_iter().rev().filter_map(|end| text.get(..end));
    std::iter::once(text)
        .chain(shorter)
        .take_while(|piece| has_digits(piece))
}

/// Returns true when there are enough digits for a number.
fn has_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// Returns true for a letter that may stand between two numbers without a meaning.
fn is_between(letter: char) -> bool {
    matches!(letter, ';' | ',' | '|' | ':' | '&' | ')' | '"' | '\'') || is_inside(letter)
}

/// Returns true for a word that means 'or' or 'and' between two numbers.
fn is_joint(word: &str) -> bool {
    ["e", "y", "o", "ou", "u", "and", "or"]
        .iter()
        .any(|joint| joint.eq_ignore_ascii_case(word))
}

/// Returns the text after a number, from the next word with a meaning on.
pub(super) fn behind(text: &str) -> &str {
    let mut rest = text.trim_start_matches(is_between);
    while let Some((word, more)) = rest.split_once(is_between)
        && is_joint(word)
    {
        rest = more.trim_start_matches(is_between);
    }
    if is_joint(rest) { "" } else { rest }
}

/// Returns true when the words before the digits name a document, an extension or the like.
pub(super) fn names_no_phone(text: &str) -> bool {
    const NAMES: [&str; 26] = [
        "cpf",
        "cnpj",
        "rg",
        "cep",
        "rut",
        "dni",
        "rfc",
        "curp",
        "cuit",
        "cuil",
        "nit",
        "ruc",
        "id",
        "doc",
        "documento",
        "pedido",
        "orden",
        "order",
        "protocolo",
        "ramal",
        "ext",
        "extension",
        "extensao",
        "anexo",
        "interno",
        "fax",
    ];
    let digits = text.find(|c: char| c.is_ascii_digit());
    digits
        .and_then(|at| text.get(..at))
        .into_iter()
        .flat_map(|before| before.split(|c: char| !c.is_alphabetic()))
        .any(|word| NAMES.iter().any(|name| name.eq_ignore_ascii_case(word)))
}

/// Reads the most common writing: digits, spaces, hyphens and brackets, with or without a leading
/// `+`. Returns `None` for anything else.
pub(super) fn plain(text: &str) -> Option<Written> {
    let mut digits = Digits::EMPTY;
    let mut plus = false;
    let mut open = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(byte),
            b' ' | b'-' => {}
            b'(' if digits.length < 8 => open = true,
            b')' if open => open = false,
            b'+' if digits.length == 0 && !plus => plus = true,
            _ => return None,
        }
    }
    (digits.length >= 7).then(|| written(digits, plus, false, text.len()))
}

fn written(digits: Digits, plus: bool, extra: bool, end: usize) -> Written {
    let (zeros, digits): (&[u8], _) = match digits.as_slice() {
        [b'0', b'0', rest @ ..] if !plus => (b"00", Digits::of(&[rest])),
        _ => (b"", digits),
    };
    Written {
        digits,
        international: plus || !zeros.is_empty(),
        zeros,
        extra,
        end,
    }
}

/// Returns a digit of a script in which phones are written: ASCII, full width, Arabic and Persian.
fn digit(letter: char) -> Option<u8> {
    let zero = match letter {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    u8::try_from(u32::from(letter) - u32::from(zero))
        .ok()
        .map(|value| value + b'0')
}

/// Returns true for a mark inside numbers (libphonenumber's `VALID_PUNCTUATION`, and what word
/// processors insert).
fn is_inside(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '-' | '.' | '/' | '_' | '~' | '[' | ']' | '\\' | '\t' | '\u{a0}' | '\u{ad}'
            | '\u{b7}' | '\u{2000}'..='\u{2015}' | '\u{2022}' | '\u{202a}'..='\u{202f}'
            | '\u{2053}' | '\u{2060}' | '\u{2212}' | '\u{3000}' | '\u{30fc}' | '\u{fe63}'
                | '\u{feff}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}'..='\u{ff0f}'
    )
}

/// The most digits of a label or a remark beside the number: `Tel1`, `2:`, `1º`, `24h`.
const LABEL: usize = 2;

/// Returns true when the text may begin with a label with digits: `1 - 11 98765-4321`,
/// `24h 11 98765-4321`.
pub(super) fn begins_with_label(text: &str) -> bool {
    without_label(text).is_some()
}

/// Returns the text after the first digits, when these are few enough for a label and stand apart.
pub(super) fn without_label(text: &str) -> Option<&str> {
    let begin = text.find(|letter: char| letter.is_ascii_digit())?;
    let from = &text[begin..];
    let length = from.bytes().take_while(u8::is_ascii_digit).count();
    let behind = &from[length..];
    let is_named = behind.starts_with(|c: char| c.is_alphabetic() || ":º°ª".contains(c));
    // Two digits before a space are an area code.
    let stands_apart = behind.starts_with(|c: char| c.is_whitespace() || c == ')');
    (is_named && length <= LABEL || stands_apart && length == 1).then_some(behind)
}

/// Collects the digits of one number; `None` when there are fewer than seven.
pub(super) fn digits(text: &str) -> Option<Written> {
    let mut digits = Digits::EMPTY;
    let (mut plus, mut extra, mut open) = (false, false, false);
    // The index of the last group's first digit, and true when a letter comes directly before it.
    let (mut group, mut named) = (0, false);
    let (mut before, mut end) = (' ', text.len());
    for (at, letter) in text.char_indices() {
        if let Some(digit) = digit(letter) {
            if self::digit(before).is_none() {
                (group, named) = (
                    digits.length,
                    before.is_alphabetic() && !matches!(before, 'x' | 'X'),
                );
            }
            digits.push(digit);
            before = letter;
            continue;
        }
        let ends_group = self::digit(before).is_some();
        let short = ends_group && digits.length - group <= LABEL;
        before = letter;
        if short
            && (named
                || (group == 0 && matches!(letter, ':' | 'º' | 'ª' | '°'))
                || (group == 0 && letter == ')' && !open))
        {
            // A label before the number, or inside it.
            digits.length = group;
            extra = true;
        }
        match letter {
            '+' | '\u{ff0b}' if digits.length < 7 => {
                extra |= digits.length > 0;
                (digits, plus) = (Digits::EMPTY, true);
            }
            '(' if digits.length < 8 => open = true,
            ')' => open = false,
            // '(0XX51)' is Brazil's way to write 'any carrier'.
            'x' | 'X' if digits.length > 0 && digits.length < 7 => {}
            _ if is_inside(letter) => {}
            _ if digits.length >= 7 => {
                // '24h' and '1º andar' after the number.
                if short
                    && group >= 8
                    && (letter.is_alphabetic() || matches!(letter, 'º' | 'ª' | '°' | '%'))
                {
                    digits.length = group;
                    extra = true;
                }
                end = at;
                break;
            }
            _ => extra = true,
        }
    }
    (digits.length >= 7).then(|| written(digits, plus, extra, end))
}
