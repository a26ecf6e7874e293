//! The search over all rows of the file, and the form that replaces a text within the cells of a
//! column.

use alta_domain::Fix;
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;

use super::state::use_grid;
use super::texts::ColumnHead;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, on_event, reactive};
use crate::words::{text, word};

/// The field for the search, and the form for the replacement.
#[component]
pub(super) fn Find() -> impl IntoView {
    let grid = use_grid();
    let i18n = use_i18n();
    let rows = grid.session.check.rows();
    let input = NodeRef::<Input>::new();
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let text = input.get_untracked().map(|input| input.value());
        match text.unwrap_or_default().trim() {
            "" => rows.show_all(),
            // Before the first check has ended there is nothing to search.
            text if grid.session.check.has_report_now() => rows.search(text.to_owned()),
            _ => {}
        }
    };
    view! {
        <form class="flex items-center gap-2" role="search" on:submit=on_event(search)>
            <input
                class="input min-h-11 min-w-0 flex-1"
                id="search-rows"
                type="search"
                aria-label=text!(i18n, grid.search)
                placeholder=text!(i18n, grid.search)
                node_ref=input
            />
            <Button small=true submit=true busy=Signal::derive(move || rows.is_searching())>
                {text!(i18n, grid.search_button)}
            </Button>
        </form>
        <details id="replace">
            <summary class="min-h-11 cursor-pointer py-3 text-sm font-semibold">
                {text!(i18n, grid.replace)}
            </summary>
            <Replace />
        </details>
    }
}

/// The form that replaces a text within the cells of a column: it asks for the column, the text to
/// find and the new text.
#[component]
fn Replace() -> impl IntoView {
    let grid = use_grid();
    let i18n = use_i18n();
    let column = NodeRef::<Select>::new();
    let (find, to) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let replace = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(column), Some(find), Some(to)) = (
            column.get_untracked(),
            find.get_untracked(),
            to.get_untracked(),
        ) else {
            return;
        };
        if let (Ok(column), false) = (column.value().parse(), find.value().is_empty()) {
            grid.session.decide(Fix::ReplaceText {
                column,
                find: find.value(),
                to: to.value(),
            });
            find.set_value("");
            to.set_value("");
        }
    };
    let option = |(index, head): (usize, ColumnHead)| {
        view! { <option value=index.to_string()>{head.name}</option> }.into_any()
    };
    let options = move || {
        let heads = grid.heads.get().into_iter().enumerate();
        heads.map(option).collect_view()
    };
    view! {
        <form class="flex flex-wrap items-end gap-2 pb-2" on:submit=on_event(replace)>
            <label class="flex min-w-0 flex-1 basis-32 flex-col gap-1 text-sm">
                {text!(i18n, grid.replace_column)}
                <select class="select h-11 w-full" id="replace-column" node_ref=column>
                    {reactive(options)}
                </select>
            </label>
            <label class="flex min-w-0 flex-1 basis-28 flex-col gap-1 text-sm">
                {text!(i18n, grid.replace_find)}
                <input class="input h-11 w-full" id="replace-find" required node_ref=find />
            </label>
            <label class="flex min-w-0 flex-1 basis-28 flex-col gap-1 text-sm">
                {text!(i18n, grid.replace_to)}
                <input class="input h-11 w-full" id="replace-to" node_ref=to />
            </label>
            <Button small=true submit=true kind=ButtonKind::Plain>
                {reactive(move || word!(i18n, grid.replace_button))}
            </Button>
        </form>
    }
}
