//! The scan: the splitting of one record under one dialect.

use memchr::{memchr2, memchr3};

use super::memo::{Marks, Memo, Stops, Tail};
use crate::steps;

/// The largest size of a cell in bytes. A longer enclosed cell counts as never closed; any other
/// cell ends its record at this size.
pub(super) const MAX_CELL: usize = 1024 * 1024;
/// The largest size of a record in bytes; the rest of a longer one becomes another record.
const MAX_RECORD: usize = 4 * MAX_CELL;
/// The most cells of a record that are kept; further cells are skipped.
const MAX_CELLS: usize = 4096;
/// The most cells that may span several lines after the first such cell. A record with more of them
/// is read in other ways before it is read to its end. Otherwise lines that open quotes which the
/// next line closes would each be read to the end of the file.
const MAX_OVER_LINES: usize = 32;

/// A dialect: the bytes that separate and enclose cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: Option<u8>,
    pub(super) quote: u8,
    /// True when a quote inside a cell is written `\"` instead of `""`.
    pub(super) backslash: bool,
    /// True when the space after each delimiter belongs to it.
    pub(super) padded: bool,
    /// True when a quote inside a cell is written as it is: only a quote before a delimiter or a
    /// line end closes the cell.
    pub(super) bare: bool,
}

/// A cell: a range of the record's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) escaped: Escaped,
}

impl Cell {
    /// Returns the number of the cell's bytes in the file, without its quotes.
    pub(crate) fn bytes(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) fn of<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[self.start as usize..self.end as usize]
    }

    pub(super) fn is_blank_in(&self, bytes: &[u8]) -> bool {
        self.of(bytes).iter().all(u8::is_ascii_whitespace)
    }

    /// Returns true when the cell is one half of an enclosed cell: only one of its ends is a quote.
    pub(super) fn is_torn(&self, bytes: &[u8], quote: u8) -> bool {
        let text = self.of(bytes);
        (text.first() == Some(&quote)) != (text.last() == Some(&quote))
    }
}

/// The writing of a quote inside a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    /// The cell contains no escaped quote.
    Not,
    /// Two of this quote stand for one.
    Doubled(u8),
    /// Four of this quote stand for one: the row was enclosed in quotes once more.
    DoubledTwice(u8),
    /// This quote after a backslash, and two backslashes for one.
    Backslash(u8),
}

/// A record that was found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scanned {
    /// The length in bytes, line end included.
    pub(super) length: usize,
    /// True when a quote was opened and never closed.
    pub(super) unclosed: bool,
    /// The offset in the record of the opening quote of the first cell that spans several lines;
    /// `None` when no cell does.
    pub(super) over_lines: Option<usize>,
    /// True when the first cell that spans several lines contains quotes that are neither doubled
    /// nor escaped: it may contain the next record.
    pub(super) suspect: bool,
    /// The offset in the record of the opening quote of the first cell that contains quotes which
    /// are neither doubled nor escaped: it may contain its neighbours. `None` when no cell does.
    pub(super) holds_stray: Option<usize>,
    /// The number of cells of the record, including those that are not in the list of cells.
    pub(super) cells: usize,
    /// The cells after the first one that spans several lines.
    pub(super) tail: Option<Tail>,
    /// True when the list of cells lacks cells of `tail`, or the record was not read to its end.
    pub(super) is_partial: bool,
}

impl Scanned {
    /// Returns true when the record was not read to its end.
    pub(super) fn has_more(&self) -> bool {
        self.tail.is_some_and(|tail| tail.stops == Stops::Enough)
    }
}

/// A scan of the bytes from the start of a record on.
pub(super) struct Scan<'a> {
    pub(super) bytes: &'a [u8],
    /// True when the file ends with these bytes.
    pub(super) ended: bool,
    pub(super) dialect: Dialect,
    /// The offset of a quote that is read as text.
    pub(super) literal: Option<usize>,
    /// The offset in the stream at which the record begins.
    pub(super) start: usize,
    /// True when the record is read to its end, with all its cells.
    pub(super) is_whole: bool,
    pub(super) memo: &'a mut Memo,
}

/// The places of a cell that was just read. A [`Cell`] for the list of cells is made of it.
struct Span {
    start: usize,
    end: usize,
    /// The offset of the delimiter, line end or end of the file after the cell.
    after: usize,
    escaped: Escaped,
    goes_over_lines: bool,
    /// True when the cell or the record is longer than allowed and ends here.
    is_cut: bool,
}

/// The result of a search for the closing quote.
pub(super) enum Closed {
    At {
        end: usize,
        /// The offset after the cell: after its quote, and after spaces that follow.
        after: usize,
        marks: Marks,
        /// True when the search did not read a part of the cell, because the memo knows that no
        /// quote in it closes the cell.
        has_leapt: bool,
    },
    Unclosed,
    NeedMore,
}

/// The part of a record after its first cell that spans several lines.
struct Behind {
    tail: Tail,
    /// The tail to store for later records; `None` when `tail` itself is stored.
    kept: Option<Tail>,
    /// True when the first cells of the tail were not read now, but come from the stored tail of an
    /// earlier record.
    is_known: bool,
    /// [`Scanned::unclosed`] of the cells before the tail.
    unclosed: bool,
    /// [`Scanned::holds_stray`] of the cells before the tail.
    holds_stray: Option<usize>,
}

impl Scan<'_> {
    /// Scans the record's cells; returns `None` when more bytes are needed. Cells after one that
    /// spans several lines are not read again when an earlier record read them: [`Scanned::tail`].
    pub(super) fn record(&mut self, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let mut behind = None;
        let mut found = Scanned::default();
        let is_read = self.cells(cells, &mut found, &mut behind);
        if let Some(behind) = behind {
            self.memo.swap_searches();
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
                    // Where a record is cut depends on where it begins, so later records reuse only
                    // the tail before this cell.
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

    /// Returns the offset of the next cell or record after a cell, and true for a record; `None`
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

    /// Begins the tail of the record, after its first cell that spans several lines; the next cell
    /// is at offset `at`. Takes the cells of the tail from the memo when an earlier record has read
    /// them.
    fn enter_behind(&mut self, at: usize, found: &mut Scanned) -> Behind {
        self.memo.swap_searches();
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

    /// Counts a cell in a tail: with its lines and quotes, as `found` has them after the cell.
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

    /// Reads the cell at offset `at`; returns `None` when more bytes are needed.
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

    /// Notes in `found` the stray quotes and the line ends of an enclosed cell, because the cell
    /// may contain its neighbours or the next record. Returns true when the cell spans several
    /// lines.
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

    /// Returns the writing of quotes inside a cell whose quote is at offset `at`. Two quotes stand
    /// for one; in a cell without such pairs, a backslash before every quote is the escape.
    #[inline]
    fn escaped(&self, at: usize, marks: Marks) -> Escaped {
        let has = |mark: usize| mark > self.start + at;
        let (doubled, stray, escaped) = (has(marks.doubled), has(marks.stray), has(marks.escaped));
        let quote = self.dialect.quote;
        if escaped && (self.dialect.backslash || !doubled && !stray) {
            Escaped::Backslash(quote)
        } else if doubled {
            Escaped::Doubled(quote)
        } else {
            Escaped::Not
        }
    }

    /// Returns the offset of the end of a cell that is not enclosed; `None` when more bytes are
    /// needed.
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
