//! The progress of a connection's first run: counts that rise, and the fault that ends the run.

use std::time::Duration;

use alta_domain::{ConnectForm, Connection, ConnectionId, ConnectionState, Stream};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fault_alert::FaultAlert;
use super::streams::stream_icon;
use crate::api::systems::{connection, sync_now};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive};
use crate::words::{self, plural, text, word};

/// The time between two requests for the connection.
const POLL_INTERVAL: Duration = Duration::from_millis(1200);

/// A connection that is requested again and again while the server reads it.
#[derive(Clone, Copy)]
struct PolledConnection {
    id: ConnectionId,
    latest: RwSignal<Option<Connection>>,
    /// True while the component is on the page; false ends the requests.
    is_shown: StoredValue<bool>,
}

impl PolledConnection {
    fn new(id: ConnectionId, first: Option<Connection>) -> Self {
        let is_shown = StoredValue::new(true);
        on_cleanup(move || is_shown.try_set_value(false).map_or((), drop));
        Self {
            id,
            latest: RwSignal::new(first),
            is_shown,
        }
    }

    /// Requests the connection until no run is in progress or due.
    fn poll(self) {
        spawn_local(async move {
            while self.is_shown.try_get_value() == Some(true) {
                if let Ok(now) = connection(self.id).await {
                    let is_idle = is_idle(&now);
                    let _ = self.latest.try_set(Some(now));
                    if is_idle {
                        return;
                    }
                }
                gloo_timers::future::sleep(POLL_INTERVAL).await;
            }
        });
    }

    /// Makes the server read the system again now.
    fn sync(self) {
        spawn_local(async move {
            if sync_now(self.id).await.is_ok() {
                self.poll();
            }
        });
    }

    /// Returns true when the connection is loaded and the condition holds for it.
    fn is(self, condition: fn(&Connection) -> bool) -> bool {
        self.latest
            .with(|latest| latest.as_ref().is_some_and(condition))
    }

    /// Returns the name of the account in the system.
    fn account(self) -> String {
        self.latest.with(|latest| {
            latest
                .as_ref()
                .map(|connection| connection.account.clone())
                .unwrap_or_default()
        })
    }

    /// Returns the number of records that were set aside because they could not be stored.
    fn set_aside(self) -> u32 {
        self.latest.with(|latest| {
            latest
                .as_ref()
                .map_or(0, |connection| connection.holds.set_aside)
        })
    }

    /// Returns the number of records of a stream that the run has stored up to now.
    fn records(self, stream: Stream) -> u32 {
        self.latest.with(|latest| {
            latest
                .as_ref()
                .map_or(0, |connection| connection.holds.of(stream))
        })
    }
}

/// Returns true when no run of the connection is in progress or due.
fn is_idle(connection: &Connection) -> bool {
    let is_not_due = connection
        .next_run
        .is_none_or(|due| connection.last_run.is_some_and(|ended| due > ended));
    !connection.running && is_not_due
}

/// The connection with its counts, requested again and again while the server reads it.
#[component]
pub(super) fn Progress(
    id: ConnectionId,
    form: RwSignal<ConnectForm>,
    connected: RwSignal<Option<ConnectionId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let first = form.with_untracked(|form| form.connection.clone());
    let polled = PolledConnection::new(id, first);
    Effect::new(move |_| polled.poll());
    let count = move |stream| view! { <Count stream=stream polled=polled /> }.into_any();
    let streams = form.with_untracked(|form| form.streams.clone()).into_iter();
    let fault = move || {
        let latest = polled.latest.get();
        let note = latest.and_then(|connection| connection.fault);
        note.map(|note| view! { <FaultAlert note=note /> }.into_any())
    };
    let has_ended = |connection: &Connection| !connection.running && connection.last_run.is_some();
    view! {
        <section
            class="panel flex flex-col gap-4"
            id="progress"
            data-rests=move || polled.is(has_ended).to_string()
        >
            <h2 class="flex flex-wrap items-center gap-2 text-lg font-semibold">
                <Icon name="icon-[lucide--circle-check-big]" class="text-good" />
                {text!(i18n, connect.connected, account = polled.account())}
            </h2>
            <ReadingState polled=polled />
            <ul class="flex flex-wrap gap-x-10 gap-y-4">{streams.map(count).collect_view()}</ul>
            <SetAside polled=polled />
            {reactive(fault)}
            <Show when=move || polled.is(|it| it.state == ConnectionState::Failed)>
                <WaysOut polled=polled form=form connected=connected />
            </Show>
            <p class="text-sm text-soft">{text!(i18n, connect.background)}</p>
        </section>
    }
}

/// The text that says that the system is being read, or when it was read; nothing after a failure.
#[component]
fn ReadingState(polled: PolledConnection) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match polled.latest.get() {
        Some(connection) if connection.state == ConnectionState::Failed => String::new(),
        Some(Connection {
            running: false,
            last_run: Some(ended),
            ..
        }) => {
            let date = format::moment(i18n.language(), ended);
            word!(i18n, connect.read_at, date = date)
        }
        _ => word!(i18n, connect.reading).to_owned(),
    };
    view! {
        <p role="status" class="text-soft">
            {reactive(words)}
        </p>
    }
}

/// The number of records that were set aside; nothing when there are none.
#[component]
fn SetAside(polled: PolledConnection) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || plural!(i18n, connect.aside, n = polled.set_aside());
    view! {
        <Show when={move || polled.set_aside() > 0}>
            <p class="text-sm text-soft">{reactive(words)}</p>
        </Show>
    }
}

/// The buttons after a failure: enter the credentials again, or read again with the same
/// credentials.
#[component]
fn WaysOut(
    polled: PolledConnection,
    form: RwSignal<ConnectForm>,
    connected: RwSignal<Option<ConnectionId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let reconnect = Callback::new(move |()| {
        form.update(|form| form.connection = polled.latest.get_untracked());
        connected.set(None);
    });
    let retry = Callback::new(move |()| polled.sync());
    view! {
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary on_press=reconnect id="reconnect">
                {text!(i18n, connect.again)}
            </Button>
            <Button on_press=retry>{text!(i18n, common.retry)}</Button>
        </div>
    }
}

/// The number of records of one stream that were read.
#[component]
fn Count(stream: Stream, polled: PolledConnection) -> impl IntoView {
    let i18n = use_i18n();
    let records = move || polled.records(stream);
    view! {
        <li class="flex min-w-32 flex-col gap-1">
            <span class="flex items-center gap-2 text-soft">
                <Icon name=stream_icon(stream) class="size-4" />
                {reactive(move || words::stream(i18n, stream))}
            </span>
            <span
                class="text-3xl font-semibold tabular-nums"
                data-stream=stream.as_str()
                data-records=records
            >
                {reactive(move || format::number(i18n.language(), u64::from(records())))}
            </span>
        </li>
    }
}
