//! What earlier records found out about bytes further on. A cell whose quote is closed far away, or
//! never, is searched through once: the records that begin inside of it take the same answer. So
//! each byte is looked at a bounded number of times, however the records before it were mended.
//!
//! An answer is the same with and without a memo; places are counted from the start of the stream.

use memchr::memrchr2;

use crate::steps;

/// The shortest search that is kept: one that is shorter is as fast as looking it up. Tests keep
/// nearly all.
const SHORTEST: usize = if cfg!(test) { 2 } else { 64 };

/// The last places of quotes inside an enclosed cell, each one further than it stands; 0 for none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Of two that stand for one.
    pub(super) doubled: usize,
    /// Of one that is alone, closes nothing, and has no backslash before it.
    pub(super) stray: usize,
    /// Of one behind a backslash.
    pub(super) slashed: usize,
}

impl Marks {
    /// Adds the marks of another search that stand at `at` or behind it.
    fn join(&mut self, other: Self, at: usize) {
        let pairs = [
            (&mut self.doubled, other.doubled),
            (&mut self.stray, other.stray),
            (&mut self.slashed, other.slashed),
        ];
        for (own, other) in pairs {
            if other > at {
                *own = other.max(*own);
            }
        }
    }
}

/// A search for the quote that closes a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Search {
    from: usize,
    /// No quote before this place closes a cell that begins behind `from`.
    to: usize,
    marks: Marks,
    /// One further than the last line end of it; 0 for none.
    line_end: usize,
}

/// The cells of a record behind a cell that goes over lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// Where they begin: behind that cell.
    pub(super) at: usize,
    /// Where the record ends.
    pub(super) end: usize,
    pub(super) cells: usize,
    /// Cells up to the last one that has text.
    pub(super) with_text: usize,
    pub(super) unclosed: bool,
    /// The quote of the first cell that holds stray quotes, one further than it stands; 0 for none.
    pub(super) holds_stray: usize,
    /// A cell is one half of a cell that is enclosed in `"`, and of one enclosed in `'`.
    pub(super) torn: [bool; 2],
}

/// What was found under one dialect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    search: Search,
    tail: Option<Tail>,
}

impl Memo {
    /// Returns where a search that has come to `at` may go on, when an earlier one has passed
    /// there; adds what that one has met. No quote or backslash may stand at `at`: two searches
    /// that come to the same place read such a run in different pairs.
    pub(super) fn leap(&self, at: usize, marks: &mut Marks) -> Option<usize> {
        let Search { from, to, .. } = self.search;
        if from > at || at >= to {
            return None;
        }
        marks.join(self.search.marks, at);
        Some(to)
    }

    /// Keeps that no quote in `bytes`, which begin at `from`, closes a cell. `has_leapt` when the
    /// search went on where the one that is kept ended.
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
                self.tail = None;
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
            self.tail = None;
        }
    }

    /// Returns true when a line ends between `at` and the end of the search.
    pub(super) fn has_line_end(&self, at: usize) -> bool {
        self.search.line_end > at
    }

    /// The tail behind a cell that ends at `at`.
    pub(super) fn tail(&self, at: usize) -> Option<Tail> {
        self.tail.filter(|tail| tail.at == at)
    }

    /// Keeps the tail behind the cell that the search in hand has found.
    pub(super) fn keep_tail(&mut self, tail: Tail) {
        if self.search.to > 0 && tail.at > self.search.to {
            self.tail = Some(tail);
        }
    }
}
