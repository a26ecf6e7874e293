//! The splitting of bytes into records: a splitter without an allocation for each cell, and a
//! buffer that feeds it chunk by chunk.
//!
//! Cells are ranges of the buffer. UTF-8 and Windows-1252 are split before they are decoded,
//! because delimiters, quotes and line ends are the same single bytes in both. UTF-16 is converted
//! to UTF-8 when it enters the buffer, and the offsets in the file are calculated back.

mod enclosed;
mod feed;
mod memo;
mod mend;
mod requoted;
mod scan;

use std::borrow::Cow;

use crate::decode::{text_of, transcoder};
use alta_domain::{Encoding, FileShape};

use feed::Feed;
use memo::Memo;
use mend::Memos;
pub use scan::Cell;
use scan::{Dialect, Escaped, Scanned};

/// A record of the file; one value is reused for all records.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The cells of the record; at least one.
    pub cells: Vec<Cell>,
    /// The physical line on which the record starts, counted from 1.
    pub line: u32,
    /// The offset in the file at which the record starts, in bytes.
    pub offset: u64,
    /// True when a quote was opened and never closed; such a quote is text.
    pub unclosed: bool,
}

/// The result of asking for the next record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next record was split.
    Record,
    /// The end of the record is not in the buffer yet.
    NeedMore,
    /// The file has ended.
    End,
}

/// The reader that splits a file into records.
#[derive(Debug)]
pub struct Reader {
    feed: Feed,
    dialect: Dialect,
    /// The number of cells of the table's records; 0 when it is not known yet.
    width: usize,
    /// True when rows end with delimiters that the header does not have.
    trailing: bool,
    /// True when the file begins with a byte order mark.
    marked: bool,
    encoding: Encoding,
    line: u32,
    /// The number of unread bytes that the buffer must hold before a record is tried again that was
    /// incomplete. So each byte of a long record is examined about twice, and not at every chunk.
    wanted: usize,
    memo: Memo,
    memos: Memos,
    /// The offset in the buffer at which the record begins that was returned last.
    base: usize,
}

impl Reader {
    /// Makes a reader that starts at the beginning of a file. A byte order mark is skipped.
    #[must_use]
    pub fn new(shape: &FileShape) -> Self {
        Self::from(shape, 0, 1)
    }

    /// Makes a reader that starts at the beginning of a record in the middle of a file.
    #[must_use]
    pub fn from(shape: &FileShape, offset: u64, line: u32) -> Self {
        Self {
            feed: Feed {
                buffer: Vec::new(),
                at: 0,
                drained: 0,
                ended: false,
                offset,
                transcoder: transcoder(shape.encoding),
            },
            dialect: Dialect {
                delimiter: shape.delimiter.map(alta_domain::Delimiter::byte),
                quote: shape.quote.map_or(b'"', alta_domain::Quote::byte),
                backslash: false,
                padded: shape.padded,
                bare: false,
            },
            width: shape.width as usize,
            trailing: shape.trailing,
            marked: false,
            wanted: 0,
            memo: Memo::default(),
            memos: Memos::default(),
            encoding: shape.encoding,
            line,
            base: 0,
        }
    }

    /// Adds the next bytes of the file. `last` is true for the end of the file.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        self.feed.push(bytes, last);
    }

    /// Returns true when the file begins with a byte order mark.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.marked
    }

    /// Adds the next `count` bytes, which `fill` writes into the buffer, so that bytes from
    /// elsewhere are copied only once.
    pub fn push_with(&mut self, count: usize, last: bool, fill: impl FnOnce(&mut [u8])) {
        self.feed.push_with(count, last, fill);
    }

    /// Returns the offset in the file of the next record, and its physical line.
    #[must_use]
    pub fn position(&self) -> (u64, u32) {
        (self.feed.offset, self.line)
    }

    /// Splits the next record into `record`. A blank line is a record with one empty cell.
    pub fn next(&mut self, record: &mut Record) -> Step {
        if self.feed.offset == 0 && self.feed.at == 0 && !self.skip_mark() {
            return Step::NeedMore;
        }
        let bytes = &self.feed.buffer[self.feed.at..];
        if bytes.is_empty() {
            return if self.feed.ended {
                Step::End
            } else {
                Step::NeedMore
            };
        }
        if bytes.len() < self.wanted && !self.feed.ended {
            return Step::NeedMore;
        }
        let (feed, dialect, width) = (&self.feed, self.dialect, self.width);
        let scanned = feed.scan(dialect, width <= 1, &mut self.memo, &mut record.cells);
        let Some(mut found) = scanned else {
            self.wanted = 2 * bytes.len();
            return Step::NeedMore;
        };
        self.wanted = 0;
        let mut is_misfit = found.has_more() || is_odd(bytes, &found, &record.cells, width);
        if is_misfit {
            // One more byte, or the end, shows whether the file ends with these bytes.
            if bytes.len() <= mend::MAX_LOOK && !feed.ended {
                self.wanted = mend::MAX_LOOK + 1;
                return Step::NeedMore;
            }
            let misfit = feed.misfit(dialect, found, width);
            found = misfit
                .mend(&mut self.memos, &mut record.cells)
                .unwrap_or(found);
        }
        if found.is_partial {
            // No other reading fits, so the first one counts, and the cells that it skipped are
            // needed too.
            let whole = feed.scan(dialect, true, &mut Memo::default(), &mut record.cells);
            let Some(whole) = whole else {
                self.wanted = 2 * bytes.len();
                return Step::NeedMore;
            };
            found = whole;
            is_misfit = is_odd(bytes, &found, &record.cells, width);
        }
        if !is_misfit && width > 2 && !dialect.padded {
            unpad(bytes, &mut record.cells);
        }
        record.unclosed = found.unclosed;
        let length = found.length;
        record.line = self.line;
        record.offset = self.feed.offset;
        self.line += match found.over_lines {
            None => u32::from(matches!(bytes.get(length - 1), Some(b'\n' | b'\r'))),
            Some(_) => line_ends(&bytes[..length]),
        };
        self.base = self.feed.at;
        self.feed.consume(length);
        Step::Record
    }

    /// Skips a byte order mark. Returns false while there are too few bytes to recognize one.
    fn skip_mark(&mut self) -> bool {
        let bytes = &self.feed.buffer;
        if bytes.len() < 3 && !self.feed.ended {
            return false;
        }
        if !self.encoding.is_of_single_bytes() && bytes.starts_with("\u{feff}".as_bytes()) {
            self.marked = true;
            self.feed.consume(3);
        }
        true
    }

    /// Returns the record that was split last, ready for decoding its cells.
    #[must_use]
    pub fn open(&self) -> Open<'_> {
        let bytes = self.raw();
        let whole = !self.encoding.is_of_single_bytes() || bytes.is_ascii();
        Open {
            bytes,
            text: whole
                .then(|| simdutf8::basic::from_utf8(bytes).ok())
                .flatten(),
            encoding: self.encoding,
        }
    }

    /// Returns the texts of the record that was split last. In a table whose rows end with
    /// delimiters that the header does not have, the empty cells at the end are left out.
    #[must_use]
    pub fn cells(&self, record: &Record) -> Vec<Cow<'_, str>> {
        let open = self.open();
        let mut cells: Vec<Cow<'_, str>> =
            record.cells.iter().map(|cell| open.cell(*cell).0).collect();
        while self.trailing
            && cells.len() > self.width
            && cells.last().is_some_and(|cell| cell.trim().is_empty())
        {
            cells.pop();
        }
        cells
    }

    /// Returns all bytes of the record that was split last, line end included.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.feed.buffer[self.base..self.feed.at]
    }
}

/// An open record: its bytes, with one check of the encoding for all its cells.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    bytes: &'a [u8],
    text: Option<&'a str>,
    encoding: Encoding,
}

impl<'a> Open<'a> {
    /// Returns the text of the whole record; `None` when the bytes are not UTF-8 text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        self.text
    }

    /// Returns the text of a cell, and true when some of its bytes are not text.
    #[must_use]
    pub fn cell(&self, cell: Cell) -> (Cow<'a, str>, bool) {
        let range = cell.start as usize..cell.end as usize;
        let (text, bad) = match self.text.and_then(|text| text.get(range.clone())) {
            Some(text) => (Cow::Borrowed(text), false),
            None => text_of(&self.bytes[range], self.encoding),
        };
        match cell.escaped {
            Escaped::Not => (text, bad),
            Escaped::Doubled(quote) => (Cow::Owned(with_one(&text, quote, 2)), bad),
            Escaped::DoubledTwice(quote) => (Cow::Owned(with_one(&text, quote, 4)), bad),
            Escaped::Backslash(quote) => (
                Cow::Owned(without_backslashes(&text, char::from(quote))),
                bad,
            ),
        }
    }

    /// Returns true when a cell contains nothing to read.
    #[must_use]
    pub fn is_blank(&self, cell: Cell) -> bool {
        let bytes = &self.bytes[cell.start as usize..cell.end as usize];
        !bytes.iter().any(u8::is_ascii_graphic) && crate::words::is_blank(&self.cell(cell).0)
    }
}

/// Returns the text with each run of `count` quotes replaced by one quote.
fn with_one(text: &str, quote: u8, count: usize) -> String {
    let quote = char::from(quote);
    let several: String = std::iter::repeat_n(quote, count).collect();
    text.replace(&several, quote.encode_utf8(&mut [0; 4]))
}

/// Returns true when a record does not have the cells of its table, or when a cell over several
/// lines has stray quotes and may contain the next record.
fn is_odd(bytes: &[u8], found: &Scanned, cells: &[Cell], width: usize) -> bool {
    width > 1 && (found.suspect || !fits(bytes, found, cells, width))
}

/// Returns true when a record has the cells of its table. Additional empty cells are allowed.
fn fits(bytes: &[u8], found: &Scanned, cells: &[Cell], width: usize) -> bool {
    if found.cells == width {
        return true;
    }
    let with_text = match found.tail {
        Some(tail) if tail.with_text > 0 => found.cells - tail.cells + tail.with_text,
        _ => {
            let last = cells.iter().rposition(|cell| !cell.is_blank_in(bytes));
            last.map_or(0, |at| at + 1)
        }
    };
    with_text == 0 || found.cells > width && with_text <= width
}

/// Removes the space at the beginning of every cell but the first, when each of those cells begins
/// with exactly one. Such a record was written with a comma and a space, in a table whose other
/// records were not.
fn unpad(bytes: &[u8], cells: &mut [Cell]) {
    let padded = |cell: &Cell| {
        let text = &bytes[cell.start as usize..cell.end as usize];
        text.first() == Some(&b' ') && text.get(1) != Some(&b' ')
    };
    if cells.get(1..).is_some_and(|rest| rest.iter().all(padded)) {
        cells.iter_mut().skip(1).for_each(|cell| cell.start += 1);
    }
}

/// Replaces `\"` by a quote and `\\` by a backslash; other backslashes stay.
fn without_backslashes(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && (*next == quote || *next == '\\'));
        out.push(escaped.unwrap_or(letter));
    }
    out
}

/// Counts the physical line ends: CRLF, LF and a lone CR count once each.
fn line_ends(bytes: &[u8]) -> u32 {
    let mut count = 0;
    let mut rest = bytes;
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        count += 1;
        let pair = rest[at] == b'\r' && rest.get(at + 1) == Some(&b'\n');
        rest = &rest[at + 1 + usize::from(pair)..];
    }
    count
}

#[cfg(test)]
mod tests;
