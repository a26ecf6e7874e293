//! The cards of the home page.

use alta_domain::{
    ErrorCode, ImportEntry, ImportState, ImportSummary, Invitation, ListSummary, Step, SystemEntry,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::imports::stop_import;
use crate::api::team::revoke_invitation;
use crate::format;
use crate::importer::{
    ConflictsLink, LedgerOf, UndoImport, Undoable, import_segments, spawn_copy_removal,
};
use crate::pages::imports::ImportRow;
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Each, EmptyState, Icon, LedgerBar, PageLink, Show, item, on_event, reactive,
};
use crate::words::{self, plural_text, text, word};

/// The last import with its ledger, and the imports before it. For an Admin also the buttons that
/// continue or undo the last import.
#[component]
pub(super) fn LastImport(
    import: Option<ImportSummary>,
    earlier: Vec<ImportEntry>,
    is_admin: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let has_imports = import.is_some() || !earlier.is_empty();
    let row = |entry| view! { <ImportRow entry=entry /> }.into_any();
    let earlier = (!earlier.is_empty()).then(|| {
        view! {
            <h3 class="pt-2 font-semibold">{text!(i18n, imports.other)}</h3>
            <ul class="flex flex-col divide-y divide-base-300" id="earlier-imports">
                {earlier.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any()
    });
    let body = match import {
        None => view! { <EmptyState text=text!(i18n, home.no_import) /> }.into_any(),
        Some(import) => view! { <ImportCard import=import is_admin=is_admin /> }.into_any(),
    };
    view! {
        <section class="panel flex flex-col gap-3 lg:col-span-2" id="last-import">
            <h2 class="text-lg font-semibold">{text!(i18n, home.last_import)}</h2>
            {body} {earlier}
            {has_imports
                .then(|| {
                    view! {
                        <div>
                            <PageLink href="/imports" class="link flex min-h-11 items-center">
                                {text!(i18n, imports.see_all)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                })}
        </section>
    }
}

#[component]
fn ImportCard(import: ImportSummary, is_admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ImportSummary {
        id,
        file_name,
        started_at,
        state,
        ledger,
        of,
        conflicts,
        ..
    } = import.clone();
    let opens = LedgerOf::new(&import, is_admin);
    let state_words = move || match state {
        ImportState::Finished => String::new(),
        ImportState::Running => {
            let percent = percent(ledger.records, of);
            format!(" · {}", word!(i18n, home.running_at, n = percent))
        }
        ImportState::Stopped => format!(" · {}", word!(i18n, home.stopped)),
        ImportState::Undoing => format!(" · {}", word!(i18n, home.undoing)),
        ImportState::Undone => format!(" · {}", word!(i18n, home.undone)),
    };
    view! {
        <p class="break-words">
            <span class="font-medium">{file_name}</span>
            <span class="text-soft">
                " · " {reactive(move || format::day(i18n.language(), started_at))}
                {reactive(state_words)}
            </span>
        </p>
        <LedgerBar
            label=plural_text!(i18n, ledger.label, records = ledger.records)
            segments=Signal::derive(move || import_segments(i18n, ledger, opens))
        />
        {(is_admin && state != ImportState::Undone)
            .then(|| {
                view! {
                    <div>
                        <ConflictsLink id=id conflicts=conflicts />
                    </div>
                }
                    .into_any()
            })}
        {is_admin.then(|| view! { <ImportActions summary=import /> }.into_any())}
    }
}

/// Returns the share of an import's records that is done, in percent; 100 when the number of
/// records in the file (`of`) is not known.
fn percent(records: u32, of: Option<u32>) -> u64 {
    u64::from(records) * 100 / u64::from(of.unwrap_or(records).max(1))
}

/// The buttons of an import: an interrupted import can be continued or left as it is, an import
/// that has ended can be undone.
#[component]
fn ImportActions(summary: ImportSummary) -> impl IntoView {
    let i18n = use_i18n();
    let (id, state) = (summary.id, summary.state);
    // The numbers and lists of the whole page change with the import.
    let reload = move || {
        let _ = location().reload();
    };
    if state != ImportState::Running {
        return view! {
            <UndoImport of=Undoable::of(&summary) on_undone=Callback::new(move |_| reload()) />
        }
        .into_any();
    }
    let leave = Callback::new(move |()| {
        spawn_local(async move {
            if stop_import(id).await.is_ok() {
                spawn_copy_removal();
                reload();
            }
        });
    });
    view! {
        <div class="flex flex-wrap gap-2">
            <PageLink href=Step::File.path() class="btn btn-outline min-h-11" id="go-on">
                {text!(i18n, home.go_on)}
            </PageLink>
            <Button kind=ButtonKind::Quiet on_press=leave>
                {text!(i18n, home.leave)}
            </Button>
        </div>
    }
    .into_any()
}

/// The lists, each with the number of its contacts.
#[component]
pub(super) fn Lists(lists: Vec<ListSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let body = if lists.is_empty() {
        view! { <EmptyState text=text!(i18n, home.lists_empty) /> }.into_any()
    } else {
        let item = move |list: ListSummary| {
            view! {
                <li class="flex min-h-11 items-center justify-between gap-4">
                    <span class="min-w-0 break-words">{list.name}</span>
                    <span class="font-semibold tabular-nums" data-contacts=list.contacts>
                        {reactive(move || format::number(i18n.language(), list.contacts))}
                    </span>
                </li>
            }
            .into_any()
        };
        view! {
            <ul class="scroll-list" tabindex="0" aria-labelledby="lists-title">
                {lists.into_iter().map(item).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="panel flex flex-col gap-3" id="lists">
            <h2 class="text-lg font-semibold" id="lists-title">
                {text!(i18n, home.lists)}
            </h2>
            {body}
        </section>
    }
}

/// The pending invitations, each with a button that revokes it.
#[component]
pub(super) fn Invitations(invitations: Vec<Invitation>) -> impl IntoView {
    let i18n = use_i18n();
    let pending = RwSignal::new(invitations);
    let error = RwSignal::new(None::<ErrorCode>);
    let row = move |key: String| {
        let is_it = |one: &&Invitation| one.id.to_string() == key;
        let invitation = pending.with_untracked(|all| all.iter().find(is_it).cloned())?;
        Some(view! { <InvitationRow invitation=invitation pending=pending error=error /> })
    };
    let keys =
        move || pending.with(|all| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>());
    view! {
        <section class="panel flex flex-col gap-3" id="invitations">
            <h2 class="text-lg font-semibold" id="invitations-title">
                {text!(i18n, home.invitations)}
            </h2>
            <Show when=move || pending.with(Vec::is_empty)>
                <EmptyState text=text!(i18n, home.invitations_empty) />
            </Show>
            <Show when=move || !pending.with(Vec::is_empty)>
                <ul class="scroll-list" tabindex="0" aria-labelledby="invitations-title">
                    <Each keys=keys item=item(row) />
                </ul>
            </Show>
            <p class="text-sm text-bad" role="alert">
                {reactive(move || error.get().map(|code| words::error(i18n, code)))}
            </p>
            <div>
                <PageLink href=Step::Team.path() class="link flex min-h-11 items-center">
                    {text!(i18n, home.invite)}
                </PageLink>
            </div>
        </section>
    }
}

#[component]
fn InvitationRow(
    invitation: Invitation,
    pending: RwSignal<Vec<Invitation>>,
    error: RwSignal<Option<ErrorCode>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Invitation {
        id,
        email,
        expires_at,
        ..
    } = invitation;
    let label = email.clone();
    let revoke = move |_| {
        spawn_local(async move {
            match revoke_invitation(id).await {
                Ok(()) => {
                    pending.update(|pending| pending.retain(|invitation| invitation.id != id));
                }
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    };
    view! {
        <li class="flex min-h-11 items-center gap-3">
            <span class="min-w-0 flex-1 break-all">{email}</span>
            <span class="text-sm text-soft">
                {text!(i18n, home.expires, date = format::day(i18n.language(), expires_at))}
            </span>
            <button
                class="btn btn-ghost btn-square size-11"
                type="button"
                aria-label=text!(i18n, home.revoke, email = label.clone())
                on:click=on_event(revoke)
            >
                <Icon name="icon-[lucide--x]" />
            </button>
        </li>
    }
}

/// The systems that the organization uses.
#[component]
pub(super) fn Systems(systems: Vec<SystemEntry>, is_admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="panel flex flex-col gap-3 lg:col-span-2">
            <h2 class="text-lg font-semibold">{text!(i18n, home.systems)}</h2>
            <ul class="flex flex-wrap gap-2">
                {systems
                    .into_iter()
                    .map(|system| view! { <li class="fact">{system.name}</li> }.into_any())
                    .collect_view()}
            </ul>
            {is_admin
                .then(|| {
                    view! {
                        <div>
                            <PageLink
                                href="/settings/systems"
                                class="link flex min-h-11 items-center"
                            >
                                {text!(i18n, home.systems_note)}
                            </PageLink>
                        </div>
                    }
                        .into_any()
                })}
        </section>
    }
}
