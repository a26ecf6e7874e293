//! One record taken apart under one dialect.

use memchr::{memchr, memchr2, memchr3};

/// Bytes of a cell. An enclosed one that is longer is taken for one that was never closed; any
/// other ends its record here.
pub(super) const MAX_CELL: usize = 1024 * 1024;
/// Bytes of a record; a longer one goes on as another.
const MAX_RECORD: usize = 4 * MAX_CELL;
/// Spaces looked over behind a closing quote.
const SPACES: usize = 16;
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
#[derive(Clone, Copy, Debug)]
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
}

/// The bytes from the start of a record on.
pub(super) struct Scan<'a> {
    pub(super) bytes: &'a [u8],
    /// Nothing comes after them.
    pub(super) ended: bool,
    pub(super) dialect: Dialect,
    /// A quote that is text.
    pub(super) literal: Option<usize>,
    /// Up to here no quote closes a cell of an earlier line.
    pub(super) barren: usize,
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

enum Closed {
    At {
        end: usize,
        /// Where the cell ends in the record: behind its quote, and behind spaces that stand
        /// there.
        after: usize,
        quotes: Quotes,
    },
    /// Never; no quote closes up to here.
    Unclosed(usize),
    NeedMore,
}

/// What a quote or a backslash inside an enclosed cell means.
enum Mark {
    /// Text; the search goes on at this place.
    Text(usize),
    /// The end of the cell; what comes after it stands at this place.
    Closes(usize),
    NeedMore,
}

/// More bytes are needed.
struct NeedMore;

/// Quotes inside an enclosed cell.
#[derive(Clone, Copy, Default)]
struct Quotes {
    doubled: usize,
    /// Alone, and closing nothing.
    stray: usize,
    /// Behind a backslash.
    slashed: usize,
}

impl Quotes {
    /// Two stand for one; in a cell without such pairs a backslash before every quote says the
    /// same.
    fn escaped(self, dialect: Dialect) -> Escaped {
        if dialect.backslash && self.slashed > 0
            || self.doubled == 0 && self.stray > 0 && self.stray == self.slashed
        {
            Escaped::Backslash(dialect.quote)
        } else if self.doubled > 0 {
            Escaped::Doubled(dialect.quote)
        } else {
            Escaped::Not
        }
    }
}

impl Scan<'_> {
    /// The record's cells; none when more bytes are needed. `barren` is moved on where a search for
    /// a closing quote was in vain.
    pub(super) fn record(&mut self, cells: &mut Vec<Cell>) -> Option<Scanned> {
        let mut found = Scanned {
            length: 0,
            unclosed: false,
            over_lines: None,
            holds_stray: None,
            suspect: false,
        };
        let mut at = 0;
        loop {
            if self.dialect.padded && at > 0 && self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let cell = self.cell(at, &mut found)?;
            at = cell.after;
            if cells.len() < MAX_CELLS {
                cells.push(Cell {
                    start: u32::try_from(cell.start).ok()?,
                    end: u32::try_from(cell.end).ok()?,
                    escaped: cell.escaped,
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

    /// Reads the cell at `at`; none when more bytes are needed.
    #[inline]
    fn cell(&mut self, at: usize, found: &mut Scanned) -> Option<Span> {
        if self.bytes.get(at) == Some(&self.dialect.quote) && self.literal != Some(at) {
            match self.enclosed(at + 1) {
                Closed::At { end, after, quotes } => {
                    self.note_quotes(at, end, quotes, found);
                    return Some(Span {
                        start: at + 1,
                        end,
                        after,
                        escaped: quotes.escaped(self.dialect),
                        is_cut: after > MAX_RECORD,
                    });
                }
                Closed::Unclosed(to) => {
                    found.unclosed = true;
                    self.barren = self.barren.max(to);
                }
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
    fn note_quotes(&self, at: usize, end: usize, quotes: Quotes, found: &mut Scanned) {
        let stray = quotes.stray > quotes.slashed;
        if stray {
            found.holds_stray.get_or_insert(at);
        }
        if found.over_lines.is_none() && memchr2(b'\n', b'\r', &self.bytes[at..end]).is_some() {
            found.over_lines = Some(at);
            found.suspect = stray;
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
        match found {
            Some(at) => Some(from + at),
            None if self.ended || rest.len() == MAX_CELL => Some(from + rest.len()),
            None => None,
        }
    }

    /// Looks for the quote that closes a cell: one that a delimiter, a line end or the end of the
    /// file follows. Others are text.
    #[inline]
    fn enclosed(&self, from: usize) -> Closed {
        // Past its own line, what an earlier search found barren is not searched again: each byte
        // is looked at a few times at most.
        let mut line_end = None;
        let mut at = from;
        let mut quotes = Quotes::default();
        loop {
            let limit = from + MAX_CELL;
            let Some(mark) = self
                .next_mark(at)
                .map(|found| at + found)
                .filter(|mark| *mark < limit)
            else {
                return if self.ended || self.bytes.len() > limit {
                    Closed::Unclosed(limit.min(self.bytes.len()))
                } else {
                    Closed::NeedMore
                };
            };
            if self.barren > mark {
                let end = *line_end.get_or_insert_with(|| {
                    memchr2(b'\n', b'\r', &self.bytes[from..])
                        .map_or(self.bytes.len(), |length| from + length)
                });
                if mark > end {
                    at = self.barren.min(self.bytes.len());
                    continue;
                }
            }
            match self.judge_mark(from, mark, &mut quotes) {
                Mark::Text(next) => at = next,
                Mark::Closes(after) => {
                    return Closed::At {
                        end: mark,
                        after,
                        quotes,
                    };
                }
                Mark::NeedMore => return Closed::NeedMore,
            }
        }
    }

    /// Judges the quote or backslash at `mark` inside a cell that begins at `from`.
    #[inline]
    fn judge_mark(&self, from: usize, mark: usize, quotes: &mut Quotes) -> Mark {
        let next = match self.bytes.get(mark + 1) {
            Some(next) => *next,
            None if !self.ended => return Mark::NeedMore,
            None if self.is_backslash(mark) => return Mark::Text(mark + 1),
            None => return Mark::Closes(mark + 1),
        };
        if self.is_backslash(mark) {
            quotes.slashed += usize::from(next == self.dialect.quote || next == b'\\');
            return Mark::Text(mark + 2);
        }
        if next == self.dialect.quote && !self.dialect.backslash && !self.dialect.bare {
            quotes.doubled += 1;
            return Mark::Text(mark + 2);
        }
        if matches!(next, b'\n' | b'\r') || Some(next) == self.dialect.delimiter {
            return Mark::Closes(mark + 1);
        }
        if next == b' ' {
            match self.behind_spaces(mark + 1) {
                Ok(Some(after)) => return Mark::Closes(after),
                Ok(None) => {}
                Err(NeedMore) => return Mark::NeedMore,
            }
        }
        quotes.stray += 1;
        quotes.slashed += usize::from(mark > from && self.bytes[mark - 1] == b'\\');
        Mark::Text(mark + 1)
    }

    /// Returns true for a backslash that escapes what comes after it.
    fn is_backslash(&self, mark: usize) -> bool {
        self.dialect.backslash && self.bytes[mark] == b'\\'
    }

    /// Where spaces from here on end, when a delimiter, a line end or the end of the file stands
    /// there: some other byte closes nothing. An error when more bytes are needed to know.
    #[cold]
    fn behind_spaces(&self, from: usize) -> Result<Option<usize>, NeedMore> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let spaces = rest
            .iter()
            .take(SPACES)
            .take_while(|byte| **byte == b' ')
            .count();
        let after = from + spaces;
        match self.bytes.get(after) {
            None if self.ended => Ok(Some(after)),
            None if spaces < SPACES => Err(NeedMore),
            Some(b'\n' | b'\r') => Ok(Some(after)),
            Some(next) if Some(*next) == self.dialect.delimiter => Ok(Some(after)),
            _ => Ok(None),
        }
    }

    /// The next quote, or backslash where that is the escape.
    fn next_mark(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        if self.dialect.backslash {
            memchr2(self.dialect.quote, b'\\', rest)
        } else {
            memchr(self.dialect.quote, rest)
        }
    }
}
