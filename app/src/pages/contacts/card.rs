//! The card of a contact: its values, its permissions, its history, and its purchases.

use alta_domain::{CardTransaction, ContactId, Country, Me, Permission};
use leptos::prelude::*;

use super::back_link::BackLink;
use super::card_state::CardState;
use super::history::History;
use super::permissions::Permissions;
use super::values::Values;
use crate::api::contacts::contact;
use crate::api::{Read, read};
use crate::format;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, EmptyState, LoadFailure, Show, Skeleton, Tone, later, reactive,
};
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
                let country = me.map_or(Country::BRAZIL, |me| me.country);
                match found.answer().await {
                    Ok(card) => {
                        let state = CardState::new(card, country, may_edit);
                        view! { <Known state=state /> }.into_any()
                    }
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

#[component]
fn Known(state: CardState) -> impl IntoView {
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
    view! {
        <Show when=move || state.card.with(|card| card.deleted_at.is_some())>
            <Alert tone=Tone::Info title=title>
                <p>{text!(i18n, contacts.deleted_help)}</p>
            </Alert>
        </Show>
    }
}

#[component]
fn Purchases(transactions: Vec<CardTransaction>) -> impl IntoView {
    let i18n = use_i18n();
    let none = transactions.is_empty();
    view! {
        <section class="panel flex flex-col gap-3" id="transactions">
            <h2 class="text-lg font-semibold">{text!(i18n, contacts.transactions)}</h2>
            {none
                .then(|| {
                    view! { <EmptyState text=text!(i18n, contacts.no_transactions) /> }.into_any()
                })}
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden">
                {transactions
                    .into_iter()
                    .map(|sale| view! { <Sale sale=sale /> }.into_any())
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Sale(sale: CardTransaction) -> impl IntoView {
    let i18n = use_i18n();
    let CardTransaction {
        number,
        made_at,
        status,
        total,
        currency,
        system,
        items,
    } = sale;
    let code = currency.clone();
    let sum = move || format::money(i18n.language(), total, &code);
    let line = move |(quantity, name, total): (String, String, i64)| {
        let code = currency.clone();
        view! {
            <li class="flex justify-between gap-4">
                <span class="min-w-0 break-words">{quantity}" × "{name}</span>
                <span class="tabular-nums">
                    {reactive(move || format::money(i18n.language(), total, &code))}
                </span>
            </li>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-col gap-1 py-3">
            <div class="flex flex-wrap items-baseline justify-between gap-x-4">
                <span class="font-medium">
                    {reactive(move || format::day(i18n.language(), made_at))}" · "
                    {reactive(move || words::transaction_status(i18n, status))}
                </span>
                <span class="font-semibold tabular-nums">{reactive(sum)}</span>
            </div>
            <span class="text-sm text-soft">
                {system}{number.map(|number| format!(" · {number}"))}
            </span>
            <ul class="text-sm text-soft">{items.into_iter().map(line).collect_view()}</ul>
        </li>
    }
}
