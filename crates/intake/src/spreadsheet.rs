//! Cells of the files that we write for spreadsheets: none runs as a formula, wherever the
//! spreadsheet cuts the line, and none is changed by the way there and back.
//!
//! After OWASP, 'CSV Injection'. An apostrophe stands before each letter that begins a formula
//! where a cell may begin: at the start, and behind any delimiter, line end, quote or space that
//! follows one. [`unprotect`] takes exactly these away.

use std::borrow::Cow;

/// Where a text stands, letter by letter.
struct Place {
    /// A cell may begin here.
    is_beginning: bool,
}

impl Place {
    const START: Self = Self { is_beginning: true };

    fn pass(&mut self, letter: char) {
        self.is_beginning = match letter {
            ';' | ',' | '|' | '\t' | '\r' | '\n' => true,
            ' ' | '\u{a0}' | '"' | '\'' => self.is_beginning,
            _ => false,
        };
    }

    /// Returns true when the letter that `rest` begins with would begin a formula here.
    fn is_formula(&self, rest: &str) -> bool {
        let mut letters = rest.chars();
        self.is_beginning
            && match letters.next() {
                Some('=' | '@' | '\t' | '\r' | '＝' | '＠') => true,
                Some('+' | '-' | '＋' | '－') => !is_number(letters.as_str()),
                _ => false,
            }
    }
}

/// Returns true when a text goes on as a number or a phone does, as far as its cell may reach.
fn is_number(rest: &str) -> bool {
    let end = rest.find([';', ',', '|', '\t', '\r', '\n', '"']);
    let cell = &rest[..end.unwrap_or(rest.len())];
    let is_part = |letter: char| letter.is_ascii_digit() || " ().-".contains(letter);
    cell.chars().all(is_part) && cell.contains(|letter: char| letter.is_ascii_digit())
}

/// Puts an apostrophe before each letter that would begin a formula. Numbers and phones with a sign
/// stay as they are.
#[must_use]
pub fn protect(cell: &str) -> Cow<'_, str> {
    let mut place = Place::START;
    let mut protected = String::new();
    let mut copied = 0;
    for (at, letter) in cell.char_indices() {
        if place.is_formula(&cell[at..]) {
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

/// Takes the apostrophes of [`protect`] away.
#[must_use]
pub fn unprotect(cell: &str) -> Cow<'_, str> {
    let mut place = Place::START;
    let mut bare = String::new();
    let mut copied = 0;
    for (at, letter) in cell.char_indices() {
        if letter == '\'' && place.is_formula(&cell[at + 1..]) {
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

    /// A cell begins a formula for whoever cuts at the delimiter, and for whoever trims what
    /// stands before it.
    fn runs(text: &str, delimiter: char) -> bool {
        text.split([delimiter, '\n', '\r']).any(|cell| {
            let cell = cell.trim_start_matches([' ', '"', '\u{a0}']);
            let number = cell.trim_start_matches(['+', '-', '＋', '－']);
            let is_number = number.chars().all(|c| " ().,-0123456789".contains(c))
                && number.chars().any(|c| c.is_ascii_digit());
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
