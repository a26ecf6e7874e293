//! All rows of the file, a window of them at a time: the worker reads what is on screen from the file.

mod edit;
mod rows;
mod scroll;

use alta_domain::FieldTarget;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::edit::{CellEditor, Edited};
use self::scroll::Scroll;
use super::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, heard, live, shared};
use crate::words::{self, Reader, text, word};

/// Rows asked for at a time.
const WINDOW: u32 = 40;
/// Rows that fit on screen.
const ON_SCREEN: u32 = 14;

/// The grid. Arrow keys move, and the reason for a problem is said below.
#[expect(clippy::too_many_lines, reason = "most of them are the view")]
#[component]
pub(crate) fn RowGrid() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let body = NodeRef::<Div>::new();
    let drawn = NodeRef::<Div>::new();
    let total = Signal::derive(move || session.shown_rows());
    let scroll = Scroll { top: RwSignal::new(0.0), total };
    let active = RwSignal::new((0_u32, 0_usize));
    let all_columns = RwSignal::new(false);
    let editing = RwSignal::new(None::<Edited>);
    let edit = Callback::new(move |()| editing.set(cell_at(active.get_untracked())));
    let leave = Callback::new(move |()| {
        editing.set(None);
        if let Some(body) = body.get_untracked() {
            let _ = body.focus();
        }
    });
    let headers = Memo::new(move |_| headers(i18n));
    let width = move || headers.with(Vec::len);
    // Another file, another filter: from the top.
    Effect::new(move |_| {
        session.filter.track();
        session.report.track();
        active.set((0, 0));
        // Only when it has moved: asking for a scroll makes the browser lay out the page at once.
        if scroll.top.get_untracked() > 0.0 {
            scroll.top.set(0.0);
            if let Some(body) = body.get_untracked() {
                body.set_scroll_top(0);
            }
        }
    });
    // Rows are asked for before the last ones in hand come into sight.
    Effect::new(move |_| {
        let first = scroll.first();
        if session.report.with(Option::is_none) {
            return;
        }
        let enough = session.rows.with_untracked(|(start, rows)| {
            let end = start + u32::try_from(rows.len()).unwrap_or(0);
            *start <= first.saturating_sub(5) && (end >= first + ON_SCREEN + 5 || end >= total.get_untracked())
        });
        if !enough {
            session.ask_rows(first.saturating_sub(WINDOW / 3), WINDOW);
        }
    });
    // One effect marks the active cell: one in each cell would run them all at every key.
    Effect::new(move |before: Option<(u32, usize)>| {
        let now = active.get();
        session.rows.track();
        request_animation_frame(move || {
            mark(before, false);
            mark(Some(now), true);
        });
        now
    });
    let go = move |row: u32, column: usize| {
        active.set((row, column));
        let first = untrack(|| scroll.first());
        if let Some(body) = body.get_untracked() {
            let target = if row < first { Some(row) } else { (row >= first + ON_SCREEN - 3).then(|| row.saturating_sub(ON_SCREEN - 4)) };
            if let Some(target) = target {
                body.set_scroll_top(untrack(|| scroll.top_of(target)));
            }
        }
    };
    let keys = move |event: KeyboardEvent| {
        let (row, column) = active.get_untracked();
        let (last_row, last_column) = (total.get_untracked().saturating_sub(1), untrack(width).saturating_sub(1));
        if matches!(event.key().as_str(), "Enter" | "F2") {
            event.prevent_default();
            return edit.run(());
        }
        let (row, column) = match event.key().as_str() {
            "ArrowDown" => ((row + 1).min(last_row), column),
            "ArrowUp" => (row.saturating_sub(1), column),
            "ArrowRight" => (row, (column + 1).min(last_column)),
            "ArrowLeft" => (row, column.saturating_sub(1)),
            "PageDown" => ((row + ON_SCREEN).min(last_row), column),
            "PageUp" => (row.saturating_sub(ON_SCREEN), column),
            "Home" => (if event.ctrl_key() { 0 } else { row }, 0),
            "End" => (if event.ctrl_key() { last_row } else { row }, last_column),
            _ => return,
        };
        event.prevent_default();
        go(row, column);
    };
    let template = move || format!("grid-template-columns: 5rem repeat({}, minmax(11rem, 1fr))", width().max(1));
    let draw = move |drawn: &web_sys::Element| {
        let template = template();
        session.rows.with(|(first, rows)| rows::draw(drawn, *first, rows, &template, |row| scroll.place(row)));
    };
    // What is around the grid is drawn first, and the first rows in a task of their own: together they would hold the page up.
    let begun = RwSignal::new(false);
    let reveal = move || {
        // The page may have been left by then.
        let _ = begun.try_set(true);
    };
    request_animation_frame(move || set_timeout(reveal, std::time::Duration::ZERO));
    Effect::new(move |_| {
        if let Some(drawn) = drawn.get().filter(|_| begun.get()) {
            draw(&drawn);
        }
    });
    let press = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(cell) = target.and_then(|target| rows::cell_of(&target)) {
            active.set(cell);
        }
    };
    view! {
        <section class="flex flex-col gap-2">
            <p class="sr-only" id="grid-keys">{text!(i18n, grid.keys)}</p>
            <div
                class="row-grid"
                class:all-columns=shared(move || all_columns.get())
                role="grid"
                tabindex="0"
                aria-label=text!(i18n, grid.label)
                aria-describedby="grid-keys"
                aria-rowcount=shared(move || total.get() + 1)
                aria-colcount=shared(move || width() + 1)
                aria-activedescendant=shared(move || {
                    let (row, column) = active.get();
                    format!("cell-{row}-{column}")
                })
                node_ref=body
                on:keydown=heard(keys)
                on:click=heard(press)
                on:scroll=heard(move |_| {
                    if let Some(body) = body.get_untracked() {
                        scroll.top.set(f64::from(body.scroll_top()));
                    }
                })
            >
                <div class="row-grid-head" role="row" aria-rowindex="1" style=template>
                    <span role="columnheader" class="grid-cell text-soft">{text!(i18n, grid.line)}</span>
                    {live(move || headers.get().into_iter().map(|(name, field)| view! {
                        <span role="columnheader" class="grid-cell grid-head">
                            <span class="truncate font-semibold">{name}</span>
                            <span class="truncate text-xs text-soft">{field}</span>
                        </span>
                    }.into_any()).collect_view())}
                </div>
                <div class="relative" role="rowgroup" node_ref=drawn style=shared(move || format!("height: {}px", scroll.height()))></div>
            </div>
            <div class="sm:hidden">
                <Button small=true kind=ButtonKind::Quiet on_press=Callback::new(move |()| all_columns.update(|all| *all = !*all))>
                    {live(move || if all_columns.get() { word!(i18n, grid.fewer_columns) } else { word!(i18n, grid.all_columns) })}
                </Button>
            </div>
            <div class="flex flex-wrap items-center justify-between gap-2">
                <p class="min-h-6 min-w-0 text-sm break-words" aria-live="polite" id="grid-reason">
                    {live(move || reason(i18n, active.get(), &headers.get()))}
                </p>
                <Button small=true kind=ButtonKind::Quiet id="edit-cell" on_press=edit>{text!(i18n, grid.edit)}</Button>
            </div>
            {live(move || editing.get().map(|edited| view! { <CellEditor edited=edited leave=leave /> }))}
        </section>
    }
}

/// Marks a cell as the active one, or no longer.
fn mark(cell: Option<(u32, usize)>, active: bool) {
    let found = cell.and_then(|(row, column)| document().get_element_by_id(&format!("cell-{row}-{column}")));
    if let Some(cell) = found {
        let _ = cell.class_list().toggle_with_force("is-active", active);
    }
}

/// The names of the columns and of the fields they go to.
fn headers(i18n: Reader) -> Vec<(String, String)> {
    let session = use_session();
    session.mapping.with(|mapping| {
        let columns = mapping.as_ref().map(|mapping| mapping.columns.as_slice()).unwrap_or_default();
        let named = columns.iter().map(|column| {
            let name = if column.header.is_empty() { word!(i18n, grid.column_n, n = column.index + 1) } else { column.header.clone() };
            let field = match column.target {
                Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field).to_owned(),
                Some(FieldTarget::Custom { kind, .. }) => words::kind(i18n, kind).to_owned(),
                Some(FieldTarget::Consent(channel)) => words::accepts(i18n, channel).to_owned(),
                None => word!(i18n, grid.left_out).to_owned(),
            };
            (name, field)
        });
        named.collect()
    })
}

/// The cell of a row on screen.
fn cell_at((row, column): (u32, usize)) -> Option<Edited> {
    use_session().rows.with_untracked(|(first, rows)| {
        let row = rows.get(row.checked_sub(*first)? as usize)?;
        let text = row.cells.get(column)?.text.clone();
        Some(Edited { record: row.record, line: row.line, column: u32::try_from(column).ok()?, text })
    })
}

/// What is wrong with the active cell or its row, in a sentence.
fn reason(i18n: Reader, (row, column): (u32, usize), headers: &[(String, String)]) -> Option<String> {
    let session = use_session();
    let found = session.rows.with(|(first, rows)| row.checked_sub(*first).and_then(|at| rows.get(at as usize)).cloned())?;
    let mut said = vec![format!("{} {}", word!(i18n, grid.line), found.line)];
    if let Some((name, _)) = headers.get(column) {
        said.push(name.clone());
    }
    let cell = found.cells.get(column)?;
    said.push(if cell.text.trim().is_empty() { word!(i18n, grid.empty).to_owned() } else { cell.text.chars().take(200).collect() });
    if let Some(problem) = cell.problem.or(found.problem) {
        said.push(words::problem(i18n, problem.code).to_owned());
    }
    if let Some(mended) = &cell.mended {
        said.push(word!(i18n, grid.stored_as, value = mended.clone()));
    }
    if let Some(line) = found.same_as_line {
        said.push(word!(i18n, grid.same_as, line = line));
    }
    Some(said.join(" · "))
}
