//! The form that adds, changes or removes one value of a contact.

use alta_domain::{
    BuiltInField, ContactId, EditAnswer, ErrorCode, FieldKind, FieldTarget, ProblemCode, ValueEdit,
};
use leptos::html::{Input, Select, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card_state::{CardState, focus_soon};
use crate::api::contacts::{edit_contact, make_first};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// What a form is about.
#[derive(Clone)]
pub(super) struct FormOf {
    pub(super) target: FieldTarget,
    /// The name of the field.
    pub(super) name: Signal<String>,
    /// The stored value; `None` for a new value.
    pub(super) old: Option<String>,
    /// True for a further phone or e-mail address.
    pub(super) may_be_first: bool,
    /// The id of the element that gets the focus when the form closes.
    pub(super) opener: String,
}

/// Returns true when the values of a field are yes or no.
pub(super) fn is_yes_or_no(target: FieldTarget) -> bool {
    matches!(
        target,
        FieldTarget::Custom {
            kind: FieldKind::Boolean,
            ..
        }
    )
}

/// The state of the form.
#[derive(Clone, Copy)]
struct Form {
    i18n: Reader,
    state: CardState,
    target: FieldTarget,
    opener: StoredValue<String>,
    old: StoredValue<Option<String>>,
    text: RwSignal<String>,
    answer: RwSignal<Option<EditAnswer>>,
    error: RwSignal<Option<ErrorCode>>,
    busy: RwSignal<bool>,
    is_open: RwSignal<bool>,
}

impl Form {
    /// Sends the typed text; an empty text removes the value.
    fn save(self) {
        let typed = self.text.get_untracked();
        let is_blank = typed.trim().is_empty();
        if is_blank && self.old.with_value(Option::is_none) {
            return;
        }
        self.send(Some(typed).filter(|_| !is_blank));
    }

    fn send(self, new: Option<String>) {
        let edit = ValueEdit {
            contact: self.state.id,
            target: self.target,
            old: self.old.get_value(),
            new,
        };
        self.begin();
        spawn_local(async move {
            match edit_contact(edit).await {
                Ok(EditAnswer::Saved(notices)) => self.saved(&notices).await,
                Ok(answer) => {
                    if let EditAnswer::ChangedMeanwhile(current) = &answer {
                        self.old.set_value(current.clone());
                    }
                    self.answer.set(Some(answer));
                    self.busy.set(false);
                }
                Err(failed) => self.fail(failed.code),
            }
        });
    }

    fn make_first(self, field: BuiltInField) {
        let value = self.old.get_value().unwrap_or_default();
        self.begin();
        spawn_local(async move {
            match make_first(self.state.id, field, value).await {
                Ok(()) => self.saved(&[]).await,
                Err(failed) => self.fail(failed.code),
            }
        });
    }

    fn begin(self) {
        self.busy.set(true);
        self.answer.set(None);
        self.error.set(None);
    }

    fn fail(self, code: ErrorCode) {
        self.error.set(Some(code));
        self.busy.set(false);
    }

    /// Says that the value is saved, with what an owner should look at again.
    async fn saved(self, notices: &[ProblemCode]) {
        let doubtful = notices.iter().find(|code| is_doubtful(**code));
        self.state.news.set(match doubtful {
            Some(code) => word!(
                self.i18n,
                contacts.saved_check,
                problem = words::problem(self.i18n, *code)
            ),
            None => word!(self.i18n, contacts.saved).to_owned(),
        });
        self.state.reload(self.opener.get_value()).await;
    }

    fn close(self) {
        self.is_open.set(false);
        focus_soon(self.opener.get_value());
    }
}

/// Returns true for a notice that says that the stored value may be wrong.
fn is_doubtful(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::SuspectDomain
            | ProblemCode::LostLetters
            | ProblemCode::Mojibake
            | ProblemCode::Entities
            | ProblemCode::ExtraText
    )
}

/// The form. It has the focus when it opens; Escape closes it.
#[component]
pub(super) fn ValueForm(state: CardState, of: FormOf, is_open: RwSignal<bool>) -> impl IntoView {
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
        .map(|old| format::value(language, Some(target), old));
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
        busy: RwSignal::new(false),
        is_open,
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
            <Button kind=ButtonKind::Primary small=true submit=true busy=form.busy>
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
        <Button kind=ButtonKind::Quiet small=true busy=form.busy on_press=press>
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
            busy=form.busy
            on_press=press
        >
            {text!(form.i18n, contacts.remove)}
        </Button>
    }
}

/// The input: a line, several lines for notes, or a choice of yes and no.
#[component]
fn ValueInput(form: Form, name: Signal<String>) -> impl IntoView {
    let label = reactive_attr(move || name.get());
    let typed = move |event| form.text.set(event_target_value(&event));
    if is_yes_or_no(form.target) {
        return view! { <YesOrNo form=form name=name /> }.into_any();
    }
    if form.target == FieldTarget::BuiltIn(BuiltInField::Notes) {
        let area = NodeRef::<Textarea>::new();
        Effect::new(move |_| area.get().map(|area| area.focus()));
        return view! {
            <textarea
                class="textarea min-h-32 w-full"
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
            autocomplete="off"
            aria-label=reactive_attr(move || name.get())
            node_ref=select
            on:change=on_event(move |event| form.text.set(event_target_value(&event)))
        >
            {option("", text!(i18n, contacts.choose))}
            {option("true", text!(i18n, contacts.yes))}
            {option("false", text!(i18n, contacts.no))}
        </select>
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
            .with(|answer| Some(refusal(i18n, form.target, answer.as_ref()?)))
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

/// Returns the text of an answer that changes nothing.
fn refusal(i18n: Reader, target: FieldTarget, answer: &EditAnswer) -> String {
    match answer {
        EditAnswer::Saved(_) => String::new(),
        EditAnswer::ChangedMeanwhile(Some(value)) => word!(
            i18n,
            contacts.changed_meanwhile,
            value = format::value(i18n.language(), Some(target), value)
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

/// A link to the contact that a key belongs to.
#[component]
pub(super) fn OwnerLink(id: ContactId, name: String) -> impl IntoView {
    view! {
        <PageLink href=format!("/contacts?id={id}") class="link font-medium">
            {name}
        </PageLink>
    }
}
