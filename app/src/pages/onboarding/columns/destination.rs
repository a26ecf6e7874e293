//! The list the contacts are added to, and what happens to those that exist already (G15).

use crate::ui::{Show, on_event, reactive, reactive_attr};
use alta_domain::{ExistingPolicy, ListId, ListSummary, ListTarget};
use leptos::prelude::*;

use super::exceptions::Exceptions;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::words::{plural, text};

const NONE: &str = "";
const NEW: &str = "new";

/// A list that exists, a new one, or none; and the policy.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Destination(lists: Vec<ListSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let is_new = move || session.list.with(|list| matches!(list, ListTarget::New(_)));
    let choose = move |event| {
        let word = event_target_value(&event);
        session.list.set(match word.as_str() {
            NONE => ListTarget::None,
            NEW => ListTarget::New(String::new()),
            id => id
                .parse()
                .map_or(ListTarget::None, |id| ListTarget::Existing(ListId(id))),
        });
    };
    let option = move |list: ListSummary| {
        let ListSummary { id, name, contacts } = list;
        view! {
            <option
                value=id.to_string()
                selected=reactive_attr(move || {
                    session.list.with(|list| *list == ListTarget::Existing(id))
                })
            >
                {reactive(move || {
                    format!("{name} ({})", plural!(i18n, columns.in_file, n = contacts))
                })}
            </option>
        }
        .into_any()
    };
    let name = move || {
        session.list.with(|list| {
            if let ListTarget::New(name) = list {
                name.clone()
            } else {
                String::new()
            }
        })
    };
    let policy = move |candidate: ExistingPolicy, word: &'static str, label: Signal<String>| {
        view! {
            <label class="flex min-h-11 items-center gap-3">
                <input
                    type="radio"
                    class="radio radio-primary"
                    name="policy"
                    value=word
                    prop:checked=reactive_attr(move || session.policy.get() == candidate)
                    on:change=on_event(move |_| {
                        session.policy.set(candidate);
                        session.forget_effect();
                    })
                />
                {reactive(move || label.get())}
            </label>
        }
        .into_any()
    };
    view! {
        <section
            class="panel grid gap-6 md:grid-cols-2"
            aria-label=text!(i18n, columns.destination)
        >
            <div class="flex min-w-0 flex-col gap-3">
                <label class="font-medium" for="list">
                    {text!(i18n, columns.list)}
                </label>
                <select class="select h-11 w-full" id="list" on:change=on_event(choose)>
                    <option
                        value=NONE
                        selected=reactive_attr(move || {
                            session.list.with(|list| *list == ListTarget::None)
                        })
                    >
                        {text!(i18n, columns.list_none)}
                    </option>
                    {lists.into_iter().map(option).collect_view()}
                    <option value=NEW selected=is_new>
                        {text!(i18n, columns.list_new)}
                    </option>
                </select>
                <Show when=is_new>
                    <label class="text-sm font-medium" for="list-name">
                        {text!(i18n, columns.list_name)}
                    </label>
                    <input
                        class="input h-11 w-full"
                        id="list-name"
                        maxlength="120"
                        prop:value=name
                        on:input=on_event(move |event| {
                            session.list.set(ListTarget::New(event_target_value(&event)));
                        })
                    />
                </Show>
            </div>
            <fieldset class="flex min-w-0 flex-col gap-1">
                <legend class="mb-2 font-medium">{text!(i18n, columns.existing)}</legend>
                {policy(
                    ExistingPolicy::Update,
                    "update",
                    crate::words::text!(i18n, columns.update),
                )}
                {policy(ExistingPolicy::Fill, "fill", crate::words::text!(i18n, columns.fill))}
                {policy(ExistingPolicy::Keep, "keep", crate::words::text!(i18n, columns.keep))}
                <Exceptions />
            </fieldset>
        </section>
    }
}
