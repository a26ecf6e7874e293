//! The fields that have another policy than the rest, for contacts that exist.

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Each, item, on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// The policies and the values of their options.
const POLICIES: [(&str, FieldPolicy); 4] = [
    ("update", FieldPolicy::Update),
    ("fill", FieldPolicy::Fill),
    ("keep", FieldPolicy::Keep),
    ("merge", FieldPolicy::Merge),
];

/// A choice of the policy for each field of the file; closed at first unless there is an exception.
#[component]
pub(super) fn Exceptions() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let indices = Memo::new(move |_| {
        let columns = session.check.columns().into_iter();
        let is_value = |target: FieldTarget| !target.is_permission();
        columns
            .filter(|column| column.target.is_some_and(is_value))
            .map(|column| column.index.to_string())
            .collect::<Vec<_>>()
    });
    // The keys are the indices from above, so that each key is a number.
    let row = |index: String| view! { <FieldRow index=index.parse().unwrap_or_default() /> };
    view! {
        <details class="mt-2" open=session.effect.has_exceptions()>
            <summary class="link min-h-11 cursor-pointer py-2">
                {text!(i18n, columns.exceptions)}
            </summary>
            <ul class="flex flex-col gap-2 py-2">
                <Each keys=indices item=item(row) />
            </ul>
        </details>
    }
}

/// The name of a column's field, and the choice of its policy.
#[component]
fn FieldRow(index: u32) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let target = move || session.check.target(index);
    let name = move || match target() {
        Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field).to_owned(),
        _ => session.check.header(index),
    };
    let chosen = move || session.effect.exception(target());
    let choose = move |event| {
        let value = event_target_value(&event);
        let policy = POLICIES.into_iter().find(|(other, _)| *other == value);
        if let Some(target) = untrack(target) {
            let policy = policy.map(|(_, policy)| policy);
            session.effect.choose_exception(target, policy);
        }
    };
    let option = move |(value, policy): (&'static str, FieldPolicy)| {
        view! {
            <option value=value selected=reactive_attr(move || chosen() == Some(policy))>
                {reactive(move || policy_words(i18n, policy))}
            </option>
        }
        .into_any()
    };
    // Only tags can be merged: the other fields have one value.
    let is_tags = move || target() == Some(FieldTarget::BuiltIn(BuiltInField::Tags));
    let options = move || {
        POLICIES
            .into_iter()
            .filter(|(_, policy)| *policy != FieldPolicy::Merge || is_tags())
            .map(option)
            .collect_view()
    };
    let id = format!("policy-{index}");
    view! {
        <li class="flex flex-wrap items-center gap-x-4 gap-y-1">
            <label class="min-w-32 flex-1 break-words" for=id.clone()>
                {reactive(name)}
            </label>
            <select class="select h-11 w-full sm:w-64" id=id on:change=on_event(choose)>
                <option value="" selected=reactive_attr(move || chosen().is_none())>
                    {text!(i18n, columns.as_rest)}
                </option>
                {reactive(options)}
            </select>
        </li>
    }
}

fn policy_words(i18n: Reader, policy: FieldPolicy) -> &'static str {
    match policy {
        FieldPolicy::Update => word!(i18n, columns.field_update),
        FieldPolicy::Fill => word!(i18n, columns.field_fill),
        FieldPolicy::Keep => word!(i18n, columns.field_keep),
        FieldPolicy::Merge => word!(i18n, columns.field_merge),
    }
}
