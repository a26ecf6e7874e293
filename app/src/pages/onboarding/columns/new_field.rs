//! The form for a new field. When the field is created, the column goes to it.

use alta_domain::{ColumnKind, ErrorCode, FieldKind, NewField};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::own_fields::{OwnFields, target_of_field};
use crate::api::onboarding::create_field;
use crate::importer::{ImportSession, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, on_event, reactive, reactive_attr};
use crate::words::{self, text};

/// Returns the kind of field that suits the values of a column.
fn kind_for(kind: Option<ColumnKind>) -> FieldKind {
    match kind {
        Some(ColumnKind::Date) => FieldKind::Date,
        Some(ColumnKind::Number) => FieldKind::Number,
        Some(ColumnKind::Boolean) => FieldKind::Boolean,
        Some(ColumnKind::Choice) => FieldKind::Choice,
        _ => FieldKind::Text,
    }
}

/// A field that is being created for a column.
#[derive(Clone, Copy)]
struct FieldDraft {
    /// The column, counted from 0.
    index: u32,
    name: RwSignal<String>,
    kind: RwSignal<FieldKind>,
    /// True while the form is open.
    creating: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl FieldDraft {
    /// Creates the field on the server, assigns the column to it and closes the form.
    fn create(self, session: &ImportSession, own: OwnFields) {
        let field = NewField {
            name: self.name.get_untracked(),
            kind: self.kind.get_untracked(),
        };
        let session = *session;
        self.busy.set(true);
        spawn_local(async move {
            match create_field(field).await {
                Ok(field) => {
                    let target = target_of_field(&field);
                    own.add(field);
                    session.assign(self.index, Some(target));
                    self.creating.set(false);
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }
}

/// The form. At first it holds the column's own name and the kind that suits its values.
#[component]
pub(super) fn NewFieldForm(
    index: u32,
    suggested: String,
    creating: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own: OwnFields = expect_context();
    let kind = untrack(|| session.file.column(index)).map(|column| column.kind);
    let draft = FieldDraft {
        index,
        name: RwSignal::new(suggested),
        kind: RwSignal::new(kind_for(kind)),
        creating,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        draft.create(&session, own);
    };
    let cancel = Callback::new(move |()| creating.set(false));
    view! {
        <form class="new-field" on:submit=on_event(submit)>
            <div class="flex min-w-0 flex-col gap-1">
                <NameInput draft=draft />
            </div>
            <div class="flex min-w-0 flex-col gap-1">
                <KindChoice draft=draft />
            </div>
            <div class="flex gap-2">
                <Button kind=ButtonKind::Plain submit=true busy=draft.busy>
                    {text!(i18n, columns.create)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=cancel>
                    {text!(i18n, common.cancel)}
                </Button>
            </div>
            <p class="text-sm text-bad" role="alert">
                {reactive(move || draft.error.get().map(|code| words::error(i18n, code)))}
            </p>
        </form>
    }
}

/// The input for the name. It has the focus when the form opens; Escape closes the form.
#[component]
fn NameInput(draft: FieldDraft) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            draft.creating.set(false);
        }
    };
    let id = format!("field-name-{}", draft.index);
    view! {
        <label class="text-sm font-medium" for=id.clone()>
            {text!(i18n, columns.new_name)}
        </label>
        <input
            node_ref=input
            class="input h-11 w-full"
            id=id
            maxlength="60"
            required
            prop:value=draft.name
            on:input=on_event(move |event| draft.name.set(event_target_value(&event)))
            on:keydown=on_event(keys)
        />
    }
}

/// The choice of the kind of values.
#[component]
fn KindChoice(draft: FieldDraft) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |kind: FieldKind| {
        view! {
            <option value=kind.as_str() selected=reactive_attr(move || draft.kind.get() == kind)>
                {reactive(move || words::kind(i18n, kind))}
            </option>
        }
        .into_any()
    };
    let choose = move |event| {
        let kind = FieldKind::parse(&event_target_value(&event));
        draft.kind.set(kind.unwrap_or(FieldKind::Text));
    };
    let id = format!("field-kind-{}", draft.index);
    view! {
        <label class="text-sm font-medium" for=id.clone()>
            {text!(i18n, columns.new_kind)}
        </label>
        <select class="select h-11 w-full" id=id on:change=on_event(choose)>
            {FieldKind::ALL.map(option).collect_view()}
        </select>
    }
}
