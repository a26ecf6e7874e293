//! Labelled inputs.

use leptos::prelude::*;

use super::{on_event, reactive, reactive_attr};

/// A text input with its label, help and error.
#[component]
pub(crate) fn TextField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] value: Option<RwSignal<String>>,
    #[prop(default = true)] required: bool,
) -> impl IntoView {
    let help_id = help.map(|_| format!("{name}-help"));
    view! {
        <div class="flex flex-col gap-1.5">
            <label class="font-medium" for=name>
                {reactive(move || label.get())}
            </label>
            <input
                class="input w-full h-11"
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                maxlength=maxlength
                required=required
                aria-describedby=help_id.clone()
                prop:value=reactive_attr(move || value.map(|value| value.get()).unwrap_or_default())
                on:input=on_event(move |event| {
                    if let Some(value) = value {
                        value.set(event_target_value(&event));
                    }
                })
            />
            {help
                .map(|help| {
                    view! {
                        <p class="text-sm text-soft" id=help_id>
                            {reactive(move || help.get())}
                        </p>
                    }
                        .into_any()
                })}
        </div>
    }
}

/// A select with its label and help.
#[component]
pub(crate) fn SelectField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional)] on_change: Option<Callback<String>>,
    children: Children,
) -> impl IntoView {
    let help_id = help.map(|_| format!("{name}-help"));
    view! {
        <div class="flex flex-col gap-1.5">
            <label class="font-medium" for=name>
                {reactive(move || label.get())}
            </label>
            <select
                class="select w-full h-11"
                id=name
                name=name
                aria-describedby=help_id.clone()
                on:change=on_event(move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_value(&event));
                    }
                })
            >
                {children()}
            </select>
            {help
                .map(|help| {
                    view! {
                        <p class="text-sm text-soft" id=help_id>
                            {reactive(move || help.get())}
                        </p>
                    }
                        .into_any()
                })}
        </div>
    }
}
