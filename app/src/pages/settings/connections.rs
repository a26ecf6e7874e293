//! Settings > Systems: the connections of the organization, and the manifests that the server's
//! owner added.

mod notices;
mod row;
mod rows;
mod runs;

use alta_domain::{Connection, ConnectionId, OwnManifest};
use leptos::prelude::*;

use self::row::Row;
use self::rows::ConnectionList;
use crate::api::systems::{connections, own_manifests};
use crate::api::{AppError, read};
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Each, EmptyState, LoadFailure, PageLink, Show, Skeleton, item, later,
    reactive,
};
use crate::words::{self, text, word};

/// The connections of the organization.
#[component]
pub(crate) fn ConnectionsPage() -> impl IntoView {
    let (all, own) = (read(connections), read(own_manifests));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=4 /> }
        }>
            {reactive(move || later(async move {
                match (all.answer().await, own.answer().await) {
                    (Ok(all), Ok(own)) => {
                        view! {
                            <All all=all />
                            <Own own=own />
                        }
                            .into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => failed(error),
                }
            }))}
        </Suspense>
    }
}

fn failed(error: AppError) -> AnyView {
    view! { <LoadFailure error=error /> }.into_any()
}

#[component]
fn All(all: Vec<Connection>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = ConnectionList::new(all);
    let keys = Memo::new(move |_| {
        rows.all
            .with(|all| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    });
    let row = move |key: String| {
        let id = ConnectionId(key.parse().unwrap_or_default());
        view! { <Row id=id rows=rows /> }
    };
    let refresh = Callback::new(move |()| rows.run(async || Ok(())));
    view! {
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || rows.error.get().map(|code| words::error(i18n, code)))}
        </p>
        <Show when=move || keys.with(Vec::is_empty)>
            <section class="panel">
                <EmptyState text=text!(i18n, connections.empty) />
            </section>
        </Show>
        <ul class="flex flex-col gap-6" id="connections">
            <Each keys=keys item=item(row) />
        </ul>
        <div class="flex flex-wrap gap-3">
            <PageLink href="/onboarding/systems" class="btn btn-outline min-h-11">
                {text!(i18n, connections.add)}
            </PageLink>
            <Button kind=ButtonKind::Quiet on_press=refresh id="refresh">
                {text!(i18n, connections.refresh)}
            </Button>
        </div>
    }
}

/// The manifests that the server's owner has added; nothing when there are none.
#[component]
fn Own(own: Vec<OwnManifest>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |OwnManifest { file, read }: OwnManifest| {
        let (name, message) = match read {
            Ok(name) => (Some(name), None),
            Err(message) => (None, Some(message)),
        };
        let words = move || {
            name.clone()
                .unwrap_or_else(|| word!(i18n, connections.unreadable).to_owned())
        };
        view! {
            <li class="flex flex-col gap-1 py-3">
                <span>
                    <code class="break-all">{file}</code>
                    " · "
                    <span class:text-bad=message.is_some()>{reactive(words)}</span>
                </span>
                {message
                    .map(|message| {
                        view! {
                            <pre class="overflow-x-auto text-sm text-soft" tabindex="0">
                                {message}
                            </pre>
                        }
                            .into_any()
                    })}
            </li>
        }
        .into_any()
    };
    (!own.is_empty()).then(|| {
        view! {
            <section class="panel flex flex-col gap-2" id="own-manifests">
                <h2 class="text-lg font-semibold">{text!(i18n, connections.own)}</h2>
                <p class="text-sm text-soft">{text!(i18n, connections.own_lead)}</p>
                <ul class="flex flex-col divide-y divide-base-300">
                    {own.into_iter().map(row).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}
