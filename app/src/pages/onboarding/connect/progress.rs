//! A connection as its first sync goes on: counts that rise, and what keeps it.

use std::time::Duration;

use alta_domain::{ConnectForm, Connection, ConnectionId, ConnectionState, Stream};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{FaultAlert, icon};
use crate::api::systems::{connection, sync_now};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive};
use crate::words::{self, plural, text, word};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1200);

/// The connection, looked at again and again while it is read.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Progress(
    id: ConnectionId,
    form: RwSignal<ConnectForm>,
    connected: RwSignal<Option<ConnectionId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = RwSignal::new(form.with_untracked(|form| form.connection.clone()));
    let is_here = StoredValue::new(true);
    on_cleanup(move || is_here.try_set_value(false).map_or((), drop));
    let look = move || {
        spawn_local(async move {
            while is_here.try_get_value() == Some(true) {
                if let Ok(now) = connection(id).await {
                    let rests = !now.running
                        && now
                            .next_run
                            .is_none_or(|due| now.last_run.is_some_and(|ended| due > ended));
                    let _ = known.try_set(Some(now));
                    if rests {
                        return;
                    }
                }
                gloo_timers::future::sleep(PAUSE).await;
            }
        });
    };
    Effect::new(move |_| look());
    let again = Callback::new(move |()| {
        spawn_local(async move {
            if sync_now(id).await.is_ok() {
                look();
            }
        });
    });
    let anew = Callback::new(move |()| {
        form.update(|form| form.connection = known.get_untracked());
        connected.set(None);
    });
    let is = move |wanted: fn(&Connection) -> bool| {
        known.with(|known| known.as_ref().is_some_and(wanted))
    };
    let item = move |stream| view! { <Count stream=stream known=known /> }.into_any();
    let said = move || match known.with(|known| {
        known
            .as_ref()
            .map(|known| (known.state, known.running, known.last_run))
    }) {
        Some((ConnectionState::Failed, ..)) => String::new(),
        Some((_, false, Some(ended))) => word!(
            i18n,
            connect.read_at,
            date = format::moment(i18n.language(), ended)
        ),
        _ => word!(i18n, connect.reading).to_owned(),
    };
    let account = move || {
        known
            .with(|known| known.as_ref().map(|known| known.account.clone()))
            .unwrap_or_default()
    };
    let aside = move || known.with(|known| known.as_ref().map_or(0, |known| known.holds.set_aside));
    view! {
        <section
            class="panel flex flex-col gap-4"
            id="progress"
            data-rests=move || is(|known| !known.running && known.last_run.is_some()).to_string()
        >
            <h2 class="flex flex-wrap items-center gap-2 text-lg font-semibold">
                <Icon name="icon-[lucide--circle-check-big]" class="text-good" />
                {text!(i18n, connect.connected, account = account())}
            </h2>
            <p role="status" class="text-soft">
                {reactive(said)}
            </p>
            <ul class="flex flex-wrap gap-x-10 gap-y-4">
                {form
                    .with_untracked(|form| form.streams.clone())
                    .into_iter()
                    .map(item)
                    .collect_view()}
            </ul>
            <Show when={move || aside() > 0}>
                <p class="text-sm text-soft">
                    {reactive(move || { plural!(i18n, connect.aside, n = aside()) })}
                </p>
            </Show>
            {reactive(move || {
                known
                    .with(|known| known.as_ref().and_then(|known| known.fault.clone()))
                    .map(|note| view! { <FaultAlert note=note /> }.into_any())
            })}
            <Show when=move || is(|known| known.state == ConnectionState::Failed)>
                <div class="flex flex-wrap gap-2">
                    <Button kind=ButtonKind::Primary on_press=anew id="reconnect">
                        {text!(i18n, connect.again)}
                    </Button>
                    <Button on_press=again>{text!(i18n, common.retry)}</Button>
                </div>
            </Show>
            <p class="text-sm text-soft">{text!(i18n, connect.background)}</p>
        </section>
    }
}

/// How many records of a kind there are by now.
#[component]
fn Count(stream: Stream, known: RwSignal<Option<Connection>>) -> impl IntoView {
    let i18n = use_i18n();
    let number = move || {
        known.with(|known| {
            known
                .as_ref()
                .map_or(0, |connection| connection.holds.of(stream))
        })
    };
    view! {
        <li class="flex min-w-32 flex-col gap-1">
            <span class="flex items-center gap-2 text-soft">
                <Icon name=icon(stream) class="size-4" />
                {reactive(move || words::stream(i18n, stream))}
            </span>
            <span
                class="text-3xl font-semibold tabular-nums"
                data-stream=stream.as_str()
                data-records=number
            >
                {reactive(move || format::number(i18n.language(), u64::from(number())))}
            </span>
        </li>
    }
}
