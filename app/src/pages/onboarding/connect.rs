//! One page for each system that was ticked (G7): what will be read, how to get the credentials,
//! the form, and the first sync as it goes.

mod form;
mod progress;

use alta_domain::{ConnectForm, ConnectionId, FaultKind, FaultNote, Step, Stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::form::CredentialsForm;
use self::progress::Progress;
use crate::api::read;
use crate::api::systems::connect_form;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{Alert, Failed, Icon, PageLink, Skeleton, Tone, later, reactive};
use crate::words::{self, text, word};

/// The page of the system that the address names.
#[component]
pub(crate) fn ConnectPage() -> impl IntoView {
    let slug = use_params_map()
        .with_untracked(|params| params.get("slug"))
        .unwrap_or_default();
    let again = again();
    let form = read(move || connect_form(slug.clone(), again));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                match form.answer().await {
                    Ok(form) => view! { <SystemPage form=form /> }.into_any(),
                    Err(error) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The connection that is to get new credentials, by the address.
fn again() -> Option<ConnectionId> {
    use_query_map()
        .with_untracked(|query| query.get("again"))
        .and_then(|id| id.parse().ok())
        .map(ConnectionId)
}

#[component]
fn SystemPage(form: ConnectForm) -> impl IntoView {
    let i18n = use_i18n();
    let (name, slug) = (form.system.name.clone(), form.system.slug.clone());
    let next = form.next.as_ref().map_or_else(
        || Step::File.path().to_owned(),
        |slug| format!("/onboarding/connect/{slug}"),
    );
    let is_real = form.system.tested_real;
    let again = again();
    let form = RwSignal::new(form);
    // What the manifest says comes in the language of the account.
    Effect::new(move |before: Option<alta_domain::Language>| {
        let language = i18n.language();
        if before.is_some_and(|before| before != language) {
            let slug = slug.clone();
            spawn_local(async move {
                if let Ok(read) = connect_form(slug, again).await {
                    form.set(read);
                }
            });
        }
        language
    });
    let refused = use_query_map()
        .with_untracked(|query| query.get("refused"))
        .and_then(|word| FaultKind::parse(&word));
    let refused = RwSignal::new(refused.map(|kind| FaultNote {
        kind,
        said: String::new(),
        remedy: None,
    }));
    let connected = RwSignal::new(
        form.with_untracked(|form| form.connection.as_ref().map(|one| one.id))
            .filter(|_| again.is_none()),
    );
    let tested = move || {
        if is_real {
            word!(i18n, connect.tested_real)
        } else {
            word!(i18n, connect.tested_documentation)
        }
    };
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
        <section class="panel flex flex-col gap-3">
            <h2 class="text-lg font-semibold">{text!(i18n, connect.reads)}</h2>
            <ul class="flex flex-wrap gap-2">
                {reactive(move || {
                    form.with(|form| form.streams.clone())
                        .into_iter()
                        .map(|stream| {
                            view! {
                                <li class="fact flex items-center gap-2">
                                    <Icon name=icon(stream) class="size-4" />
                                    {reactive(move || words::stream(i18n, stream))}
                                </li>
                            }
                                .into_any()
                        })
                        .collect_view()
                })}
            </ul>
            <p class="text-sm text-soft">{text!(i18n, connect.read_only)}" "{reactive(tested)}</p>
        </section>
        {reactive(body)}
        <div class="action-bar">
            <PageLink href=Step::Systems.path() class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, common.back)}
            </PageLink>
            {reactive(move || match connected.get() {
                Some(_) => {
                    view! {
                        <div class="ms-auto">
                            <PageLink
                                href=next.clone()
                                class="btn btn-primary min-h-11"
                                id="next-page"
                            >
                                {text!(i18n, common.go_on)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <PageLink href=next.clone() class="btn btn-ghost min-h-11" id="skip-system">
                            {text!(i18n, common.later)}
                        </PageLink>
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

/// The icon of a stream.
pub(crate) fn icon(stream: Stream) -> &'static str {
    match stream {
        Stream::Contacts => "icon-[lucide--users]",
        Stream::Transactions => "icon-[lucide--receipt-text]",
        Stream::Products | Stream::Prices => "icon-[lucide--package]",
    }
}

/// What keeps a system, and the way out.
#[component]
pub(crate) fn FaultAlert(note: FaultNote) -> impl IntoView {
    let i18n = use_i18n();
    let FaultNote { kind, said, remedy } = note;
    let tone = if kind.passes() {
        Tone::Decide
    } else {
        Tone::Bad
    };
    let what = move || {
        remedy
            .clone()
            .unwrap_or_else(|| words::fault_remedy(i18n, kind).to_owned())
    };
    view! {
        <Alert tone=tone title=Signal::derive(move || words::fault(i18n, kind).to_owned())>
            <p class="max-w-2xl">{reactive(what)}</p>
            {(!said.is_empty())
                .then(|| {
                    view! {
                        <p class="text-sm break-words text-soft">
                            {text!(i18n, connect.said)}" «"{said}"»"
                        </p>
                    }
                        .into_any()
                })}
        </Alert>
    }
}
