//! The list that contacts are added to, and what happens to contacts that exist already.

use alta_domain::{ExistingPolicy, ListId, ListSummary, ListTarget};
use leptos::prelude::*;

use super::exceptions::Exceptions;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Show, on_event, reactive, reactive_attr};
use crate::words::{plural, text};

/// The value of the option for no list.
const NO_LIST: &str = "";
/// The value of the option for a new list.
const NEW_LIST: &str = "new";

/// The panel: the list on one side, the policy on the other side.
#[component]
pub(super) fn Destination(lists: Vec<ListSummary>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section
            class="panel grid gap-6 md:grid-cols-2"
            aria-label=text!(i18n, columns.destination)
        >
            <div class="flex min-w-0 flex-col gap-3">
                <ListChoice lists=lists />
                <NewListName />
            </div>
            <PolicyChoice />
        </section>
    }
}

/// The choice of an existing list, a new list, or no list.
#[component]
fn ListChoice(lists: Vec<ListSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let choose = move |event| {
        let value = event_target_value(&event);
        effect.choose_list(match value.as_str() {
            NO_LIST => ListTarget::None,
            NEW_LIST => ListTarget::New(String::new()),
            id => id
                .parse()
                .map_or(ListTarget::None, |id| ListTarget::Existing(ListId(id))),
        });
    };
    let option = move |list: ListSummary| {
        let ListSummary { id, name, contacts } = list;
        let words = move || format!("{name} ({})", plural!(i18n, columns.in_file, n = contacts));
        let is_chosen = move || effect.list() == ListTarget::Existing(id);
        view! {
            <option value=id.to_string() selected=reactive_attr(is_chosen)>
                {reactive(words)}
            </option>
        }
        .into_any()
    };
    view! {
        <label class="font-medium" for="list">
            {text!(i18n, columns.list)}
        </label>
        <select class="select h-11 w-full" id="list" on:change=on_event(choose)>
            <option value=NO_LIST selected=reactive_attr(move || effect.list() == ListTarget::None)>
                {text!(i18n, columns.list_none)}
            </option>
            {lists.into_iter().map(option).collect_view()}
            <option value=NEW_LIST selected=move || effect.has_new_list()>
                {text!(i18n, columns.list_new)}
            </option>
        </select>
    }
}

/// The name of the new list; nothing for an existing list.
#[component]
fn NewListName() -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let name = move || match effect.list() {
        ListTarget::New(name) => name,
        _ => String::new(),
    };
    let rename = move |event| effect.choose_list(ListTarget::New(event_target_value(&event)));
    view! {
        <Show when=move || effect.has_new_list()>
            <label class="text-sm font-medium" for="list-name">
                {text!(i18n, columns.list_name)}
            </label>
            <input
                class="input h-11 w-full"
                id="list-name"
                maxlength="120"
                prop:value=name
                on:input=on_event(rename)
            />
        </Show>
    }
}

/// The choice of what happens to contacts that exist, and the fields that are exceptions.
#[component]
fn PolicyChoice() -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let option = move |policy: ExistingPolicy, value: &'static str, label: Signal<String>| {
        view! {
            <label class="flex min-h-11 items-center gap-3">
                <input
                    type="radio"
                    class="radio radio-primary"
                    name="policy"
                    value=value
                    prop:checked=reactive_attr(move || effect.policy() == policy)
                    on:change=on_event(move |_| effect.choose_policy(policy))
                />
                {reactive(move || label.get())}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="flex min-w-0 flex-col gap-1">
            <legend class="mb-2 font-medium">{text!(i18n, columns.existing)}</legend>
            {option(ExistingPolicy::Update, "update", text!(i18n, columns.update))}
            {option(ExistingPolicy::Fill, "fill", text!(i18n, columns.fill))}
            {option(ExistingPolicy::Keep, "keep", text!(i18n, columns.keep))}
            <Exceptions />
        </fieldset>
    }
}
