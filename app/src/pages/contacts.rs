//! The page of contacts: a list with a search, and a card for each contact.

mod card;
mod permissions;

use alta_domain::{ContactEntry, ContactId, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use self::card::Card;
use crate::api::contacts::contacts;
use crate::api::read;
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Each, EmptyState, LoadFailure, PageLink, Show, Skeleton, item, later,
    on_event, reactive,
};
use crate::words::{self, text};

/// The number of contacts in one answer.
const PAGE: usize = 50;

/// The card of the contact whose id is in the address, or else the list.
#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let id = use_query_map()
        .with_untracked(|query| query.get("id"))
        .and_then(|id| id.parse().ok())
        .map(ContactId);
    match id {
        Some(id) => view! {
            <Page>
                <Card id=id />
            </Page>
        }
        .into_any(),
        None => view! {
            <Page>
                <List />
            </Page>
        }
        .into_any(),
    }
}

#[component]
fn List() -> impl IntoView {
    let i18n = use_i18n();
    let first = read(|| contacts(String::new(), None));
    view! {
        <PageTitle title=text!(i18n, contacts.title) />
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                match first.answer().await {
                    Ok(first) => view! { <Found first=first /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The list of contacts that match the search.
#[derive(Clone, Copy)]
struct Search {
    typed: StoredValue<String>,
    found: RwSignal<Vec<ContactEntry>>,
    /// True when the last answer was a whole page, so that there may be more.
    is_full: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Search {
    fn keys(self) -> Vec<String> {
        self.found
            .with(|found| found.iter().map(|entry| entry.id.to_string()).collect())
    }

    fn entry(self, key: &str) -> Option<ContactEntry> {
        let is_it = |entry: &&ContactEntry| entry.id.to_string() == key;
        self.found
            .with_untracked(|found| found.iter().find(is_it).cloned())
    }

    /// Reads the first page, or the page after the contact `last`, which is added to the list.
    fn read(self, last: Option<ContactId>) {
        let text = self.typed.get_value();
        spawn_local(async move {
            match contacts(text.clone(), last).await {
                // The search has changed since the call: this answer came too late.
                Ok(_) if self.typed.get_value() != text => {}
                Ok(more) => {
                    self.is_full.set(more.len() == PAGE);
                    self.found.update(|found| {
                        if last.is_none() {
                            found.clear();
                        }
                        found.extend(more);
                    });
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
        });
    }
}

#[component]
fn Found(first: Vec<ContactEntry>) -> impl IntoView {
    let i18n = use_i18n();
    let found = RwSignal::new(first);
    let is_full = RwSignal::new(found.with_untracked(|found| found.len() == PAGE));
    let error = RwSignal::new(None::<ErrorCode>);
    let list = Search {
        typed: StoredValue::new(String::new()),
        found,
        is_full,
        error,
    };
    let search = move |event| {
        list.typed.set_value(event_target_value(&event));
        list.read(None);
    };
    let more = Callback::new(move |()| {
        list.read(found.with_untracked(|found| found.last().map(|entry| entry.id)));
    });
    let keys = Memo::new(move |_| list.keys());
    let row = move |key: String| Some(view! { <EntryRow entry=list.entry(&key)? /> });
    view! {
        <input
            class="input h-11 w-full max-w-xl"
            type="search"
            id="contact-search"
            maxlength="100"
            aria-label=text!(i18n, contacts.search)
            placeholder=text!(i18n, contacts.search)
            on:input=on_event(search)
        />
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        <section class="panel flex flex-col gap-3" aria-live="polite">
            <Show when=move || keys.with(Vec::is_empty)>
                <EmptyState text=text!(i18n, contacts.none) />
            </Show>
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden" id="contact-list">
                <Each keys=keys item=item(row) />
            </ul>
            <Show when=move || is_full.get()>
                <div>
                    <Button kind=ButtonKind::Plain on_press=more>
                        {text!(i18n, contacts.more)}
                    </Button>
                </div>
            </Show>
        </section>
    }
}

/// A contact in the list, as a link to its card.
#[component]
fn EntryRow(entry: ContactEntry) -> impl IntoView {
    let ContactEntry { id, name, known_by } = entry;
    view! {
        <li class="py-1">
            <PageLink
                href=format!("/contacts?id={id}")
                class="link-row flex min-h-11 flex-wrap items-baseline gap-x-3 py-2"
            >
                <span class="font-medium break-words">{name}</span>
                <span class="text-sm break-all text-soft">{known_by.join(" · ")}</span>
            </PageLink>
        </li>
    }
}
