//! One record taken apart under one dialect.

use memchr::{memchr2, memchr3};

use super::memo::{Marks, Memo, Stops, Tail};
use crate::steps;

/// Bytes of a cell. An enclosed one that is longer is taken for one that was never closed; any
/// other ends its record here.
pub(super) const MAX_CELL: usize = 1024 * 1024;
/// Bytes of a record; a longer one goes on as another.
const MAX_RECORD: usize = 4 * MAX_CELL;
/// Cells of a record that are kept; all of a longer one are passed over.
const MAX_CELLS: usize = 4096;
/// Cells behind the first one that goes over lines which may go over lines too. A record with more
/// of them is first read in other ways, before it is read to its end: else lines that open quotes
/// which the next line closes would each be read to the end of the file.
const MAX_OVER_LINES: usize = 32;

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
        self.of(bytes).iter().all(u8::is_ascii_whitespace)
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
    /// Four of this: the row was enclosed in quotes once more.
    DoubledTwice(u8),
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
    /// Cells, also those that were not kept.
    pub(super) cells: usize,
    /// The cells behind the first one that goes over lines.
    pub(super) tail: Option<Tail>,
    /// Cells of `tail` are not among those that were read, or were not read to the end of the
    /// record.
    pub(super) is_partial: bool,
}

impl Scanned {
    /// Returns true when it was not read to its end.
    pub(super) fn has_more(&self) -> bool {
        self.tail.is_some_and(|tail| tail.stops == Stops::Enough)
    }
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
    /// The record is read to its end, and all its cells are read.
    pub(super) is_whole: bool,
    pub(super) memo: &'a mut Memo,
}

/// One cell as it was read, before it is kept.
struct Span {
    start: usize,
    end: usize,
    /// The delimiter, line end or end of the file behind it.
    after: usize,
    escaped: Escaped,
    goes_over_lines: bool,
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

/// A record that is being read behind its first cell that goes over lines.
struct Behind {
    tail: Tail,
    /// What later records take of it, when that is not all.
    kept: Option<Tail>,
    /// Some of the cells of `tail` were read by an earlier record alone.
    is_known: bool,
    /// What was noted of the cells up to there.
    unclosed: bool,
    holds_stray: Option<usize>,
}

impl Scan<'_> {
    /// The record's cells; none when more bytes are needed. The cells behind one that goes over
    /// lines are not read again when they were read before: [`Scanned::tail`].
    pub(super) fn record(&mut self, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let mut behind = None;
        let mut found = Scanned::default();
        let is_read = self.cells(cells, &mut found, &mut behind);
        if let Some(behind) = behind {
            self.memo.change_search();
            self.memo.keep_tail(behind.kept.unwrap_or(behind.tail));
            found.unclosed |= behind.unclosed;
            found.holds_stray = behind.holds_stray.or(found.holds_stray);
            found.tail = Some(behind.tail);
            found.is_partial = behind.is_known || behind.tail.stops == Stops::Enough;
        }
        is_read.map(|()| found)
    }

    fn cells(
        &mut self,
        cells: &mut Vec<Cell>,
        found: &mut Scanned,
        behind: &mut Option<Behind>,
    ) -> Option<()> {
        let mut at = 0;
        loop {
            if self.dialect.padded && at > 0 && self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let cell = self.cell(at, found)?;
            let kept = Cell {
                start: u32::try_from(cell.start).ok()?,
                end: u32::try_from(cell.end).ok()?,
                escaped: cell.escaped,
            };
            found.cells += 1;
            if cells.len() < MAX_CELLS {
                cells.push(kept);
            }
            let (end, ends_record) = self.end_behind(&cell)?;
            found.length = end;
            if let Some(behind) = behind {
                if cell.is_cut {
                    // Where a record is cut depends on where it begins: others read on before it.
                    behind.kept.get_or_insert(behind.tail);
                }
                self.add(&mut behind.tail, kept, &cell, found);
                if ends_record {
                    behind.tail.stops = Stops::Whole;
                } else if behind.tail.over_lines > MAX_OVER_LINES && !self.is_whole {
                    behind.tail.stops = Stops::Enough;
                    return Some(());
                }
            }
            if ends_record {
                return Some(());
            }
            if behind.is_none() && found.over_lines.is_some() {
                let entered = behind.insert(self.enter_behind(end, found));
                if entered.tail.stops != Stops::Open {
                    found.length = entered.tail.end - self.start;
                    return Some(());
                }
                at = entered.tail.end - self.start;
            } else {
                at = end;
            }
        }
    }

    /// Returns where the next cell or record begins behind a cell, and whether it is a record; none
    /// when more bytes are needed.
    fn end_behind(&self, cell: &Span) -> Option<(usize, bool)> {
        let at = cell.after;
        Some(match self.bytes.get(at) {
            Some(b'\n') => (at + 1, true),
            Some(b'\r') => match self.bytes.get(at + 1) {
                Some(b'\n') => (at + 2, true),
                None if !self.ended => return None,
                _ => (at + 1, true),
            },
            Some(_) if !cell.is_cut => (at + 1, false),
            None if !self.ended => return None,
            _ => (at, true),
        })
    }

    /// Goes on behind the first cell that goes over lines, with the next cell at `at`.
    fn enter_behind(&mut self, at: usize, found: &mut Scanned) -> Behind {
        self.memo.change_search();
        let place = self.start + at;
        let literal = self.literal.filter(|literal| *literal >= at);
        let literal = literal.map(|literal| self.start + literal);
        let known = self.memo.tail(place, literal).filter(|_| !self.is_whole);
        let behind = Behind {
            tail: known.unwrap_or(Tail {
                at: place,
                literal,
                end: place,
                ..Tail::default()
            }),
            kept: None,
            is_known: known.is_some_and(|tail| tail.cells > 0),
            unclosed: std::mem::take(&mut found.unclosed),
            holds_stray: found.holds_stray.take(),
        };
        found.cells += behind.tail.cells;
        found.unclosed = behind.tail.unclosed;
        let holds_stray = behind.tail.holds_stray.checked_sub(self.start + 1);
        found.holds_stray = holds_stray;
        behind
    }

    /// Adds a cell to a tail.
    fn add(&self, tail: &mut Tail, kept: Cell, cell: &Span, found: &Scanned) {
        steps::count(kept.bytes());
        tail.cells += 1;
        if !kept.is_blank_in(self.bytes) {
            tail.with_text = tail.cells;
        }
        tail.over_lines += usize::from(cell.goes_over_lines);
        tail.unclosed = found.unclosed;
        tail.holds_stray = found.holds_stray.map_or(0, |at| self.start + at + 1);
        for (torn, quote) in tail.torn.iter_mut().zip(*b"\"'") {
            *torn |= kept.is_torn(self.bytes, quote);
        }
        tail.end = self.start + found.length;
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
                    return Some(Span {
                        start: at + 1,
                        end,
                        after,
                        escaped: self.escaped(at, marks),
                        goes_over_lines: self.note_quotes((at, end), marks, has_leapt, found),
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
            goes_over_lines: false,
            is_cut: at > MAX_RECORD || end - at >= MAX_CELL,
        })
    }

    /// Notes what makes an enclosed cell suspect: quotes that close nothing, and line ends. Returns
    /// true when it goes over a line end.
    #[inline]
    fn note_quotes(
        &self,
        (at, end): (usize, usize),
        marks: Marks,
        has_leapt: bool,
        found: &mut Scanned,
    ) -> bool {
        let has_stray = marks.stray > self.start + at;
        if has_stray {
            found.holds_stray.get_or_insert(at);
        }
        let goes_over_lines = if has_leapt {
            self.memo.has_line_end(self.start + at)
        } else {
            steps::count(end - at);
            memchr2(b'\n', b'\r', &self.bytes[at..end]).is_some()
        };
        if goes_over_lines && found.over_lines.is_none() {
            found.over_lines = Some(at);
            found.suspect = has_stray;
        }
        goes_over_lines
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
    fn plain(&mut self, from: usize) -> Option<usize> {
        let rest = &self.bytes[from..];
        let rest = &rest[..rest.len().min(MAX_CELL)];
        let known = self.memo.plain_from(self.start + from) - self.start - from;
        let new = rest.get(known..).unwrap_or_default();
        let found = match self.dialect.delimiter {
            Some(delimiter) => memchr3(delimiter, b'\n', b'\r', new),
            None => memchr2(b'\n', b'\r', new),
        };
        steps::count(found.unwrap_or(new.len()) + 1);
        match found {
            Some(at) => Some(from + known + at),
            None if self.ended || rest.len() == MAX_CELL => Some(from + rest.len()),
            None => {
                let place = self.start + from;
                self.memo.keep_plain(place, place + rest.len());
                None
            }
        }
    }
}
