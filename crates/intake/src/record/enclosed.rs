//! The search for the end of a cell that is enclosed in quotes.

use memchr::{memchr, memchr2};

use super::memo::Marks;
use super::scan::{Closed, MAX_CELL, Scan};
use crate::steps;

/// The most spaces that are skipped after a closing quote.
const SPACES: usize = 16;
/// The meaning of a quote or a backslash inside an enclosed cell.
enum Mark {
    /// The mark is text; the search continues at this offset.
    Text(usize),
    /// The mark ends the cell; the text after the cell begins at this offset.
    Closes(usize),
    NeedMore,
}

/// The error that more bytes are needed.
struct NeedMore;

impl Scan<'_> {
    /// Searches for the quote that closes a cell: one before a delimiter, a line end or the end of
    /// the file. Other quotes are text.
    #[inline]
    pub(super) fn enclosed(&mut self, from: usize) -> Closed {
        let mut at = from;
        let mut marks = Marks::default();
        let mut has_leapt = false;
        let limit = from + MAX_CELL;
        loop {
            if !(self.has_mark(at) && self.has_mark(at - 1))
                && let Some(to) = self.memo.leap(self.start + at, &mut marks)
            {
                at = to - self.start;
                has_leapt = true;
            }
            let next = self.next_mark(at).map(|found| at + found);
            let Some(mark) = next.filter(|mark| *mark < limit) else {
                self.keep(from, next.unwrap_or(self.bytes.len()), marks, has_leapt);
                return if self.ended || self.bytes.len() > limit {
                    Closed::Unclosed
                } else {
                    Closed::NeedMore
                };
            };
            match self.judge_mark(from, mark, &mut marks) {
                Mark::Text(next) => at = next,
                Mark::Closes(after) => {
                    self.keep(from, mark, marks, has_leapt);
                    return Closed::At {
                        end: mark,
                        after,
                        marks,
                        has_leapt,
                    };
                }
                Mark::NeedMore => {
                    self.keep(from, mark, marks, has_leapt);
                    return Closed::NeedMore;
                }
            }
        }
    }

    /// Returns true for a quote at this offset, or for a backslash where it is the escape.
    fn has_mark(&self, at: usize) -> bool {
        let is_mark =
            |byte: &u8| *byte == self.dialect.quote || self.dialect.backslash && *byte == b'\\';
        self.bytes.get(at).is_some_and(is_mark)
    }

    fn keep(&mut self, from: usize, to: usize, marks: Marks, has_leapt: bool) {
        if let Some(bytes) = self.bytes.get(from..to) {
            self.memo.keep(self.start + from, bytes, marks, has_leapt);
        }
    }

    /// Judges the quote or backslash at offset `mark`, inside a cell that begins at `from`.
    #[inline]
    fn judge_mark(&self, from: usize, mark: usize, marks: &mut Marks) -> Mark {
        let place = self.start + mark + 1;
        let next = match self.bytes.get(mark + 1) {
            Some(next) => *next,
            None if !self.ended => return Mark::NeedMore,
            None if self.is_backslash(mark) => return Mark::Text(mark + 1),
            None => return Mark::Closes(mark + 1),
        };
        if self.is_backslash(mark) {
            if next == self.dialect.quote || next == b'\\' {
                marks.escaped = place;
            }
            return Mark::Text(mark + 2);
        }
        if next == self.dialect.quote && !self.dialect.backslash && !self.dialect.bare {
            marks.doubled = place;
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
        if mark > from && self.bytes[mark - 1] == b'\\' {
            marks.escaped = place;
        } else {
            marks.stray = place;
        }
        Mark::Text(mark + 1)
    }

    /// Returns true for a backslash that escapes the byte after it.
    fn is_backslash(&self, mark: usize) -> bool {
        self.dialect.backslash && self.bytes[mark] == b'\\'
    }

    /// Returns the offset after the spaces at `from`, when a delimiter, a line end or the end of
    /// the file follows; `None` for any other byte, which means that the quote closes nothing.
    /// Fails when more bytes are needed to decide.
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

    /// Returns the distance to the next quote, or backslash where it is the escape; `None` when
    /// there is none.
    fn next_mark(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        let found = if self.dialect.backslash {
            memchr2(self.dialect.quote, b'\\', rest)
        } else {
            memchr(self.dialect.quote, rest)
        };
        steps::count(found.unwrap_or(rest.len()) + 1);
        found
    }
}
