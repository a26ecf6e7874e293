//! Records of an import that point at two contacts, decided one by one.

use alta_domain::{Candidate, Conflict, ContactId, ErrorCode, ImportId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use crate::api::imports::{CONFLICTS, conflicts, resolve_conflict};
use crate::api::read;
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, Failed, PageLink, Skeleton, Tone, item, later, live,
};
use crate::words::{self, text, word};

/// The first of them; those behind come when these are decided or passed over.
#[component]
pub(crate) fn ConflictsPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let import = ImportId(
        params
            .with_untracked(|params| params.get("id"))
            .and_then(|id| id.parse().ok())
            .unwrap_or(0),
    );
    let first = read(move || conflicts(import, 0));
    view! {
        <Page>
            <PageTitle title=text!(i18n, conflict.title) lead=text!(i18n, conflict.lead) />
            <Suspense fallback=|| {
                view! { <Skeleton lines=5 /> }
            }>
                {live(move || later(async move {
                    match first.answer().await {
                        Ok(found) => view! { <Decisions import=import first=found /> }.into_any(),
                        Err(error) => view! { <Failed error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </Page>
    }
}

#[component]
fn Decisions(import: ImportId, first: Vec<Conflict>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(first);
    let error = RwSignal::new(None::<ErrorCode>);
    let more = Callback::new(move |()| {
        let behind = open.with_untracked(|open| open.last().map_or(0, |conflict| conflict.record));
        spawn_local(async move {
            match conflicts(import, behind).await {
                Ok(next) => open.set(next),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let give = Callback::new(move |(record, contact): (u32, ContactId)| {
        spawn_local(async move {
            match resolve_conflict(import, record, contact).await {
                Ok(_) => {
                    error.set(None);
                    open.update(|open| open.retain(|conflict| conflict.record != record));
                    if open.with_untracked(Vec::is_empty) {
                        more.run(());
                    }
                }
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let keys = Memo::new(move |_| {
        open.with(|open| {
            open.iter()
                .map(|conflict| conflict.record.to_string())
                .collect::<Vec<_>>()
        })
    });
    let row = move |key: String| {
        let conflict = open.with_untracked(|open| {
            open.iter()
                .find(|conflict| conflict.record.to_string() == key)
                .cloned()
        })?;
        Some(view! { <ConflictView conflict=conflict give=give /> })
    };
    let is_full = move || open.with(|open| open.len() as u64 >= CONFLICTS);
    view! {
        <p class="text-sm text-bad empty:hidden" role="alert">
            {live(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        {live(move || {
            keys
                .with(Vec::is_empty)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Info title=text!(i18n, conflict.none)>
                            ""
                        </Alert>
                    }
                        .into_any()
                })
        })}
        <ul class="flex flex-col gap-6" id="conflicts">
            <Each keys=keys item=item(row) />
        </ul>
        <div class="flex flex-wrap gap-3">
            {live(move || {
                is_full()
                    .then(|| {
                        view! { <Button on_press=more>{text!(i18n, conflict.more)}</Button> }
                            .into_any()
                    })
            })} <PageLink href="/" class="btn btn-ghost min-h-11">
                {text!(i18n, notfound.home)}
            </PageLink>
        </div>
    }
}

/// The record, and whom it may go to.
#[component]
fn ConflictView(conflict: Conflict, give: Callback<(u32, ContactId)>) -> impl IntoView {
    let i18n = use_i18n();
    let Conflict {
        record,
        line,
        cells,
        candidates,
    } = conflict;
    let fact = |(name, value): (String, String)| {
        view! {
            <div class="flex min-w-0 flex-col">
                <dt class="text-sm text-soft">{name}</dt>
                <dd class="break-words">{value}</dd>
            </div>
        }
        .into_any()
    };
    let candidate = move |candidate: Candidate| {
        let Candidate {
            contact,
            shares,
            values,
        } = candidate;
        let known_by = move || {
            shares
                .iter()
                .map(|field| words::field(i18n, *field))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let who = values
            .first()
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        let value = move |(field, value): (alta_domain::BuiltInField, String)| {
            view! {
                <li class="break-words">
                    <span class="text-soft">{live(move || words::field(i18n, field))}": "</span>
                    {value}
                </li>
            }
            .into_any()
        };
        let press = Callback::new(move |()| give.run((record, contact)));
        view! {
            <li class="flex min-w-0 flex-col gap-3 rounded-box border border-base-300 p-4">
                <p class="text-sm text-soft">
                    {live(move || word!(i18n, conflict.shares, fields = known_by()))}
                </p>
                <ul class="flex flex-col gap-1">{values.into_iter().map(value).collect_view()}</ul>
                <div class="mt-auto">
                    <Button kind=ButtonKind::Plain on_press=press>
                        {text!(i18n, conflict.give, name = who.clone())}
                    </Button>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <li class="panel flex flex-col gap-4" data-record=record>
            <h2 class="font-semibold">{text!(i18n, conflict.line, n = line)}</h2>
            <dl class="grid gap-x-6 gap-y-2 sm:grid-cols-3">
                {cells.into_iter().map(fact).collect_view()}
            </dl>
            <ul class="grid gap-4 sm:grid-cols-2">
                {candidates.into_iter().map(candidate).collect_view()}
            </ul>
        </li>
    }
}
