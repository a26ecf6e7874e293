//! The search over the columns of a wide file.

use leptos::prelude::*;

use super::own_fields::OwnFields;
use crate::importer::FileCheck;
use crate::reader::use_i18n;
use crate::ui::on_event;
use crate::words::text;

/// The smallest number of columns for which the page shows the search.
pub(super) const MANY_COLUMNS: usize = 12;

/// The search that decides which columns are shown.
#[derive(Clone, Copy)]
pub(super) struct ColumnSearch {
    /// A part of the columns' names.
    pub(super) text: RwSignal<String>,
    /// True when only columns that go to no field are shown.
    pub(super) only_left_out: RwSignal<bool>,
}

impl ColumnSearch {
    /// Returns the indices of the columns that are shown, as keys of a list. A column for which a
    /// new field is being created is always shown.
    pub(super) fn indices(self, check: FileCheck, own: OwnFields) -> Vec<String> {
        let text = self.text.get().trim().to_lowercase();
        let only_left_out = self.only_left_out.get();
        let columns = check.columns().into_iter();
        let shown = columns.filter(|column| {
            own.has_form(column.index)
                || (!only_left_out || column.target.is_none())
                    && column.header.to_lowercase().contains(&text)
        });
        shown.map(|column| column.index.to_string()).collect()
    }
}

/// The input for a part of the name, and the checkbox for columns that are left out.
#[component]
pub(super) fn SearchColumns(search: ColumnSearch) -> impl IntoView {
    let i18n = use_i18n();
    let only = move |event| search.only_left_out.set(event_target_checked(&event));
    view! {
        <div class="flex flex-wrap items-center gap-x-6 gap-y-2" id="search-columns">
            <input
                class="input min-h-11 min-w-0 flex-1 basis-56"
                type="search"
                aria-label=text!(i18n, columns.search)
                placeholder=text!(i18n, columns.search)
                on:input=on_event(move |event| search.text.set(event_target_value(&event)))
            />
            <label class="flex min-h-11 items-center gap-2">
                <input class="checkbox" type="checkbox" on:change=on_event(only) />
                {text!(i18n, columns.only_left_out)}
            </label>
        </div>
    }
}
