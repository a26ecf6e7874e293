//! The Imports page: all imports of files and systems, and a page for each import.

mod detail;
mod plan;
mod row;
mod rows;

use alta_domain::{ErrorCode, ImportEntry, ImportId, LedgerPlace, Me, ProblemCode, Role, Step};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use self::detail::ImportView;
pub(crate) use self::row::ImportRow;
use self::rows::RowsOf;
use crate::api::import_page::{IMPORTS, imports};
use crate::api::{Read, read};
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{
    Button, ButtonKind, Each, EmptyState, Icon, LoadFailure, PageLink, Show, Skeleton, item, later,
    on_event, reactive, reactive_attr,
};
use crate::words::{self, plural, text};

/// The import whose id is in the address, or else the list.
#[component]
pub(crate) fn ImportsPage() -> impl IntoView {
    let query = use_query_map();
    let id = query.with_untracked(|query| query.get("id"));
    let show = query.with_untracked(|query| query.get("show"));
    let problem = query.with_untracked(|query| query.get("problem"));
    let of = show
        .as_deref()
        .and_then(LedgerPlace::parse)
        .map(|place| RowsOf {
            place,
            problem: problem.as_deref().and_then(ProblemCode::parse),
        });
    match id.and_then(|id| id.parse().ok()).map(ImportId) {
        Some(id) => view! {
            <Page>
                <ImportView id=id of=of />
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
    let first = read(|| imports(String::new(), None, None));
    let me = expect_context::<Read<Option<Me>>>();
    view! {
        <PageTitle title=text!(i18n, imports.title) lead=text!(i18n, imports.lead) />
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                let me = me.answer().await.ok().flatten();
                let is_admin = me.is_some_and(|me| me.role == Role::Admin);
                match first.answer().await {
                    Ok(first) => view! { <Found first=first is_admin=is_admin /> }.into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The imports on the page, under a search and a filter.
#[derive(Clone, Copy)]
struct Search {
    typed: StoredValue<String>,
    of_systems: RwSignal<Option<bool>>,
    found: RwSignal<Vec<ImportEntry>>,
    /// True when the last answer was a whole page, so that there may be more.
    is_full: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Search {
    /// Reads the first page, or the page after the import `last`, which is added to the list.
    fn read(self, last: Option<ImportId>) {
        let asked = (self.typed.get_value(), self.of_systems.get_untracked());
        self.busy.set(true);
        spawn_local(async move {
            match imports(asked.0.clone(), asked.1, last).await {
                // The search has changed since the call: this answer came too late.
                Ok(_) if (self.typed.get_value(), self.of_systems.get_untracked()) != asked => {}
                Ok(more) => {
                    self.error.set(None);
                    self.is_full.set(more.len() as u64 == IMPORTS);
                    self.found.update(|found| {
                        if last.is_none() {
                            found.clear();
                        }
                        found.extend(more);
                    });
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }
}

#[component]
fn Found(first: Vec<ImportEntry>, is_admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    let none_yet = first.is_empty();
    let found = RwSignal::new(first);
    let list = Search {
        typed: StoredValue::new(String::new()),
        of_systems: RwSignal::new(None),
        found,
        is_full: RwSignal::new(found.with_untracked(|found| found.len() as u64 == IMPORTS)),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    if none_yet {
        return view! { <NoImports is_admin=is_admin /> }.into_any();
    }
    let more = Callback::new(move |()| {
        list.read(found.with_untracked(|found| found.last().map(|entry| entry.summary.id)));
    });
    let key = |entry: &ImportEntry| entry.summary.id.to_string();
    let keys = Memo::new(move |_| found.with(|found| found.iter().map(key).collect::<Vec<_>>()));
    let row = move |wanted: String| {
        let entry = found.with_untracked(|found| {
            let mut all = found.iter();
            all.find(|entry| key(entry) == wanted).cloned()
        })?;
        Some(view! { <ImportRow entry=entry /> })
    };
    view! {
        <SearchForm list=list />
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || list.error.get().map(|code| words::error(i18n, code)))}
        </p>
        <p class="sr-only" role="status">
            {reactive(move || plural!(i18n, imports.found, n = keys.with(Vec::len)))}
        </p>
        <section class="panel flex flex-col gap-3">
            <Show when=move || keys.with(Vec::is_empty)>
                <EmptyState text=text!(i18n, imports.no_match) />
            </Show>
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden" id="import-list">
                <Each keys=keys item=item(row) />
            </ul>
            <Show when=move || list.is_full.get()>
                <div>
                    <Button kind=ButtonKind::Plain busy=list.busy on_press=more>
                        {text!(i18n, contacts.more)}
                    </Button>
                </div>
            </Show>
        </section>
    }
    .into_any()
}

/// The page of an organization without imports.
#[component]
fn NoImports(is_admin: bool) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="panel">
            <EmptyState text=text!(
                i18n, imports.none
            )>
                {is_admin
                    .then(|| {
                        view! {
                            <PageLink href=Step::File.path() class="btn btn-outline min-h-11">
                                <Icon name="icon-[lucide--file-up]" />
                                {text!(i18n, home.import_contacts)}
                            </PageLink>
                        }
                            .into_any()
                    })}
            </EmptyState>
        </section>
    }
}

/// The search by a name, and the choice between files and systems.
#[component]
fn SearchForm(list: Search) -> impl IntoView {
    let i18n = use_i18n();
    let search = move |event| {
        list.typed.set_value(event_target_value(&event));
        list.read(None);
    };
    let kind = move |(of_systems, name): (Option<bool>, Signal<String>)| {
        let is_chosen = move || list.of_systems.get() == of_systems;
        let choose = move |_| {
            list.of_systems.set(of_systems);
            list.read(None);
        };
        view! {
            <button
                type="button"
                class="btn btn-ghost min-h-11"
                class:btn-active=reactive_attr(is_chosen)
                aria-pressed=reactive_attr(move || is_chosen().to_string())
                on:click=on_event(choose)
            >
                {reactive(move || name.get())}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="flex flex-wrap items-center gap-3">
            <input
                class="input h-11 w-full max-w-md"
                type="search"
                id="import-search"
                maxlength="100"
                aria-label=text!(i18n, imports.search)
                placeholder=text!(i18n, imports.search)
                on:input=on_event(search)
            />
            <div class="flex flex-wrap gap-1" role="group" aria-label=text!(i18n, imports.kinds)>
                {[
                    (None, text!(i18n, imports.all)),
                    (Some(false), text!(i18n, imports.files)),
                    (Some(true), text!(i18n, imports.systems)),
                ]
                    .map(kind)
                    .collect_view()}
            </div>
        </div>
    }
}
