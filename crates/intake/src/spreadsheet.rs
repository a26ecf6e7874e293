//! The protection of cells in files that Alta writes for spreadsheets: no cell runs as a formula,
//! wherever the spreadsheet splits the line, and no cell changes on the way there and back.
//!
//! The method follows OWASP, 'CSV Injection'. An apostrophe is put before each letter that begins a
//! formula where a cell may begin: at the start, and after any delimiter, line end, quote or space
//! that follows one. [`unprotect`] removes exactly these apostrophes.

use std::borrow::Cow;

/// The state of a walk over a text, letter by letter.
struct Place {
    /// True when a cell may begin here.
    is_beginning: bool,
    /// The last stretch of digits and of the marks between them.
    stretch: Stretch,
}

/// A stretch of digits and of the marks between them.
#[derive(Clone, Copy, Default)]
struct Stretch {
    end: usize,
    last_digit: usize,
    /// True when a line, or the text, ends with the stretch. No apostrophe is put into such a
    /// stretch.
    ends_line: bool,
}

impl Stretch {
    fn at(text: &str, start: usize) -> Self {
        let is_part = |byte: &u8| byte.is_ascii_digit() || b" ().,;|/+-".contains(byte);
        let bytes = text.as_bytes();
        let length = bytes[start..].iter().take_while(|byte| is_part(byte));
        let end = start + length.count();
        let digit = bytes[start..end].iter().rposition(u8::is_ascii_digit);
        let last_digit = digit.map_or(start, |at| start + at);
        let behind = &bytes[last_digit..end];
        // A sign after the last digit may begin a formula, and so may a carriage return after a
        // delimiter: with an apostrophe there, the line no longer consists of digits.
        let has_sign = behind.iter().any(|byte| b"+-".contains(byte));
        let cuts_before_return = behind.iter().any(|byte| b",;|".contains(byte));
        let ends_line = match bytes.get(end) {
            None | Some(b'\n') => !has_sign,
            Some(b'\r') => !has_sign && !cuts_before_return,
            Some(_) => false,
        };
        Self {
            end,
            last_digit: digit.map_or(0, |at| start + at),
            ends_line,
        }
    }
}

impl Place {
    const START: Self = Self {
        is_beginning: true,
        stretch: Stretch {
            end: 0,
            last_digit: 0,
            ends_line: false,
        },
    };

    fn pass(&mut self, letter: char) {
        self.is_beginning = match letter {
            ';' | ',' | '|' | '\t' | '\r' | '\n' => true,
            ' ' | '\u{a0}' | '"' | '\'' => self.is_beginning,
            _ => false,
        };
    }

    /// Returns true when the letter at offset `at` would begin a formula.
    fn is_formula(&mut self, text: &str, at: usize) -> bool {
        if !self.is_beginning {
            return false;
        }
        match text[at..].chars().next() {
            Some('=' | '@' | '\t' | '\r' | '＝' | '＠') => true,
            Some(sign @ ('+' | '-' | '＋' | '－')) => !self.is_number(text, at + sign.len_utf8()),
            _ => false,
        }
    }

    /// Returns true when the rest of the line consists of digits and the marks between them, like
    /// numbers and lists of phones: no part of it can run as a formula, wherever the line is split.
    fn is_number(&mut self, text: &str, at: usize) -> bool {
        if at >= self.stretch.end {
            self.stretch = Stretch::at(text, at);
        }
        self.stretch.ends_line && self.stretch.last_digit >= at
    }
}

/// Puts an apostrophe before each letter that would begin a formula. Numbers and phones with a sign
/// stay as they are.
#[must_use]
pub fn protect(cell: &str) -> Cow<'_, str> {
    let mut place = Place::START;
    let mut protected = String::new();
    let mut copied = 0;
    for (at, letter) in cell.char_indices() {
        if place.is_formula(cell, at) {
            protected.push_str(&cell[copied..at]);
            protected.push('\'');
            copied = at;
        }
        place.pass(letter);
    }
    if copied == 0 && protected.is_empty() {
        return Cow::Borrowed(cell);
    }
    protected.push_str(&cell[copied..]);
    Cow::Owned(protected)
}

/// Removes the apostrophes that [`protect`] adds.
#[must_use]
pub fn unprotect(cell: &str) -> Cow<'_, str> {
    let mut place = Place::START;
    let mut bare = String::new();
    let mut copied = 0;
    for (at, letter) in cell.char_indices() {
        if letter == '\'' && place.is_formula(cell, at + 1) {
            bare.push_str(&cell[copied..at]);
            copied = at + 1;
        }
        place.pass(letter);
    }
    if copied == 0 {
        return Cow::Borrowed(cell);
    }
    bare.push_str(&cell[copied..]);
    Cow::Owned(bare)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{protect, unprotect};

    #[test]
    fn formulas_are_disarmed_and_phones_left_alone() {
        for (cell, safe) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("@SUM(1)", "'@SUM(1)"),
            (" =1+1", " '=1+1"),
            ("\u{a0}=1+1", "\u{a0}'=1+1"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t'=1"),
            ("Eve;=cmd|'/C calc'!A0;x", "Eve;'=cmd|'/C calc'!A0;x"),
            ("x,=1+1", "x,'=1+1"),
            ("a;\"=1\"", "a;\"'=1\""),
            ("a\n=1+1", "a\n'=1+1"),
            ("'=1", "''=1"),
            ("-", "'-"),
            ("+55 (51) 99999-9999", "+55 (51) 99999-9999"),
            (
                "+5511987654321; +5511987654322",
                "+5511987654321; +5511987654322",
            ),
            ("+1,x", "'+1,x"),
            ("+1,-", "'+1,'-"),
            ("＋1|\r", "'＋1|'\r"),
            ("+1\r\n+2", "+1\r\n+2"),
            ("-12.5", "-12.5"),
            ("-12,5", "-12,5"),
            ("Ana", "Ana"),
            ("a\tb", "a\tb"),
            ("ana@example.com", "ana@example.com"),
            ("1-2", "1-2"),
        ] {
            assert_eq!(protect(cell), safe);
            assert_eq!(unprotect(safe), cell);
        }
    }

    /// Returns true when a program that splits the text at the delimiter, and trims the parts,
    /// would run one of the parts as a formula.
    fn runs(text: &str, delimiter: char) -> bool {
        text.split([delimiter, '\n', '\r']).any(|cell| {
            let cell = cell.trim_start_matches([' ', '"', '\u{a0}']);
            let number = cell.trim_start_matches(['+', '-', '＋', '－']);
            let is_number = number.chars().all(|c| " ().,;|/+-0123456789".contains(c));
            cell.starts_with(['=', '@', '\t', '＝', '＠'])
                || cell.starts_with(['+', '-', '＋', '－']) && !is_number
        })
    }

    proptest! {
        #[test]
        fn no_cell_runs_however_it_is_cut(cell in "[-=+@;,|\t\r\n \"'a1＝＠＋()\u{a0}]{0,12}") {
            let safe = protect(&cell);
            for delimiter in [';', ',', '|'] {
                prop_assert!(!runs(&safe, delimiter), "{safe:?} at {delimiter:?}");
            }
        }

        #[test]
        fn every_cell_comes_back_as_it_was(cell in "[-=+@;,|\t\r\n \"'a1＝＠＋()\u{a0}]{0,12}") {
            let safe = protect(&cell);
            prop_assert_eq!(unprotect(&safe), cell.as_str());
        }
    }
}
