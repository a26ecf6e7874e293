//! All rows of the file, a window of them at a time: the worker reads what is on screen from the file.

use alta_domain::worker::{GridCell, GridRow};
use alta_domain::{CellProblem, FieldTarget, ProblemCode, Severity};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_i18n::t_string;

use super::use_session;
use crate::i18n::use_i18n;
use crate::ui::{Button, ButtonKind, Icon};
use crate::words::{self, Reader, text};

/// Pixels of a row.
const ROW: f64 = 40.0;
/// Rows asked for at a time.
const WINDOW: u32 = 40;
/// Rows that fit on screen.
const ON_SCREEN: u32 = 14;
/// Browsers draw no element higher than some 17 million pixels; above this the scroll bar is scaled.
const TALLEST: f64 = 15_000_000.0;

/// Where the grid is scrolled to, and how far one pixel of its scroll bar goes.
#[derive(Clone, Copy)]
struct Scroll {
    top: RwSignal<f64>,
    total: Signal<u32>,
}

impl Scroll {
    /// Pixels of all rows together.
    fn height(self) -> u64 {
        whole((f64::from(self.total.get()) * ROW).min(TALLEST))
    }

    fn scale(self) -> f64 {
        (f64::from(self.total.get()) * ROW / TALLEST).max(1.0)
    }

    /// The first row on screen, counted from 0.
    fn first(self) -> u32 {
        let first = u32::try_from(whole(self.top.get() * self.scale() / ROW)).unwrap_or(u32::MAX);
        first.min(self.total.get().saturating_sub(1))
    }

    /// Where a row is drawn.
    fn place(self, row: u32) -> u64 {
        if self.scale() <= 1.0 {
            return whole(f64::from(row) * ROW);
        }
        whole(self.top.get() + (f64::from(row) - f64::from(self.first())) * ROW)
    }

    /// The position of the scroll bar that shows a row first.
    fn top_of(self, row: u32) -> i32 {
        i32::try_from(whole(f64::from(row) * ROW / self.scale())).unwrap_or(i32::MAX)
    }
}

/// Whole pixels or rows.
fn whole(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made positive, and far below 2^53")]
    let whole = value.max(0.0) as u64;
    whole
}

/// The grid. Arrow keys move, and the reason for a problem is said below.
#[expect(clippy::too_many_lines, reason = "most of them are the view")]
#[component]
pub(crate) fn RowGrid() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let body = NodeRef::<Div>::new();
    let total = Signal::derive(move || session.shown_rows());
    let scroll = Scroll { top: RwSignal::new(0.0), total };
    let active = RwSignal::new((0_u32, 0_usize));
    let all_columns = RwSignal::new(false);
    let headers = Memo::new(move |_| headers(i18n));
    let width = move || headers.with(Vec::len);
    // Another file, another filter: from the top.
    Effect::new(move |_| {
        session.filter.track();
        session.report.track();
        scroll.top.set(0.0);
        active.set((0, 0));
        if let Some(body) = body.get_untracked() {
            body.set_scroll_top(0);
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
    let rows = move || session.rows.with(|(first, rows)| rows.iter().cloned().zip(*first..).map(|(row, at)| (at, row)).collect::<Vec<_>>());
    let template = move || format!("grid-template-columns: 5rem repeat({}, minmax(11rem, 1fr))", width().max(1));
    let row =
        move |(at, row): (u32, GridRow)| view! { <Row at=at row=row active=active scroll=scroll template=Signal::derive(template) /> };
    view! {
        <section class="flex flex-col gap-2">
            <p class="sr-only" id="grid-keys">{text!(i18n, grid.keys)}</p>
            <div
                class="row-grid"
                class:all-columns=move || all_columns.get()
                role="grid"
                tabindex="0"
                aria-label=text!(i18n, grid.label)
                aria-describedby="grid-keys"
                aria-rowcount=move || total.get() + 1
                aria-colcount=move || width() + 1
                aria-activedescendant=move || {
                    let (row, column) = active.get();
                    format!("cell-{row}-{column}")
                }
                node_ref=body
                on:keydown=keys
                on:scroll=move |_| {
                    if let Some(body) = body.get_untracked() {
                        scroll.top.set(f64::from(body.scroll_top()));
                    }
                }
            >
                <div class="row-grid-head" role="row" aria-rowindex="1" style=template>
                    <span role="columnheader" class="grid-cell text-soft">{text!(i18n, grid.line)}</span>
                    {move || headers.get().into_iter().map(|(name, field)| view! {
                        <span role="columnheader" class="grid-cell grid-head">
                            <span class="truncate font-semibold">{name}</span>
                            <span class="truncate text-xs text-soft">{field}</span>
                        </span>
                    }).collect_view()}
                </div>
                <div class="relative" role="rowgroup" style=move || format!("height: {}px", scroll.height())>
                    <For each=rows key=|(at, row)| (*at, row.clone_key()) children=row />
                </div>
            </div>
            <div class="sm:hidden">
                <Button small=true kind=ButtonKind::Quiet on_press=Callback::new(move |()| all_columns.update(|all| *all = !*all))>
                    {move || if all_columns.get() { t_string!(i18n, grid.fewer_columns) } else { t_string!(i18n, grid.all_columns) }}
                </Button>
            </div>
            <p class="min-h-6 text-sm break-words" aria-live="polite" id="grid-reason">
                {move || reason(i18n, active.get(), &headers.get())}
            </p>
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

/// What tells two versions of a row apart: a row checked again under another mapping is drawn again.
trait RowKey {
    fn clone_key(&self) -> Vec<(Option<CellProblem>, Option<String>, usize)>;
}

impl RowKey for GridRow {
    fn clone_key(&self) -> Vec<(Option<CellProblem>, Option<String>, usize)> {
        self.cells.iter().map(|cell| (cell.problem, cell.mended.clone(), cell.text.len())).collect()
    }
}

/// The names of the columns and of the fields they go to.
fn headers(i18n: Reader) -> Vec<(String, String)> {
    let session = use_session();
    session.mapping.with(|mapping| {
        let columns = mapping.as_ref().map(|mapping| mapping.columns.as_slice()).unwrap_or_default();
        let named = columns.iter().map(|column| {
            let name = if column.header.is_empty() {
                t_string!(i18n, grid.column_n, n = column.index + 1).to_string()
            } else {
                column.header.clone()
            };
            let field = match column.target {
                Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field).to_owned(),
                Some(FieldTarget::Custom { kind, .. }) => words::kind(i18n, kind).to_owned(),
                None => t_string!(i18n, grid.left_out).to_owned(),
            };
            (name, field)
        });
        named.collect()
    })
}

/// What is wrong with the active cell or its row, in a sentence.
fn reason(i18n: Reader, (row, column): (u32, usize), headers: &[(String, String)]) -> Option<String> {
    let session = use_session();
    let found = session.rows.with(|(first, rows)| row.checked_sub(*first).and_then(|at| rows.get(at as usize)).cloned())?;
    let mut said = vec![format!("{} {}", t_string!(i18n, grid.line), found.line)];
    if let Some((name, _)) = headers.get(column) {
        said.push(name.clone());
    }
    let cell = found.cells.get(column)?;
    said.push(if cell.text.trim().is_empty() { t_string!(i18n, grid.empty).to_owned() } else { cell.text.chars().take(200).collect() });
    if let Some(problem) = cell.problem.or(found.problem) {
        said.push(words::problem(i18n, problem.code).to_owned());
    }
    if let Some(mended) = &cell.mended {
        said.push(t_string!(i18n, grid.stored_as, value = mended.clone()).to_string());
    }
    if let Some(line) = found.same_as_line {
        said.push(t_string!(i18n, grid.same_as, line = line).to_string());
    }
    Some(said.join(" · "))
}

#[component]
fn Row(at: u32, row: GridRow, active: RwSignal<(u32, usize)>, scroll: Scroll, template: Signal<String>) -> impl IntoView {
    let look = match row.problem.map(|problem| problem.severity) {
        Some(Severity::Error) => "is-rejected",
        Some(_) => "is-warned",
        None if row.same_as_line.is_some() => "is-repeated",
        None => "",
    };
    let cell = move |(column, cell): (usize, GridCell)| {
        let GridCell { text, mended, problem } = cell;
        let is_phone_notice = matches!(problem, Some(CellProblem { code: ProblemCode::CountryCodeAdded, .. }));
        let (look, icon) = match problem.map(|problem| problem.severity) {
            Some(Severity::Error) => ("cell-error", Some("icon-[lucide--circle-x]")),
            Some(Severity::Warning) => ("cell-warning", Some("icon-[lucide--triangle-alert]")),
            Some(Severity::Notice) if !is_phone_notice => ("cell-notice", Some("icon-[lucide--wand-sparkles]")),
            _ => ("", None),
        };
        let shown: String = text.chars().take(120).collect();
        view! {
            <span
                class=format!("grid-cell {look}")
                role="gridcell"
                id=format!("cell-{at}-{column}")
                title=mended
                aria-invalid=problem.is_some_and(|problem| problem.severity != Severity::Notice).then_some("true")
                on:click=move |_| active.set((at, column))
            >
                {icon.map(|name| view! { <Icon name=name class="size-4" /> })}
                <span class="truncate">{shown}</span>
            </span>
        }
    };
    view! {
        <div
            class=format!("row-grid-row {look}")
            role="row"
            aria-rowindex=at + 2
            style=move || format!("{}; transform: translateY({}px)", template.get(), scroll.place(at))
        >
            <span role="rowheader" class="grid-cell text-soft tabular-nums">{row.line}</span>
            {row.cells.into_iter().enumerate().map(cell).collect_view()}
        </div>
    }
}
