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

/// The cells of a record behind its first cell that goes over lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// Where they begin: behind that cell.
    pub(super) at: usize,
    /// A quote among them that is text.
    pub(super) literal: Option<usize>,
    /// Where they end.
    pub(super) end: usize,
    pub(super) stops: Stops,
    pub(super) cells: usize,
    /// Cells up to the last one that has text, also of those that were not kept.
    pub(super) with_text: usize,
    /// Cells that go over lines.
    pub(super) over_lines: usize,
    pub(super) unclosed: bool,
    /// The quote of the first cell that holds stray quotes, one further than it stands; 0 for none.
    pub(super) holds_stray: usize,
    /// A cell is one half of a cell that is enclosed in `"`, and of one enclosed in `'`.
    pub(super) torn: [bool; 2],
}

/// Why the cells of a [`Tail`] are no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stops {
    /// What comes behind them was not read to its end. Another record reads on.
    #[default]
    Open,
    /// So many go over lines that the record is no ordinary one.
    Enough,
    /// The record ends.
    Whole,
}

/// What was found under one dialect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    search: Search,
    /// The search behind the first cell that goes over lines.
    behind: Search,
    tail: Option<Tail>,
    /// No cell that is not enclosed ends between these places.
    plain: (usize, usize),
}

impl Memo {
    /// Returns where a search that has come to `at` may go on, when an earlier one has passed
    /// there; adds what that one has met. A quote or backslash may stand at `at` only when none
    /// stands before it: two searches that come into a run of them read it in different pairs.
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

    /// Returns true when a line ends between `at` and the end of the search.
    pub(super) fn has_line_end(&self, at: usize) -> bool {
        self.search.line_end > at
    }

    /// Changes between the search up to the first cell that goes over lines and the one behind it.
    pub(super) fn change_search(&mut self) {
        std::mem::swap(&mut self.search, &mut self.behind);
    }

    /// Returns the tail behind a cell that ends at `at`, read with `literal` as text.
    pub(super) fn tail(&self, at: usize, literal: Option<usize>) -> Option<Tail> {
        self.tail
            .filter(|tail| tail.at == at && tail.literal == literal)
    }

    /// Returns where to look for the end of a cell that is not enclosed and goes on at `at`.
    pub(super) fn plain_from(&self, at: usize) -> usize {
        let (from, to) = self.plain;
        if from <= at && at < to { to } else { at }
    }

    /// Keeps that no cell which is not enclosed ends between two places.
    pub(super) fn keep_plain(&mut self, from: usize, to: usize) {
        self.plain = (from, to);
    }

    pub(super) fn keep_tail(&mut self, tail: Tail) {
        self.tail = Some(tail);
    }
}
