//! The columns step: the field of each column, the list the contacts are added to, and what happens
//! to those that exist (G15, G18 to G20).

mod column_row;
mod destination;
mod exceptions;
mod field_choice;
mod last_time;
mod new_field;
mod own_fields;
mod permission;

use alta_domain::{ErrorCode, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::no_file::NoFile;
use crate::api::onboarding::targets;
use crate::api::read;
use crate::frame::{StepPage, go_on};
use crate::importer::{CheckLedgerBar, ProblemPanel, use_session};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, Failed, Show, Skeleton, Tone, item, later, reactive,
};
use crate::words::{text, word};

use column_row::ColumnRow;
use destination::Destination;
use last_time::LastTime;
use own_fields::OwnFields;
use permission::Permission;

/// The page: every column with samples and its field; the counts of the check follow each change.
#[component]
pub(crate) fn ColumnsPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::Columns, error);
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

/// The button to the next step. It waits for a file, for a column that tells who a contact is, and
/// for the legal basis of a permission that is given.
#[component]
fn GoOn(on_press: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let is_blocked = Signal::derive(move || {
        !session.file.has_preview() || !session.check.has_identity() || session.lacks_basis()
    });
    let need = move || {
        let words = if session.check.has_identity() {
            word!(i18n, consent.need_basis)
        } else {
            word!(i18n, columns.identity_title)
        };
        is_blocked.get().then_some(words)
    };
    view! {
        <Button
            kind=ButtonKind::Primary
            disabled=is_blocked
            described_by="columns-need"
            on_press=on_press
        >
            {text!(i18n, common.go_on)}
        </Button>
        <span id="columns-need" class="sr-only">
            {reactive(need)}
        </span>
    }
}

/// The counts, the columns and choices, and the problems.
#[component]
fn Columns() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own = OwnFields::new();
    provide_context(own);
    let targets = read(targets);
    view! {
        <CheckLedgerBar />
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
                    Err(error) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
        <ProblemPanel />
    }
}

/// The columns, one below the other.
#[component]
fn ColumnList() -> impl IntoView {
    let session = use_session();
    let indices = Memo::new(move |_| {
        let indices = (0..session.check.column_count()).map(|index| index.to_string());
        indices.collect::<Vec<_>>()
    });
    // The keys are the indices from above, so that each of them is a number.
    let row = |index: String| view! { <ColumnRow index=index.parse().unwrap_or_default() /> };
    view! {
        <ul class="column-list">
            <Each keys=indices item=item(row) />
        </ul>
    }
}
