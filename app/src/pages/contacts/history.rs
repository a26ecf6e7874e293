//! The history of a contact: what each import and each member changed, with the way to take back
//! an edit.

use alta_domain::{
    ChangedPart, EditId, EditKind, EventSource, HistoryEvent, TakeBackAnswer, ValueChange,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card_state::CardState;
use crate::api::contacts::take_back_edit;
use crate::format;
use crate::pages::value_change::Change;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, PageLink, reactive};
use crate::words::{Reader, text, word};

/// The events, the newest first.
#[component]
pub(super) fn History(state: CardState) -> impl IntoView {
    let i18n = use_i18n();
    let event = move |event: HistoryEvent| view! { <Event state=state event=event /> }.into_any();
    let all = move || {
        let events = state.card.with(|card| card.history.clone());
        events.into_iter().map(event).collect_view()
    };
    view! {
        <section class="panel flex flex-col gap-3" id="history">
            <h2 class="text-lg font-semibold" id="history-title" tabindex="-1">
                {text!(i18n, contacts.history)}
            </h2>
            <ol class="flex flex-col divide-y divide-base-300">{reactive(all)}</ol>
        </section>
    }
}

/// An event with who acted, when, and what changed.
#[component]
fn Event(state: CardState, event: HistoryEvent) -> impl IntoView {
    let i18n = use_i18n();
    let HistoryEvent {
        at,
        by,
        source,
        is_creation,
        changes,
    } = event;
    let word = word_of(&source);
    let icon = icon(&source, is_creation);
    let import = match &source {
        EventSource::Import { id, .. } => Some(format!("/imports?id={id}")),
        _ => None,
    };
    // The title of an event of the bin says it already.
    let is_of_bin = |change: &ValueChange| matches!(change.part, ChangedPart::Bin(_));
    let has_bin_title = matches!(
        source,
        EventSource::Edit {
            kind: EditKind::Deleted | EditKind::Restored,
            ..
        }
    );
    let has_changes = !changes.is_empty();
    let shown = changes.into_iter();
    let shown = shown.filter(|change| !(has_bin_title && is_of_bin(change)));
    let (taken_back, edit) = match source {
        EventSource::Edit {
            id,
            kind,
            taken_back_at,
        } => {
            let may = kind != EditKind::Added && taken_back_at.is_none() && has_changes;
            (taken_back_at, may.then_some(id))
        }
        _ => (None, None),
    };
    let is_same = !has_changes && !is_creation && taken_back.is_none();
    let title = move || title(i18n, &source, is_creation);
    let title = match import {
        Some(href) => view! {
            <PageLink href=href class="link flex min-h-11 items-center font-medium break-all">
                {reactive(title)}
            </PageLink>
        }
        .into_any(),
        None => view! { <span class="font-medium">{reactive(title)}</span> }.into_any(),
    };
    let when = move || {
        let moment = format::moment(i18n.language(), at);
        match &by {
            Some(by) => format!("{by} · {moment}"),
            None => moment,
        }
    };
    let change = |change: ValueChange| view! { <Change change=change /> }.into_any();
    let note = move || {
        let date = taken_back.map(|at| format::day(i18n.language(), at));
        date.map(|date| word!(i18n, contacts.taken_back, date = date))
            .or_else(|| is_same.then(|| word!(i18n, contacts.event_same).to_owned()))
    };
    // Of a contact in the bin only the deletion can be taken back.
    let is_deleted = state.card.with_untracked(|card| card.deleted_at.is_some());
    let may_take_back = state.may_edit && (!is_deleted || word == EditKind::Deleted.as_str());
    let edit = edit.filter(|_| may_take_back);
    view! {
        <li class="flex flex-wrap items-start gap-x-3 py-3" data-event=word>
            <Icon name=icon class="mt-1 shrink-0 text-soft" />
            <div class="flex min-w-0 flex-1 basis-60 flex-col gap-1">
                <div class="flex flex-wrap items-center gap-x-3">
                    {title} <span class="text-sm text-soft">{reactive(when)}</span>
                </div>
                <ul class="flex flex-col gap-1 text-sm empty:hidden">
                    {shown.map(change).collect_view()}
                </ul>
                <p class="text-sm text-soft empty:hidden">{reactive(note)}</p>
            </div>
            {edit.map(|edit| view! { <TakeBack state=state edit=edit /> }.into_any())}
        </li>
    }
}

fn word_of(source: &EventSource) -> &'static str {
    match source {
        EventSource::Import { .. } => "import",
        EventSource::Edit { kind, .. } => kind.as_str(),
        EventSource::Note => "note",
        EventSource::KeptRefusal => "kept",
    }
}

fn icon(source: &EventSource, is_creation: bool) -> &'static str {
    match source {
        _ if is_creation => "icon-[lucide--user-round-plus]",
        EventSource::Import { system: None, .. } => "icon-[lucide--file-spreadsheet]",
        EventSource::Import { .. } => "icon-[lucide--plug]",
        EventSource::Edit {
            kind: EditKind::Deleted | EditKind::Restored,
            ..
        } => "icon-[lucide--trash-2]",
        EventSource::Edit { .. } => "icon-[lucide--pencil]",
        EventSource::Note => "icon-[lucide--message-square]",
        EventSource::KeptRefusal => "icon-[lucide--circle-slash]",
    }
}

fn title(i18n: Reader, source: &EventSource, is_creation: bool) -> String {
    match source {
        EventSource::Import { name, system, .. } => {
            let name = match system {
                Some(system) => format!("{system} · {name}"),
                None => name.clone(),
            };
            if is_creation {
                word!(i18n, contacts.event_created, name = name)
            } else {
                word!(i18n, contacts.event_import, name = name)
            }
        }
        EventSource::Edit { kind, .. } => match kind {
            EditKind::Added => word!(i18n, contacts.event_added).to_owned(),
            EditKind::Edited => word!(i18n, contacts.event_edited).to_owned(),
            EditKind::Deleted => word!(i18n, contacts.event_deleted).to_owned(),
            EditKind::Restored => word!(i18n, contacts.event_restored).to_owned(),
        },
        EventSource::Note => word!(i18n, contacts.event_note).to_owned(),
        EventSource::KeptRefusal => word!(i18n, contacts.event_kept).to_owned(),
    }
}

/// The button that takes back an edit.
#[component]
fn TakeBack(state: CardState, edit: EditId) -> impl IntoView {
    let i18n = use_i18n();
    let press = Callback::new(move |()| {
        if state.busy.get_untracked() {
            return;
        }
        state.busy.set(true);
        state.error.set(None);
        spawn_local(async move {
            match take_back_edit(state.id, edit).await {
                Ok(answer) => {
                    state.news.set(news(i18n, answer).to_owned());
                    state.reload("history-title".to_owned()).await;
                }
                Err(failed) => {
                    state.error.set(Some(failed.code));
                    state.busy.set(false);
                }
            }
        });
    });
    view! {
        <div class="shrink-0">
            <Button
                kind=ButtonKind::Quiet
                small=true
                icon="icon-[lucide--undo-2]"
                busy=state.busy
                on_press=press
            >
                {text!(i18n, contacts.take_back)}
            </Button>
        </div>
    }
}

/// Returns the text that says what a request to take back an edit did.
fn news(i18n: Reader, answer: TakeBackAnswer) -> &'static str {
    match answer {
        TakeBackAnswer::TakenBack => word!(i18n, contacts.undone),
        TakeBackAnswer::ChangedSince => word!(i18n, contacts.changed_since),
        TakeBackAnswer::KeyTaken => word!(i18n, contacts.key_taken),
        TakeBackAnswer::LastKey => word!(i18n, contacts.last_key),
    }
}
