//! From a cell to the digits in it: spreadsheet wrappings, several numbers in one cell, extensions.

use std::borrow::Cow;

use super::PhoneError;

const MAX_DIGITS: usize = 24;

/// The digits of one writing.
pub(super) struct Written {
    pub(super) digits: Digits,
    /// Begins with `+` or `00`; the digits then begin with the country code.
    pub(super) international: bool,
    /// There was text beside the number.
    pub(super) extra: bool,
}

/// ASCII digits, without allocation.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    bytes: [u8; MAX_DIGITS],
    length: usize,
}

impl Digits {
    pub(super) const EMPTY: Self = Self { bytes: [0; MAX_DIGITS], length: 0 };

    /// Appends; digits past the capacity are dropped, which leaves a number too long to be valid.
    pub(super) fn push(&mut self, digit: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = digit;
            self.length += 1;
        }
    }

    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut digits = Self::EMPTY;
        parts.iter().copied().flatten().for_each(|digit| digits.push(*digit));
        digits
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Takes off what spreadsheets put around a number: `="..."`, a leading apostrophe, a final `.0`; writes out 5.5519999E+12 when no digit is lost.
pub(super) fn unwrap(text: &str) -> Result<Cow<'_, str>, PhoneError> {
    let mut text = text.trim();
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = inner.trim();
    }
    text = text.strip_prefix('\'').unwrap_or(text).trim();
    text = text.strip_prefix("tel:").unwrap_or(text);
    for end in [".0", ",0", ".00", ",00"] {
        if let Some(digits) = text.strip_suffix(end)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            text = digits;
        }
    }
    match text.bytes().position(|byte| byte == b'e' || byte == b'E') {
        Some(at) => scientific(&text[..at], &text[at + 1..]).unwrap_or(Ok(Cow::Borrowed(text))),
        None => Ok(Cow::Borrowed(text)),
    }
}

/// None when it is not scientific notation after all.
fn scientific(mantissa: &str, exponent: &str) -> Option<Result<Cow<'static, str>, PhoneError>> {
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|exponent| (5..=20).contains(exponent))?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits: String = [whole, fraction].concat();
    if whole.len() != 1 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(if digits.len() == exponent + 1 { Ok(Cow::Owned(digits)) } else { Err(PhoneError::LostDigits) })
}

/// The numbers that may stand in one cell, apart by `/`, `;`, `,`, `|` or a line end once seven digits have passed.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
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

/// Most writings: digits, spaces, hyphens and brackets with a `+` or none before them. None for anything else.
pub(super) fn plain(text: &str) -> Option<Written> {
    let mut digits = Digits::EMPTY;
    let mut plus = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(byte),
            b' ' | b'-' | b'(' | b')' => {}
            b'+' if digits.length == 0 && !plus => plus = true,
            _ => return None,
        }
    }
    (digits.length >= 7).then(|| written(digits, plus, false))
}

fn written(digits: Digits, plus: bool, extra: bool) -> Written {
    let zeros = !plus && digits.as_slice().starts_with(b"00");
    let digits = if zeros { Digits::of(&[&digits.as_slice()[2..]]) } else { digits };
    Written { digits, international: plus || zeros, extra }
}

/// Collects the digits of one number; none when there are fewer than seven.
pub(super) fn digits(text: &str) -> Option<Written> {
    let mut digits = Digits::EMPTY;
    let mut plus = false;
    let mut extra = false;
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter as u8),
            '+' if digits.length == 0 => plus = true,
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{202f}' | '_' => {}
            // '(0XX51)' is how Brazil writes 'any carrier'.
            'x' | 'X' if digits.length > 0 && digits.length < 7 => {}
            _ if digits.length >= 7 => {
                extra = true;
                break;
            }
            _ => extra = true,
        }
    }
    if digits.length < 7 {
        return None;
    }
    Some(written(digits, plus, extra))
}
