//! The audit log: who did what, when, from where.

use alta_domain::{AuditAction, AuditEntry, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::read;
use crate::api::team::{AUDIT_PAGE, audit_entries};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, EmptyState, Failed, Icon, Skeleton, heard, later, live};
use crate::words::{self, text};

/// The newest entries; older ones on demand.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let first = read(|| audit_entries(None, 0));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=6 /> }
        }>
            {live(move || later(async move {
                match first.answer().await {
                    Ok(entries) => view! { <Entries first=entries /> }.into_any(),
                    Err(error) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

#[component]
fn Entries(first: Vec<AuditEntry>) -> impl IntoView {
    let i18n = use_i18n();
    let more = RwSignal::new(first.len() as u64 >= AUDIT_PAGE);
    let entries = RwSignal::new(first);
    let action = RwSignal::new(None::<AuditAction>);
    let error = RwSignal::new(None::<ErrorCode>);
    let fetch = move |before: i64| {
        spawn_local(async move {
            match audit_entries(action.get_untracked(), before).await {
                Ok(next) => {
                    more.set(next.len() as u64 >= AUDIT_PAGE);
                    entries.update(|entries| {
                        if before == 0 {
                            entries.clear();
                        }
                        entries.extend(next);
                    });
                }
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    };
    let older = Callback::new(move |()| {
        fetch(entries.with_untracked(|entries| entries.last().map_or(0, |entry| entry.id)));
    });
    let choose = move |event| {
        action.set(AuditAction::parse(&event_target_value(&event)));
        fetch(0);
    };
    let option = move |action: &AuditAction| {
        let action = *action;
        view! { <option value=action.as_str()>{live(move || words::action(i18n, action))}</option> }
            .into_any()
    };
    let row = move |entry: AuditEntry| {
        let AuditEntry {
            at,
            actor,
            action,
            subject,
            from,
            ..
        } = entry;
        view! {
            <li
                class="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2"
                data-action=action.as_str()
            >
                <span class="w-40 text-sm text-soft tabular-nums">
                    {live(move || format::moment(i18n.language(), at))}
                </span>
                <span class="font-medium break-words">{actor}</span>
                <span>{live(move || words::action(i18n, action))}</span>
                <span class="min-w-0 break-all text-soft">{subject}</span>
                <span class="ms-auto text-sm text-soft">{from.unwrap_or_default()}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="panel flex flex-col gap-4" id="audit">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <select
                    class="select h-11 w-full sm:w-72"
                    aria-label=text!(i18n, settings.filter)
                    on:change=heard(choose)
                >
                    <option value="">{text!(i18n, settings.all_actions)}</option>
                    {AuditAction::ALL.iter().map(option).collect_view()}
                </select>
                <a
                    class="btn btn-outline min-h-11"
                    href="/api/team/audit.csv"
                    rel="external"
                    download=""
                >
                    <Icon name="icon-[lucide--download]" />
                    {text!(i18n, settings.as_csv)}
                </a>
            </div>
            <p class="text-sm text-bad empty:hidden" role="alert">
                {live(move || error.get().map(|code| words::error(i18n, code)))}
            </p>
            {live(move || {
                entries
                    .with(Vec::is_empty)
                    .then(|| {
                        view! { <EmptyState text=text!(i18n, settings.no_entries) /> }.into_any()
                    })
            })}
            <ul class="flex flex-col divide-y divide-base-300">
                {live(move || entries.get().into_iter().map(row).collect_view())}
            </ul>
            {live(move || {
                more
                    .get()
                    .then(|| {
                        view! {
                            <div>
                                <Button on_press=older>{text!(i18n, settings.older)}</Button>
                            </div>
                        }
                            .into_any()
                    })
            })}
        </section>
    }
}
