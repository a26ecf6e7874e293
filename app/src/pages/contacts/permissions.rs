//! The permissions on a contact's card: for each channel the answer that holds with its evidence,
//! and the form with which a member notes another answer.

use alta_domain::{
    Channel, ChannelPermission, ContactId, ErrorCode, LegalBasis, PermissionAnswer, SOURCE_LENGTH,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::contacts::note_permission;
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, Icon, PageLink, Show, on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// The channels, each with its answer.
#[component]
pub(super) fn Permissions(
    contact: ContactId,
    permissions: Vec<ChannelPermission>,
    /// True when the reader may note answers.
    may_note: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |(channel, answer): ChannelPermission| {
        view! { <ChannelRow channel=channel answer=answer /> }.into_any()
    };
    view! {
        <section class="panel flex flex-col gap-3" id="permissions">
            <h2 class="text-lg font-semibold">{text!(i18n, consent.title)}</h2>
            <ul class="flex flex-col divide-y divide-base-300">
                {permissions.into_iter().map(row).collect_view()}
            </ul>
            {may_note.then(|| view! { <NoteForm contact=contact /> }.into_any())}
        </section>
    }
}

/// A channel: yes, no or no answer, and the evidence for it.
#[component]
pub(super) fn ChannelRow(channel: Channel, answer: Option<PermissionAnswer>) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, look, state) = match answer.as_ref().map(|answer| answer.granted) {
        Some(true) => ("icon-[lucide--circle-check]", "text-good", "yes"),
        Some(false) => ("icon-[lucide--circle-slash]", "text-bad", "no"),
        None => ("icon-[lucide--circle-dashed]", "text-soft", "none"),
    };
    let words = move || match state {
        "yes" => word!(i18n, consent.card_yes),
        "no" => word!(i18n, consent.card_no),
        _ => word!(i18n, consent.card_none),
    };
    let import = answer.as_ref().and_then(|answer| answer.import.clone());
    let link = import.map(|(id, name)| {
        view! {
            <PageLink href=format!("/imports?id={id}") class="link flex min-h-11 items-center">
                {name}
            </PageLink>
        }
        .into_any()
    });
    view! {
        <li
            class="flex flex-wrap items-center gap-x-3 py-1"
            data-channel=channel.as_str()
            data-answer=state
        >
            <Icon name=icon class=look />
            <span class="font-medium">{reactive(move || words::channel(i18n, channel))}</span>
            <span>{reactive(words)}</span>
            <span class="text-sm text-soft">
                {reactive(move || answer.as_ref().map(|answer| evidence(i18n, answer)))}
            </span>
            {link}
        </li>
    }
}

/// Returns the legal basis, the source and the day of an answer, in a line.
fn evidence(i18n: Reader, answer: &PermissionAnswer) -> String {
    let basis = answer.basis.filter(|_| answer.granted);
    let basis = basis.map(|basis| words::basis(i18n, basis));
    let source = Some(answer.source.as_str()).filter(|source| !source.is_empty());
    let by_hand = answer.import.is_none().then(|| {
        if answer.is_of_erased {
            word!(i18n, consent.of_erased)
        } else {
            word!(i18n, consent.by_hand)
        }
    });
    let day = format::day(i18n.language(), answer.at);
    [basis, source, by_hand, Some(day.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// An answer that is being noted.
#[derive(Clone, Copy)]
struct Note {
    contact: ContactId,
    channel: RwSignal<Option<Channel>>,
    granted: RwSignal<bool>,
    basis: RwSignal<Option<LegalBasis>>,
    source: RwSignal<String>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Note {
    /// Returns true when the answer is yes and its legal basis is not chosen.
    fn lacks_basis(self) -> bool {
        self.granted.get() && self.basis.get().is_none()
    }

    /// Returns true when the channel or the legal basis is not chosen.
    fn is_incomplete(self) -> bool {
        self.channel.get().is_none() || self.lacks_basis()
    }

    /// Stores the answer, and reloads the card.
    fn save(self) {
        let Some(channel) = self.channel.get_untracked() else {
            return;
        };
        self.busy.set(true);
        let yes = self.basis.get_untracked();
        let yes = yes.filter(|_| self.granted.get_untracked());
        let source = self.source.get_untracked();
        spawn_local(async move {
            match note_permission(self.contact, channel, yes, source).await {
                Ok(()) => {
                    let _ = location().reload();
                }
                Err(failed) => {
                    self.error.set(Some(failed.code));
                    self.busy.set(false);
                }
            }
        });
    }
}

/// The form with which a member notes an answer; it is closed at first.
#[component]
fn NoteForm(contact: ContactId) -> impl IntoView {
    let i18n = use_i18n();
    let note = Note {
        contact,
        channel: RwSignal::new(None),
        granted: RwSignal::new(false),
        basis: RwSignal::new(None),
        source: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let save = Callback::new(move |()| note.save());
    let is_blocked = Signal::derive(move || note.is_incomplete());
    view! {
        <details id="note-permission">
            <summary class="flex min-h-11 cursor-pointer items-center font-medium">
                {text!(i18n, consent.note)}
            </summary>
            <div class="flex max-w-xl flex-col gap-4 pt-2">
                <p class="text-sm text-soft">{text!(i18n, consent.note_help)}</p>
                <ChannelSelect note=note />
                <AnswerChoice note=note />
                <Show when=move || note.granted.get()>
                    <BasisSelect note=note />
                </Show>
                <SourceField note=note />
                <p class="text-sm text-bad empty:hidden" role="alert">
                    {reactive(move || note.error.get().map(|code| words::error(i18n, code)))}
                </p>
                <div>
                    <Button
                        id="note-save"
                        busy=note.busy
                        disabled=is_blocked
                        described_by="note-need"
                        on_press=save
                    >
                        {text!(i18n, consent.note_save)}
                    </Button>
                </div>
                <p class="text-sm empty:hidden" id="note-need">
                    {reactive(move || note.lacks_basis().then(|| word!(i18n, consent.need_basis)))}
                </p>
            </div>
        </details>
    }
}

#[component]
fn ChannelSelect(note: Note) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |channel: Channel| {
        view! {
            <option
                value=channel.as_str()
                selected=reactive_attr(move || note.channel.get() == Some(channel))
            >
                {reactive(move || words::channel(i18n, channel))}
            </option>
        }
        .into_any()
    };
    let choose = move |event| {
        note.channel
            .set(Channel::parse(&event_target_value(&event)));
    };
    view! {
        <label class="font-medium" for="note-channel">
            {text!(i18n, consent.note_channel)}
        </label>
        <select
            class="select h-11 w-full"
            id="note-channel"
            autocomplete="off"
            on:change=on_event(choose)
        >
            <option value="" selected=reactive_attr(move || note.channel.get().is_none())>
                {text!(i18n, consent.note_choose)}
            </option>
            {Channel::ALL.map(option).collect_view()}
        </select>
    }
}

#[component]
fn AnswerChoice(note: Note) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |granted: bool, value: &'static str, words: Signal<String>| {
        view! {
            <label class="flex min-h-11 items-center gap-3">
                <input
                    type="radio"
                    class="radio radio-primary"
                    name="note-answer"
                    value=value
                    autocomplete="off"
                    prop:checked=reactive_attr(move || note.granted.get() == granted)
                    on:change=on_event(move |_| note.granted.set(granted))
                />
                {reactive(move || words.get())}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="flex flex-wrap gap-x-6">
            <legend class="sr-only">{text!(i18n, consent.note)}</legend>
            {option(false, "no", text!(i18n, consent.card_no))}
            {option(true, "yes", text!(i18n, consent.card_yes))}
        </fieldset>
    }
}

#[component]
fn BasisSelect(note: Note) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |basis: LegalBasis| {
        view! {
            <option
                value=basis.as_str()
                selected=reactive_attr(move || note.basis.get() == Some(basis))
            >
                {reactive(move || words::basis(i18n, basis))}
            </option>
        }
        .into_any()
    };
    let choose = move |event| {
        note.basis
            .set(LegalBasis::parse(&event_target_value(&event)));
    };
    view! {
        <label class="font-medium" for="note-basis">
            {text!(i18n, consent.basis)}
        </label>
        <select
            class="select h-11 w-full"
            id="note-basis"
            autocomplete="off"
            on:change=on_event(choose)
        >
            <option value="" selected=reactive_attr(move || note.basis.get().is_none())>
                {text!(i18n, consent.basis_none)}
            </option>
            {LegalBasis::ALL.map(option).collect_view()}
        </select>
    }
}

#[component]
fn SourceField(note: Note) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="font-medium" for="note-source">
            {text!(i18n, consent.note_source)}
        </label>
        <input
            class="input h-11 w-full"
            id="note-source"
            autocomplete="off"
            prop:value=reactive_attr(move || note.source.get())
            maxlength=SOURCE_LENGTH.to_string()
            placeholder=text!(i18n, consent.note_example)
            on:input=on_event(move |event| note.source.set(event_target_value(&event)))
        />
    }
}
