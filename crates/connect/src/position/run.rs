//! Moves a position through a run: page by page, window by window.

use super::{Position, RunRules};
use crate::manifest::{PageKind, Pages};

/// A day in milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
/// The length up to which windows of time are not halved: a second, in milliseconds.
pub(super) const SHORTEST_WINDOW: i64 = 1000;

impl Position {
    /// Begins a run, unless one is under way.
    pub(crate) fn begin_run(&mut self, pages: &Pages, now: i64, rules: RunRules) {
        if self.before.is_some() && self.started.is_some_and(|started| now - started > DAY) {
            *self = std::mem::take(self).restarted(now);
        }
        if self.started.is_some() {
            return;
        }
        let is_due = |every: i64| self.full_at.is_none_or(|at| now - at >= every * 1000);
        if rules.full_every.is_some_and(is_due) {
            // A stream that always gives everything has no reading of changes to return to.
            self.before = self.since.filter(|_| rules.full_every > Some(0));
            (self.since, self.mark) = (None, None);
        }
        if self.since.is_none() {
            self.full_at = Some(now);
        }
        self.started = Some(now);
        self.seen = None;
        self.pages = 0;
        self.rewind(pages);
        if let Some(days) = pages.window_days {
            let from = self.since.or(rules.window_from).unwrap_or(0);
            self.window = Some((from, (from + days * DAY).min(now)));
        }
    }

    /// Moves back to the first page of the list or of the window.
    fn rewind(&mut self, pages: &Pages) {
        self.total = None;
        self.page = pages.first;
        self.offset = 0;
        self.next = self.mark.clone().filter(|_| pages.keeps);
        self.first_id = None;
    }

    /// Moves on past a page of `count` rows. `next` is the cursor or the address of the next page.
    /// Returns false when `next` is missing or is the cursor or the address of the same page again.
    pub(crate) fn advance(&mut self, pages: &Pages, count: usize, next: Option<String>) -> bool {
        self.pages += 1;
        self.failed.clear();
        self.page += 1;
        self.offset += count as u64;
        match pages.kind {
            PageKind::Cursor | PageKind::Link => {
                let has_moved = next.is_some() && next != self.next;
                self.next = next;
                has_moved
            }
            PageKind::Single | PageKind::Page | PageKind::Offset => true,
        }
    }

    /// Halves the window of time. Returns false when the window is too short for that.
    pub(crate) fn halve_window(&mut self, pages: &Pages) -> bool {
        match self.window {
            Some((from, to)) if to - from > SHORTEST_WINDOW => {
                self.window = Some((from, from + (to - from) / 2));
                self.pages += 1;
                self.failed.clear();
                self.rewind(pages);
                true
            }
            _ => false,
        }
    }

    /// Moves on past the last page: to the next window of time, or to the end of the run. Returns
    /// true when the run has ended.
    ///
    /// `overlap` is the number of seconds that the next run goes back. `tells_changes` is true when
    /// records hold the time of their last change.
    pub(crate) fn finish_window(
        &mut self,
        pages: &Pages,
        overlap: i64,
        tells_changes: bool,
    ) -> bool {
        let started = self.started.unwrap_or_default();
        if let (Some((_, to)), Some(days)) = (self.window, pages.window_days)
            && to < started
        {
            self.window = Some((to, (to + days * DAY).min(started)));
            self.short |= self.is_short();
            self.failed.clear();
            self.rewind(pages);
            return false;
        }
        if pages.keeps {
            self.mark = self.next.clone().or(self.mark.take());
        }
        // What changed during the run is read again by the next one. A run that saw no change
        // leaves `since` where it is.
        let reached = if tells_changes {
            self.seen.map(|seen| seen.min(started))
        } else {
            Some(started)
        };
        let again = self.shrank && !self.again;
        if !again {
            self.since = reached
                .map(|reached| reached - overlap * 1000)
                .max(self.since);
        }
        let before = self.before.filter(|_| again);
        *self = Self {
            since: self.since,
            before,
            full_at: self.full_at,
            mark: self.mark.take(),
            again,
            ..Self::default()
        };
        true
    }
}
