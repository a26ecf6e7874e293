//! The purchases of a contact.

use alta_domain::CardTransaction;
use leptos::prelude::*;

use crate::format;
use crate::reader::use_i18n;
use crate::ui::{EmptyState, reactive};
use crate::words::{self, text};

/// The purchases of a contact, the newest first.
#[component]
pub(super) fn Purchases(transactions: Vec<CardTransaction>) -> impl IntoView {
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
