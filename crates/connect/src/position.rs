//! Where the reading of a stream is: kept with the records of each page, so that a run that is cut
//! off goes on there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::manifest::{PageKind, Pages};

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Windows shorter than this are not split, in milliseconds: an hour.
const SHORTEST: i64 = 1000;

/// Where a stream is. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Position {
    /// What changed before is there already.
    pub(crate) since: Option<i64>,
    /// The same from before a reading of everything that is under way, to go back to where that
    /// does not come to its end.
    pub(crate) before: Option<i64>,
    /// When all was read last, or was to be.
    pub(crate) full_at: Option<i64>,
    /// The vendor's own cursor behind what is there already.
    pub(crate) mark: Option<String>,
    /// When the run under way began.
    pub(crate) started: Option<i64>,
    /// The latest change seen in this run.
    pub(crate) seen: Option<i64>,
    /// The number of the page that comes next.
    pub(crate) page: u32,
    /// Records passed over.
    pub(crate) offset: u64,
    /// What stands for the next page: a cursor, or its address.
    pub(crate) next: Option<String>,
    /// The window of time that is being read.
    pub(crate) window: Option<(i64, i64)>,
    /// Pages read in this run.
    pub(crate) pages: u32,
    /// Records of the page that comes next, by their ids, and in how many runs the system failed
    /// to tell them.
    pub(crate) failed: BTreeMap<String, u32>,
    /// What the last page began with, to know one that comes again.
    pub(crate) first_id: Option<String>,
    /// How many records the system said that there are.
    pub(crate) total: Option<i64>,
    /// There were fewer of them on a later page: what stood behind those that went has moved to a
    /// page that was read before.
    pub(crate) shrank: bool,
    /// A window of this run ended before all its records were there.
    pub(crate) short: bool,
    /// This run repeats one in which that was so. It is repeated once: of a long list something
    /// may go in every run.
    pub(crate) again: bool,
}

impl Position {
    /// Of what was kept; a new one of nothing.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// What is left of a place that its system can't go on from: what was read to its end before,
    /// and the first page again. Where something was, all of it is read another time.
    fn anew(self, now: i64) -> Self {
        let since = self.before.or(self.since);
        Self {
            since,
            full_at: since.map_or(self.full_at, |_| Some(now)),
            mark: self.mark,
            ..Self::default()
        }
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Begins a run, unless one is under way.
    pub(crate) fn begin(
        &mut self,
        pages: &Pages,
        now: i64,
        (window_from, full_every): (Option<i64>, Option<i64>),
    ) {
        if self.before.is_some() && self.started.is_some_and(|started| now - started > DAY) {
            *self = std::mem::take(self).anew(now);
        }
        if self.started.is_some() {
            return;
        }
        let is_old = |every: i64| self.full_at.is_none_or(|at| now - at >= every * 1000);
        if full_every.is_some_and(is_old) {
            // What always gives all has nothing else to give way to.
            self.before = self.since.filter(|_| full_every > Some(0));
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
            let from = self.since.or(window_from).unwrap_or(0);
            self.window = Some((from, (from + days * DAY).min(now)));
        }
    }

    /// Since when all that there is has been read, where this run has read it. Nothing at all may
    /// be a fault of the system's.
    pub(crate) fn whole(&self) -> Option<i64> {
        let is_new = self.since.is_none() && self.mark.is_none();
        self.full_at
            .filter(|_| is_new && self.pages > 0 && !self.shrank && !self.short && !self.is_short())
    }

    /// Fewer records came than the system said that there are.
    fn is_short(&self) -> bool {
        self.total
            .is_some_and(|total| i64::try_from(self.offset).is_ok_and(|read| read < total))
    }

    /// Takes notice of a page that was not there: a window without records, but behind others it
    /// has gone while these were read.
    pub(crate) fn found_nothing(&mut self, pages: &Pages) {
        let is_numbered = matches!(pages.kind, PageKind::Page | PageKind::Offset);
        self.shrank |= is_numbered && self.is_short();
        self.short |= self.offset > 0 || self.window.is_none();
    }

    /// Takes notice of how many records there are by now.
    pub(crate) fn counts(&mut self, pages: &Pages, total: i64) {
        let is_numbered = matches!(pages.kind, PageKind::Page | PageKind::Offset);
        self.shrank |= is_numbered && self.total.is_some_and(|before| total < before);
        self.total = Some(total);
    }

    /// To the first page again.
    fn rewind(&mut self, pages: &Pages) {
        self.total = None;
        self.page = pages.first;
        self.offset = 0;
        self.next = self.mark.clone().filter(|_| pages.keeps);
        self.first_id = None;
    }

    /// To the page behind one of `count` records; false when that repeats what was asked.
    pub(crate) fn turn(&mut self, pages: &Pages, count: usize, next: Option<String>) -> bool {
        self.pages += 1;
        self.failed.clear();
        self.page += 1;
        self.offset += count as u64;
        match pages.kind {
            PageKind::Cursor | PageKind::Link => {
                let moves = next.is_some() && next != self.next;
                self.next = next;
                moves
            }
            PageKind::Single | PageKind::Page | PageKind::Offset => true,
        }
    }

    /// Halves the window; false when it is too short.
    pub(crate) fn split(&mut self, pages: &Pages) -> bool {
        match self.window {
            Some((from, to)) if to - from > SHORTEST => {
                self.window = Some((from, from + (to - from) / 2));
                self.pages += 1;
                self.failed.clear();
                self.rewind(pages);
                true
            }
            _ => false,
        }
    }

    /// Behind the last page: to the next window, or to the end of the run. True when it has ended.
    pub(crate) fn close(&mut self, pages: &Pages, overlap: i64, tells_changes: bool) -> bool {
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
        // What was changed while it was read is read again; what has changed nothing leaves the
        // mark where it is.
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

/// The kept position of a stream that begins at its first page again.
#[must_use]
pub fn first_page(kept: &str, now: i64) -> String {
    Position::read(kept).anew(now).write()
}

/// The kept position of a stream at a page of which its system failed to tell these records.
#[must_use]
pub fn cut_off(kept: &str, records: &[String]) -> String {
    let mut at = Position::read(kept);
    for record in records {
        let runs = at.failed.entry(record.clone()).or_default();
        *runs = runs.saturating_add(1);
    }
    at.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Pages {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_run_goes_back_behind_its_start_and_behind_what_it_saw() {
        let pages = pages("kind = 'page'");
        let mut at = Position::default();
        at.begin(&pages, 1_000_000, (None, None));
        at.seen = Some(400_000);
        assert!(at.turn(&pages, 100, None));
        assert_eq!((at.page, at.offset), (2, 100));
        assert!(at.close(&pages, 100, true));
        assert_eq!(
            at,
            Position {
                since: Some(300_000),
                full_at: Some(1_000_000),
                ..Position::default()
            }
        );
        at.begin(&pages, 2_000_000, (None, None));
        assert!(at.close(&pages, 100, true));
        assert_eq!(at.since, Some(300_000), "nothing new was seen");
        at.begin(&pages, 3_000_000, (None, None));
        at.seen = Some(9_000_000);
        assert!(at.close(&pages, 100, true));
        assert_eq!(
            at.since,
            Some(2_900_000),
            "a record from the future does not hide what comes before it"
        );
        at.begin(&pages, 4_000_000, (None, None));
        assert!(at.close(&pages, 100, false));
        assert_eq!(
            at.since,
            Some(3_900_000),
            "records that tell no change: the run's own time"
        );
    }

    #[test]
    fn a_place_that_is_left_keeps_what_was_read_to_its_end_and_nothing_of_the_run() {
        let pages = pages("kind = 'cursor'\nnext = 'x'");
        let mut at = Position {
            since: Some(500),
            full_at: Some(400),
            ..Position::default()
        };
        at.begin(&pages, 1000, (None, None));
        assert!(at.turn(&pages, 100, Some("dead".into())));
        let left = Position::read(&first_page(&at.write(), 2000));
        assert_eq!(
            left,
            Position {
                since: Some(500),
                full_at: Some(2000),
                ..Position::default()
            }
        );
    }

    #[test]
    fn a_reading_of_everything_that_does_not_end_in_a_day_gives_way_to_what_changed() {
        let pages = pages("kind = 'page'");
        let mut at = Position {
            since: Some(500),
            full_at: Some(400),
            ..Position::default()
        };
        at.begin(&pages, DAY, (None, Some(3600)));
        assert_eq!((at.since, at.before), (None, Some(500)));
        assert!(at.turn(&pages, 100, None));
        at.begin(&pages, 2 * DAY, (None, Some(3600)));
        assert_eq!((at.since, at.page), (None, 2), "it goes on where it was");
        at.begin(&pages, 2 * DAY + 1, (None, Some(3600)));
        assert_eq!(
            (at.since, at.page, at.full_at),
            (Some(500), 1, Some(2 * DAY + 1))
        );
    }

    #[test]
    fn an_empty_window_is_read_whole_and_a_page_that_is_gone_is_not() {
        let windows = pages("kind = 'page'\nwindow_days = 30");
        let mut at = Position::default();
        at.begin(&windows, 45 * DAY, (Some(0), None));
        at.counts(&windows, 10);
        assert!(at.turn(&windows, 10, None));
        assert!(!at.close(&windows, 0, true));
        at.found_nothing(&windows);
        assert_eq!(at.whole(), Some(45 * DAY));
        let list = pages("kind = 'page'");
        let mut at = Position::default();
        at.begin(&list, 1000, (None, None));
        at.counts(&list, 501);
        assert!(at.turn(&list, 500, None));
        at.found_nothing(&list);
        assert_eq!(
            (at.whole(), at.shrank),
            (None, true),
            "the last record has moved to the first page"
        );
        let mut at = Position::default();
        at.begin(&list, 1000, (None, None));
        at.found_nothing(&list);
        assert_eq!(at.whole(), None, "nothing at all may be a fault");
    }

    #[test]
    fn a_window_that_ended_too_early_is_not_read_whole() {
        let windows = pages("kind = 'page'\nwindow_days = 30");
        let mut at = Position::default();
        at.begin(&windows, 45 * DAY, (Some(0), None));
        at.counts(&windows, 300);
        assert!(at.turn(&windows, 100, None));
        assert!(!at.close(&windows, 0, true));
        at.counts(&windows, 7);
        assert!(at.turn(&windows, 7, None));
        assert_eq!(at.whole(), None);
    }

    #[test]
    fn a_list_that_got_shorter_while_it_was_read_is_read_again_once() {
        let pages = pages("kind = 'page'");
        let mut at = Position::default();
        for (now, totals, since, whole) in [
            (1_000_000, [200, 199], None, None),
            (2_000_000, [199, 199], Some(1_990_000), Some(2_000_000)),
            (3_000_000, [40, 39], Some(1_990_000), None),
            (4_000_000, [5, 4], Some(3_990_000), None),
            (5_000_000, [5, 6], Some(4_990_000), None),
        ] {
            at.begin(&pages, now, (None, None));
            for total in totals {
                at.counts(&pages, total);
                assert!(at.turn(&pages, 100, None));
            }
            assert_eq!(at.whole(), whole, "{now}");
            assert!(at.close(&pages, 10, false));
            assert_eq!(at.since, since, "{now}");
        }
    }

    #[test]
    fn all_is_read_again_after_its_time() {
        let pages = pages("kind = 'page'");
        let mut at = Position::default();
        for (now, since) in [
            (1_000_000, None),
            (1_500_000, Some(990_000)),
            (2_000_000, None),
        ] {
            at.begin(&pages, now, (None, Some(1000)));
            assert_eq!(at.since, since, "{now}");
            assert!(at.close(&pages, 10, false));
        }
    }

    #[test]
    fn windows_follow_one_another_and_are_split() {
        let pages = pages("kind = 'offset'\nwindow_days = 30");
        let mut at = Position::default();
        at.begin(&pages, 50 * DAY, (Some(0), None));
        assert_eq!(at.window, Some((0, 30 * DAY)));
        assert!(at.split(&pages));
        assert_eq!(at.window, Some((0, 15 * DAY)));
        assert!(!at.close(&pages, 0, true));
        assert_eq!(at.window, Some((15 * DAY, 45 * DAY)));
        assert!(!at.close(&pages, 0, true));
        assert_eq!(at.window, Some((45 * DAY, 50 * DAY)));
        assert!(at.close(&pages, 0, true));
        let mut short = Position {
            window: Some((0, SHORTEST)),
            ..Position::default()
        };
        assert!(!short.split(&pages));
    }

    #[test]
    fn a_cursor_that_stands_still_is_seen_and_one_that_is_kept_comes_back() {
        let pages = pages("kind = 'cursor'\nkeeps = true\nnext = 'x'");
        let mut at = Position {
            mark: Some("5".into()),
            ..Position::default()
        };
        at.begin(&pages, 1, (None, None));
        assert_eq!(at.next.as_deref(), Some("5"));
        assert!(at.turn(&pages, 3, Some("9".into())));
        assert!(!at.turn(&pages, 1, Some("9".into())));
        assert!(at.close(&pages, 0, false));
        assert_eq!(at.mark.as_deref(), Some("9"));
        at.begin(&pages, 2_000_000, (None, Some(1000)));
        assert_eq!((&at.next, &at.mark), (&None, &None), "all is read again");
    }
}
