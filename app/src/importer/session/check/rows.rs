//! The rows of the grid: the worker reads those on screen from the file.

use alta_domain::worker::{GridRow, RowFilter, ToWorker};
use leptos::prelude::*;

use crate::importer::worker::ImportWorker;

/// The number of rows that are requested when the filter changes.
const ROWS_AFTER_FILTER: u32 = 40;

/// The rows that are loaded, and the number of the first of them among all rows under the filter,
/// counted from 0.
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
}

impl GridRows {
    pub(super) fn new() -> Self {
        Self {
            filter: RwSignal::default(),
            loaded: RwSignal::default(),
            request: StoredValue::new(Request::default()),
        }
    }

    /// The records that alone are shown; none when all are.
    pub(crate) fn filter(self) -> Option<RowFilter> {
        self.filter.get()
    }

    pub(super) fn set_filter(self, filter: Option<RowFilter>) {
        self.filter.set(filter);
    }

    /// Shows only some rows, or all rows again when those are shown already.
    pub(crate) fn toggle_filter(self, filter: RowFilter) {
        let filter = Some(filter);
        self.filter
            .update(|shown| *shown = if *shown == filter { None } else { filter });
        self.request(0, ROWS_AFTER_FILTER);
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
        self.loaded.set(Loaded { first: 0, rows });
    }

    pub(super) fn clear(self) {
        self.filter.set(None);
        self.loaded.set(Loaded::default());
    }

    /// A row by its number, when it is loaded.
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

    /// Follows the loaded rows.
    pub(crate) fn track(self) {
        self.loaded.track();
    }

    /// The numbers of the loaded rows, without following changes.
    pub(crate) fn range(self) -> std::ops::Range<u32> {
        self.loaded.with_untracked(|loaded| {
            let count = u32::try_from(loaded.rows.len()).unwrap_or(0);
            loaded.first..loaded.first + count
        })
    }
}
