//! One page for each chosen system: what is read from it, how to get the credentials, the
//! form, and the progress of the first run.

mod fault_alert;
mod form;
mod progress;
mod streams;

use alta_domain::{ConnectForm, ConnectionId, FaultKind, FaultNote, Language, Step};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::form::CredentialsForm;
use self::progress::Progress;
use self::streams::Streams;
use crate::api::read;
use crate::api::systems::connect_form;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{Icon, LoadFailure, PageLink, Skeleton, later, reactive};
use crate::words::text;

pub(crate) use self::fault_alert::FaultAlert;

/// The page of the system that the address names.
#[component]
pub(crate) fn ConnectPage() -> impl IntoView {
    let slug = use_params_map()
        .with_untracked(|params| params.get("slug"))
        .unwrap_or_default();
    let replaced = replaced_connection();
    let form = read(move || connect_form(slug.clone(), replaced));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                match form.answer().await {
                    Ok(form) => view! { <SystemPage form=form replaced=replaced /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// Returns the connection that gets new credentials, which the address names as `again`; `None`
/// when it names none.
fn replaced_connection() -> Option<ConnectionId> {
    use_query_map()
        .with_untracked(|query| query.get("again"))
        .and_then(|id| id.parse().ok())
        .map(ConnectionId)
}

/// Returns the fault with which the system's consent page sent the Admin back, which the address
/// names as `refused`; `None` when it names none.
fn refused_consent() -> Option<FaultNote> {
    use_query_map()
        .with_untracked(|query| query.get("refused"))
        .and_then(|word| FaultKind::parse(&word))
        .map(|kind| FaultNote {
            kind,
            message: String::new(),
            remedy: None,
        })
}

/// The streams that are read, then the form or the progress, then the links to other pages.
#[component]
fn SystemPage(form: ConnectForm, replaced: Option<ConnectionId>) -> impl IntoView {
    let i18n = use_i18n();
    let name = form.system.name.clone();
    let next = form.next.as_ref().map_or_else(
        || Step::File.path().to_owned(),
        |slug| format!("/onboarding/connect/{slug}"),
    );
    let connection = form.connection.as_ref().map(|connection| connection.id);
    let connected = RwSignal::new(connection.filter(|_| replaced.is_none()));
    let refused = RwSignal::new(refused_consent());
    let form = RwSignal::new(form);
    follow_language(form, replaced);
    let body = move || match connected.get() {
        Some(id) => view! { <Progress id=id form=form connected=connected /> }.into_any(),
        None => {
            view! { <CredentialsForm form=form refused=refused connected=connected /> }.into_any()
        }
    };
    view! {
        <PageTitle
            title=text!(i18n, connect.title, name = name.clone())
            lead=text!(i18n, connect.lead)
        />
        <Streams form=form />
        {reactive(body)}
        <div class="action-bar">
            <PageLink href=Step::Systems.path() class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, common.back)}
            </PageLink>
            <NextLink next=next connected=connected />
        </div>
    }
}

/// Reads the form again when the language changes, because the texts of a system come from the
/// server in the language of the account.
fn follow_language(form: RwSignal<ConnectForm>, replaced: Option<ConnectionId>) {
    let i18n = use_i18n();
    Effect::new(move |before: Option<Language>| {
        let language = i18n.language();
        if before.is_some_and(|before| before != language) {
            let slug = form.with_untracked(|form| form.system.slug.clone());
            spawn_local(async move {
                if let Ok(read) = connect_form(slug, replaced).await {
                    form.set(read);
                }
            });
        }
        language
    });
}

/// The link to the next page. Before the system is connected, the link is labelled 'later'.
#[component]
fn NextLink(next: String, connected: RwSignal<Option<ConnectionId>>) -> impl IntoView {
    let i18n = use_i18n();
    reactive(move || match connected.get() {
        Some(_) => view! {
            <div class="ms-auto">
                <PageLink href=next.clone() class="btn btn-primary min-h-11" id="next-page">
                    {text!(i18n, common.go_on)}
                </PageLink>
            </div>
        }
        .into_any(),
        None => view! {
            <PageLink href=next.clone() class="btn btn-ghost min-h-11" id="skip-system">
                {text!(i18n, common.later)}
            </PageLink>
        }
        .into_any(),
    })
}
