//! The position of a stream: how far the stream has been read. It is kept with the records of each
//! page, so that a run that is cut off continues there.

mod run;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::manifest::Pages;

/// The position of a stream. Times are milliseconds since 1970.
///
/// It is kept as JSON: names of fields must not change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Position {
    /// The time before which every change has been read. `None` makes a run read all records,
    /// unless `mark` is set.
    pub(crate) since: Option<i64>,
    /// The value of `since` before the full reading that is under way began. When that reading
    /// can't be finished, `since` gets this value again.
    pub(crate) before: Option<i64>,
    /// The time at which the last full reading began.
    pub(crate) full_at: Option<i64>,
    /// The vendor's cursor after the last record that has been read, for streams that keep it.
    pub(crate) mark: Option<String>,
    /// The time at which the run under way began. `None` between runs.
    pub(crate) started: Option<i64>,
    /// The latest time of change among the records that this run has read, by the system's clock.
    pub(crate) seen: Option<i64>,
    /// The number of the next page.
    pub(crate) page: u32,
    /// The number of records before the next page.
    pub(crate) offset: u64,
    /// The cursor or the address of the next page.
    pub(crate) next: Option<String>,
    /// The window of time that is being read: its beginning and its end.
    pub(crate) window: Option<(i64, i64)>,
    /// The number of pages that this run has read.
    pub(crate) pages: u32,
    /// The records of the next page whose details the system failed to give: their ids, with the
    /// number of such runs.
    pub(crate) failed: BTreeMap<String, u32>,
    /// The id of the first record of the page that was read before, to notice a page that comes
    /// twice.
    pub(crate) first_id: Option<String>,
    /// The number of records of the list or of the window, as the system reports it.
    pub(crate) total: Option<i64>,
    /// True when the total became smaller between two pages. Records after the removed ones have
    /// moved to a page that was read before, so some may be missing.
    pub(crate) shrank: bool,
    /// True when a window of this run ended before all its records had come.
    pub(crate) short: bool,
    /// True when this run repeats the one before, in which the total became smaller. It is not
    /// repeated again, because records of a long list may be removed in every run.
    pub(crate) again: bool,
}

/// The rules of a stream's manifest for the beginning of a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunRules {
    /// The time at which the first window begins, in milliseconds since 1970.
    pub(crate) window_from: Option<i64>,
    /// The number of seconds after which everything is read again; 0 for streams that always give
    /// everything. `None` when a stream is read in full only once.
    pub(crate) full_every: Option<i64>,
}

impl Position {
    /// Reads a kept position from JSON. An empty text is the position before the first page.
    ///
    /// # Errors
    /// The parser's message.
    pub(crate) fn read(kept: &str) -> Result<Self, serde_json::Error> {
        if kept.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(kept)
    }

    /// Writes the position as JSON.
    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the position moved back to the first page, for a stream whose system can't continue
    /// from the present position. `since` and `mark` stay, so changes that earlier runs have read
    /// are not read again; an unfinished full reading is given up. `now` is the time, in
    /// milliseconds since 1970, from which the next full reading is counted.
    fn restarted(self, now: i64) -> Self {
        let since = self.before.or(self.since);
        Self {
            since,
            full_at: since.map_or(self.full_at, |_| Some(now)),
            mark: self.mark,
            ..Self::default()
        }
    }

    /// Returns the time at which the full reading that ends with this position began; `None` when
    /// it has not read every record. A reading without any page counts as incomplete, because the
    /// system may have failed.
    pub(crate) fn whole(&self) -> Option<i64> {
        let is_full = self.since.is_none() && self.mark.is_none();
        let is_missing_some = self.shrank || self.short || self.is_short();
        self.full_at
            .filter(|_| is_full && self.pages > 0 && !is_missing_some)
    }

    /// Returns true when fewer records have come than the system's total (`total`) says; false
    /// without a total.
    fn is_short(&self) -> bool {
        self.total
            .is_some_and(|total| i64::try_from(self.offset).is_ok_and(|read| read < total))
    }

    /// Notes, when the system answers that a page does not exist, that records may be missing: in a
    /// later page because records were removed meanwhile. For the first page of a window it means
    /// that the window has no records.
    pub(crate) fn note_no_page(&mut self, pages: &Pages) {
        self.shrank |= pages.is_numbered() && self.is_short();
        self.short |= self.offset > 0 || self.window.is_none();
    }

    /// Stores the total number of records that the system reports with a page, and notes in
    /// `shrank` when it has become smaller.
    pub(crate) fn note_total(&mut self, pages: &Pages, total: i64) {
        self.shrank |= pages.is_numbered() && self.total.is_some_and(|before| total < before);
        self.total = Some(total);
    }
}

/// Returns the kept position of a stream, moved back to its first page.
///
/// A position that can't be read becomes the position before the first page, so that the next run
/// reads everything: the page that was asked for with it has failed and reported that.
#[must_use]
pub fn restart_position(kept: &str, now: i64) -> String {
    Position::read(kept)
        .unwrap_or_default()
        .restarted(now)
        .write()
}

/// Returns the kept position of a stream with one more failed run counted for each of these
/// records, whose details its system failed to give. `kept` must be a position that a page came
/// with.
#[must_use]
pub fn count_failed_records(kept: &str, records: &[String]) -> String {
    let mut at = Position::read(kept).unwrap_or_default();
    for record in records {
        let runs = at.failed.entry(record.clone()).or_default();
        *runs = runs.saturating_add(1);
    }
    at.write()
}
