//! The page of the audit log: who did what, when, from which address.

use alta_domain::{AuditAction, AuditEntry, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::read;
use crate::api::team::{AUDIT_PAGE, audit_entries};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, EmptyState, Icon, LoadFailure, Skeleton, later, on_event, reactive};
use crate::words::{self, text};

/// The page of the audit log, which first reads the newest entries.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let first = read(|| audit_entries(None, 0));
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=6 /> }
        }>
            {reactive(move || later(async move {
                match first.answer().await {
                    Ok(entries) => view! { <Entries first=entries /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The entries on the page, newest first.
#[derive(Clone, Copy)]
struct Log {
    /// The action to show; `None` for all actions.
    action: RwSignal<Option<AuditAction>>,
    entries: RwSignal<Vec<AuditEntry>>,
    /// True when the last answer was a whole page, so that there may be more.
    more: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Log {
    /// Reads the entries before an id and adds them to the page; with id 0 the page begins anew.
    fn read(self, before: i64) {
        spawn_local(async move {
            match audit_entries(self.action.get_untracked(), before).await {
                Ok(next) => {
                    self.more.set(next.len() as u64 >= AUDIT_PAGE);
                    self.entries.update(|entries| {
                        if before == 0 {
                            entries.clear();
                        }
                        entries.extend(next);
                    });
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
        });
    }
}

#[component]
fn Entries(first: Vec<AuditEntry>) -> impl IntoView {
    let i18n = use_i18n();
    let more = RwSignal::new(first.len() as u64 >= AUDIT_PAGE);
    let entries = RwSignal::new(first);
    let error = RwSignal::new(None::<ErrorCode>);
    let log = Log {
        action: RwSignal::new(None),
        entries,
        more,
        error,
    };
    let older = Callback::new(move |()| {
        log.read(entries.with_untracked(|entries| entries.last().map_or(0, |entry| entry.id)));
    });
    let row = move |entry: AuditEntry| view! { <Entry entry=entry /> }.into_any();
    view! {
        <section class="panel flex flex-col gap-4" id="audit">
            <Filter log=log />
            <p class="text-sm text-bad empty:hidden" role="alert">
                {reactive(move || error.get().map(|code| words::error(i18n, code)))}
            </p>
            {reactive(move || {
                entries
                    .with(Vec::is_empty)
                    .then(|| {
                        view! { <EmptyState text=text!(i18n, settings.no_entries) /> }.into_any()
                    })
            })}
            <ul class="flex flex-col divide-y divide-base-300">
                {reactive(move || entries.get().into_iter().map(row).collect_view())}
            </ul>
            {reactive(move || {
                more.get()
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

/// The choice of an action to show, and the link to the log as CSV.
#[component]
fn Filter(log: Log) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event| {
        log.action
            .set(AuditAction::parse(&event_target_value(&event)));
        log.read(0);
    };
    let option = move |action: &AuditAction| {
        let action = *action;
        let words = reactive(move || words::action(i18n, action));
        view! { <option value=action.as_str()>{words}</option> }.into_any()
    };
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3">
            <select
                class="select h-11 w-full sm:w-72"
                aria-label=text!(i18n, settings.filter)
                on:change=on_event(choose)
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
    }
}

#[component]
fn Entry(entry: AuditEntry) -> impl IntoView {
    let i18n = use_i18n();
    let AuditEntry {
        at,
        actor,
        action,
        subject,
        from,
        ..
    } = entry;
    view! {
        <li class="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2" data-action=action.as_str()>
            <span class="w-40 text-sm text-soft tabular-nums">
                {reactive(move || format::moment(i18n.language(), at))}
            </span>
            <span class="font-medium break-words">{actor}</span>
            <span>{reactive(move || words::action(i18n, action))}</span>
            <span class="min-w-0 break-all text-soft">{subject}</span>
            <span class="ms-auto text-sm text-soft">{from.unwrap_or_default()}</span>
        </li>
    }
}
