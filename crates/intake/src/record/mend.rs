//! The mending of a record that does not fit its table: it is read again in the ways in which
//! people and programs write a single row wrong. A reading counts only when it gives exactly as
//! many cells as the table has columns.

use super::memo::Memo;
use super::requoted;
use super::scan::{Cell, Dialect, Scan, Scanned};
use crate::steps;

/// The largest size of a record in bytes that is read in other ways; a longer record stays as it
/// is.
pub(super) const MAX_LOOK: usize = 64 * 1024;

/// The number of bytes, from the record's start, in which delimiters and quotes of other dialects
/// are searched; the record's first line is searched whole.
const MARKS_WITHIN: usize = 256;

/// A misfit: a record that does not fit its table and is read again.
pub(super) struct Misfit<'a> {
    /// The record's bytes from its start, at most [`MAX_LOOK`].
    pub(super) bytes: &'a [u8],
    pub(super) ended: bool,
    /// The offset in the stream at which the record begins.
    pub(super) start: usize,
    /// The dialect of the first reading.
    pub(super) dialect: Dialect,
    pub(super) first: Scanned,
    /// The number of cells that the record should have.
    pub(super) width: usize,
}

/// A way to read a record again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    dialect: Dialect,
    /// The quote that is read as text; `None` for none.
    literal: Option<Literal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Literal {
    OverLines,
    HoldsStray,
}

/// The memos of all ways that were tried.
#[derive(Debug, Default)]
pub(super) struct Memos(Vec<(Way, Memo)>);

impl Memos {
    fn of(&mut self, way: Way) -> &mut Memo {
        let known = self.0.iter().position(|(known, _)| *known == way);
        let at = known.unwrap_or_else(|| {
            self.0.push((way, Memo::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

impl Misfit<'_> {
    /// Reads the record in other ways. Returns the first reading with as many cells as the table,
    /// and puts its cells into `cells`; `None` when no reading fits.
    pub(super) fn mend(&self, memos: &mut Memos, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let first = self.first;
        if let [only] = cells[..]
            && first.cells == 1
            && first.over_lines.is_none()
            && let Some(line) = self.bytes.get(..first.length)
            && let Some(row) = requoted::cells(line, self.dialect, only, self.width)
        {
            *cells = row;
            return Some(first);
        }
        let is_short = !first.has_more() && first.cells < self.width;
        let has_swallowed = |opened: usize| first.holds_stray == Some(opened) || is_short;
        let opened = [
            (Literal::OverLines, first.over_lines),
            (Literal::HoldsStray, first.holds_stray),
        ];
        let mut tried = Vec::with_capacity(self.width + 1);
        // A quote that was left open, so that a quote of another cell or of a later line closed it.
        let literals = opened.into_iter().filter_map(|(literal, opened)| {
            let way = Way {
                dialect: self.dialect,
                literal: Some(literal),
            };
            Some((way, Some(opened.filter(|opened| has_swallowed(*opened))?)))
        });
        let others = self.other_dialects().into_iter().map(|dialect| {
            let literal = None;
            (Way { dialect, literal }, None)
        });
        let found = literals
            .chain(others)
            .find_map(|(way, literal)| self.fits(way, literal, memos, &mut tried))?;
        std::mem::swap(cells, &mut tried);
        Some(found)
    }

    /// Reads the record in one way. `literal` is the offset of a quote that is read as text.
    /// Returns `None` when the reading does not fit the table.
    fn fits(
        &self,
        way: Way,
        literal: Option<usize>,
        memos: &mut Memos,
        cells: &mut Vec<Cell>,
    ) -> Option<Scanned> {
        let mut scan = Scan {
            bytes: self.bytes,
            ended: self.ended,
            dialect: way.dialect,
            literal,
            start: self.start,
            is_whole: false,
            memo: memos.of(way),
        };
        cells.clear();
        let mut found = scan.record(cells)?;
        if found.has_more() || found.cells != self.width {
            return None;
        }
        let quote = self.dialect.quote;
        let is_torn = found
            .tail
            .is_some_and(|tail| tail.torn[usize::from(quote == b'\'')])
            || cells.iter().any(|cell| cell.is_torn(self.bytes, quote));
        if way.dialect.quote != quote && is_torn {
            return None;
        }
        if found.is_partial {
            cells.clear();
            scan.is_whole = true;
            found = scan.record(cells)?;
        }
        Some(Scanned {
            unclosed: found.unclosed || literal.is_some(),
            ..found
        })
    }

    /// Returns the bytes in which the marks of other dialects are searched.
    fn marked(&self) -> &[u8] {
        let own = if self.first.has_more() {
            self.bytes
        } else {
            &self.bytes[..self.first.length.min(self.bytes.len())]
        };
        let line = memchr::memchr(b'\n', own).map_or(own.len(), |end| end.max(MARKS_WITHIN));
        let own = &own[..line.min(own.len())];
        steps::count(own.len());
        own
    }

    /// Returns the other dialects in which a single row may be written, the likeliest first. Only
    /// dialects whose marks occur in the row are tried.
    fn other_dialects(&self) -> Vec<Dialect> {
        let dialect = self.dialect;
        let own = self.marked();
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
        // Another delimiter counts only when three columns agree: 'Silva; Ana' is a name.
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
