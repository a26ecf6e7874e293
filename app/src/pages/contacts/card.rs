//! The card of a contact: its values, each with its source, and its purchases.

use alta_domain::{CardTransaction, CardValue, ContactCard, ContactId, Me, Permission};
use leptos::prelude::*;

use super::permissions::Permissions;
use crate::api::contacts::contact;
use crate::api::{Read, read};
use crate::format;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{EmptyState, Icon, LoadFailure, PageLink, Skeleton, later, reactive};
use crate::words::{self, text, word};

/// Reads a contact and shows its card: values, permissions and transactions.
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
                let may_note = me.is_some_and(|me| me.role.may(Permission::Contacts));
                match found.answer().await {
                    Ok(card) => view! { <Known card=card may_note=may_note /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

#[component]
fn Known(card: ContactCard, may_note: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ContactCard {
        entry,
        values,
        permissions,
        transactions,
    } = card;
    let (id, name, none) = (entry.id, entry.name, transactions.is_empty());
    view! {
        <div>
            <PageLink href="/contacts" class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, contacts.title)}
            </PageLink>
        </div>
        <PageTitle title=Signal::derive(move || name.clone()) />
        <section class="panel" id="values">
            <dl class="grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
                {values
                    .into_iter()
                    .map(|value| view! { <Value value=value /> }.into_any())
                    .collect_view()}
            </dl>
        </section>
        <Permissions contact=id permissions=permissions may_note=may_note />
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
fn Value(value: CardValue) -> impl IntoView {
    let i18n = use_i18n();
    let CardValue {
        field,
        value,
        origin,
    } = value;
    let name = move || match &field {
        Ok(field) => words::field(i18n, *field).to_owned(),
        Err(name) => name.clone(),
    };
    let from = move || {
        origin.as_ref().map(|origin| {
            let source = origin.system.as_ref().map_or_else(
                || origin.name.clone(),
                |system| format!("{system} · {}", origin.name),
            );
            word!(
                i18n,
                contacts.from,
                source = source,
                date = format::day(i18n.language(), origin.at)
            )
        })
    };
    view! {
        <div class="flex min-w-0 flex-col">
            <dt class="text-sm text-soft">{reactive(name)}</dt>
            <dd class="break-words">
                {value}<span class="block text-xs text-soft">{reactive(from)}</span>
            </dd>
        </div>
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
