//! All rows of the file as a grid. The worker reads the rows on screen from the file.

mod cell;
mod edit;
mod edited;
mod find;
mod next_problem;
mod rows;
mod scroll;
mod shown;
mod state;
mod texts;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::cell::CellPlace;
use self::edit::{CellEditor, LastChange};
use self::shown::ShownRows;
use self::state::Grid;
use self::texts::{ColumnHead, describe};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, on_event, reactive, reactive_attr};
use crate::words::{text, word};

/// The grid. Arrow keys move the active cell, which is described below the rows.
#[component]
pub(crate) fn RowGrid() -> impl IntoView {
    let i18n = use_i18n();
    let grid = Grid::new(i18n);
    provide_context(grid);
    grid.reset_on_new_content();
    grid.load_rows_ahead();
    grid.highlight_active_cell();
    grid.focus_when_filtered();
    grid.follow_rows();
    grid.follow_problem_search();
    let rows = grid.session.check.rows();
    let all_columns = grid.all_columns;
    let edit = Callback::new(move |()| grid.begin_editing());
    let next = Callback::new(move |()| grid.edit_next_problem(false));
    view! {
        <section
            class="rows-view"
            class:is-filtered=reactive_attr(move || rows.filter().is_some())
            aria-labelledby="rows-title"
        >
            <ShownRows />
            <p class="sr-only" id="grid-keys">
                {text!(i18n, grid.keys)}
            </p>
            <p class="sr-only" id="editor-keys">
                {text!(i18n, grid.editor_keys)}
            </p>
            <Rows grid=grid all_columns=all_columns edit=edit />
            <ColumnsToggle all_columns=all_columns />
            <div class="flex flex-wrap items-center justify-between gap-2">
                <p
                    class="min-h-6 min-w-0 flex-1 basis-56 text-sm break-words"
                    aria-live="polite"
                    id="grid-reason"
                >
                    {reactive(move || {
                        if grid.has_no_problem_left.get() {
                            Some(word!(i18n, grid.no_problem_left).to_owned())
                        } else {
                            describe(i18n, rows, grid.active.get(), &grid.heads.get())
                        }
                    })}
                </p>
                <div class="flex flex-wrap gap-2">
                    <Button small=true kind=ButtonKind::Quiet id="edit-cell" on_press=edit>
                        {text!(i18n, grid.edit)}
                    </Button>
                    <Button small=true kind=ButtonKind::Quiet id="next-problem" on_press=next>
                        {text!(i18n, grid.next_problem)}
                    </Button>
                </div>
            </div>
            <LastChange />
        </section>
    }
}

/// On a phone, the button that shows all columns, or only the first ones again.
#[component]
fn ColumnsToggle(all_columns: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let toggle = Callback::new(move |()| all_columns.update(|all| *all = !*all));
    view! {
        <div class="sm:hidden">
            <Button small=true kind=ButtonKind::Quiet on_press=toggle>
                {reactive(move || {
                    if all_columns.get() {
                        word!(i18n, grid.fewer_columns)
                    } else {
                        word!(i18n, grid.all_columns)
                    }
                })}
            </Button>
        </div>
    }
}

/// The heads and the rows, in a box that scrolls and receives the key presses.
#[component]
fn Rows(grid: Grid, all_columns: RwSignal<bool>, edit: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let drawn = NodeRef::<Div>::new();
    grid.draw_rows_into(drawn);
    let keys = move |event: KeyboardEvent| {
        let is_command = event.ctrl_key() || event.meta_key();
        if matches!(event.key().as_str(), "Enter" | "F2") {
            event.prevent_default();
            edit.run(());
        } else if is_command && event.key() == "z" {
            event.prevent_default();
            grid.undo_last();
        } else if event.key() == "Escape" {
            shown::close(&grid);
        } else if let Some(cell) = grid.cell_after_key(&event) {
            event.prevent_default();
            grid.move_to(cell);
        }
    };
    let press = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(cell) = target.and_then(|target| CellPlace::of(&target)) {
            grid.active.set(cell);
            grid.has_no_problem_left.set(false);
        }
    };
    let press_twice = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| CellPlace::of(&target).is_some()) {
            edit.run(());
        }
    };
    let scroll = move |_: web_sys::Event| {
        if let Some(body) = grid.body.get_untracked() {
            grid.scroll.top.set(f64::from(body.scroll_top()));
        }
    };
    view! {
        <div
            class="row-grid"
            class:all-columns=reactive_attr(move || all_columns.get())
            role="grid"
            tabindex="0"
            aria-label=text!(i18n, grid.label)
            aria-describedby="grid-keys"
            aria-rowcount=reactive_attr(move || grid.total.get() + 1)
            aria-colcount=reactive_attr(move || grid.width() + 1)
            aria-activedescendant=reactive_attr(move || grid.active.get().id())
            node_ref=grid.body
            on:keydown=on_event(keys)
            on:click=on_event(press)
            on:dblclick=on_event(press_twice)
            on:scroll=on_event(scroll)
        >
            <Heads grid=grid />
            <div
                class="relative"
                role="presentation"
                style=reactive_attr(move || format!("height: {}px", grid.scroll.height()))
            >
                <div role="rowgroup" node_ref=drawn></div>
                <div role="rowgroup">
                    {reactive(move || {
                        grid.editing
                            .get()
                            .map(|cell| view! { <CellEditor cell=cell /> })
                    })}
                </div>
            </div>
        </div>
    }
}

/// The row of the columns' heads.
#[component]
fn Heads(grid: Grid) -> impl IntoView {
    let i18n = use_i18n();
    let head = |ColumnHead { name, field }| {
        view! {
            <span role="columnheader" class="grid-cell grid-head">
                <span class="truncate font-semibold">{name}</span>
                <span class="truncate text-xs text-soft">{field}</span>
            </span>
        }
        .into_any()
    };
    view! {
        <div class="row-grid-head" role="row" aria-rowindex="1" style=move || grid.template()>
            <span role="columnheader" class="grid-cell text-soft">
                {text!(i18n, grid.line)}
            </span>
            {reactive(move || grid.heads.get().into_iter().map(head).collect_view())}
        </div>
    }
}
