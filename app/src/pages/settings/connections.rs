//! Settings > Systems: each connection with what it holds, what keeps it, its runs, and what can be
//! done with it.

mod notices;
mod runs;

use alta_domain::{Connection, ConnectionId, ConnectionState, ErrorCode, OwnManifest, Stream};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::notices::Notices;
use self::runs::Runs;
use crate::api::read;
use crate::api::systems::{connections, disconnect, own_manifests, pause_connection, sync_now};
use crate::format;
use crate::pages::FaultAlert;
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, EmptyState, Failed, PageLink, Show, Skeleton, Tone, item,
    later, live,
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
            {live(move || later(async move {
                match (all.answer().await, own.answer().await) {
                    (Ok(all), Ok(own)) => {
                        view! {
                            <All all=all />
                            <Own own=own />
                        }
                            .into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The list, and what its rows share.
#[derive(Clone, Copy)]
struct Rows {
    all: RwSignal<Vec<Connection>>,
    error: RwSignal<Option<ErrorCode>>,
    /// The one that is to end, once that is confirmed.
    doomed: RwSignal<Option<ConnectionId>>,
}

impl Rows {
    /// Runs a call, then reads the list again.
    fn run(self, call: impl AsyncFnOnce() -> Result<(), ErrorCode> + 'static) {
        self.error.set(None);
        spawn_local(async move {
            let done = call().await;
            match (done, connections().await) {
                (Ok(()), Ok(all)) => self.all.set(all),
                (Err(code), _) => self.error.set(Some(code)),
                (_, Err(failed)) => self.error.set(Some(failed.code)),
            }
        });
    }
}

#[component]
fn All(all: Vec<Connection>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Rows {
        all: RwSignal::new(all),
        error: RwSignal::default(),
        doomed: RwSignal::default(),
    };
    let keys = Memo::new(move |_| {
        rows.all
            .with(|all| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    });
    let row = move |key: String| view! { <Row id=ConnectionId(key.parse().unwrap_or_default()) rows=rows /> };
    let refresh = Callback::new(move |()| rows.run(async || Ok(())));
    view! {
        <p class="text-sm text-bad empty:hidden" role="alert">
            {live(move || rows.error.get().map(|code| words::error(i18n, code)))}
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

/// The manifests that the server's owner has added; nothing where there are none.
#[component]
fn Own(own: Vec<OwnManifest>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |OwnManifest { file, read }: OwnManifest| {
        let (name, message) = match read {
            Ok(name) => (Some(name), None),
            Err(message) => (None, Some(message)),
        };
        let said = move || {
            name.clone()
                .unwrap_or_else(|| word!(i18n, connections.unreadable).to_owned())
        };
        view! {
            <li class="flex flex-col gap-1 py-3">
                <span>
                    <code class="break-all">{file}</code>
                    " · "
                    <span class:text-bad=message.is_some()>{live(said)}</span>
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

#[component]
fn Row(id: ConnectionId, rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let one = move || {
        rows.all
            .with(|all| all.iter().find(|one| one.id == id).cloned())
    };
    let Some(first) = one() else {
        return ().into_any();
    };
    let Connection {
        slug,
        system,
        account,
        notices,
        ..
    } = first;
    let name = if account == system {
        system
    } else {
        format!("{system} · {account}")
    };
    let state = move || one().map_or(ConnectionState::Paused, |one| one.state);
    let paused = move || state() == ConnectionState::Paused;
    let said = move || {
        let Some(one) = one() else {
            return String::new();
        };
        let at = |time: i64| format::moment(i18n.language(), time);
        match (one.running, one.last_run) {
            (true, _) => word!(i18n, connect.reading).to_owned(),
            (false, Some(ended)) => word!(i18n, connect.read_at, date = at(ended)),
            (false, None) => word!(i18n, connections.never).to_owned(),
        }
    };
    let next = move || {
        one().and_then(|one| one.next_run).map(|due| {
            format!(
                " {}",
                word!(
                    i18n,
                    connections.next,
                    date = format::moment(i18n.language(), due)
                )
            )
        })
    };
    let gone = move || {
        let Connection { gone, system, .. } = one().filter(|one| one.gone > 0)?;
        Some(word!(
            i18n,
            connections.gone,
            system = system,
            count = format::number(i18n.language(), u64::from(gone))
        ))
    };
    let holds = move |stream| view! { <Holds stream=stream id=id rows=rows /> }.into_any();
    let now = Callback::new(move |()| {
        rows.run(async move || sync_now(id).await.map_err(|failed| failed.code));
    });
    let switch = Callback::new(move |()| {
        let pause = !paused();
        rows.run(async move || {
            pause_connection(id, pause)
                .await
                .map_err(|failed| failed.code)
        });
    });
    let ask = Callback::new(move |()| rows.doomed.set(Some(id)));
    view! {
        <li
            class="panel flex flex-col gap-4"
            data-connection=slug.clone()
            data-state=move || state().as_str()
            data-running=move || one().is_some_and(|one| one.running).to_string()
        >
            <div class="flex flex-wrap items-baseline justify-between gap-3">
                <h2 class="text-lg font-semibold break-words">{name}</h2>
                <span class="fact">{live(move || words::connection_state(i18n, state()))}</span>
            </div>
            <ul class="flex flex-wrap gap-x-6 gap-y-1">
                {[Stream::Contacts, Stream::Transactions, Stream::Products]
                    .map(holds)
                    .collect_view()}
            </ul>
            {live(move || {
                gone()
                    .map(|said| {
                        view! {
                            <p class="text-sm text-soft" data-gone>
                                {said}
                            </p>
                        }
                            .into_any()
                    })
            })}
            <p class="text-sm text-soft" role="status">
                {live(said)}
                {live(next)}
            </p>
            {live(move || {
                one()
                    .and_then(|one| one.fault)
                    .map(|note| view! { <FaultAlert note=note /> }.into_any())
            })}
            <div class="flex flex-wrap gap-2">
                <Show when=move || !paused()>
                    <Button on_press=now>{text!(i18n, connections.sync_now)}</Button>
                </Show>
                <Button on_press=switch>
                    {live(move || {
                        if paused() {
                            word!(i18n, connections.resume)
                        } else {
                            word!(i18n, connections.pause)
                        }
                    })}
                </Button>
                <PageLink
                    href=format!("/onboarding/connect/{slug}?again={id}")
                    class="btn btn-ghost min-h-11"
                >
                    {text!(i18n, connect.again)}
                </PageLink>
                <Button kind=ButtonKind::Quiet on_press=ask>
                    {text!(i18n, connections.disconnect)}
                </Button>
            </div>
            <Show when=move || rows.doomed.get() == Some(id)>
                <Disconnect id=id rows=rows />
            </Show>
            {notices.then(|| view! { <Notices id=id /> }.into_any())}
            <Runs id=id />
        </li>
    }
    .into_any()
}

/// How many records of a kind a connection has brought.
#[component]
fn Holds(stream: Stream, id: ConnectionId, rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || {
        rows.all.with(|all| {
            all.iter()
                .find(|one| one.id == id)
                .map_or(0, |one| one.holds.of(stream))
        })
    };
    view! {
        <li>
            <span class="font-semibold tabular-nums" data-stream=stream.as_str() data-records=count>
                {live(move || format::number(i18n.language(), u64::from(count())))}
            </span>
            " "
            {live(move || words::counted_stream(i18n, stream, count()))}
        </li>
    }
}

/// Ends a connection, with its contacts or without.
#[component]
fn Disconnect(id: ConnectionId, rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let end = move |remove_contacts: bool| {
        Callback::new(move |()| {
            rows.doomed.set(None);
            rows.run(async move || {
                disconnect(id, remove_contacts)
                    .await
                    .map_err(|failed| failed.code)
            });
        })
    };
    let keep = Callback::new(move |()| rows.doomed.set(None));
    view! {
        <Alert tone=Tone::Decide title=text!(i18n, connections.disconnect_title)>
            <p class="max-w-2xl">{text!(i18n, connections.disconnect_lead)}</p>
            <div class="flex flex-wrap gap-2">
                <Button on_press=end(false) id="keep-contacts">
                    {text!(i18n, connections.keep)}
                </Button>
                <Button on_press=end(true) id="remove-contacts">
                    {text!(i18n, connections.remove)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=keep>
                    {text!(i18n, common.cancel)}
                </Button>
            </div>
        </Alert>
    }
}
