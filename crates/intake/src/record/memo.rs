//! The memo: results of earlier searches about bytes further on. A cell whose quote is closed far
//! away, or never, is searched only once, because the records that begin inside of it use the same
//! result. So each byte is examined a bounded number of times, however the records before it were
//! mended.
//!
//! The results are the same with and without a memo. All offsets count from the start of the
//! stream.

use memchr::memrchr2;

use crate::steps;

/// The length in bytes of the shortest search that is kept; a shorter one is as fast as a look-up.
/// Tests keep nearly all searches.
const SHORTEST: usize = if cfg!(test) { 2 } else { 64 };

/// The offsets of the last quotes of each kind inside an enclosed cell, each plus one; 0 for none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// The last pair of quotes that stands for one quote.
    pub(super) doubled: usize,
    /// The last lone quote that closes nothing and has no backslash before it.
    pub(super) stray: usize,
    /// The last quote after a backslash.
    pub(super) escaped: usize,
}

impl Marks {
    /// Adds the marks of another search that are not before `at`.
    fn join(&mut self, other: Self, at: usize) {
        let pairs = [
            (&mut self.doubled, other.doubled),
            (&mut self.stray, other.stray),
            (&mut self.escaped, other.escaped),
        ];
        for (own, other) in pairs {
            if other > at {
                *own = other.max(*own);
            }
        }
    }
}

/// A finished search for the quote that closes a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Search {
    from: usize,
    /// The end of the search: no quote before it closes a cell that begins after `from`.
    to: usize,
    marks: Marks,
    /// The offset of the last line end in the search, plus one; 0 for none.
    line_end: usize,
}

/// The tail of a record: the cells after its first cell that spans several lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// The offset at which the tail begins: after that cell.
    pub(super) at: usize,
    /// The offset of a quote in the tail that is read as text; `None` when there is none.
    pub(super) literal: Option<usize>,
    /// The offset at which the tail ends.
    pub(super) end: usize,
    pub(super) stops: Stops,
    pub(super) cells: usize,
    /// The number of cells up to the last one with text, including cells that were not kept.
    pub(super) with_text: usize,
    /// The number of cells that span several lines.
    pub(super) over_lines: usize,
    pub(super) unclosed: bool,
    /// The offset of the quote of the first cell that contains stray quotes, plus one; 0 for none.
    pub(super) holds_stray: usize,
    /// True when a cell is one half of a cell that is enclosed in `"` (first) or in `'` (second).
    pub(super) torn: [bool; 2],
}

/// The reason why a [`Tail`] has no more cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stops {
    /// The cells after the tail were not read to their end. Another record continues from there.
    #[default]
    Open,
    /// So many cells span several lines that the record is no ordinary one.
    Enough,
    /// The record ends with the tail.
    Whole,
}

/// The results of searches under one dialect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    search: Search,
    /// The search after the first cell that spans several lines.
    behind: Search,
    tail: Option<Tail>,
    /// The range in which no cell that is not enclosed ends.
    plain: (usize, usize),
}

impl Memo {
    /// Returns the offset from which a search at `at` may continue, when an earlier search passed
    /// this offset; adds the marks of the earlier search. When there is a quote or backslash at
    /// `at`, the caller must know that none is directly before it, because two searches that enter
    /// a run of quotes form different pairs.
    pub(super) fn leap(&self, at: usize, marks: &mut Marks) -> Option<usize> {
        let Search { from, to, .. } = self.search;
        if from > at || at >= to {
            return None;
        }
        marks.join(self.search.marks, at);
        Some(to)
    }

    /// Stores that no quote in `bytes`, which begin at `from`, closes a cell. `has_leapt` is true
    /// when the search continued at the end of the stored one.
    pub(super) fn keep(&mut self, from: usize, bytes: &[u8], marks: Marks, has_leapt: bool) {
        let to = from + bytes.len();
        let kept = self.search;
        steps::count(1);
        if has_leapt {
            if to > kept.to {
                let new = &bytes[kept.to - from..];
                steps::count(new.len());
                let line_end = memrchr2(b'\n', b'\r', new).map(|at| kept.to + at + 1);
                self.search = Search {
                    to,
                    marks,
                    line_end: line_end.unwrap_or(kept.line_end),
                    ..kept
                };
            }
        } else if bytes.len() >= SHORTEST && to > kept.to {
            steps::count(bytes.len());
            let line_end = memrchr2(b'\n', b'\r', bytes);
            self.search = Search {
                from,
                to,
                marks,
                line_end: line_end.map_or(0, |at| from + at + 1),
            };
        }
    }

    /// Returns true when there is a line end between `at` and the end of the search.
    pub(super) fn has_line_end(&self, at: usize) -> bool {
        self.search.line_end > at
    }

    /// Swaps the search before the first cell that spans several lines with the one after it.
    pub(super) fn swap_searches(&mut self) {
        std::mem::swap(&mut self.search, &mut self.behind);
    }

    /// Returns the tail after a cell that ends at `at`, when it was read with the same `literal`.
    pub(super) fn tail(&self, at: usize, literal: Option<usize>) -> Option<Tail> {
        self.tail
            .filter(|tail| tail.at == at && tail.literal == literal)
    }

    /// Returns the offset from which to search for the end of a cell that is not enclosed and
    /// continues at `at`.
    pub(super) fn plain_from(&self, at: usize) -> usize {
        let (from, to) = self.plain;
        if from <= at && at < to { to } else { at }
    }

    /// Stores that no cell which is not enclosed ends between two offsets.
    pub(super) fn keep_plain(&mut self, from: usize, to: usize) {
        self.plain = (from, to);
    }

    pub(super) fn keep_tail(&mut self, tail: Tail) {
        self.tail = Some(tail);
    }
}
