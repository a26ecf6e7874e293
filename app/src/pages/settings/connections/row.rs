//! One connection: its state, its number of records, its last runs, and the actions on it.

use alta_domain::{Connection, ConnectionId, ConnectionState, Stream};
use leptos::prelude::*;

use super::notices::Notices;
use super::rows::ConnectionList;
use super::runs::Runs;
use crate::api::systems::{disconnect, pause_connection, sync_now};
use crate::format;
use crate::pages::FaultAlert;
use crate::reader::{Reader, use_i18n};
use crate::ui::{Alert, Button, ButtonKind, PageLink, Show, Tone, reactive};
use crate::words::{self, text, word};

#[component]
pub(super) fn Row(id: ConnectionId, rows: ConnectionList) -> impl IntoView {
    let i18n = use_i18n();
    let one = move || rows.get(id);
    let Some(Connection {
        slug,
        system,
        account,
        notices,
        ..
    }) = one()
    else {
        return ().into_any();
    };
    let name = if account == system {
        system
    } else {
        format!("{system} · {account}")
    };
    let key = slug.clone();
    let state = move || one().map_or(ConnectionState::Paused, |one| one.state);
    let holds = move |stream| view! { <Holds stream=stream id=id rows=rows /> }.into_any();
    view! {
        <li
            class="panel flex flex-col gap-4"
            data-connection=key
            data-state=move || state().as_str()
            data-running=move || one().is_some_and(|one| one.running).to_string()
        >
            <div class="flex flex-wrap items-baseline justify-between gap-3">
                <h2 class="text-lg font-semibold break-words">{name}</h2>
                <span class="fact">{reactive(move || words::connection_state(i18n, state()))}</span>
            </div>
            <ul class="flex flex-wrap gap-x-6 gap-y-1">
                {[Stream::Contacts, Stream::Transactions, Stream::Products]
                    .map(holds)
                    .collect_view()}
            </ul>
            <Status id=id rows=rows />
            <Actions id=id slug=slug rows=rows />
            <Show when=move || rows.to_disconnect.get() == Some(id)>
                <Disconnect id=id rows=rows />
            </Show>
            {notices.then(|| view! { <Notices id=id /> }.into_any())}
            <Runs id=id />
        </li>
    }
    .into_any()
}

/// The number of records that are gone from the system, the last and the next run, and the fault.
#[component]
fn Status(id: ConnectionId, rows: ConnectionList) -> impl IntoView {
    let i18n = use_i18n();
    let one = move || rows.get(id);
    view! {
        {reactive(move || {
            one()
                .and_then(|one| gone(i18n, one))
                .map(|gone| {
                    view! {
                        <p class="text-sm text-soft" data-gone>
                            {gone}
                        </p>
                    }
                        .into_any()
                })
        })}
        <p class="text-sm text-soft" role="status">
            {reactive(move || one().map(|one| last_run(i18n, &one)))}
            {reactive(move || one().and_then(|one| next_run(i18n, &one)))}
        </p>
        {reactive(move || {
            one()
                .and_then(|one| one.fault)
                .map(|note| view! { <FaultAlert note=note /> }.into_any())
        })}
    }
}

/// Returns a text that says how many records the system no longer has; `None` when there are none.
fn gone(i18n: Reader, connection: Connection) -> Option<String> {
    let Connection { gone, system, .. } = connection;
    let count = format::number(i18n.language(), u64::from(gone));
    (gone > 0).then(|| word!(i18n, connections.gone, system = system, count = count))
}

/// Returns a text that says when the last run ended, or that a run is in progress.
fn last_run(i18n: Reader, connection: &Connection) -> String {
    match (connection.running, connection.last_run) {
        (true, _) => word!(i18n, connect.reading).to_owned(),
        (false, Some(ended)) => {
            let date = format::moment(i18n.language(), ended);
            word!(i18n, connect.read_at, date = date)
        }
        (false, None) => word!(i18n, connections.never).to_owned(),
    }
}

/// Returns a text that says when the next run is due, with a space before it; `None` when none is
/// due.
fn next_run(i18n: Reader, connection: &Connection) -> Option<String> {
    let date = format::moment(i18n.language(), connection.next_run?);
    Some(format!(" {}", word!(i18n, connections.next, date = date)))
}

/// The buttons of a connection: run, pause or resume, connect anew, disconnect.
#[component]
fn Actions(id: ConnectionId, slug: String, rows: ConnectionList) -> impl IntoView {
    let i18n = use_i18n();
    let paused = move || {
        rows.get(id)
            .is_none_or(|one| one.state == ConnectionState::Paused)
    };
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
    let ask = Callback::new(move |()| rows.to_disconnect.set(Some(id)));
    view! {
        <div class="flex flex-wrap gap-2">
            <Show when=move || !paused()>
                <Button on_press=now>{text!(i18n, connections.sync_now)}</Button>
            </Show>
            <Button on_press=switch>
                {reactive(move || {
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
    }
}

/// The number of records of a stream that a connection has brought.
#[component]
fn Holds(stream: Stream, id: ConnectionId, rows: ConnectionList) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || rows.get(id).map_or(0, |one| one.holds.of(stream));
    view! {
        <li>
            <span class="font-semibold tabular-nums" data-stream=stream.as_str() data-records=count>
                {reactive(move || format::number(i18n.language(), u64::from(count())))}
            </span>
            " "
            {reactive(move || words::counted_stream(i18n, stream, count()))}
        </li>
    }
}

/// The question whether a connection ends with its contacts or without them.
#[component]
fn Disconnect(id: ConnectionId, rows: ConnectionList) -> impl IntoView {
    let i18n = use_i18n();
    let end = move |remove_contacts: bool| {
        Callback::new(move |()| {
            rows.to_disconnect.set(None);
            rows.run(async move || {
                disconnect(id, remove_contacts)
                    .await
                    .map_err(|failed| failed.code)
            });
        })
    };
    let keep = Callback::new(move |()| rows.to_disconnect.set(None));
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
