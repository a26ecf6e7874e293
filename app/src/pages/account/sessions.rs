//! The panel of open sessions, each with a button that ends it.

use alta_domain::{ErrorCode, OpenSession};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::account::{end_other_sessions, end_session, open_sessions};
use crate::api::read;
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Each, LoadFailure, Show, Skeleton, item, later, reactive};
use crate::words::{self, plural, text, word};

/// The panel of the open sessions, which it reads first.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let i18n = use_i18n();
    let sessions = read(open_sessions);
    view! {
        <section class="panel flex flex-col gap-4" id="sessions">
            <h2 class="text-lg font-semibold">{text!(i18n, account.sessions)}</h2>
            <Suspense fallback=|| {
                view! { <Skeleton lines=2 /> }
            }>
                {reactive(move || later(async move {
                    match sessions.answer().await {
                        Ok(sessions) => view! { <List sessions=sessions /> }.into_any(),
                        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </section>
    }
}

#[component]
fn List(sessions: Vec<OpenSession>) -> impl IntoView {
    let i18n = use_i18n();
    let sessions = RwSignal::new(sessions);
    let error = RwSignal::new(None::<ErrorCode>);
    let keys = move || {
        sessions.with(|sessions| {
            sessions
                .iter()
                .map(|session| session.id.clone())
                .collect::<Vec<_>>()
        })
    };
    let end = Callback::new(move |id: String| {
        spawn_local(async move {
            match end_session(id.clone()).await {
                Ok(()) => sessions.update(|sessions| sessions.retain(|session| session.id != id)),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let end_others = Callback::new(move |()| {
        spawn_local(async move {
            match end_other_sessions().await {
                Ok(()) => sessions.update(|sessions| sessions.retain(|session| session.is_this)),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let row = move |id: String| {
        let found = sessions
            .with_untracked(|sessions| sessions.iter().find(|session| session.id == id).cloned());
        found.map(|session| view! { <Row session=session end=end /> }.into_any())
    };
    view! {
        <p role="status">
            {reactive(move || { plural!(i18n, account.open, n = sessions.with(Vec::len)) })}
        </p>
        <ul class="flex flex-col divide-y divide-base-300">
            <Each keys=Memo::new(move |_| keys()) item=item(row) />
        </ul>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        <Show when=move || sessions.with(|sessions| sessions.len() > 1)>
            <div>
                <Button on_press=end_others>{text!(i18n, account.end)}</Button>
            </div>
        </Show>
    }
}

#[component]
fn Row(session: OpenSession, end: Callback<String>) -> impl IntoView {
    let i18n = use_i18n();
    let OpenSession {
        id,
        is_this,
        seen_at,
        from,
        browser,
        ..
    } = session;
    let known = browser.is_some();
    let seen = move || {
        word!(
            i18n,
            account.seen,
            date = format::moment(i18n.language(), seen_at)
        )
    };
    let press = Callback::new(move |()| end.run(id.clone()));
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3">
            <div class="flex min-w-0 flex-col">
                <span class="font-medium break-words">
                    {browser}
                    <Show when=move || !known>{text!(i18n, account.unknown_browser)}</Show>
                </span>
                <span class="text-sm text-soft">{reactive(seen)}" · "{from}</span>
            </div>
            {if is_this {
                view! { <span class="fact">{text!(i18n, account.this)}</span> }.into_any()
            } else {
                view! {
                    <Button kind=ButtonKind::Quiet on_press=press>
                        {text!(i18n, account.end_one)}
                    </Button>
                }
                    .into_any()
            }}
        </li>
    }
}
