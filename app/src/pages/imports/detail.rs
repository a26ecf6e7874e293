//! The page of one import: its counts, the actions on it, the rows that a number counts, and the
//! decisions that were taken for it.

use alta_domain::{
    ErrorCode, ImportDetail, ImportId, ImportState, ImportSummary, LedgerRow, ProblemCode, Step,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::plan::PlanView;
use super::row::{name_of, state_words};
use super::rows::{Rows, RowsOf};
use crate::api::import_page::{import_detail, import_rows};
use crate::api::imports::import_again;
use crate::api::{AppError, read};
use crate::format;
use crate::frame::PageTitle;
use crate::importer::{
    ConflictsLink, LedgerOf, RejectsLink, UndoImport, Undoable, import_segments,
};
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Icon, LedgerBar, LoadFailure, PageLink, Skeleton, later, reactive,
};
use crate::words::{self, plural_text, text, word};

/// The page of an import, which it reads first, with the rows that its address names.
#[component]
pub(super) fn ImportView(id: ImportId, of: Option<RowsOf>) -> impl IntoView {
    let found = read(move || import_detail(id));
    // Read here and not in a component below: a Suspense inside another one would outlive it on the
    // server.
    let rows = of.map(|of| read(move || import_rows(id, of.place, of.problem, None)));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                let shown = match of.zip(rows) {
                    Some((of, rows)) => Some((of, rows.answer().await)),
                    None => None,
                };
                match found.answer().await {
                    Ok(detail) => {
                        view! { <Known detail=detail shown=shown /> }.into_any()
                    }
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

#[component]
fn Known(
    detail: ImportDetail,
    /// The chosen rows of the ledger, with their first page or the error; `None` when the address
    /// names no rows.
    shown: Option<(RowsOf, Result<Vec<LedgerRow>, AppError>)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ImportDetail {
        entry,
        problems,
        plan,
    } = detail;
    let is_admin = plan.is_some();
    let title = name_of(&entry);
    let is_file = entry.system.is_none();
    let summary = entry.summary;
    let actions = ActionsOf {
        id: summary.id,
        state: summary.state,
        rejected: summary.ledger.rejected,
        rejects_until: summary.rejects_until,
        conflicts: summary.conflicts,
        is_file,
    };
    let undo = Undoable::of(&summary);
    let (state, started, ledger) = (summary.state, summary.started_at, summary.ledger);
    let of = LedgerOf::new(&summary, is_admin);
    let lists = entry.lists.join(", ");
    let lists = (!lists.is_empty()).then(|| text!(i18n, imports.to_lists, lists = lists.clone()));
    let id = summary.id;
    view! {
        <div>
            <PageLink href="/imports" class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, imports.title)}
            </PageLink>
        </div>
        <PageTitle title=Signal::derive(move || title.clone()) />
        <section class="panel flex flex-col gap-5" id="import" data-state=state.as_str()>
            <p class="text-soft">
                {reactive(move || format::moment(i18n.language(), started))}" · "{entry.by}
                {reactive(move || {
                    let words = state_words(i18n, state);
                    (!words.is_empty()).then(|| format!(" · {words}"))
                })}
                {lists
                    .map(|lists| {
                        view! { <span>" · "{reactive(move || lists.get())}</span> }.into_any()
                    })}
            </p>
            <LedgerBar
                label=plural_text!(i18n, ledger.label, records = ledger.records)
                segments=Signal::derive(move || import_segments(i18n, ledger, of))
            />
            <Problems import=id problems=problems />
            {is_admin.then(|| view! { <Actions of=actions undo=undo /> }.into_any())}
        </section>
        {shown
            .map(|(of, first)| {
                view! { <Rows import=id of=of state=state first=first /> }.into_any()
            })}
        {plan.filter(|_| is_file).map(|plan| view! { <PlanView plan=plan /> }.into_any())}
    }
}

/// The reasons for which records were rejected, each with its number of records, which opens these
/// rows.
#[component]
fn Problems(import: ImportId, problems: Vec<(ProblemCode, u32)>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = move |(code, records): (ProblemCode, u32)| {
        let words = move || {
            let number = format::number(i18n.language(), u64::from(records));
            format!("{}: {number}", words::problem(i18n, code))
        };
        view! {
            <li data-problem=code.as_str()>
                <PageLink href=RowsOf::rejected_for(code).path(import) class="fact link min-h-11">
                    {reactive(words)}
                </PageLink>
            </li>
        }
        .into_any()
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div class="flex flex-col gap-2" id="import-problems">
                <h2 class="font-semibold">{text!(i18n, imports.problems)}</h2>
                <ul class="flex flex-wrap gap-2 text-sm">
                    {problems.into_iter().map(problem).collect_view()}
                </ul>
            </div>
        }
        .into_any()
    })
}

/// The facts about an import that its actions need.
#[derive(Clone, Copy)]
struct ActionsOf {
    id: ImportId,
    state: ImportState,
    rejected: u32,
    rejects_until: Option<i64>,
    conflicts: u32,
    /// True for an import of a file, false for an import of a system.
    is_file: bool,
}

/// The actions of an Admin on an import: decide its conflicts, download its rejects, import another
/// file the same way, undo it.
#[component]
fn Actions(of: ActionsOf, undo: Undoable) -> impl IntoView {
    let i18n = use_i18n();
    let error = RwSignal::new(None::<ErrorCode>);
    let ActionsOf {
        id,
        state,
        rejected,
        rejects_until,
        conflicts,
        is_file,
    } = of;
    let stands = matches!(state, ImportState::Finished | ImportState::Stopped);
    let again = Callback::new(move |()| {
        spawn_local(async move {
            match import_again(id).await {
                Ok(()) => {
                    let _ = location().set_href(Step::File.path());
                }
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let reload = Callback::new(|_: ImportSummary| {
        let _ = location().reload();
    });
    view! {
        <div class="flex flex-wrap gap-3 empty:hidden">
            {stands.then(|| view! { <ConflictsLink id=id conflicts=conflicts /> }.into_any())}
            {stands
                .then(|| {
                    view! { <RejectsLink id=id rejected=rejected until=rejects_until /> }.into_any()
                })}
            {is_file
                .then(|| {
                    view! {
                        <Button
                            kind=ButtonKind::Quiet
                            id="import-again"
                            icon="icon-[lucide--repeat]"
                            on_press=again
                        >
                            {text!(i18n, imports.again)}
                        </Button>
                    }
                        .into_any()
                })}
        </div>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        {(state == ImportState::Running)
            .then(|| {
                view! {
                    <p class="flex flex-wrap items-center gap-3">
                        <span>{reactive(move || word!(i18n, imports.running_help))}</span>
                        <PageLink href=Step::File.path() class="btn btn-outline min-h-11">
                            {text!(i18n, home.go_on)}
                        </PageLink>
                    </p>
                }
                    .into_any()
            })}
        <UndoImport of=undo on_undone=reload />
    }
}
