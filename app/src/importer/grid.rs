//! All rows of the file, a window of them at a time: the worker reads what is on screen from the
//! file.

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
use super::session::ImportSession;
use super::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// Rows asked for at a time.
const WINDOW: u32 = 40;
/// Rows that fit on screen.
const ON_SCREEN: u32 = 14;

/// What the grid shows, and where its reader is.
#[derive(Clone, Copy)]
struct Grid {
    session: ImportSession,
    body: NodeRef<Div>,
    total: Signal<u32>,
    scroll: Scroll,
    headers: Memo<Vec<(String, String)>>,
    active: RwSignal<(u32, usize)>,
}

impl Grid {
    fn new(i18n: Reader) -> Self {
        let session = use_session();
        let total = Signal::derive(move || session.shown_rows());
        let scroll = Scroll {
            top: RwSignal::new(0.0),
            total,
        };
        let headers = Memo::new(move |_| headers(i18n));
        Self {
            session,
            body: NodeRef::new(),
            total,
            scroll,
            headers,
            active: RwSignal::new((0, 0)),
        }
    }

    fn width(self) -> usize {
        self.headers.with(Vec::len)
    }

    fn template(self) -> String {
        format!(
            "grid-template-columns: 5rem repeat({}, minmax(11rem, 1fr))",
            self.width().max(1)
        )
    }

    /// Another file, another filter: from the top.
    fn begins_with_its_file(self) {
        Effect::new(move |_| {
            self.session.filter.track();
            self.session.report.track();
            self.active.set((0, 0));
            // Only when it has moved: asking for a scroll makes the browser lay out the page at
            // once.
            if self.scroll.top.get_untracked() > 0.0 {
                self.scroll.top.set(0.0);
                if let Some(body) = self.body.get_untracked() {
                    body.set_scroll_top(0);
                }
            }
        });
    }

    /// Rows are asked for before the last ones in hand come into sight.
    fn asks_ahead(self) {
        Effect::new(move |_| {
            let first = self.scroll.first();
            if self.session.report.with(Option::is_none) {
                return;
            }
            let enough = self.session.rows.with_untracked(|(start, rows)| {
                let end = start + u32::try_from(rows.len()).unwrap_or(0);
                *start <= first.saturating_sub(5)
                    && (end >= first + ON_SCREEN + 5 || end >= self.total.get_untracked())
            });
            if !enough {
                self.session
                    .ask_rows(first.saturating_sub(WINDOW / 3), WINDOW);
            }
        });
    }

    /// One effect marks the active cell: one in each cell would run them all at every key.
    fn marks_the_active_cell(self) {
        Effect::new(move |before: Option<(u32, usize)>| {
            let now = self.active.get();
            self.session.rows.track();
            request_animation_frame(move || {
                mark(before, false);
                mark(Some(now), true);
            });
            now
        });
    }

    /// What is around the grid is drawn first, and the first rows in a task of their own: together
    /// they would hold the page up.
    fn draws_in(self, drawn: NodeRef<Div>) {
        let begun = RwSignal::new(false);
        let reveal = move || {
            // The page may have been left by then.
            let _ = begun.try_set(true);
        };
        request_animation_frame(move || set_timeout(reveal, std::time::Duration::ZERO));
        Effect::new(move |_| {
            let Some(drawn) = drawn.get().filter(|_| begun.get()) else {
                return;
            };
            let template = self.template();
            self.session.rows.with(|(first, rows)| {
                rows::draw(&drawn, *first, rows, &template, |row| {
                    self.scroll.place(row)
                });
            });
        });
    }

    fn goes_to(self, (row, column): (u32, usize)) {
        self.active.set((row, column));
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

    /// Where a key leads to.
    fn behind(self, event: &KeyboardEvent) -> Option<(u32, usize)> {
        let (row, column) = self.active.get_untracked();
        let (last_row, last_column) = (
            self.total.get_untracked().saturating_sub(1),
            untrack(|| self.width()).saturating_sub(1),
        );
        Some(match event.key().as_str() {
            "ArrowDown" => ((row + 1).min(last_row), column),
            "ArrowUp" => (row.saturating_sub(1), column),
            "ArrowRight" => (row, (column + 1).min(last_column)),
            "ArrowLeft" => (row, column.saturating_sub(1)),
            "PageDown" => ((row + ON_SCREEN).min(last_row), column),
            "PageUp" => (row.saturating_sub(ON_SCREEN), column),
            "Home" => (if event.ctrl_key() { 0 } else { row }, 0),
            "End" => (if event.ctrl_key() { last_row } else { row }, last_column),
            _ => return None,
        })
    }
}

/// The grid. Arrow keys move, and the reason for a problem is said below.
#[component]
pub(crate) fn RowGrid() -> impl IntoView {
    let i18n = use_i18n();
    let grid = Grid::new(i18n);
    grid.begins_with_its_file();
    grid.asks_ahead();
    grid.marks_the_active_cell();
    let all_columns = RwSignal::new(false);
    let editing = RwSignal::new(None::<Edited>);
    let edit = Callback::new(move |()| editing.set(cell_at(grid.active.get_untracked())));
    let leave = Callback::new(move |()| {
        editing.set(None);
        if let Some(body) = grid.body.get_untracked() {
            let _ = body.focus();
        }
    });
    view! {
        <section class="flex flex-col gap-2">
            <p class="sr-only" id="grid-keys">
                {text!(i18n, grid.keys)}
            </p>
            <Rows grid=grid all_columns=all_columns edit=edit />
            <div class="sm:hidden">
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| all_columns.update(|all| *all = !*all))
                >
                    {reactive(move || {
                        if all_columns.get() {
                            word!(i18n, grid.fewer_columns)
                        } else {
                            word!(i18n, grid.all_columns)
                        }
                    })}
                </Button>
            </div>
            <div class="flex flex-wrap items-center justify-between gap-2">
                <p class="min-h-6 min-w-0 text-sm break-words" aria-live="polite" id="grid-reason">
                    {reactive(move || reason(i18n, grid.active.get(), &grid.headers.get()))}
                </p>
                <Button small=true kind=ButtonKind::Quiet id="edit-cell" on_press=edit>
                    {text!(i18n, grid.edit)}
                </Button>
            </div>
            {reactive(move || {
                editing.get().map(|edited| view! { <CellEditor edited=edited leave=leave /> })
            })}
        </section>
    }
}

/// The head and the rows, in a box that scrolls and takes the keys.
#[component]
fn Rows(grid: Grid, all_columns: RwSignal<bool>, edit: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let drawn = NodeRef::<Div>::new();
    grid.draws_in(drawn);
    let keys = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | "F2") {
            event.prevent_default();
            edit.run(());
        } else if let Some(cell) = grid.behind(&event) {
            event.prevent_default();
            grid.goes_to(cell);
        }
    };
    let press = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(cell) = target.and_then(|target| rows::cell_of(&target)) {
            grid.active.set(cell);
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
            aria-activedescendant=reactive_attr(move || {
                let (row, column) = grid.active.get();
                format!("cell-{row}-{column}")
            })
            node_ref=grid.body
            on:keydown=on_event(keys)
            on:click=on_event(press)
            on:scroll=on_event(move |_| {
                if let Some(body) = grid.body.get_untracked() {
                    grid.scroll.top.set(f64::from(body.scroll_top()));
                }
            })
        >
            <div class="row-grid-head" role="row" aria-rowindex="1" style=move || grid.template()>
                <span role="columnheader" class="grid-cell text-soft">
                    {text!(i18n, grid.line)}
                </span>
                {reactive(move || {
                    grid.headers
                        .get()
                        .into_iter()
                        .map(|(name, field)| {
                            view! {
                                <span role="columnheader" class="grid-cell grid-head">
                                    <span class="truncate font-semibold">{name}</span>
                                    <span class="truncate text-xs text-soft">{field}</span>
                                </span>
                            }
                                .into_any()
                        })
                        .collect_view()
                })}
            </div>
            <div
                class="relative"
                role="rowgroup"
                node_ref=drawn
                style=reactive_attr(move || format!("height: {}px", grid.scroll.height()))
            ></div>
        </div>
    }
}

/// Marks a cell as the active one, or no longer.
fn mark(cell: Option<(u32, usize)>, active: bool) {
    let found = cell
        .and_then(|(row, column)| document().get_element_by_id(&format!("cell-{row}-{column}")));
    if let Some(cell) = found {
        let _ = cell.class_list().toggle_with_force("is-active", active);
    }
}

/// The names of the columns and of the fields they go to.
fn headers(i18n: Reader) -> Vec<(String, String)> {
    let session = use_session();
    session.mapping.with(|mapping| {
        let columns = mapping
            .as_ref()
            .map(|mapping| mapping.columns.as_slice())
            .unwrap_or_default();
        let named = columns.iter().map(|column| {
            let name = if column.header.is_empty() {
                word!(i18n, grid.column_n, n = column.index + 1)
            } else {
                column.header.clone()
            };
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
        Some(Edited {
            record: row.record,
            line: row.line,
            column: u32::try_from(column).ok()?,
            text,
        })
    })
}

/// What is wrong with the active cell or its row, in a sentence.
fn reason(
    i18n: Reader,
    (row, column): (u32, usize),
    headers: &[(String, String)],
) -> Option<String> {
    let session = use_session();
    let found = session.rows.with(|(first, rows)| {
        row.checked_sub(*first)
            .and_then(|at| rows.get(at as usize))
            .cloned()
    })?;
    let mut said = vec![format!("{} {}", word!(i18n, grid.line), found.line)];
    if let Some((name, _)) = headers.get(column) {
        said.push(name.clone());
    }
    let cell = found.cells.get(column)?;
    said.push(if cell.text.trim().is_empty() {
        word!(i18n, grid.empty).to_owned()
    } else {
        cell.text.chars().take(200).collect()
    });
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
