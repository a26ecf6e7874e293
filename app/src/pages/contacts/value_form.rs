//! The form that adds, changes or removes one value of a contact.

use alta_domain::{BuiltInField, ContactId, EditAnswer, FieldTarget};
use leptos::prelude::*;

use super::card_state::CardState;
use super::form_state::Form;
use super::value_input::ValueInput;
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, on_event, reactive};
use crate::words::{self, text, word};

/// The value that a form changes, and its place on the card.
#[derive(Clone)]
pub(super) struct FormOf {
    pub(super) target: FieldTarget,
    /// The name of the field.
    pub(super) name: Signal<String>,
    /// The stored value; `None` for a new value.
    pub(super) old: Option<String>,
    /// True for a stored phone or e-mail address that is not the first one.
    pub(super) may_be_first: bool,
    /// The id of the element that gets the focus when the form closes.
    pub(super) opener: String,
}

/// The form. It has the focus when it opens; Escape closes it.
#[component]
pub(super) fn ValueForm(state: CardState, of: FormOf) -> impl IntoView {
    let i18n = use_i18n();
    let FormOf {
        target,
        name,
        old,
        may_be_first,
        opener,
    } = of;
    let language = i18n.language();
    let shown = old
        .as_deref()
        .map(|old| format::value(language, Some(state.country), Some(target), old));
    let is_new = old.is_none();
    let form = Form {
        i18n,
        state,
        target,
        opener: StoredValue::new(opener),
        old: StoredValue::new(old),
        text: RwSignal::new(shown.unwrap_or_default()),
        answer: RwSignal::new(None),
        error: RwSignal::new(None),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            form.close();
        }
    };
    view! {
        <form
            class="flex min-w-0 flex-1 flex-col gap-2"
            id="value-form"
            novalidate
            on:submit=on_event(submit)
            on:keydown=on_event(key)
        >
            <ValueInput form=form name=name />
            <Refusal form=form />
            <FormButtons form=form may_be_first=may_be_first may_be_removed=!is_new />
        </form>
    }
}

/// The buttons: save, cancel, and for a stored value the ways to remove it and to make it the
/// first.
#[component]
fn FormButtons(form: Form, may_be_first: bool, may_be_removed: bool) -> impl IntoView {
    let i18n = form.i18n;
    let close = Callback::new(move |()| form.close());
    let first = match form.target {
        FieldTarget::BuiltIn(field @ (BuiltInField::Phone | BuiltInField::Email)) => {
            may_be_first.then_some(field)
        }
        _ => None,
    };
    view! {
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary small=true submit=true busy=form.state.busy>
                {text!(i18n, contacts.save)}
            </Button>
            <Button kind=ButtonKind::Quiet small=true on_press=close>
                {text!(i18n, common.cancel)}
            </Button>
            {first.map(|field| view! { <FirstButton form=form field=field /> }.into_any())}
            {may_be_removed.then(|| view! { <RemoveButton form=form /> }.into_any())}
        </div>
    }
}

#[component]
fn FirstButton(form: Form, field: BuiltInField) -> impl IntoView {
    let press = Callback::new(move |()| form.make_first(field));
    view! {
        <Button kind=ButtonKind::Quiet small=true busy=form.state.busy on_press=press>
            {text!(form.i18n, contacts.make_first)}
        </Button>
    }
}

#[component]
fn RemoveButton(form: Form) -> impl IntoView {
    let press = Callback::new(move |()| form.send(None));
    view! {
        <Button
            kind=ButtonKind::Quiet
            small=true
            icon="icon-[lucide--eraser]"
            busy=form.state.busy
            on_press=press
        >
            {text!(form.i18n, contacts.remove)}
        </Button>
    }
}

/// The reason why the value was not saved, with the way out.
#[component]
fn Refusal(form: Form) -> impl IntoView {
    let i18n = form.i18n;
    let reason = move || {
        if let Some(code) = form.error.get() {
            return Some(words::error(i18n, code));
        }
        form.answer
            .with(|answer| Some(refusal(form, answer.as_ref()?)))
    };
    let owner = move || {
        form.answer.with(|answer| match answer {
            Some(EditAnswer::BelongsTo(entry)) => {
                let name = format::entry_name(entry).into_owned();
                Some(view! { <OwnerLink id=entry.id name=name /> }.into_any())
            }
            _ => None,
        })
    };
    view! {
        <div id="value-refusal" role="alert" class="flex flex-wrap gap-x-2 text-sm text-bad">
            <p class="empty:hidden">{reactive(reason)}</p>
            {reactive(owner)}
        </div>
    }
}

/// Returns the text that says why an edit was refused; empty for an edit that was saved.
fn refusal(form: Form, answer: &EditAnswer) -> String {
    let i18n = form.i18n;
    match answer {
        EditAnswer::Saved(_) => String::new(),
        EditAnswer::ChangedMeanwhile(Some(value)) => word!(
            i18n,
            contacts.changed_meanwhile,
            value = format::value(
                i18n.language(),
                Some(form.state.country),
                Some(form.target),
                value
            )
        ),
        EditAnswer::ChangedMeanwhile(None) => word!(i18n, contacts.removed_meanwhile).to_owned(),
        EditAnswer::Refused(code) => words::problem(i18n, *code).to_owned(),
        EditAnswer::BelongsTo(_) => word!(i18n, contacts.belongs_to).to_owned(),
        EditAnswer::OtherField(field) => word!(
            i18n,
            contacts.other_field,
            field = words::field(i18n, *field)
        ),
        EditAnswer::LastKey => word!(i18n, contacts.last_key).to_owned(),
    }
}

/// A link to the contact that has the phone, e-mail address or CPF already.
#[component]
pub(super) fn OwnerLink(id: ContactId, name: String) -> impl IntoView {
    view! {
        <PageLink href=format!("/contacts?id={id}") class="link font-medium">
            {name}
        </PageLink>
    }
}
