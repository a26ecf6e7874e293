//! A record that does not fit its table, read in the ways people and programs get one row wrong.
//! Only a reading that gives exactly as many cells as the table has columns is taken.

use super::memo::Memo;
use super::scan::{Cell, Dialect, Scan, Scanned};
use crate::steps;

/// Bytes looked at for another reading; a record that is longer stays as it is.
pub(super) const MAX_LOOK: usize = 64 * 1024;

/// Bytes of a record in which the marks of other dialects are looked for, besides those of its
/// first line: what a dialect reads otherwise begins there.
const MARKS_WITHIN: usize = 256;

/// The record that is read again.
pub(super) struct Misfit<'a> {
    /// At most [`MAX_LOOK`] bytes from its start.
    pub(super) bytes: &'a [u8],
    pub(super) ended: bool,
    /// Where it begins in the stream.
    pub(super) start: usize,
    /// How it was read.
    pub(super) dialect: Dialect,
    pub(super) first: Scanned,
    /// The cells that it has.
    pub(super) cells: usize,
    /// The cells that it should have.
    pub(super) width: usize,
}

/// What was found out under each dialect that was tried.
#[derive(Debug, Default)]
pub(super) struct Memos(Vec<(Dialect, Memo)>);

impl Memos {
    fn of(&mut self, dialect: Dialect) -> &mut Memo {
        let known = self.0.iter().position(|(known, _)| *known == dialect);
        let at = known.unwrap_or_else(|| {
            self.0.push((dialect, Memo::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

impl Misfit<'_> {
    /// Reads the record in other ways, and returns the first reading that has as many cells as the
    /// table; `cells` are then those of that reading.
    pub(super) fn mend(&self, memos: &mut Memos, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let first = self.first;
        let has_swallowed =
            |opened: &usize| first.holds_stray == Some(*opened) || self.cells < self.width;
        let opened = [first.over_lines, first.holds_stray];
        let mut tried = Vec::with_capacity(self.width + 1);
        // A quote that was never closed, and closed by another cell's or by one further down.
        let literals = opened.into_iter().flatten().filter(has_swallowed);
        let literals = literals.map(|opened| (self.dialect, Some(opened)));
        let others = self.other_dialects().into_iter();
        let found = literals
            .chain(others.map(|dialect| (dialect, None)))
            .find_map(|(dialect, literal)| self.fits(dialect, literal, memos, &mut tried))?;
        std::mem::swap(cells, &mut tried);
        Some(found)
    }

    /// Reads the record under a dialect. `literal` is a quote that is text.
    fn fits(
        &self,
        dialect: Dialect,
        literal: Option<usize>,
        memos: &mut Memos,
        cells: &mut Vec<Cell>,
    ) -> Option<Scanned> {
        let mut found = self.scan(dialect, literal, memos.of(dialect), cells)?;
        let known = found.tail.unwrap_or_default();
        if cells.len() + known.cells != self.width {
            return None;
        }
        let quote = self.dialect.quote;
        let is_torn = known.torn[usize::from(quote == b'\'')]
            || cells.iter().any(|cell| cell.is_torn(self.bytes, quote));
        if dialect.quote != quote && is_torn {
            return None;
        }
        if found.tail.is_some() {
            found = self.scan(dialect, literal, &mut Memo::default(), cells)?;
        }
        Some(Scanned {
            unclosed: found.unclosed || literal.is_some(),
            ..found
        })
    }

    fn scan(
        &self,
        dialect: Dialect,
        literal: Option<usize>,
        memo: &mut Memo,
        cells: &mut Vec<Cell>,
    ) -> Option<Scanned> {
        cells.clear();
        let mut scan = Scan {
            bytes: self.bytes,
            ended: self.ended,
            dialect,
            literal,
            start: self.start,
            memo,
        };
        scan.record(cells)
    }

    /// Returns the other dialects that one row may be written in, the likeliest first. Only those
    /// are tried whose marks stand in its bytes.
    fn other_dialects(&self) -> Vec<Dialect> {
        let dialect = self.dialect;
        let own = &self.bytes[..self.first.length.min(self.bytes.len())];
        let line = memchr::memchr(b'\n', own).map_or(own.len(), |end| end.max(MARKS_WITHIN));
        let own = &own[..line.min(own.len())];
        steps::count(own.len());
        let other_quote = if dialect.quote == b'"' { b'\'' } else { b'"' };
        let holds = |byte: u8| memchr::memchr(byte, own).is_some();
        let mut dialects = Vec::with_capacity(8);
        if holds(b'\\') {
            dialects.push(Dialect {
                backslash: !dialect.backslash,
                ..dialect
            });
            dialects.push(Dialect {
                backslash: !dialect.backslash,
                quote: other_quote,
                ..dialect
            });
        }
        if memchr::memmem::find(own, &[dialect.quote; 2]).is_some() {
            dialects.push(Dialect {
                bare: true,
                ..dialect
            });
        }
        if holds(b' ') {
            dialects.push(Dialect {
                padded: !dialect.padded,
                ..dialect
            });
        }
        if holds(other_quote) {
            dialects.push(Dialect {
                quote: other_quote,
                ..dialect
            });
        }
        // Another delimiter only where three columns agree: 'Silva; Ana' is a name.
        if self.width >= 3 {
            let others = [b',', b';', b'\t', b'|']
                .into_iter()
                .filter(|other| Some(*other) != dialect.delimiter && holds(*other));
            for delimiter in others {
                let delimiter = Some(delimiter);
                dialects.push(Dialect {
                    delimiter,
                    ..dialect
                });
                dialects.push(Dialect {
                    delimiter,
                    quote: other_quote,
                    ..dialect
                });
                dialects.push(Dialect {
                    delimiter,
                    padded: !dialect.padded,
                    ..dialect
                });
            }
        }
        dialects
    }
}
