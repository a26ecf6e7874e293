//! The columns step: the field of each column, the list that contacts are added to, and what
//! happens to contacts that exist.

mod column_row;
mod destination;
mod exceptions;
mod field_choice;
mod last_time;
mod new_field;
mod own_fields;
mod permission;
mod search;

use alta_domain::{ErrorCode, Severity, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::no_file::NoFile;
use crate::api::onboarding::targets;
use crate::api::read;
use crate::frame::{StepPage, go_on};
use crate::importer::{CheckLedgerBar, LeftOutColumns, use_session};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, Icon, LoadFailure, Show, Skeleton, Tone, item, later, reactive,
};
use crate::words::{plural, text, word};

use column_row::ColumnRow;
use destination::Destination;
use last_time::LastTime;
use own_fields::OwnFields;
use permission::Permission;
use search::{ColumnSearch, MANY_COLUMNS, SearchColumns};

/// The page: every column with samples and its field. The counts of the check change with each
/// choice.
#[component]
pub(crate) fn ColumnsPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::Columns, error);
    provide_context(OwnFields::new());
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match session.keep_plan().await {
                Ok(()) => go_on(StepState::Done),
                Err(code) => error.set(Some(code)),
            }
        });
    });
    view! {
        <StepPage
            step=Step::Columns
            title=text!(i18n, columns.title)
            lead=text!(i18n, columns.lead)
            error=error
            primary=move || view! { <GoOn on_press=save /> }
        >
            <Show when=move || session.file.has_preview() fallback=|| view! { <NoFile /> }>
                <Columns />
            </Show>
        </StepPage>
    }
}

/// The button to the next step. It can't be pressed before a file is read, a column identifies
/// contacts and every permission has a legal basis, nor while the form for a new field is open.
#[component]
fn GoOn(on_press: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own: OwnFields = expect_context();
    let is_blocked = Signal::derive(move || {
        !session.file.has_preview()
            || !session.check.has_identity()
            || session.lacks_basis()
            || own.open_form().is_some()
    });
    let need = move || {
        let words = if !session.check.has_identity() {
            word!(i18n, columns.identity_title).to_owned()
        } else if let Some(column) = own.open_form() {
            let name = session.check.header(column);
            word!(i18n, columns.finish_field, column = name)
        } else {
            word!(i18n, consent.need_basis).to_owned()
        };
        (session.file.has_preview() && is_blocked.get()).then_some(words)
    };
    view! {
        <span id="columns-need" class="me-3 text-sm text-soft">
            {reactive(need)}
        </span>
        <Button
            kind=ButtonKind::Primary
            disabled=is_blocked
            described_by="columns-need"
            on_press=on_press
        >
            {text!(i18n, common.go_on)}
        </Button>
    }
}

/// The counts, the columns and choices, and the problems.
#[component]
fn Columns() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own: OwnFields = expect_context();
    let targets = read(targets);
    view! {
        <CheckLedgerBar />
        <ProblemsLeft />
        <LeftOutColumns />
        <Show when=move || !session.check.has_identity()>
            <Alert tone=Tone::Decide title=text!(i18n, columns.identity_title)>
                <p class="max-w-2xl">{text!(i18n, columns.identity)}</p>
            </Alert>
        </Show>
        <Suspense fallback=|| {
            view! { <Skeleton lines=6 /> }
        }>
            {reactive(move || later(async move {
                match targets.answer().await {
                    Ok((fields, lists)) => {
                        own.load(fields);
                        view! {
                            <ColumnList />
                            <LastTime lists=lists.clone() />
                            <Destination lists=lists />
                            <Permission />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// A line with the number of records that have problems, and the link back to the step that shows
/// them.
#[component]
fn ProblemsLeft() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let open = Memo::new(move |_| {
        let report = session.check.report();
        let problems = report.map(|report| report.problems).unwrap_or_default();
        let open = problems
            .iter()
            .filter(|problem| problem.severity != Severity::Notice);
        open.map(|problem| problem.records).sum::<u32>()
    });
    reactive(move || {
        let open = open.get();
        (open > 0).then(|| {
            view! {
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1" id="problems-left">
                    <Icon name="icon-[lucide--triangle-alert]" />
                    <span>{plural!(i18n, columns.problems_left, n = open)}</span>
                    <A href=Step::File.path() attr:class="link flex min-h-11 items-center">
                        {text!(i18n, columns.see_problems)}
                    </A>
                </p>
            }
            .into_any()
        })
    })
}

/// The columns, one below another.
#[component]
fn ColumnList() -> impl IntoView {
    let session = use_session();
    let search = ColumnSearch {
        text: RwSignal::default(),
        only_left_out: RwSignal::new(false),
    };
    let own: OwnFields = expect_context();
    let indices = Memo::new(move |_| search.indices(session.check, own));
    // The keys are the indices from above, so that each key is a number.
    let row = |index: String| view! { <ColumnRow index=index.parse().unwrap_or_default() /> };
    view! {
        <Show when=move || MANY_COLUMNS <= session.check.column_count()>
            <SearchColumns search=search />
        </Show>
        <ul class="column-list">
            <Each keys=indices item=item(row) />
        </ul>
    }
}
