//! The input of the form that changes one value of a contact.

use alta_domain::{BuiltInField, FieldTarget};
use leptos::html::{Input, Select, Textarea};
use leptos::prelude::*;

use super::card_state::VALUE_INPUT;
use super::form_state::{Form, is_yes_or_no};
use crate::ui::{on_event, reactive, reactive_attr};
use crate::words::text;

/// The input: a line, several lines for notes, or a choice of yes and no.
#[component]
pub(super) fn ValueInput(form: Form, name: Signal<String>) -> impl IntoView {
    let label = reactive_attr(move || name.get());
    let typed = move |event| form.type_text(event_target_value(&event));
    if is_yes_or_no(form.target) {
        return view! { <YesOrNo form=form name=name /> }.into_any();
    }
    if form.target == FieldTarget::BuiltIn(BuiltInField::Notes) {
        let area = NodeRef::<Textarea>::new();
        Effect::new(move |_| area.get().map(|area| area.focus()));
        return view! {
            <textarea
                class="textarea min-h-32 w-full"
                id=VALUE_INPUT
                aria-label=label
                aria-describedby="value-refusal"
                node_ref=area
                prop:value=reactive_attr(move || form.text.get())
                on:input=on_event(typed)
            ></textarea>
        }
        .into_any();
    }
    let mode = match form.target {
        FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Landline) => "tel",
        FieldTarget::BuiltIn(BuiltInField::Email) => "email",
        _ => "text",
    };
    let line = NodeRef::<Input>::new();
    Effect::new(move |_| line.get().map(|line| line.focus()));
    view! {
        <input
            class="input h-11 w-full"
            id=VALUE_INPUT
            autocomplete="off"
            inputmode=mode
            aria-label=label
            aria-describedby="value-refusal"
            aria-invalid=reactive_attr(move || form.answer.with(Option::is_some).to_string())
            node_ref=line
            prop:value=reactive_attr(move || form.text.get())
            on:input=on_event(typed)
        />
    }
    .into_any()
}

#[component]
fn YesOrNo(form: Form, name: Signal<String>) -> impl IntoView {
    let i18n = form.i18n;
    let select = NodeRef::<Select>::new();
    Effect::new(move |_| select.get().map(|select| select.focus()));
    let option = move |value: &'static str, words: Signal<String>| {
        view! {
            <option value=value selected=reactive_attr(move || form.text.get() == value)>
                {reactive(move || words.get())}
            </option>
        }
        .into_any()
    };
    view! {
        <select
            class="select h-11 w-full"
            id=VALUE_INPUT
            autocomplete="off"
            aria-label=reactive_attr(move || name.get())
            node_ref=select
            on:change=on_event(move |event| form.type_text(event_target_value(&event)))
        >
            {option("", text!(i18n, contacts.choose))}
            {option("true", text!(i18n, contacts.yes))}
            {option("false", text!(i18n, contacts.no))}
        </select>
    }
}
