//! The rows that a number of an import's ledger counts.

use alta_domain::{
    ErrorCode, ImportId, ImportState, LedgerPlace, LedgerRow, ProblemCode, ValueChange,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::AppError;
use crate::api::import_page::{ROWS, import_rows};
use crate::pages::value_change::Change;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, EmptyState, LoadFailure, PageLink, Show, reactive};
use crate::words::{self, Reader, text, word};

/// The rows of an import that are listed: those of one number of its ledger, and of one problem if
/// there is one.
#[derive(Clone, Copy)]
pub(super) struct RowsOf {
    pub(super) place: LedgerPlace,
    /// The reason for which the records were rejected; `None` for any reason.
    pub(super) problem: Option<ProblemCode>,
}

impl RowsOf {
    /// Returns the choice of the records that were rejected for a reason.
    pub(super) fn rejected_for(problem: ProblemCode) -> Self {
        Self {
            place: LedgerPlace::Rejected,
            problem: Some(problem),
        }
    }

    /// Returns the address of the page that lists these rows.
    pub(super) fn path(self, import: ImportId) -> String {
        let place = self.place.as_str();
        let problem = self
            .problem
            .map(|code| format!("&problem={}", code.as_str()));
        format!(
            "/imports?id={import}&show={place}{}#rows",
            problem.unwrap_or_default()
        )
    }
}

/// The list of an import's rows.
#[component]
pub(super) fn Rows(
    import: ImportId,
    of: RowsOf,
    state: ImportState,
    first: Result<Vec<LedgerRow>, AppError>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || match of.problem {
        Some(code) => format!("{}: {}", name(i18n, of.place), words::problem(i18n, code)),
        None => name(i18n, of.place).to_owned(),
    };
    let help = (of.place == LedgerPlace::Dropped)
        .then(|| view! { <p class="text-soft">{text!(i18n, imports.dropped_help)}</p> }.into_any());
    let body = match first {
        Ok(first) => view! { <List import=import of=of first=first state=state /> }.into_any(),
        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
    };
    view! {
        <section class="panel flex flex-col gap-3" id="rows" data-place=of.place.as_str()>
            <h2 class="text-lg font-semibold">{reactive(name)}</h2>
            {help} {body}
        </section>
    }
}

/// Returns the name of a place in the ledger.
fn name(i18n: Reader, place: LedgerPlace) -> &'static str {
    match place {
        LedgerPlace::New => word!(i18n, ledger.new),
        LedgerPlace::Updated => word!(i18n, ledger.updated),
        LedgerPlace::Unchanged => word!(i18n, ledger.unchanged),
        LedgerPlace::Merged => word!(i18n, ledger.merged),
        LedgerPlace::Rejected => word!(i18n, ledger.rejected),
        LedgerPlace::Dropped => word!(i18n, ledger.dropped),
    }
}

#[component]
fn List(import: ImportId, of: RowsOf, first: Vec<LedgerRow>, state: ImportState) -> impl IntoView {
    let i18n = use_i18n();
    let is_full = RwSignal::new(first.len() as u64 == ROWS);
    let rows = RwSignal::new(first);
    let error = RwSignal::new(None::<ErrorCode>);
    let busy = RwSignal::new(false);
    let more = Callback::new(move |()| {
        busy.set(true);
        let last = rows.with_untracked(|rows| rows.last().map(|row| row.cursor));
        spawn_local(async move {
            match import_rows(import, of.place, of.problem, last).await {
                Ok(more) => {
                    is_full.set(more.len() as u64 == ROWS);
                    rows.update(|rows| rows.extend(more));
                }
                Err(failed) => error.set(Some(failed.code)),
            }
            busy.set(false);
        });
    });
    let row = move |row: LedgerRow| view! { <Row row=row place=of.place /> }.into_any();
    let none = move || {
        match of.place {
            LedgerPlace::Dropped => word!(i18n, imports.no_lines),
            _ if state == ImportState::Undone => word!(i18n, imports.rows_undone),
            _ => word!(i18n, imports.no_rows),
        }
        .to_owned()
    };
    view! {
        <Show when=move || rows.with(Vec::is_empty)>
            <EmptyState text=Signal::derive(none) />
        </Show>
        <ul class="flex flex-col divide-y divide-base-300 empty:hidden" id="ledger-rows">
            {reactive(move || rows.get().into_iter().map(row).collect_view())}
        </ul>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        <Show when=move || is_full.get()>
            <div>
                <Button kind=ButtonKind::Plain busy=busy on_press=more>
                    {text!(i18n, contacts.more)}
                </Button>
            </div>
        </Show>
    }
}

/// A contact as a link to its card, or a record with its line; with the changes, or the reason why
/// the record was rejected.
#[component]
fn Row(row: LedgerRow, place: LedgerPlace) -> impl IntoView {
    let i18n = use_i18n();
    let LedgerRow {
        line,
        contact,
        changes,
        reason,
        cells,
        ..
    } = row;
    let is_gone = place != LedgerPlace::Dropped && contact.is_none() && reason.is_none();
    let line = line.map(|line| {
        view! { <span class="text-soft tabular-nums">{text!(i18n, effect.line, n = line)}</span> }
            .into_any()
    });
    let joined = (place == LedgerPlace::Merged && contact.is_some())
        .then(|| view! { <span class="text-soft">{text!(i18n, imports.joined)}</span> }.into_any());
    let contact = contact.map(|contact| {
        view! {
            <PageLink
                href=format!("/contacts?id={}", contact.id)
                class="link flex min-h-11 items-center font-medium break-words"
            >
                {contact.name}
            </PageLink>
            <span class="text-sm break-all text-soft">{contact.known_by.join(" · ")}</span>
        }
        .into_any()
    });
    let change = |change: ValueChange| view! { <Change change=change /> }.into_any();
    let cell = |(header, cell): (String, String)| {
        view! {
            <span class="min-w-0 break-words">
                <span class="text-soft">{header}": "</span>
                {cell}
            </span>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-col gap-1 py-2">
            <div class="flex flex-wrap items-center gap-x-3">
                {line} {joined} {contact}
                {reason
                    .map(|code| {
                        view! {
                            <span class="font-medium text-bad" data-problem=code.as_str()>
                                {reactive(move || words::problem(i18n, code))}
                            </span>
                        }
                            .into_any()
                    })}
                {is_gone
                    .then(|| {
                        view! { <span class="text-soft">{text!(i18n, imports.gone)}</span> }
                            .into_any()
                    })}
            </div>
            <ul class="flex flex-col gap-1 text-sm empty:hidden">
                {changes.into_iter().map(change).collect_view()}
            </ul>
            <div class="flex flex-wrap gap-x-4 text-sm empty:hidden">
                {cells.into_iter().map(cell).collect_view()}
            </div>
        </li>
    }
}
