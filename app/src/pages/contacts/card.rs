//! The card of a contact: its values, its permissions, its history, and its purchases.

use alta_domain::{ContactId, Country, ErasureReport, Me, Permission};
use leptos::prelude::*;

use super::back_link::BackLink;
use super::card_state::CardState;
use super::erase::{Erased, PersonalData};
use super::history::History;
use super::permissions::Permissions;
use super::purchases::Purchases;
use super::values::Values;
use crate::api::contacts::contact;
use crate::api::{Read, read};
use crate::format;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, LoadFailure, Show, Skeleton, Tone, later, reactive};
use crate::words::{self, text, word};

/// Reads a contact and shows its card.
#[component]
pub(super) fn Card(id: ContactId) -> impl IntoView {
    let found = read(move || contact(id));
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                let me = me.answer().await.ok().flatten();
                let may_edit = me
                    .as_ref()
                    .is_some_and(|me| me.role.may(Permission::Contacts));
                let may_erase = me
                    .as_ref()
                    .is_some_and(|me| me.role.may(Permission::PersonalData));
                let country = me.map_or(Country::BRAZIL, |me| me.country);
                match found.answer().await {
                    Ok(card) => {
                        let state = CardState::new(card, country, may_edit);
                        view! { <Known state=state may_erase=may_erase /> }.into_any()
                    }
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The card, or after an erasure what it did.
#[component]
fn Known(state: CardState, may_erase: bool) -> impl IntoView {
    let erased = RwSignal::new(None::<ErasureReport>);
    reactive(move || match erased.get() {
        Some(report) => view! { <Erased report=report /> }.into_any(),
        None => view! { <Standing state=state may_erase=may_erase erased=erased /> }.into_any(),
    })
}

#[component]
fn Standing(
    state: CardState,
    may_erase: bool,
    erased: RwSignal<Option<ErasureReport>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (permissions, transactions) = state
        .card
        .with_untracked(|card| (card.permissions.clone(), card.transactions.clone()));
    let name = Signal::derive(move || {
        state
            .card
            .with(|card| format::entry_name(&card.entry).into_owned())
    });
    view! {
        <BackLink />
        <div class="flex flex-wrap items-start justify-between gap-4">
            <PageTitle title=name />
            <BinButton state=state />
        </div>
        <InBin state=state />
        <p class="text-sm empty:hidden" role="status" id="card-news">
            {reactive(move || state.news.get())}
        </p>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || state.error.get().map(|code| words::error(i18n, code)))}
        </p>
        <Values state=state />
        <Permissions contact=state.id permissions=permissions may_note=state.may_edit />
        <Purchases transactions=transactions />
        <History state=state />
        {may_erase.then(|| view! { <PersonalData state=state erased=erased /> }.into_any())}
    }
}

/// The button that moves the contact to the bin, or takes it out of the bin.
#[component]
fn BinButton(state: CardState) -> impl IntoView {
    let i18n = use_i18n();
    let is_deleted = move || state.card.with(|card| card.deleted_at.is_some());
    let press = Callback::new(move |()| state.move_to_bin(!is_deleted()));
    let words = move || {
        if is_deleted() {
            word!(i18n, contacts.restore)
        } else {
            word!(i18n, contacts.delete)
        }
    };
    state.may_edit.then(|| {
        view! {
            <Button
                kind=ButtonKind::Plain
                id="card-bin"
                icon="icon-[lucide--trash-2]"
                busy=state.busy
                on_press=press
            >
                {reactive(words)}
            </Button>
        }
        .into_any()
    })
}

/// The message that the contact is in the bin.
#[component]
fn InBin(state: CardState) -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || {
        let at = state.card.with(|card| card.deleted_at).unwrap_or_default();
        word!(
            i18n,
            contacts.deleted_title,
            date = format::day(i18n.language(), at)
        )
    });
    let until = move || {
        let at = state.card.with(|card| card.erased_from).unwrap_or_default();
        word!(
            i18n,
            contacts.erased_from,
            date = format::day(i18n.language(), at)
        )
    };
    view! {
        <Show when=move || state.card.with(|card| card.deleted_at.is_some())>
            <Alert tone=Tone::Info title=title>
                <p>{text!(i18n, contacts.deleted_help)}</p>
                <p>{reactive(until)}</p>
            </Alert>
        </Show>
    }
}
