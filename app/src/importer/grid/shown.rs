//! The line above the grid: it says which rows the grid shows, and has the button that shows all
//! rows again.

use alta_domain::worker::{CheckPlace, RowFilter};
use leptos::prelude::*;

use super::find::Find;
use super::state::{Grid, use_grid};
use crate::format;
use crate::importer::dom;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Show, reactive};
use crate::words::{self, Reader, plural, text, word};

/// Ends the filter, so that all rows are shown, and gives the focus back to the button that had
/// filtered them, if there was one.
pub(super) fn close(grid: &Grid) {
    let rows = grid.session.check.rows();
    if untrack(|| rows.filter()).is_some() {
        rows.show_all();
        if let Some(opener) = grid.opener.try_update_value(Option::take).flatten() {
            dom::focus_button(&opener);
        }
        // The button may be gone by now, together with its problem.
        if !dom::has_focus() {
            grid.focus();
        }
    }
}

impl Grid {
    /// Gives the focus to the grid when a filter is set, and remembers the button that set it.
    pub(super) fn focus_when_filtered(self) {
        let rows = self.session.check.rows();
        Effect::new(move |before: Option<Option<RowFilter>>| {
            let filter = rows.filter();
            if filter.is_some() && before.is_some_and(|before| before != filter) {
                self.opener.set_value(dom::focused_button());
                self.focus();
            }
            filter
        });
    }
}

/// The title of the grid. Under a filter it names the rows that are shown, as a status, and has the
/// button that shows all rows again.
#[component]
pub(super) fn ShownRows() -> impl IntoView {
    let grid = use_grid();
    let i18n = use_i18n();
    let rows = grid.session.check.rows();
    let close = Callback::new(move |()| close(&grid));
    let title = move || match rows.filter() {
        None => word!(i18n, grid.label).to_owned(),
        Some(filter) => {
            let count = grid.total.get();
            let number = format::number(i18n.language(), u64::from(count));
            let rows = plural!(i18n, grid.rows_shown, n = count, number = number);
            format!("{rows}: {}", filter_name(i18n, &grid, filter))
        }
    };
    let is_empty = move || rows.filter().is_some() && grid.total.get() == 0;
    view! {
        <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <h2 class="min-w-0 text-lg font-semibold break-words" id="rows-title">
                <span aria-live="polite">{reactive(title)}</span>
            </h2>
            <Show when=move || rows.filter().is_some()>
                <Button small=true kind=ButtonKind::Quiet id="all-rows" on_press=close>
                    {text!(i18n, problems.show_all)}
                </Button>
            </Show>
        </div>
        <Find />
        <Show when=is_empty>
            <p class="text-sm">
                {reactive(move || match rows.filter() {
                    Some(RowFilter::Search(_)) => word!(i18n, grid.nothing_found),
                    _ => word!(i18n, grid.none_left),
                })}
            </p>
        </Show>
    }
}

/// Returns a text that says what the rows of a filter have in common.
fn filter_name(i18n: Reader, grid: &Grid, filter: RowFilter) -> String {
    match filter {
        RowFilter::Problem(problem) => {
            let title = words::problem(i18n, problem.code);
            match problem.column {
                Some(column) => {
                    let heads = grid.heads.get();
                    let head = heads.get(column as usize);
                    let column = head.map(|head| head.name.clone()).unwrap_or_default();
                    let column = word!(i18n, problems.in_column, column = column);
                    format!("{title} {column}")
                }
                None => title.to_owned(),
            }
        }
        RowFilter::Search(_) => word!(i18n, grid.found).to_owned(),
        RowFilter::Place(place) => match place {
            CheckPlace::Ready => word!(i18n, ledger.ready),
            CheckPlace::Merged => word!(i18n, ledger.merged),
            CheckPlace::Rejected => word!(i18n, ledger.rejected),
            CheckPlace::Dropped => word!(i18n, ledger.dropped),
        }
        .to_owned(),
    }
}
