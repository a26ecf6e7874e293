//! The form for a contact that a member adds by hand.

use alta_domain::{
    AddAnswer, BuiltInField, ContactEntry, ErrorCode, Field, FieldTarget, ProblemCode,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::back_link::BackLink;
use super::form_state::is_yes_or_no;
use super::value_form::OwnerLink;
use crate::api::contacts::{add_contact, contact_fields};
use crate::api::read;
use crate::format;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Skeleton, later, on_event, reactive, reactive_attr};
use crate::words::{self, text, word};

/// The fields that most contacts have: the first ones of the form.
const FIRST: [BuiltInField; 3] = [BuiltInField::Name, BuiltInField::Phone, BuiltInField::Email];
/// The fields that the form leaves out: the whole name stands for its parts, and no member knows a
/// contact's id in another system.
const LEFT_OUT: [BuiltInField; 3] = [
    BuiltInField::FirstName,
    BuiltInField::LastName,
    BuiltInField::ExternalId,
];

/// Returns the built-in fields of the form, in its order.
fn fields() -> impl Iterator<Item = BuiltInField> {
    let is_other = |field: &BuiltInField| !FIRST.contains(field) && !LEFT_OUT.contains(field);
    let others = BuiltInField::ALL.into_iter().filter(is_other);
    FIRST.into_iter().chain(others)
}

/// Reads the custom fields, and shows the form.
#[component]
pub(super) fn NewContact() -> impl IntoView {
    let i18n = use_i18n();
    let fields = read(contact_fields);
    view! {
        <BackLink />
        <PageTitle title=text!(i18n, contacts.add) lead=text!(i18n, contacts.no_key) />
        <Suspense fallback=|| {
            view! { <Skeleton lines=5 /> }
        }>
            {reactive(move || later(async move {
                let custom = fields.answer().await.unwrap_or_default();
                view! { <NewForm custom=custom /> }
            }))}
        </Suspense>
    }
}

/// An input of the form.
#[derive(Clone, Copy)]
struct Input {
    target: FieldTarget,
    text: RwSignal<String>,
    refused: RwSignal<Option<ProblemCode>>,
}

/// The state of the form.
#[derive(Clone, Copy)]
struct Form {
    inputs: StoredValue<Vec<Input>>,
    owner: RwSignal<Option<ContactEntry>>,
    lacks_key: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
    busy: RwSignal<bool>,
}

impl Form {
    /// Sends the texts that are not empty, and opens the card of the new contact.
    fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.owner.set(None);
        self.lacks_key.set(false);
        self.error.set(None);
        let inputs = self.inputs.get_value();
        let filled: Vec<Input> = inputs
            .into_iter()
            .inspect(|input| input.refused.set(None))
            .filter(|input| !input.text.with_untracked(|text| text.trim().is_empty()))
            .collect();
        let typed = filled
            .iter()
            .map(|input| (input.target, input.text.get_untracked()))
            .collect();
        spawn_local(async move {
            match add_contact(typed).await {
                Ok(AddAnswer::Added(id)) => {
                    let _ = location().set_href(&format!("/contacts?id={id}"));
                    return;
                }
                Ok(AddAnswer::Refused(refused)) => {
                    for (place, code) in refused {
                        if let Some(input) = filled.get(place as usize) {
                            input.refused.set(Some(code));
                        }
                    }
                }
                Ok(AddAnswer::BelongsTo(entry)) => self.owner.set(Some(entry)),
                Ok(AddAnswer::NoKey) => self.lacks_key.set(true),
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }
}

#[component]
fn NewForm(custom: Vec<Field>) -> impl IntoView {
    let i18n = use_i18n();
    let input = |target| Input {
        target,
        text: RwSignal::new(String::new()),
        refused: RwSignal::new(None),
    };
    let built_in = fields().map(|field| (input(FieldTarget::BuiltIn(field)), Ok(field)));
    let own = custom.into_iter().map(|field| {
        let target = FieldTarget::Custom {
            id: field.id,
            kind: field.kind,
        };
        (input(target), Err(field.name))
    });
    let all: Vec<(Input, Result<BuiltInField, String>)> = built_in.chain(own).collect();
    let form = Form {
        inputs: StoredValue::new(all.iter().map(|(input, _)| *input).collect()),
        owner: RwSignal::new(None),
        lacks_key: RwSignal::new(false),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    let row =
        |((input, name), place)| view! { <Row input=input name=name place=place /> }.into_any();
    let problem = move || {
        if form.lacks_key.get() {
            return Some(word!(i18n, contacts.no_key).to_owned());
        }
        if form.owner.with(Option::is_some) {
            return Some(word!(i18n, contacts.belongs_to).to_owned());
        }
        form.error.get().map(|code| words::error(i18n, code))
    };
    let owner = move || {
        let owner = form.owner.get();
        owner.map(|entry| {
            let name = format::entry_name(&entry).into_owned();
            view! { <OwnerLink id=entry.id name=name /> }.into_any()
        })
    };
    view! {
        <form
            class="panel flex flex-col gap-6"
            id="new-contact"
            novalidate
            on:submit=on_event(submit)
        >
            <div class="grid gap-x-8 gap-y-4 sm:grid-cols-2">
                {all.into_iter().zip(0..).map(row).collect_view()}
            </div>
            <div role="alert" class="flex flex-wrap gap-x-2 text-bad" id="new-problem">
                <p class="empty:hidden">{reactive(problem)}</p>
                {reactive(owner)}
            </div>
            <div>
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, contacts.save)}
                </Button>
            </div>
        </form>
    }
}

/// A labelled input with the reason why its text was refused.
#[component]
fn Row(input: Input, name: Result<BuiltInField, String>, place: usize) -> impl IntoView {
    let i18n = use_i18n();
    let id = match &name {
        Ok(field) => format!("new-{}", field.as_str()),
        Err(_) => format!("new-custom-{place}"),
    };
    let problem_id = format!("{id}-problem");
    let label = move || match &name {
        Ok(field) => words::field(i18n, *field).to_owned(),
        Err(name) => name.clone(),
    };
    let problem = move || input.refused.get().map(|code| words::problem(i18n, code));
    let typed = move |event| input.text.set(event_target_value(&event));
    let is_invalid = move || input.refused.with(Option::is_some).to_string();
    let field = if is_yes_or_no(input.target) {
        view! {
            <select
                class="select h-11 w-full"
                id=id.clone()
                autocomplete="off"
                on:change=on_event(typed)
            >
                <option value="">{text!(i18n, contacts.choose)}</option>
                <option value="true">{text!(i18n, contacts.yes)}</option>
                <option value="false">{text!(i18n, contacts.no)}</option>
            </select>
        }
        .into_any()
    } else {
        view! {
            <input
                class="input h-11 w-full"
                id=id.clone()
                autocomplete="off"
                aria-describedby=problem_id.clone()
                aria-invalid=reactive_attr(is_invalid)
                on:input=on_event(typed)
            />
        }
        .into_any()
    };
    view! {
        <div class="flex flex-col gap-1.5">
            <label class="font-medium" for=id>
                {reactive(label)}
            </label>
            {field}
            <p class="text-sm text-bad empty:hidden" id=problem_id>
                {reactive(problem)}
            </p>
        </div>
    }
}
