//! What each column is, where the contacts go, and what happens to those that exist (G15, G18 to
//! G20).

mod column_row;
mod destination;
mod exceptions;
mod new_field;
mod permission;

use alta_domain::{ErrorCode, Field, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use crate::api::onboarding::targets;
use crate::api::read;
use crate::frame::{StepPage, go_on};
use crate::importer::{CheckLedgerBar, ProblemPanel, use_session};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, EmptyState, Failed, Show, Skeleton, Tone, item, later,
    reactive,
};
use crate::words::{text, word};

use column_row::ColumnRow;
use destination::Destination;
use permission::Permission;

/// The organization's own fields, as far as this page knows them.
#[derive(Clone, Copy)]
struct OwnFields(RwSignal<Vec<Field>>);

/// Every column with samples and its field; the counts follow live.
#[component]
pub(crate) fn ColumnsPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::Columns, error);
    let has_file = move || session.preview.with(Option::is_some);
    let blocked =
        Signal::derive(move || !has_file() || !session.has_identity() || session.lacks_basis());
    let need = move || {
        let words = if session.has_identity() {
            word!(i18n, consent.need_basis)
        } else {
            word!(i18n, columns.identity_title)
        };
        blocked.get().then_some(words)
    };
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match session.keep().await {
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
            primary=move || {
                view! {
                    <Button
                        kind=ButtonKind::Primary
                        disabled=blocked
                        described_by="columns-need"
                        on_press=save
                    >
                        {text!(i18n, common.go_on)}
                    </Button>
                    <span id="columns-need" class="sr-only">
                        {reactive(need)}
                    </span>
                }
            }
        >
            <Show when=has_file fallback=|| view! { <NoFile /> }>
                <Columns />
            </Show>
        </StepPage>
    }
}

/// The browser does not keep the file over a reload: the way back to it.
#[component]
pub(super) fn NoFile() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let remembered = session
        .kept
        .with_value(|kept| kept.as_ref().map(|(name, _)| name.clone()));
    let words = move || match &remembered {
        Some(name) => word!(i18n, file.remembered, name = name.clone()),
        None => word!(i18n, file.none_lead).to_owned(),
    };
    view! {
        <section class="panel flex flex-col gap-2">
            <h2 class="text-lg font-semibold">{text!(i18n, file.none_title)}</h2>
            <EmptyState text=Signal::derive(words)>
                <A href=Step::File.path() attr:class="btn btn-outline min-h-11">
                    {text!(i18n, file.go_file)}
                </A>
            </EmptyState>
        </section>
    }
}

#[component]
fn Columns() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own = OwnFields(RwSignal::default());
    provide_context(own);
    let known = read(targets);
    let indices = move || {
        session.mapping.with(|mapping| {
            mapping.as_ref().map_or_else(Vec::new, |mapping| {
                (0..mapping.columns.len())
                    .map(|at| at.to_string())
                    .collect::<Vec<_>>()
            })
        })
    };
    view! {
        <CheckLedgerBar />
        <Show when=move || !session.has_identity()>
            <Alert tone=Tone::Decide title=text!(i18n, columns.identity_title)>
                <p class="max-w-2xl">{text!(i18n, columns.identity)}</p>
            </Alert>
        </Show>
        <Suspense fallback=|| {
            view! { <Skeleton lines=6 /> }
        }>
            {reactive(move || later(async move {
                match known.answer().await {
                    Ok((fields, lists)) => {
                        own.0.set(fields);
                        view! {
                            <ul class="column-list">
                                <Each
                                    keys=Memo::new(move |_| indices())
                                    item=item(|index| {
                                        view! {
                                            <ColumnRow index=index.parse().unwrap_or_default() />
                                        }
                                    })
                                />
                            </ul>
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
