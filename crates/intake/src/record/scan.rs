//! One record taken apart under one dialect.

use memchr::{memchr2, memchr3};

use super::memo::{Marks, Memo, Tail};
use crate::steps;

/// Bytes of a cell. An enclosed one that is longer is taken for one that was never closed; any
/// other ends its record here.
pub(super) const MAX_CELL: usize = 1024 * 1024;
/// Bytes of a record; a longer one goes on as another.
const MAX_RECORD: usize = 4 * MAX_CELL;
/// Cells of a record that are kept; all of a longer one are passed over.
const MAX_CELLS: usize = 4096;

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: Option<u8>,
    pub(super) quote: u8,
    /// A quote inside a cell is written `\"` instead of `""`.
    pub(super) backslash: bool,
    /// A space behind each delimiter belongs to it.
    pub(super) padded: bool,
    /// A quote inside a cell is written as it is: only one before a delimiter or a line end
    /// closes.
    pub(super) bare: bool,
}

/// One cell: a range of the record's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) escaped: Escaped,
}

impl Cell {
    /// Its bytes in the file, without what encloses it.
    pub(crate) fn bytes(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) fn of<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[self.start as usize..self.end as usize]
    }

    pub(super) fn is_blank_in(&self, bytes: &[u8]) -> bool {
        self.of(bytes).trim_ascii().is_empty()
    }

    /// Returns true when it is one half of an enclosed cell: the quote stands at one of its ends
    /// alone.
    pub(super) fn is_torn(&self, bytes: &[u8], quote: u8) -> bool {
        let text = self.of(bytes);
        (text.first() == Some(&quote)) != (text.last() == Some(&quote))
    }
}

/// What stands for a quote inside the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    /// Nothing does.
    Not,
    /// Two of this.
    Doubled(u8),
    /// This behind a backslash, and two backslashes for one.
    Backslash(u8),
}

/// A record found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scanned {
    /// Bytes, line end included.
    pub(super) length: usize,
    /// A quote was opened and never closed.
    pub(super) unclosed: bool,
    /// The quote of the first cell that goes over a line end.
    pub(super) over_lines: Option<usize>,
    /// That cell holds quotes that are neither doubled nor escaped: it may have swallowed the next
    /// record.
    pub(super) suspect: bool,
    /// The quote of the first cell that holds quotes which are neither doubled nor escaped: it may
    /// have swallowed its neighbours.
    pub(super) holds_stray: Option<usize>,
    /// The cells behind those that were read, where they were read before.
    pub(super) tail: Option<Tail>,
}

/// The bytes from the start of a record on.
pub(super) struct Scan<'a> {
    pub(super) bytes: &'a [u8],
    /// Nothing comes after them.
    pub(super) ended: bool,
    pub(super) dialect: Dialect,
    /// A quote that is text.
    pub(super) literal: Option<usize>,
    /// Where the record begins in the stream.
    pub(super) start: usize,
    pub(super) memo: &'a mut Memo,
}

/// One cell as it was read, before it is kept.
struct Span {
    start: usize,
    end: usize,
    /// The delimiter, line end or end of the file behind it.
    after: usize,
    escaped: Escaped,
    /// The cell or the record is longer than allowed, and ends here.
    is_cut: bool,
}

/// What a search for the closing quote came to.
pub(super) enum Closed {
    At {
        end: usize,
        /// Where the cell ends in the record: behind its quote, and behind spaces that stand
        /// there.
        after: usize,
        marks: Marks,
        /// Not all of it was looked at.
        has_leapt: bool,
    },
    Unclosed,
    NeedMore,
}

/// The place behind the first cell that goes over lines, when its search was kept.
struct Aside {
    /// The memo of that search; another one holds behind it.
    memo: Memo,
    /// Where the cell ends.
    at: usize,
    /// Cells up to it.
    cells: usize,
    /// What was noted of them.
    unclosed: bool,
    holds_stray: Option<usize>,
}

impl Scan<'_> {
    /// The record's cells; none when more bytes are needed. The cells behind one that goes over
    /// lines are not read again when they were read before: [`Scanned::tail`].
    pub(super) fn record(&mut self, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let mut aside = None;
        let mut found = self.cells(cells, &mut aside);
        if let Some(aside) = aside {
            *self.memo = aside.memo;
            if let Some(found) = &mut found {
                if self.has_own_tail(aside.at) {
                    let tail = self.tail_of(&aside, found, &cells[aside.cells..]);
                    self.memo.keep_tail(tail);
                }
                found.unclosed |= aside.unclosed;
                found.holds_stray = aside.holds_stray.or(found.holds_stray);
            }
        }
        found
    }

    fn cells(&mut self, cells: &mut Vec<Cell>, aside: &mut Option<Aside>) -> Option<Scanned> {
        let mut found = Scanned::default();
        let mut at = 0;
        loop {
            if self.dialect.padded && at > 0 && self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let is_first_over_lines = found.over_lines.is_none();
            let cell = self.cell(at, &mut found)?;
            at = cell.after;
            if cells.len() < MAX_CELLS {
                cells.push(Cell {
                    start: u32::try_from(cell.start).ok()?,
                    end: u32::try_from(cell.end).ok()?,
                    escaped: cell.escaped,
                });
            }
            if is_first_over_lines && found.over_lines.is_some() {
                let known = self.memo.tail(self.start + at);
                if let Some(tail) = known.filter(|_| self.has_own_tail(at)) {
                    return Some(self.with_tail(found, tail));
                }
                *aside = Some(Aside {
                    memo: std::mem::take(self.memo),
                    at,
                    cells: cells.len(),
                    unclosed: std::mem::take(&mut found.unclosed),
                    holds_stray: found.holds_stray.take(),
                });
            }
            found.length = match self.bytes.get(at) {
                Some(b'\n') => at + 1,
                Some(b'\r') => match self.bytes.get(at + 1) {
                    Some(b'\n') => at + 2,
                    None if !self.ended => return None,
                    _ => at + 1,
                },
                Some(_) if !cell.is_cut => {
                    at += 1;
                    continue;
                }
                _ => at,
            };
            return Some(found);
        }
    }

    /// Returns false when a quote behind `at` is text: the cells there are no other record's.
    fn has_own_tail(&self, at: usize) -> bool {
        self.literal.is_none_or(|literal| literal < at)
    }

    /// Sums up the cells behind the first one that goes over lines; `found` is what was noted of
    /// them.
    fn tail_of(&self, aside: &Aside, found: &Scanned, cells: &[Cell]) -> Tail {
        steps::count(cells.iter().map(|cell| cell.bytes()).sum());
        let with_text = cells.iter().rposition(|cell| !cell.is_blank_in(self.bytes));
        let is_torn = |quote: u8| cells.iter().any(|cell| cell.is_torn(self.bytes, quote));
        Tail {
            at: self.start + aside.at,
            end: self.start + found.length,
            cells: cells.len(),
            with_text: with_text.map_or(0, |at| at + 1),
            unclosed: found.unclosed,
            holds_stray: found.holds_stray.map_or(0, |at| self.start + at + 1),
            torn: [is_torn(b'"'), is_torn(b'\'')],
        }
    }

    /// The record whose cells behind the last one read are those of `tail`.
    fn with_tail(&self, found: Scanned, tail: Tail) -> Scanned {
        let holds_stray = tail.holds_stray.checked_sub(self.start + 1);
        Scanned {
            length: tail.end - self.start,
            unclosed: found.unclosed || tail.unclosed,
            holds_stray: found.holds_stray.or(holds_stray),
            tail: Some(tail),
            ..found
        }
    }

    /// Reads the cell at `at`; none when more bytes are needed.
    #[inline]
    fn cell(&mut self, at: usize, found: &mut Scanned) -> Option<Span> {
        if self.bytes.get(at) == Some(&self.dialect.quote) && self.literal != Some(at) {
            match self.enclosed(at + 1) {
                Closed::At {
                    end,
                    after,
                    marks,
                    has_leapt,
                } => {
                    self.note_quotes((at, end), marks, has_leapt, found);
                    return Some(Span {
                        start: at + 1,
                        end,
                        after,
                        escaped: self.escaped(at, marks),
                        is_cut: after > MAX_RECORD,
                    });
                }
                Closed::Unclosed => found.unclosed = true,
                Closed::NeedMore => return None,
            }
        }
        let end = self.plain(at)?;
        Some(Span {
            start: at,
            end,
            after: end,
            escaped: Escaped::Not,
            is_cut: at > MAX_RECORD || end - at >= MAX_CELL,
        })
    }

    /// Notes what makes an enclosed cell suspect: quotes that close nothing, and line ends.
    #[inline]
    fn note_quotes(
        &self,
        (at, end): (usize, usize),
        marks: Marks,
        has_leapt: bool,
        found: &mut Scanned,
    ) {
        let has_stray = marks.stray > self.start + at;
        if has_stray {
            found.holds_stray.get_or_insert(at);
        }
        if found.over_lines.is_none() {
            let goes_over = if has_leapt {
                self.memo.has_line_end(self.start + at)
            } else {
                steps::count(end - at);
                memchr2(b'\n', b'\r', &self.bytes[at..end]).is_some()
            };
            if goes_over {
                found.over_lines = Some(at);
                found.suspect = has_stray;
            }
        }
    }

    /// What stands for a quote inside a cell whose quote stands at `at`. Two stand for one; in a
    /// cell without such pairs a backslash before every quote says the same.
    #[inline]
    fn escaped(&self, at: usize, marks: Marks) -> Escaped {
        let has = |mark: usize| mark > self.start + at;
        let (doubled, stray, slashed) = (has(marks.doubled), has(marks.stray), has(marks.slashed));
        let quote = self.dialect.quote;
        if slashed && (self.dialect.backslash || !doubled && !stray) {
            Escaped::Backslash(quote)
        } else if doubled {
            Escaped::Doubled(quote)
        } else {
            Escaped::Not
        }
    }

    /// Where a cell that is not enclosed ends; none when more bytes are needed.
    fn plain(&self, from: usize) -> Option<usize> {
        let rest = &self.bytes[from..];
        let rest = &rest[..rest.len().min(MAX_CELL)];
        let found = match self.dialect.delimiter {
            Some(delimiter) => memchr3(delimiter, b'\n', b'\r', rest),
            None => memchr2(b'\n', b'\r', rest),
        };
        steps::count(found.unwrap_or(rest.len()) + 1);
        match found {
            Some(at) => Some(from + at),
            None if self.ended || rest.len() == MAX_CELL => Some(from + rest.len()),
            None => None,
        }
    }
}
