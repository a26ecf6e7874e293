//! A change of a contact: a value before and after, a permission, a list, or the bin.

use alta_domain::{BuiltInField, ChangedPart, FieldTarget, ValueChange};
use leptos::prelude::*;

use crate::format;
use crate::reader::use_i18n;
use crate::ui::reactive;
use crate::words::{self, Reader, word};

/// A change in a list of changes.
#[component]
pub(super) fn Change(change: ValueChange) -> impl IntoView {
    let i18n = use_i18n();
    let ValueChange {
        part,
        before,
        after,
    } = change;
    let target = match part {
        ChangedPart::Field(field) => Some(FieldTarget::BuiltIn(field)),
        _ => None,
    };
    let has_value = before.is_some() || after.is_some();
    let is_long = target == Some(FieldTarget::BuiltIn(BuiltInField::Notes));
    let shown = move |value: Option<String>| {
        let look = if is_long { "whitespace-pre-line" } else { "" };
        value.map(|value| {
            let text = move || format::value(i18n.language(), None, target, &value);
            view! { <span class=look>{reactive(text)}</span> }.into_any()
        })
    };
    view! {
        <li class="flex flex-wrap items-baseline gap-x-2">
            <span>{reactive(move || name(i18n, &part))}</span>
            {has_value
                .then(|| {
                    view! {
                        <span class="min-w-0 break-words text-soft line-through">
                            {shown(before)}
                        </span>
                        <span aria-hidden="true">"→"</span>
                        <span class="min-w-0 font-medium break-words">{shown(after)}</span>
                    }
                        .into_any()
                })}
        </li>
    }
}

/// Returns the name of the part that was changed.
fn name(i18n: Reader, part: &ChangedPart) -> String {
    match part {
        ChangedPart::Field(field) => words::field(i18n, *field).to_owned(),
        ChangedPart::Custom(name) => name.clone(),
        ChangedPart::Permission(channel, true) => {
            word!(
                i18n,
                imports.permitted,
                channel = words::channel(i18n, *channel)
            )
        }
        ChangedPart::Permission(channel, false) => {
            word!(
                i18n,
                imports.refused,
                channel = words::channel(i18n, *channel)
            )
        }
        ChangedPart::List(name) => word!(i18n, imports.to_lists, lists = name.clone()),
        ChangedPart::Bin(true) => word!(i18n, contacts.bin_in).to_owned(),
        ChangedPart::Bin(false) => word!(i18n, contacts.bin_out).to_owned(),
    }
}
