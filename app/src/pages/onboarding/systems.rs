//! The systems step: the systems that the company uses.

use alta_domain::{ErrorCode, Step, StepState, SystemChoice, SystemEntry};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::onboarding::{choose_systems, leave_step, systems};
use crate::api::read;
use crate::frame::{StepPage, go_on};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, Icon, LoadFailure, Show, Skeleton, Tone, item, later,
    on_event, reactive, reactive_attr,
};
use crate::words::{self, text};

/// The chosen systems: systems of the catalogue by their slugs, other systems by their names.
#[derive(Clone, Copy)]
struct Ticked {
    slugs: RwSignal<Vec<String>>,
    others: RwSignal<Vec<String>>,
}

impl Ticked {
    fn new() -> Self {
        Self {
            slugs: RwSignal::default(),
            others: RwSignal::default(),
        }
    }

    /// Takes over the choice that the server has stored.
    fn load(self, choice: SystemChoice) {
        self.slugs.set(choice.slugs);
        self.others.set(choice.others);
    }

    fn choice(self) -> SystemChoice {
        SystemChoice {
            slugs: self.slugs.get_untracked(),
            others: self.others.get_untracked(),
        }
    }

    fn has(self, slug: &str) -> bool {
        self.slugs
            .with(|slugs| slugs.iter().any(|other| other == slug))
    }

    fn toggle(self, slug: &str) {
        self.slugs
            .update(|slugs| match slugs.iter().position(|other| other == slug) {
                Some(at) => {
                    slugs.remove(at);
                }
                None => slugs.push(slug.to_owned()),
            });
    }

    fn is_empty(self) -> bool {
        self.slugs.with(Vec::is_empty) && self.others.with(Vec::is_empty)
    }
}

/// The page: five systems to choose, and a box that opens all others.
#[component]
pub(crate) fn SystemsPage() -> impl IntoView {
    let i18n = use_i18n();
    let catalogue = read(systems);
    let ticked = Ticked::new();
    let error = RwSignal::new(None::<ErrorCode>);
    let busy = RwSignal::new(false);
    let go_on = go_on(Step::Systems, error);
    let save = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match store_choice(ticked.choice()).await {
                Ok(None) => go_on(StepState::Done),
                Ok(Some(slug)) => {
                    let page = format!("/onboarding/connect/{slug}");
                    let _ = window().location().set_href(&page);
                }
                Err(code) => error.set(Some(code)),
            }
            busy.set(false);
        });
    });
    view! {
        <StepPage
            step=Step::Systems
            title=text!(i18n, systems.title)
            lead=text!(i18n, systems.lead)
            error=error
            primary=move || {
                view! {
                    <Button kind=ButtonKind::Primary busy=busy on_press=save>
                        {text!(i18n, common.go_on)}
                    </Button>
                }
            }
        >
            <Suspense fallback=|| {
                view! { <Skeleton lines=4 /> }
            }>
                {reactive(move || later(async move {
                    match catalogue.answer().await {
                        Ok((entries, choice)) => {
                            ticked.load(choice);
                            view! { <Systems entries=entries ticked=ticked /> }.into_any()
                        }
                        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </StepPage>
    }
}

/// Stores the choice of systems, and marks the step as done. Returns the slug of the first chosen
/// system that can be connected; `None` when there is none.
async fn store_choice(choice: SystemChoice) -> Result<Option<String>, ErrorCode> {
    let next = choose_systems(choice).await.map_err(|error| error.code)?;
    if next.is_some() {
        leave_step(Step::Systems, StepState::Done)
            .await
            .map_err(|error| error.code)?;
    }
    Ok(next)
}

/// The featured systems, the box that opens the others, and a note about systems that can't be
/// connected yet.
#[component]
fn Systems(entries: Vec<SystemEntry>, ticked: Ticked) -> impl IntoView {
    let i18n = use_i18n();
    let (featured, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.featured);
    let slugs: Vec<String> = rest.iter().map(|entry| entry.slug.clone()).collect();
    let has_others = ticked.others.with_untracked(|others| !others.is_empty())
        || slugs
            .iter()
            .any(|slug| ticked.slugs.with_untracked(|ticked| ticked.contains(slug)));
    let open = RwSignal::new(has_others);
    view! {
        <fieldset class="flex flex-col gap-4">
            <legend class="sr-only">{text!(i18n, systems.title)}</legend>
            <div class="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
                {featured
                    .into_iter()
                    .map(|entry| view! { <SystemBox entry=entry ticked=ticked /> }.into_any())
                    .collect_view()} <OthersBox open=open />
            </div>
        </fieldset>
        <Show when=move || open.get()>
            <Others entries=rest.clone() ticked=ticked />
        </Show>
        <Show when=move || !ticked.is_empty()>
            <Alert tone=Tone::Info title=text!(i18n, systems.interest_title)>
                <p class="max-w-2xl">{text!(i18n, systems.interest)}</p>
            </Alert>
        </Show>
    }
}

/// The box that opens the other systems.
#[component]
fn OthersBox(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="choice-card">
            <span class="initials" aria-hidden="true">
                "+"
            </span>
            <span class="flex min-w-0 flex-1 flex-col">
                <span class="font-semibold">{text!(i18n, systems.others)}</span>
                <span class="text-sm text-soft">{text!(i18n, systems.others_help)}</span>
            </span>
            <input
                type="checkbox"
                class="checkbox checkbox-primary"
                name="others"
                prop:checked=open
                on:change=on_event(move |event| open.set(event_target_checked(&event)))
            />
        </label>
    }
}

/// The box of one system of the catalogue.
#[component]
fn SystemBox(entry: SystemEntry, ticked: Ticked) -> impl IntoView {
    let i18n = use_i18n();
    let SystemEntry {
        slug, name, kind, ..
    } = entry;
    let (shown, toggled) = (slug.clone(), slug.clone());
    let initials: String = name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .take(2)
        .collect();
    view! {
        <label class="choice-card">
            <span class="initials" aria-hidden="true">
                {initials}
            </span>
            <span class="flex min-w-0 flex-1 flex-col">
                <span class="font-semibold">{name}</span>
                <span class="text-sm text-soft">
                    {reactive(move || words::system_kind(i18n, &kind))}
                </span>
            </span>
            <input
                type="checkbox"
                class="checkbox checkbox-primary"
                name=slug
                prop:checked=reactive_attr(move || ticked.has(&shown))
                on:change=on_event(move |_| ticked.toggle(&toggled))
            />
        </label>
    }
}

/// All other systems with a search, and the names of chosen systems that the catalogue does not
/// have.
#[component]
fn Others(entries: Vec<SystemEntry>, ticked: Ticked) -> impl IntoView {
    let i18n = use_i18n();
    let search = RwSignal::new(String::new());
    let wanted = move || search.with(|search| search.trim().to_lowercase());
    let names: Vec<String> = entries
        .iter()
        .map(|entry| entry.name.to_lowercase())
        .collect();
    let matches = {
        let names = names.clone();
        let slugs: Vec<String> = entries.iter().map(|entry| entry.slug.clone()).collect();
        move || {
            slugs
                .iter()
                .zip(&names)
                .filter(|(_, name)| name.contains(&wanted()))
                .map(|(slug, _)| slug.clone())
                .collect::<Vec<_>>()
        }
    };
    let of_slug = move |slug: String| {
        entries
            .iter()
            .find(|entry| entry.slug == slug)
            .map(|entry| view! { <SystemBox entry=entry.clone() ticked=ticked /> }.into_any())
    };
    let nothing = {
        let matches = matches.clone();
        move || matches().is_empty()
    };
    let is_new = Signal::derive(move || {
        let wanted = wanted();
        let is_ticked =
            |others: &Vec<String>| others.iter().any(|other| other.to_lowercase() == wanted);
        !wanted.is_empty() && !names.contains(&wanted) && !ticked.others.with(is_ticked)
    });
    view! {
        <section class="panel flex flex-col gap-4" aria-label=text!(i18n, systems.others)>
            <Search search=search is_new=is_new ticked=ticked />
            <Show when=nothing>
                <p class="text-soft">{text!(i18n, systems.none)}</p>
            </Show>
            <div class="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
                <Each keys=matches item=item(of_slug) />
            </div>
            <Show when=move || !ticked.others.with(Vec::is_empty)>
                <ul class="flex flex-wrap gap-2" aria-label=text!(i18n, systems.chosen)>
                    <Each
                        keys=ticked.others
                        item=item(move |name| view! { <OtherChip name=name ticked=ticked /> })
                    />
                </ul>
            </Show>
        </section>
    }
}

/// The search. A name that no system has can be added as a system.
#[component]
fn Search(search: RwSignal<String>, is_new: Signal<bool>, ticked: Ticked) -> impl IntoView {
    let i18n = use_i18n();
    let add = Callback::new(move |()| {
        ticked
            .others
            .update(|others| others.push(search.get_untracked().trim().to_owned()));
        search.set(String::new());
    });
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if is_new.get_untracked() {
                add.run(());
            }
        }
    };
    view! {
        <div class="flex flex-wrap items-end gap-3">
            <div class="flex min-w-0 flex-1 basis-64 flex-col gap-1.5">
                <label class="font-medium" for="system-search">
                    {text!(i18n, systems.search)}
                </label>
                <input
                    class="input h-11 w-full"
                    id="system-search"
                    type="search"
                    maxlength="120"
                    autocomplete="off"
                    prop:value=search
                    on:input=on_event(move |event| search.set(event_target_value(&event)))
                    on:keydown=on_event(enter)
                />
            </div>
            <Show when=move || is_new.get()>
                <Button icon="icon-[lucide--plus]" on_press=add>
                    {text!(i18n, systems.add, name = search.get().trim().to_owned())}
                </Button>
            </Show>
        </div>
    }
}

/// A chosen system that the catalogue does not have, with a button that removes it.
#[component]
fn OtherChip(name: String, ticked: Ticked) -> impl IntoView {
    let i18n = use_i18n();
    let (shown, gone) = (name.clone(), name.clone());
    view! {
        <li class="chip">
            {shown}
            <button
                class="chip-remove"
                type="button"
                aria-label=text!(i18n, common.remove, name = name.clone())
                on:click=on_event(move |_| {
                    ticked.others.update(|others| others.retain(|other| *other != gone));
                })
            >
                <Icon name="icon-[lucide--x]" class="size-4" />
            </button>
        </li>
    }
}
