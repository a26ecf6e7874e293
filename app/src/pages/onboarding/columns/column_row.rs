//! One column of the file: its name, three of its values, and the field that it goes to.

use leptos::prelude::*;

use super::field_choice::FieldChoice;
use super::new_field::NewFieldForm;
use super::own_fields::OwnFields;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Show, reactive, reactive_attr};
use crate::words::{text, word};

/// The column with this index, counted from 0.
#[component]
pub(super) fn ColumnRow(index: u32) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    // True while the form for a new field is open.
    let creating = RwSignal::new(false);
    let own: OwnFields = expect_context();
    Effect::new(move |_| own.note_form(index, creating.get()));
    on_cleanup(move || own.note_form(index, false));
    let target = Memo::new(move |_| session.check.target(index));
    let name = move || match session.file.column(index) {
        Some(column) if !column.header.is_empty() => column.header,
        _ => word!(i18n, grid.column_n, n = index + 1),
    };
    let select = format!("column-{index}");
    view! {
        <li class="column-row" class:is-out=reactive_attr(move || target.get().is_none())>
            <div class="flex min-w-0 flex-col gap-1.5">
                <p class="font-semibold break-words">{reactive(name)}</p>
                <Samples index=index />
            </div>
            <div class="flex min-w-0 flex-col gap-1">
                <label class="sr-only" for=select.clone()>
                    {text!(i18n, columns.field_for, column = name())}
                </label>
                <FieldChoice index=index id=select target=target creating=creating />
            </div>
            <Show when=move || creating.get()>
                <NewFieldForm index=index suggested=name() creating=creating />
            </Show>
        </li>
    }
}

/// Up to three values of a column, or the note that it has none.
#[component]
fn Samples(index: u32) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let samples = move || {
        let column = session.file.column(index);
        let samples = column.map(|column| column.samples).unwrap_or_default();
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
    view! { <p class="flex flex-wrap gap-1.5 text-sm">{reactive(samples)}</p> }
}
