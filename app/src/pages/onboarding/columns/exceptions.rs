//! Fields for which something else holds than for the rest.

use alta_domain::{BuiltInField, ColumnPlan, FieldException, FieldPolicy, FieldTarget};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Each, item, on_event, reactive, reactive_attr};
use crate::words::{self, text, word};

const POLICIES: [(&str, FieldPolicy); 4] = [
    ("update", FieldPolicy::Update),
    ("fill", FieldPolicy::Fill),
    ("keep", FieldPolicy::Keep),
    ("merge", FieldPolicy::Merge),
];

/// A choice for each field of the file, closed until somebody wants it.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Exceptions() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let target = move |index: u32| {
        session.mapping.with(|mapping| {
            mapping
                .as_ref()
                .and_then(|mapping| mapping.columns.get(index as usize)?.target)
        })
    };
    let indices = move || {
        session.mapping.with(|mapping| {
            let columns = mapping.iter().flat_map(|mapping| &mapping.columns);
            let is_value = |column: &&ColumnPlan| {
                column
                    .target
                    .is_some_and(|target| !matches!(target, FieldTarget::Consent(_)))
            };
            columns
                .filter(is_value)
                .map(|column| column.index.to_string())
                .collect::<Vec<_>>()
        })
    };
    let row = move |index: String| {
        let index = index.parse().unwrap_or_default();
        let name = move || match target(index) {
            Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field).to_owned(),
            _ => session.mapping.with(|mapping| {
                mapping
                    .as_ref()
                    .and_then(|mapping| mapping.columns.get(index as usize))
                    .map(|column| column.header.clone())
                    .unwrap_or_default()
            }),
        };
        let chosen = move || {
            session.exceptions.with(|all| {
                all.iter()
                    .find(|one| Some(one.target) == target(index))
                    .map(|one| one.policy)
            })
        };
        let choose = move |event| {
            let word = event_target_value(&event);
            let Some(target) = target(index) else { return };
            session.exceptions.update(|all| {
                all.retain(|one| one.target != target);
                let policy = POLICIES.into_iter().find(|(known, _)| *known == word);
                all.extend(policy.map(|(_, policy)| FieldException { target, policy }));
            });
            session.forget_effect();
        };
        let option = move |(word, policy): (&'static str, FieldPolicy)| {
            view! {
                <option value=word selected=reactive_attr(move || chosen() == Some(policy))>
                    {reactive(move || said(i18n, policy))}
                </option>
            }
            .into_any()
        };
        let is_tags = move || target(index) == Some(FieldTarget::BuiltIn(BuiltInField::Tags));
        view! {
            <li class="flex flex-wrap items-center gap-x-4 gap-y-1">
                <label class="min-w-32 flex-1 break-words" for=format!("policy-{index}")>
                    {reactive(name)}
                </label>
                <select
                    class="select h-11 w-full sm:w-64"
                    id=format!("policy-{index}")
                    on:change=on_event(choose)
                >
                    <option value="" selected=reactive_attr(move || chosen().is_none())>
                        {text!(i18n, columns.as_rest)}
                    </option>
                    {reactive(move || {
                        POLICIES
                            .into_iter()
                            .filter(|(_, policy)| *policy != FieldPolicy::Merge || is_tags())
                            .map(option)
                            .collect_view()
                    })}
                </select>
            </li>
        }
    };
    view! {
        <details class="mt-2" open=session.exceptions.with_untracked(|all| !all.is_empty())>
            <summary class="link min-h-11 cursor-pointer py-2">
                {text!(i18n, columns.exceptions)}
            </summary>
            <ul class="flex flex-col gap-2 py-2">
                <Each keys=Memo::new(move |_| indices()) item=item(row) />
            </ul>
        </details>
    }
}

fn said(i18n: words::Reader, policy: FieldPolicy) -> &'static str {
    match policy {
        FieldPolicy::Update => word!(i18n, columns.field_update),
        FieldPolicy::Fill => word!(i18n, columns.field_fill),
        FieldPolicy::Keep => word!(i18n, columns.field_keep),
        FieldPolicy::Merge => word!(i18n, columns.field_merge),
    }
}
