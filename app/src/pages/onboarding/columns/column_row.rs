//! One column: its name, three values, its field.

use crate::ui::{Show, on_event, reactive, reactive_attr};
use alta_domain::{BuiltInField, Channel, Field, FieldTarget};
use leptos::prelude::*;

use super::OwnFields;
use super::new_field::NewFieldForm;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::words::{self, text, word};

const LEAVE_OUT: &str = "";
const NEW_FIELD: &str = "new";

/// The value of a target in the choice.
fn word_of(target: FieldTarget) -> String {
    match target {
        FieldTarget::BuiltIn(field) => field.as_str().to_owned(),
        FieldTarget::Custom { id, .. } => format!("field-{id}"),
        FieldTarget::Consent(channel) => format!("consent-{}", channel.as_str()),
    }
}

fn target_of(word: &str, own: &[Field]) -> Option<FieldTarget> {
    let custom = |field: &Field| FieldTarget::Custom {
        id: field.id,
        kind: field.kind,
    };
    let consents = Channel::ALL.into_iter().map(FieldTarget::Consent);
    BuiltInField::parse(word)
        .map(FieldTarget::BuiltIn)
        .or_else(|| {
            own.iter()
                .map(custom)
                .chain(consents)
                .find(|target| word_of(*target) == word)
        })
}

/// A field that another column has can't be chosen a second time.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn ColumnRow(index: u32) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let OwnFields(own) = expect_context();
    let creating = RwSignal::new(false);
    let report = move || {
        session.preview.with(|preview| {
            preview
                .as_ref()
                .and_then(|preview| preview.columns.get(index as usize).cloned())
        })
    };
    let target = Memo::new(move |_| {
        session.mapping.with(|mapping| {
            mapping
                .as_ref()
                .and_then(|mapping| mapping.columns.get(index as usize))
                .and_then(|column| column.target)
        })
    });
    let taken = move |candidate: FieldTarget| {
        session.mapping.with(|mapping| {
            mapping.as_ref().is_some_and(|mapping| {
                mapping
                    .columns
                    .iter()
                    .any(|column| column.index != index && column.target == Some(candidate))
            })
        })
    };
    let name = move || match report() {
        Some(report) if !report.header.is_empty() => report.header,
        _ => word!(i18n, grid.column_n, n = index + 1),
    };
    let option = move |candidate: FieldTarget, label: Signal<String>| {
        view! {
            <option
                value=word_of(candidate)
                selected=reactive_attr(move || target.get() == Some(candidate))
                disabled=reactive_attr(move || taken(candidate))
            >
                {reactive(move || {
                    if taken(candidate) {
                        format!("{} ({})", label.get(), word!(i18n, columns.taken))
                    } else {
                        label.get()
                    }
                })}
            </option>
        }
        .into_any()
    };
    let choose = move |event| {
        let word = event_target_value(&event);
        creating.set(word == NEW_FIELD);
        if word != NEW_FIELD {
            session.assign(index, own.with_untracked(|own| target_of(&word, own)));
        }
    };
    let samples = move || {
        let samples = report().map(|report| report.samples).unwrap_or_default();
        if samples.is_empty() {
            return view! { <span class="text-soft">{word!(i18n, columns.no_samples)}</span> }
                .into_any();
        }
        samples
            .into_iter()
            .map(|sample| view! { <span class="sample">{sample}</span> }.into_any())
            .collect_view()
            .into_any()
    };
    let select = format!("column-{index}");
    view! {
        <li class="column-row" class:is-out=reactive_attr(move || target.get().is_none())>
            <div class="flex min-w-0 flex-col gap-1.5">
                <p class="font-semibold break-words">{reactive(name)}</p>
                <p class="flex flex-wrap gap-1.5 text-sm">{reactive(samples)}</p>
            </div>
            <div class="flex min-w-0 flex-col gap-1">
                <label class="sr-only" for=select.clone()>
                    {text!(i18n, columns.field_for, column = name())}
                </label>
                <select
                    class="select h-11 w-full"
                    id=select
                    data-column=index
                    on:change=on_event(choose)
                >
                    <option
                        value=LEAVE_OUT
                        selected=reactive_attr(move || target.get().is_none() && !creating.get())
                    >
                        {text!(i18n, columns.leave_out)}
                    </option>
                    <optgroup label=text!(
                        i18n, columns.standard
                    )>
                        {BuiltInField::ALL
                            .iter()
                            .map(|field| option(
                                FieldTarget::BuiltIn(*field),
                                Signal::derive(move || words::field(i18n, *field).to_owned()),
                            ))
                            .collect_view()}
                    </optgroup>
                    <optgroup label=text!(
                        i18n, columns.own
                    )>
                        {reactive(move || {
                            own.get()
                                .into_iter()
                                .map(|field| option(
                                    FieldTarget::Custom {
                                        id: field.id,
                                        kind: field.kind,
                                    },
                                    Signal::stored(field.name),
                                ))
                                .collect_view()
                        })}
                    </optgroup>
                    <optgroup label=text!(
                        i18n, consent.title
                    )>
                        {Channel::ALL
                            .map(|channel| option(
                                FieldTarget::Consent(channel),
                                Signal::derive(move || words::accepts(i18n, channel).to_owned()),
                            ))
                            .collect_view()}
                    </optgroup>
                    <option value=NEW_FIELD selected=reactive_attr(move || creating.get())>
                        {text!(i18n, columns.new_field)}
                    </option>
                </select>
            </div>
            <Show when=move || creating.get()>
                <NewFieldForm index=index suggested=name() creating=creating />
            </Show>
        </li>
    }
}
