//! The state of the grid: its rows, the scroll position, the active cell.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::cell::CellPlace;
use super::edited::{EditedCell, LastEdit};
use super::rows;
use super::scroll::Scroll;
use super::texts::{ColumnHead, column_heads};
use crate::importer::session::{ImportSession, use_session};
use crate::words::Reader;

/// The number of rows that are requested at a time.
const WINDOW: u32 = 40;
/// The number of rows that fit on screen.
const ON_SCREEN: u32 = 14;
/// Rows are requested when fewer than this number of rows are loaded before or after the rows on
/// screen.
const MARGIN: u32 = 5;

/// The state of the grid.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) session: ImportSession,
    /// The element that scrolls, and contains the rows.
    pub(super) body: NodeRef<Div>,
    /// The number of rows under the filter.
    pub(super) total: Signal<u32>,
    pub(super) scroll: Scroll,
    pub(super) heads: Memo<Vec<ColumnHead>>,
    /// The active cell, to which the keys have moved.
    pub(super) active: RwSignal<CellPlace>,
    /// The cell that is being edited, which is the active cell; `None` when none is.
    pub(super) editing: RwSignal<Option<EditedCell>>,
    /// The last change of a cell; `None` when there is none.
    pub(super) last_edit: RwSignal<Option<LastEdit>>,
    /// True when a phone shows all columns, not only the first ones.
    pub(super) all_columns: RwSignal<bool>,
    /// The name of the button that filtered the rows; `None` when no such button had the focus.
    pub(super) opener: StoredValue<Option<String>>,
    /// True when the search for the next problem found none.
    pub(super) has_no_problem_left: RwSignal<bool>,
}

/// Returns the grid that the calling component is in.
pub(super) fn use_grid() -> Grid {
    expect_context()
}

impl Grid {
    pub(super) fn new(i18n: Reader) -> Self {
        let session = use_session();
        let total = Signal::derive(move || session.shown_rows());
        let scroll = Scroll {
            top: RwSignal::new(0.0),
            total,
        };
        Self {
            session,
            body: NodeRef::new(),
            total,
            scroll,
            heads: Memo::new(move |_| column_heads(i18n, session.check)),
            active: RwSignal::default(),
            editing: RwSignal::default(),
            last_edit: RwSignal::default(),
            all_columns: RwSignal::new(false),
            opener: StoredValue::new(None),
            has_no_problem_left: RwSignal::default(),
        }
    }

    /// Returns the number of columns.
    pub(super) fn width(self) -> usize {
        self.heads.with(Vec::len)
    }

    /// Returns the CSS of the columns' widths.
    pub(super) fn template(self) -> String {
        format!(
            "grid-template-columns: 5rem repeat({}, minmax(11rem, 1fr))",
            self.width().max(1)
        )
    }

    /// Goes back to the first row when another file is opened or another filter is set.
    pub(super) fn reset_on_new_content(self) {
        Effect::new(move |_| {
            self.session.check.track_content();
            self.active.set(CellPlace::default());
            self.editing.set(None);
            self.last_edit.set(None);
            self.has_no_problem_left.set(false);
            // Only after a scroll: setting the scroll position makes the browser lay out the page
            // at once.
            if self.scroll.top.get_untracked() > 0.0 {
                self.scroll.top.set(0.0);
                if let Some(body) = self.body.get_untracked() {
                    body.set_scroll_top(0);
                }
            }
        });
    }

    /// Follows the edited cell to the row that holds its record after a check, and keeps the active
    /// cell within the remaining rows.
    pub(super) fn follow_rows(self) {
        Effect::new(move |_| {
            let rows = self.session.check.rows();
            rows.track();
            let edited = self.editing.get_untracked();
            let place = self.active.get_untracked();
            let row = match edited.and_then(|edited| rows.row_of(edited.record)) {
                Some(row) => row,
                None => place.row.min(self.total.get().saturating_sub(1)),
            };
            if row != place.row {
                self.active.set(CellPlace { row, ..place });
            }
        });
    }

    /// Requests rows before the reader scrolls to the end of the loaded rows.
    pub(super) fn load_rows_ahead(self) {
        Effect::new(move |_| {
            let first = self.scroll.first();
            if !self.session.check.has_report() {
                return;
            }
            let rows = self.session.check.rows();
            let loaded = rows.range();
            let is_enough = loaded.start <= first.saturating_sub(MARGIN)
                && (loaded.end >= first + ON_SCREEN + MARGIN
                    || loaded.end >= self.total.get_untracked());
            if !is_enough {
                rows.request(first.saturating_sub(WINDOW / 3), WINDOW);
            }
        });
    }

    /// Highlights the active cell. One effect does so for all cells: if each cell had its own
    /// effect, every key would run all of them.
    pub(super) fn highlight_active_cell(self) {
        Effect::new(move |before: Option<CellPlace>| {
            let now = self.active.get();
            self.session.check.rows().track();
            request_animation_frame(move || {
                if let Some(before) = before {
                    before.highlight(false);
                }
                now.highlight(true);
            });
            now
        });
    }

    /// Draws the loaded rows into an element. The first rows are drawn in a task of their own,
    /// after the rest of the page: drawing both together would freeze the page.
    pub(super) fn draw_rows_into(self, element: NodeRef<Div>) {
        let is_begun = RwSignal::new(false);
        let begin = move || {
            // The page may have been left by then.
            let _ = is_begun.try_set(true);
        };
        request_animation_frame(move || set_timeout(begin, Duration::ZERO));
        Effect::new(move |_| {
            let Some(element) = element.get().filter(|_| is_begun.get()) else {
                return;
            };
            let template = self.template();
            self.session.check.rows().draw_with(|first, loaded| {
                rows::draw(&element, first, loaded, &template, |row| {
                    self.scroll.place(row)
                });
            });
        });
    }

    /// Makes a cell the active one, and scrolls to its row.
    pub(super) fn move_to(self, cell: CellPlace) {
        self.active.set(cell);
        let row = cell.row;
        let first = untrack(|| self.scroll.first());
        if let Some(body) = self.body.get_untracked() {
            let target = if row < first {
                Some(row)
            } else {
                (row >= first + ON_SCREEN - 3).then(|| row.saturating_sub(ON_SCREEN - 4))
            };
            if let Some(target) = target {
                body.set_scroll_top(untrack(|| self.scroll.top_of(target)));
            }
        }
    }

    /// Returns the cell that a key moves to from the active cell; `None` for a key that moves
    /// nowhere.
    pub(super) fn cell_after_key(self, event: &KeyboardEvent) -> Option<CellPlace> {
        let CellPlace { row, column } = self.active.get_untracked();
        let last_row = self.total.get_untracked().saturating_sub(1);
        let last_column = untrack(|| self.width()).saturating_sub(1);
        let (row, column) = match event.key().as_str() {
            "ArrowDown" => ((row + 1).min(last_row), column),
            "ArrowUp" => (row.saturating_sub(1), column),
            "ArrowRight" => (row, (column + 1).min(last_column)),
            "ArrowLeft" => (row, column.saturating_sub(1)),
            "PageDown" => ((row + ON_SCREEN).min(last_row), column),
            "PageUp" => (row.saturating_sub(ON_SCREEN), column),
            "Home" => (if event.ctrl_key() { 0 } else { row }, 0),
            "End" => (if event.ctrl_key() { last_row } else { row }, last_column),
            _ => return None,
        };
        Some(CellPlace { row, column })
    }
}
