//! The buffer that feeds the splitter chunk by chunk.

use super::memo::Memo;
use super::mend::{self, Misfit};
use super::scan::{Cell, Dialect, Scan, Scanned};
use crate::code_pages::Utf16;

/// The bytes that were received and not yet split, with the last record before them.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) buffer: Vec<u8>,
    /// The place in the buffer at which the next record begins.
    pub(super) at: usize,
    /// The number of bytes that were removed from the front of the buffer since the beginning.
    pub(super) drained: usize,
    /// True when no more bytes come.
    pub(super) ended: bool,
    /// The offset in the file at which the next record begins.
    pub(super) offset: u64,
    pub(super) transcoder: Option<Utf16>,
}

impl Feed {
    pub(super) fn push(&mut self, bytes: &[u8], last: bool) {
        self.drain();
        match &mut self.transcoder {
            Some(transcoder) => transcoder.push(bytes, last, &mut self.buffer),
            None => self.buffer.extend_from_slice(bytes),
        }
        self.ended |= last;
    }

    /// Adds bytes that `fill` writes into the buffer.
    pub(super) fn push_with(&mut self, count: usize, last: bool, fill: impl FnOnce(&mut [u8])) {
        if self.transcoder.is_some() {
            let mut bytes = vec![0; count];
            fill(&mut bytes);
            return self.push(&bytes, last);
        }
        self.drain();
        let start = self.buffer.len();
        self.buffer.resize(start + count, 0);
        fill(&mut self.buffer[start..]);
        self.ended |= last;
    }

    fn drain(&mut self) {
        self.buffer.drain(..self.at);
        self.drained += self.at;
        self.at = 0;
    }

    /// Scans the next record; returns `None` when more bytes are needed. When `is_whole` is false,
    /// the scan may stop before the record's end and leave out cells that the memo has.
    pub(super) fn scan(
        &self,
        dialect: Dialect,
        is_whole: bool,
        memo: &mut Memo,
        cells: &mut Vec<Cell>,
    ) -> Option<Scanned> {
        cells.clear();
        let mut scan = Scan {
            is_whole,
            bytes: &self.buffer[self.at..],
            ended: self.ended,
            dialect,
            literal: None,
            start: self.drained + self.at,
            memo,
        };
        scan.record(cells)
    }

    /// Returns the bytes of the next record for a second reading in other ways, because the first
    /// reading, `first`, does not fit the table of `width` columns.
    pub(super) fn misfit(&self, dialect: Dialect, first: Scanned, width: usize) -> Misfit<'_> {
        let bytes = &self.buffer[self.at..];
        let look = &bytes[..bytes.len().min(mend::MAX_LOOK)];
        Misfit {
            bytes: look,
            ended: self.ended && look.len() == bytes.len(),
            start: self.drained + self.at,
            dialect,
            first,
            width,
        }
    }

    /// Moves past these bytes of the buffer, and counts the bytes of the file.
    pub(super) fn consume(&mut self, count: usize) {
        let passed = &self.buffer[self.at..self.at + count];
        self.offset += match &self.transcoder {
            Some(_) => String::from_utf8_lossy(passed)
                .chars()
                .map(|c| 2 * c.len_utf16() as u64)
                .sum(),
            None => passed.len() as u64,
        };
        self.at += count;
    }
}
