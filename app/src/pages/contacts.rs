//! The page of contacts: a list with a search, the bin, a card for each contact, and the form for a
//! new one.

mod back_link;
mod card;
mod card_state;
mod erase;
mod form_state;
mod history;
mod new;
mod permissions;
mod person;
mod purchases;
mod value_form;
mod value_input;
mod values;

use alta_domain::{ContactCounts, ContactEntry, ContactId, ErrorCode, Me, Permission};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use self::back_link::BackLink;
use self::card::Card;
use self::new::NewContact;
pub(crate) use self::person::PersonPage;
use crate::api::contacts::{contact_counts, contacts};
use crate::api::{Read, read};
use crate::format;
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Each, EmptyState, Icon, LoadFailure, PageLink, Show, Skeleton, item, later,
    on_event, reactive, reactive_attr,
};
use crate::words::{self, plural, text, word};

/// The number of contacts in one answer.
const PAGE: usize = 50;

/// The card of the contact whose id is in the address, the form for a new contact, the bin, or the
/// list.
#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let query = use_query_map();
    let has = |name: &str| query.with_untracked(|query| query.get(name)).is_some();
    let id = query.with_untracked(|query| query.get("id"));
    let id = id.and_then(|id| id.parse().ok()).map(ContactId);
    let body = match id {
        Some(id) => view! { <Card id=id /> }.into_any(),
        None if has("new") => view! { <NewContact /> }.into_any(),
        None => view! { <List in_bin=has("bin") /> }.into_any(),
    };
    view! { <Page>{body}</Page> }
}

#[component]
fn List(in_bin: bool) -> impl IntoView {
    let first = read(move || contacts(in_bin, String::new(), None));
    let counts = read(contact_counts);
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                let me = me.answer().await.ok().flatten();
                let may = |permission| me.as_ref().is_some_and(|me| me.role.may(permission));
                let may_add = may(Permission::Contacts);
                let may_export = !in_bin && may(Permission::PersonalData);
                let counts = counts.answer().await.unwrap_or_default();
                let title = if in_bin {
                    view! { <BinTitle days=counts.bin_days /> }.into_any()
                } else {
                    let ContactCounts { base, bin, .. } = counts;
                    view! { <BaseTitle base=base bin=bin may_add=may_add /> }.into_any()
                };
                let body = match first.answer().await {
                    Ok(first) => view! {
                        <Found first=first in_bin=in_bin may_export=may_export />
                    }
                    .into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                };
                view! {
                    {title}
                    {body}
                }
            }))}
        </Suspense>
    }
    .into_any()
}

/// The title of the contact base with its number of contacts, and the ways to a new contact and to
/// the bin.
#[component]
fn BaseTitle(base: u64, bin: u64, may_add: bool) -> impl IntoView {
    let i18n = use_i18n();
    let lead = Signal::derive(move || {
        let n = format::number(i18n.language(), base);
        plural!(i18n, contacts.count, n = base, n = n)
    });
    let add = may_add.then(|| {
        view! {
            <PageLink href="/contacts?new=1" class="btn btn-primary min-h-11" id="contact-add">
                <Icon name="icon-[lucide--user-round-plus]" />
                {text!(i18n, contacts.add)}
            </PageLink>
        }
        .into_any()
    });
    let to_bin = (bin > 0).then(|| {
        let words = move || {
            let n = format::number(i18n.language(), bin);
            word!(i18n, contacts.open_bin, n = n)
        };
        view! {
            <PageLink href="/contacts?bin=1" class="btn btn-ghost min-h-11" id="contact-bin">
                <Icon name="icon-[lucide--trash-2]" />
                {reactive(words)}
            </PageLink>
        }
        .into_any()
    });
    view! {
        <div class="flex flex-wrap items-start justify-between gap-4">
            <PageTitle title=text!(i18n, contacts.title) lead=lead />
            <div class="flex flex-wrap gap-2">{to_bin} {add}</div>
        </div>
    }
}

/// The title of the bin, with the way back to the base. After `days` a contact in the bin is
/// erased.
#[component]
fn BinTitle(days: u32) -> impl IntoView {
    let i18n = use_i18n();
    let lead = Signal::derive(move || plural!(i18n, contacts.bin_help, n = u64::from(days)));
    view! {
        <BackLink />
        <PageTitle title=text!(i18n, contacts.bin) lead=lead />
    }
}

/// The list of contacts that match the search.
#[derive(Clone, Copy)]
struct Search {
    in_bin: bool,
    typed: RwSignal<String>,
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
        let text = self.typed.get_untracked();
        spawn_local(async move {
            match contacts(self.in_bin, text.clone(), last).await {
                // The search has changed since the call: this answer came too late.
                Ok(_) if self.typed.get_untracked() != text => {}
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
fn Found(first: Vec<ContactEntry>, in_bin: bool, may_export: bool) -> impl IntoView {
    let i18n = use_i18n();
    let is_empty_bin = in_bin && first.is_empty();
    let found = RwSignal::new(first);
    let is_full = RwSignal::new(found.with_untracked(|found| found.len() == PAGE));
    let error = RwSignal::new(None::<ErrorCode>);
    let list = Search {
        in_bin,
        typed: RwSignal::new(String::new()),
        found,
        is_full,
        error,
    };
    let search = move |event| {
        list.typed.set(event_target_value(&event));
        list.read(None);
    };
    let more = Callback::new(move |()| {
        list.read(found.with_untracked(|found| found.last().map(|entry| entry.id)));
    });
    let none = move || {
        if is_empty_bin {
            word!(i18n, contacts.bin_none).to_owned()
        } else {
            word!(i18n, contacts.none).to_owned()
        }
    };
    let keys = Memo::new(move |_| list.keys());
    let row = move |key: String| Some(view! { <EntryRow entry=list.entry(&key)? /> });
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <input
                class="input h-11 w-full max-w-xl"
                type="search"
                id="contact-search"
                maxlength="100"
                aria-label=text!(i18n, contacts.search)
                placeholder=text!(i18n, contacts.search)
                on:input=on_event(search)
            />
            {may_export.then(|| view! { <Export list=list /> }.into_any())}
        </div>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        <section class="panel flex flex-col gap-3" aria-live="polite">
            <Show when=move || keys.with(Vec::is_empty)>
                <EmptyState text=Signal::derive(none) />
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

/// The form that downloads the contacts that the search finds, all without one. It is posted, so
/// that the text of the search stands in no log.
#[component]
fn Export(list: Search) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        if list.typed.with(|typed| typed.trim().is_empty()) {
            word!(i18n, contacts.export)
        } else {
            word!(i18n, contacts.export_found)
        }
    };
    view! {
        <form method="post" action="/api/person/contacts.csv">
            <input
                type="hidden"
                name="q"
                prop:value=reactive_attr(move || list.typed.get())
            />
            <button class="btn btn-ghost min-h-11" type="submit" id="contact-export">
                <Icon name="icon-[lucide--download]" />
                {reactive(words)}
            </button>
        </form>
    }
}

/// A contact in the list, as a link to its card.
#[component]
fn EntryRow(entry: ContactEntry) -> impl IntoView {
    let name = format::entry_name(&entry).into_owned();
    let ContactEntry { id, known_by, .. } = entry;
    let known: Vec<String> = known_by.iter().map(|text| format::known_by(text)).collect();
    let known = known.join(" · ");
    view! {
        <li class="py-1">
            <PageLink
                href=format!("/contacts?id={id}")
                class="link-row flex min-h-11 flex-wrap items-baseline gap-x-3 py-2"
            >
                <span class="font-medium break-words">{name}</span>
                <span class="text-sm break-all text-soft">{known}</span>
            </PageLink>
        </li>
    }
}
