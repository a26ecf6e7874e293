//! The page with everything that is stored about one person, to read, print or download.

use alta_domain::{
    Channel, ContactId, Country, Me, Permission, PermissionAnswer, PersonData, SystemRecord,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::card_state::CardState;
use super::history::History;
use super::permissions::ChannelRow;
use super::purchases::Purchases;
use super::values::Values;
use crate::api::person::person_data;
use crate::api::{Read, read};
use crate::format;
use crate::frame::{Page, PageTitle};
use crate::pages::Forbidden;
use crate::reader::use_i18n;
use crate::ui::{Button, Icon, LoadFailure, PageLink, Skeleton, later, reactive};
use crate::words::{text, word};

/// Reads the data of the contact whose id is in the address, and shows all of it.
#[component]
pub(crate) fn PersonPage() -> impl IntoView {
    let query = use_query_map();
    let id = query.with_untracked(|query| query.get("id"));
    // No contact has the number 0.
    let id = id.and_then(|id| id.parse().ok()).unwrap_or_default();
    let found = read(move || person_data(ContactId(id)));
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <Page>
            <Suspense fallback=|| {
                view! { <Skeleton lines=5 /> }
            }>
                {reactive(move || later(async move {
                    let me = me.answer().await.ok().flatten();
                    let may = me
                        .as_ref()
                        .is_some_and(|me| me.role.may(Permission::PersonalData));
                    let country = me.map_or(Country::BRAZIL, |me| me.country);
                    match found.answer().await {
                        _ if !may => view! { <Forbidden /> }.into_any(),
                        Ok(data) => view! { <Person data=data country=country /> }.into_any(),
                        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </Page>
    }
}

#[component]
fn Person(data: PersonData, country: Country) -> impl IntoView {
    let i18n = use_i18n();
    let PersonData {
        card,
        lists,
        answers,
        records,
        rejects,
    } = data;
    let id = card.entry.id;
    let transactions = card.transactions.clone();
    let state = CardState::new(card, country, false);
    let title = Signal::derive(move || {
        let name = state
            .card
            .with(|card| format::entry_name(&card.entry).into_owned());
        word!(i18n, person.all, name = name)
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <div class="print:hidden">
            <PageLink href=format!("/contacts?id={id}") class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, person.back)}
            </PageLink>
        </div>
        <PageTitle title=title lead=text!(i18n, person.all_lead) />
        <div class="flex flex-wrap gap-2 print:hidden">
            <Button icon="icon-[lucide--printer]" on_press=print>
                {text!(i18n, person.print)}
            </Button>
            <a
                class="btn btn-outline min-h-11"
                href=format!("/api/person/file/{id}")
                id="person-file"
                rel="external"
                download=""
            >
                <Icon name="icon-[lucide--download]" />
                {text!(i18n, person.download)}
            </a>
        </div>
        <Values state=state />
        <Lists lists=lists />
        <Answers answers=answers />
        <Purchases transactions=transactions />
        <History state=state />
        <Records records=records />
        <Rejects rejects=rejects />
    }
}

/// The rejected records of imports that are about the person.
#[component]
fn Rejects(rejects: Vec<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let none = rejects.is_empty();
    let row = |cells: Vec<String>| {
        let cells = cells.into_iter().filter(|cell| !cell.trim().is_empty());
        let cells: Vec<String> = cells.collect();
        view! { <li class="py-2 break-words">{cells.join(" · ")}</li> }.into_any()
    };
    view! {
        <section class="panel flex flex-col gap-2" id="rejects">
            <h2 class="text-lg font-semibold">{text!(i18n, person.rejected)}</h2>
            {none.then(|| view! { <p>{text!(i18n, person.none)}</p> }.into_any())}
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden">
                {rejects.into_iter().map(row).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Lists(lists: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let names = (!lists.is_empty()).then(|| lists.join(", "));
    let text = move || {
        names
            .clone()
            .unwrap_or_else(|| word!(i18n, person.none).to_owned())
    };
    view! {
        <section class="panel flex flex-col gap-2" id="lists">
            <h2 class="text-lg font-semibold">{text!(i18n, home.lists)}</h2>
            <p class="break-words">{reactive(text)}</p>
        </section>
    }
}

/// All answers about permission, the newest first.
#[component]
fn Answers(answers: Vec<(Channel, PermissionAnswer)>) -> impl IntoView {
    let i18n = use_i18n();
    let none = answers.is_empty();
    let row = |(channel, answer): (Channel, PermissionAnswer)| {
        view! { <ChannelRow channel=channel answer=Some(answer) /> }.into_any()
    };
    view! {
        <section class="panel flex flex-col gap-2" id="answers">
            <h2 class="text-lg font-semibold">{text!(i18n, person.answers)}</h2>
            {none.then(|| view! { <p>{text!(i18n, person.none)}</p> }.into_any())}
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden">
                {answers.into_iter().map(row).collect_view()}
            </ul>
        </section>
    }
}

/// The records of connected systems, as the systems sent them.
#[component]
fn Records(records: Vec<SystemRecord>) -> impl IntoView {
    let i18n = use_i18n();
    let none = records.is_empty();
    let record = |record: SystemRecord| {
        let SystemRecord {
            system,
            account,
            id,
            raw,
        } = record;
        view! {
            <li class="flex min-w-0 flex-col gap-1 py-3">
                <span class="font-medium">{format!("{system} · {account} · {id}")}</span>
                <pre
                    class="max-h-96 overflow-auto text-xs whitespace-pre-wrap break-all"
                    tabindex="0"
                >
                    {raw}
                </pre>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="panel flex flex-col gap-2" id="records">
            <h2 class="text-lg font-semibold">{text!(i18n, person.records)}</h2>
            {none.then(|| view! { <p>{text!(i18n, person.none)}</p> }.into_any())}
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden">
                {records.into_iter().map(record).collect_view()}
            </ul>
        </section>
    }
}
