//! A new field, created in place and usable at once (G20).

use alta_domain::{ColumnKind, ErrorCode, FieldKind, FieldTarget, NewField};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::OwnFields;
use crate::api::onboarding::create_field;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, on_event, reactive, reactive_attr};
use crate::words::{self, text};

/// The kind of field that a column's values suggest.
fn kind_for(kind: Option<ColumnKind>) -> FieldKind {
    match kind {
        Some(ColumnKind::Date) => FieldKind::Date,
        Some(ColumnKind::Number) => FieldKind::Number,
        Some(ColumnKind::Boolean) => FieldKind::Boolean,
        Some(ColumnKind::Choice) => FieldKind::Choice,
        _ => FieldKind::Text,
    }
}

/// Name and kind; the column's own name and the kind of its values stand there already.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn NewFieldForm(
    index: u32,
    suggested: String,
    creating: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let OwnFields(own) = expect_context();
    let name = RwSignal::new(suggested);
    let found = session.preview.with_untracked(|preview| {
        preview
            .as_ref()
            .and_then(|preview| preview.columns.get(index as usize))
            .map(|column| column.kind)
    });
    let kind = RwSignal::new(kind_for(found));
    let error = RwSignal::new(None::<ErrorCode>);
    let busy = RwSignal::new(false);
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let create = Callback::new(move |()| {
        let field = NewField {
            name: name.get_untracked(),
            kind: kind.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            match create_field(field).await {
                Ok(field) => {
                    let target = FieldTarget::Custom {
                        id: field.id,
                        kind: field.kind,
                    };
                    own.update(|own| own.push(field));
                    session.assign(index, Some(target));
                    creating.set(false);
                }
                Err(failed) => error.set(Some(failed.code)),
            }
            busy.set(false);
        });
    });
    let option = move |candidate: FieldKind| {
        view! {
            <option
                value=candidate.as_str()
                selected=reactive_attr(move || kind.get() == candidate)
            >
                {reactive(move || words::kind(i18n, candidate))}
            </option>
        }
        .into_any()
    };
    let (name_id, kind_id) = (format!("field-name-{index}"), format!("field-kind-{index}"));
    view! {
        <form
            class="new-field"
            on:submit=on_event(move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                create.run(());
            })
        >
            <div class="flex min-w-0 flex-col gap-1">
                <label class="text-sm font-medium" for=name_id.clone()>
                    {text!(i18n, columns.new_name)}
                </label>
                <input
                    node_ref=input
                    class="input h-11 w-full"
                    id=name_id
                    maxlength="60"
                    required
                    prop:value=name
                    on:input=on_event(move |event| name.set(event_target_value(&event)))
                    on:keydown=on_event(move |event: leptos::ev::KeyboardEvent| {
                        if event.key() == "Escape" {
                            creating.set(false);
                        }
                    })
                />
            </div>
            <div class="flex min-w-0 flex-col gap-1">
                <label class="text-sm font-medium" for=kind_id.clone()>
                    {text!(i18n, columns.new_kind)}
                </label>
                <select
                    class="select h-11 w-full"
                    id=kind_id
                    on:change=on_event(move |event| {
                        kind.set(
                            FieldKind::parse(&event_target_value(&event))
                                .unwrap_or(FieldKind::Text),
                        );
                    })
                >
                    {FieldKind::ALL.map(option).collect_view()}
                </select>
            </div>
            <div class="flex gap-2">
                <Button kind=ButtonKind::Plain submit=true busy=busy>
                    {text!(i18n, columns.create)}
                </Button>
                <Button
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| creating.set(false))
                >
                    {text!(i18n, common.cancel)}
                </Button>
            </div>
            <p class="text-sm text-bad" role="alert">
                {reactive(move || error.get().map(|code| words::error(i18n, code)))}
            </p>
        </form>
    }
}
