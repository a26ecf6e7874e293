//! The rows of the grid. The worker reads the rows on screen from the file.

use alta_domain::worker::{GridCell, GridRow, RowFilter, ToWorker};
use leptos::prelude::*;

use crate::importer::worker::ImportWorker;

/// The number of rows that are requested when the filter changes or a check has ended.
const ROWS: u32 = 40;

/// The rows that are loaded, and the number of the first loaded row among all rows under the
/// filter, counted from 0.
#[derive(Clone, Debug, Default)]
struct Loaded {
    first: u32,
    rows: Vec<GridRow>,
}

/// The last request for rows.
#[derive(Clone, Copy, Default)]
struct Request {
    number: u32,
    first: u32,
}

/// The filter of the grid, and the rows that are loaded.
#[derive(Clone, Copy)]
pub(crate) struct GridRows {
    filter: RwSignal<Option<RowFilter>>,
    loaded: RwSignal<Loaded>,
    request: StoredValue<Request>,
    /// The number of the last search over all rows.
    search: StoredValue<u32>,
    /// The number of the last search that has ended, and the number of records that it found;
    /// `None` before one has ended.
    found: RwSignal<Option<(u32, u32)>>,
    is_searching: RwSignal<bool>,
    /// True when the worker is asked for the problem before a record, not after it.
    backwards: StoredValue<bool>,
    /// The result of a search for the next problem, until the grid has gone to its row; `None`
    /// otherwise.
    next_problem: RwSignal<Option<ProblemSearch>>,
}

/// The result of a search for the next row with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemSearch {
    /// The row of this number, counted from 0: it has a problem, or the search among the rows that
    /// are not loaded begins there.
    Row {
        number: u32,
        /// True when the search goes towards the first row.
        backwards: bool,
    },
    /// No row with a problem is left.
    Ended,
}

impl GridRows {
    pub(super) fn new() -> Self {
        Self {
            filter: RwSignal::default(),
            loaded: RwSignal::default(),
            request: StoredValue::new(Request::default()),
            search: StoredValue::new(0),
            found: RwSignal::default(),
            is_searching: RwSignal::default(),
            backwards: StoredValue::new(false),
            next_problem: RwSignal::default(),
        }
    }

    /// Returns the filter of the rows that are shown; `None` when all rows are shown.
    pub(crate) fn filter(self) -> Option<RowFilter> {
        self.filter.get()
    }

    /// Shows only the rows of a filter, or all rows again when this filter is set already.
    pub(crate) fn toggle_filter(self, filter: RowFilter) {
        let filter = Some(filter);
        self.filter
            .update(|shown| *shown = if *shown == filter { None } else { filter });
        self.end_searches();
        self.request(0, ROWS);
    }

    /// Shows all rows again.
    pub(crate) fn show_all(self) {
        self.filter.set(None);
        self.end_searches();
        self.request(0, ROWS);
    }

    /// Asks the worker for the rows that contain a text; the grid shows them when the search has
    /// ended.
    pub(crate) fn search(self, text: String) {
        self.search.update_value(|search| *search += 1);
        self.is_searching.set(true);
        let run = self.search.get_value();
        ImportWorker::send(&ToWorker::Search { run, text }, None);
    }

    /// Ends a search: its result is not shown.
    pub(crate) fn end_search(self) {
        self.search.update_value(|search| *search += 1);
        self.is_searching.set(false);
    }

    fn end_searches(self) {
        self.end_search();
        self.next_problem.set(None);
    }

    /// Returns true while a search runs.
    pub(crate) fn is_searching(self) -> bool {
        self.is_searching.get()
    }

    /// Shows the rows that a search found; the result of an earlier search is ignored.
    pub(in crate::importer::session) fn receive_search(self, run: u32, records: u32) {
        if run == self.search.get_value() {
            self.is_searching.set(false);
            self.found.set(Some((run, records)));
            self.filter.set(Some(RowFilter::Search(run)));
            self.request(0, ROWS);
        }
    }

    /// Returns the number of records that the search `run` has found; 0 while it runs, and when
    /// another search has ended since.
    pub(super) fn found_by(self, run: u32) -> u32 {
        let found = self.found.get().filter(|(found, _)| *found == run);
        found.map_or(0, |(_, records)| records)
    }

    /// Requests again the rows that were requested last, because a check has changed them.
    pub(super) fn reload(self) {
        self.request(self.request.with_value(|request| request.first), ROWS);
    }

    /// Asks the worker for the nearest record with a problem after a record, or before it when
    /// `backwards`, among all rows.
    pub(crate) fn find_problem(self, record: u32, backwards: bool) {
        let message = ToWorker::NextProblem { record, backwards };
        self.backwards.set_value(backwards);
        ImportWorker::send(&message, None);
    }

    /// Takes the worker's answer to a search for a problem: makes the grid go to the record, or
    /// notes that there is no further problem.
    pub(in crate::importer::session) fn receive_problem(self, record: Option<u32>) {
        let backwards = self.backwards.get_value();
        self.go_to_problem(match record {
            Some(record) => ProblemSearch::Row {
                number: record.saturating_sub(1),
                backwards,
            },
            None => ProblemSearch::Ended,
        });
    }

    /// Sets the result of a search for a problem. When it is a row, the grid goes there as soon as
    /// the row is loaded.
    pub(crate) fn go_to_problem(self, search: ProblemSearch) {
        self.next_problem.set(Some(search));
    }

    /// Returns the result of a search for a problem that the grid has not gone to yet; `None` when
    /// there is none.
    pub(crate) fn problem_search(self) -> Option<ProblemSearch> {
        self.next_problem.get()
    }

    /// Records that the grid has gone to the row.
    pub(crate) fn end_problem_search(self) {
        self.next_problem.set(None);
    }

    /// Shows the text that was just typed in a cell of the grid, until the next check gives it.
    pub(crate) fn show_text(self, record: u32, column: u32, text: &str) {
        self.loaded.update(|loaded| {
            let row = loaded.rows.iter_mut().find(|row| row.record == record);
            if let Some(cell) = row.and_then(|row| row.cells.get_mut(column as usize)) {
                *cell = GridCell {
                    text: text.to_owned(),
                    mended: None,
                    problem: None,
                };
            }
        });
    }

    /// Returns the number of the row that holds a record; `None` when this row is not loaded.
    pub(crate) fn row_of(self, record: u32) -> Option<u32> {
        self.loaded.with(|loaded| {
            let place = loaded.rows.iter().position(|row| row.record == record)?;
            Some(loaded.first + u32::try_from(place).ok()?)
        })
    }

    /// Requests `count` rows from the row `first` on.
    pub(crate) fn request(self, first: u32, count: u32) {
        let number = self.request.with_value(|request| request.number + 1);
        self.request.set_value(Request { number, first });
        let message = ToWorker::Rows {
            request: number,
            first,
            count,
            filter: self.filter.get_untracked(),
        };
        ImportWorker::send(&message, None);
    }

    /// Shows the rows that were requested. Rows of an earlier request are ignored.
    pub(in crate::importer::session) fn receive(self, number: u32, rows: Vec<GridRow>) {
        let request = self.request.get_value();
        if number == request.number {
            let first = request.first;
            self.loaded.set(Loaded { first, rows });
        }
    }

    /// Shows the first rows of a file that was just opened.
    pub(super) fn show_first(self, rows: Vec<GridRow>) {
        self.filter.set(None);
        self.end_searches();
        self.request.update_value(|request| request.first = 0);
        self.loaded.set(Loaded { first: 0, rows });
    }

    pub(super) fn clear(self) {
        self.filter.set(None);
        self.end_searches();
        self.loaded.set(Loaded::default());
    }

    /// Returns a row by its number; `None` when it is not loaded.
    pub(crate) fn row(self, number: u32) -> Option<GridRow> {
        self.loaded.with(|loaded| {
            let place = number.checked_sub(loaded.first)?;
            loaded.rows.get(place as usize).cloned()
        })
    }

    /// Calls `draw` with the number of the first loaded row and the loaded rows.
    pub(crate) fn draw_with(self, draw: impl FnOnce(u32, &[GridRow])) {
        self.loaded.with(|loaded| draw(loaded.first, &loaded.rows));
    }

    /// Follows changes of the loaded rows.
    pub(crate) fn track(self) {
        self.loaded.track();
    }

    /// Returns the numbers of the loaded rows, without following changes.
    pub(crate) fn range(self) -> std::ops::Range<u32> {
        self.loaded.with_untracked(|loaded| {
            let count = u32::try_from(loaded.rows.len()).unwrap_or(0);
            loaded.first..loaded.first + count
        })
    }
}
