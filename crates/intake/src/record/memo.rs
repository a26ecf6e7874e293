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

/// The offsets of the last doubled, the last stray and the last escaped quote inside an enclosed
/// cell, each plus one; 0 for none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// The last pair of quotes that stands for one quote.
    pub(super) doubled: usize,
    /// The last stray quote: a lone quote that closes nothing and has no backslash before it.
    pub(super) stray: usize,
    /// The last quote after a backslash.
    pub(super) escaped: usize,
}

impl Marks {
    /// Takes over those quotes of another search that lie at or after `at`. Of two quotes the later
    /// one counts.
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
    /// The offset at which the search began: after the opening quote.
    from: usize,
    /// The end of the searched bytes: no quote between `from` and here closes a cell.
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
    /// The offset of the one quote in the tail that the reading takes as text, although it stands
    /// where a cell would begin; `None` when there is none.
    pub(super) literal: Option<usize>,
    /// The offset at which the tail ends.
    pub(super) end: usize,
    pub(super) stops: Stops,
    pub(super) cells: usize,
    /// The number of the tail's cells up to its last one with text.
    pub(super) with_text: usize,
    /// The number of cells that span several lines.
    pub(super) over_lines: usize,
    pub(super) unclosed: bool,
    /// The offset of the opening quote of the tail's first cell that contains stray quotes, plus
    /// one; 0 for none.
    pub(super) holds_stray: usize,
    /// True when a cell has a quote at only one of its ends, because a delimiter inside the quotes
    /// has split it: for `"` (first) and for `'` (second).
    pub(super) torn: [bool; 2],
}

/// The reason why a [`Tail`] has no more cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stops {
    /// The record has more cells, which have not been read yet. A later record may add them.
    #[default]
    Open,
    /// So many cells span several lines that the record is not read to its end: it counts as
    /// damaged.
    Enough,
    /// The record ends with the tail.
    Whole,
}

/// The results of searches under one dialect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    /// The last search in the first cells of records, up to one that spans several lines.
    search: Search,
    /// The last search in the tails of records.
    behind: Search,
    tail: Option<Tail>,
    /// The bytes (from, to) among which stands no delimiter and no line end, so that a cell without
    /// quotes can't end there.
    plain: (usize, usize),
}

impl Memo {
    /// Returns the offset from which a search for the closing quote that has come to `at` may
    /// continue: the end of the stored search, when `at` lies inside it; else `None`. Adds the
    /// quotes of the stored search to `marks`. When there is a quote or backslash at `at`, the
    /// caller must know that none is directly before it, because two searches that enter a run of
    /// quotes form different pairs.
    pub(super) fn leap(&self, at: usize, marks: &mut Marks) -> Option<usize> {
        let Search { from, to, .. } = self.search;
        if from > at || at >= to {
            return None;
        }
        marks.join(self.search.marks, at);
        Some(to)
    }

    /// Stores that no quote in `bytes`, which begin at `from`, closes a cell. `has_leapt` is true
    /// when the search skipped the bytes of the stored search, which then grows.
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

    /// Returns true when the stored search has a line end after `at`.
    pub(super) fn has_line_end(&self, at: usize) -> bool {
        self.search.line_end > at
    }

    /// Makes the stored search of tails the current one, or the other way round. Called where a
    /// record's tail begins, and where the record ends.
    pub(super) fn swap_searches(&mut self) {
        std::mem::swap(&mut self.search, &mut self.behind);
    }

    /// Returns the stored tail when it begins at `at` and was read with the same quote as text
    /// (`literal`); else `None`.
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
