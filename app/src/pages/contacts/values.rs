//! The values of a contact, each with its origin and the way to change it.

use alta_domain::{BuiltInField, CardValue, ContactCard, FieldTarget, Origin};
use leptos::html::Select;
use leptos::prelude::*;

use super::card_state::{CardState, NEW_VALUE, VALUE_ADD};
use super::form_state::is_yes_or_no;
use super::value_form::{FormOf, ValueForm};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Icon, on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// The values of a contact. When the card is read again they are drawn anew.
#[component]
pub(super) fn Values(state: CardState) -> impl IntoView {
    let value = move |(value, place): (CardValue, usize)| {
        view! { <Value state=state value=value place=place /> }.into_any()
    };
    let all = move || {
        let values = state.card.with(|card| card.values.clone());
        values.into_iter().zip(0..).map(value).collect_view()
    };
    let add = move || {
        let may_add = state.may_edit_values();
        may_add.then(|| view! { <AddValue state=state /> }.into_any())
    };
    view! {
        <section class="panel flex flex-col gap-4" id="values">
            <dl class="grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">{reactive(all)}</dl>
            {reactive(add)}
        </section>
    }
}

/// Returns the name of a value's field.
fn field_name(i18n: Reader, field: &Result<BuiltInField, String>) -> String {
    match field {
        Ok(field) => words::field(i18n, *field).to_owned(),
        Err(name) => name.clone(),
    }
}

/// Returns the text that names the origin of a value.
fn origin_text(i18n: Reader, origin: &Origin) -> String {
    let source = match &origin.system {
        Some(system) => format!("{system} · {}", origin.name),
        None => origin.name.clone(),
    };
    word!(
        i18n,
        contacts.from,
        source = source,
        date = format::day(i18n.language(), origin.at)
    )
}

/// Returns a stored value as the reader writes it.
fn shown(i18n: Reader, state: CardState, target: Option<FieldTarget>, value: &str) -> String {
    match (target, value) {
        (Some(target), "true") if is_yes_or_no(target) => word!(i18n, contacts.yes).to_owned(),
        (Some(target), "false") if is_yes_or_no(target) => word!(i18n, contacts.no).to_owned(),
        _ => format::value(i18n.language(), Some(state.country), target, value),
    }
}

/// Returns the id of the button that opens the form of the value in this place.
fn opener_of(place: usize) -> String {
    format!("value-edit-{place}")
}

/// A value with its origin, or the form that changes it.
#[component]
fn Value(state: CardState, value: CardValue, place: usize) -> impl IntoView {
    let i18n = use_i18n();
    let CardValue {
        field,
        target,
        value,
        origin,
    } = value;
    let is_open = Memo::new(move |_| state.open.get() == Some(place));
    let word = field
        .as_ref()
        .map_or("custom", |field| field.as_str())
        .to_owned();
    let field = StoredValue::new(field);
    let name = Signal::derive(move || field.with_value(|field| field_name(i18n, field)));
    let value = StoredValue::new(value);
    let from = move || origin.as_ref().map(|origin| origin_text(i18n, origin));
    let body = move || match target {
        Some(target) if is_open.get() => {
            let of = FormOf {
                target,
                name,
                old: Some(value.get_value()),
                may_be_first: !state
                    .card
                    .with_untracked(|card| is_first(card, target, place)),
                opener: opener_of(place),
            };
            view! { <ValueForm state=state of=of /> }.into_any()
        }
        _ => {
            let text = value.with_value(|value| shown(i18n, state, target, value));
            let may_edit = target.is_some() && state.may_edit_values();
            let edit = may_edit
                .then(|| view! { <EditButton state=state name=name place=place /> }.into_any());
            view! {
                <span class="min-w-0 break-words whitespace-pre-line">{text}</span>
                {edit}
            }
            .into_any()
        }
    };
    view! {
        <div class="flex min-w-0 flex-col" data-field=word>
            <dt class="text-sm text-soft">{reactive(move || name.get())}</dt>
            <dd class="flex min-w-0 items-center gap-1">{reactive(body)}</dd>
            <dd class="text-xs text-soft empty:hidden">{reactive(from)}</dd>
        </div>
    }
}

/// Returns true when the value in this place is the first of its field.
fn is_first(card: &ContactCard, target: FieldTarget, place: usize) -> bool {
    let mut values = card.values.iter();
    values.position(|value| value.target == Some(target)) == Some(place)
}

#[component]
fn EditButton(state: CardState, name: Signal<String>, place: usize) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || word!(i18n, contacts.edit, field = name.get());
    view! {
        <button
            class="btn btn-square btn-ghost size-11 shrink-0"
            type="button"
            id=opener_of(place)
            aria-label=reactive_attr(label)
            on:click=on_event(move |_| {
                state.open_form(place);
            })
        >
            <Icon name="icon-[lucide--pencil]" />
        </button>
    }
}

/// The fields that a contact can get another value of: phones and e-mail addresses, and the fields
/// that are empty.
fn addable(card: &ContactCard) -> Vec<FieldTarget> {
    let is_new = |target: &FieldTarget| {
        let is_many = matches!(
            target,
            FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Email)
        );
        is_many
            || !card
                .values
                .iter()
                .any(|value| value.target == Some(*target))
    };
    let built_in = BuiltInField::ALL.into_iter().map(FieldTarget::BuiltIn);
    let custom = card.fields.iter().map(|field| FieldTarget::Custom {
        id: field.id,
        kind: field.kind,
    });
    built_in.chain(custom).filter(is_new).collect()
}

/// Returns the name of a target among the fields of a card.
fn target_name(i18n: Reader, card: &ContactCard, target: FieldTarget) -> String {
    match target {
        FieldTarget::BuiltIn(field) => words::field(i18n, field).to_owned(),
        FieldTarget::Custom { id, .. } => {
            let field = card.fields.iter().find(|field| field.id == id);
            field.map(|field| field.name.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The choice of a field, and the form for its new value. When the card is read again it is drawn
/// anew.
#[component]
fn AddValue(state: CardState) -> impl IntoView {
    let i18n = use_i18n();
    let targets = StoredValue::new(state.card.with_untracked(addable));
    let chosen = RwSignal::new(None::<usize>);
    // Escape closes the form, and nothing is chosen any more.
    Effect::new(move |_| {
        if state.open.get() != Some(NEW_VALUE) {
            chosen.set(None);
        }
    });
    let select = NodeRef::<Select>::new();
    let choose = move |event| {
        let place: Option<usize> = event_target_value(&event).parse().ok();
        if state.open_form(NEW_VALUE) {
            chosen.set(place);
        } else if let Some(select) = select.get_untracked() {
            // A text that is typed already stays, and with it the field.
            let kept = chosen.get_untracked();
            select.set_value(&kept.map(|place| place.to_string()).unwrap_or_default());
        }
    };
    let name_of = move |target| state.card.with(|card| target_name(i18n, card, target));
    let option = move |(target, place): (FieldTarget, usize)| {
        view! {
            <option value=place.to_string()>{reactive(move || name_of(target))}</option>
        }
        .into_any()
    };
    let options = targets.get_value().into_iter().zip(0..).map(option);
    let selected = move || {
        let chosen = chosen.get();
        chosen.map(|place| place.to_string()).unwrap_or_default()
    };
    let form = move || {
        let place = chosen
            .get()
            .filter(|_| state.open.get() == Some(NEW_VALUE))?;
        let target = targets.with_value(|all| all.get(place).copied())?;
        let of = FormOf {
            target,
            name: Signal::derive(move || name_of(target)),
            old: None,
            may_be_first: false,
            opener: VALUE_ADD.to_owned(),
        };
        Some(view! { <ValueForm state=state of=of /> }.into_any())
    };
    view! {
        <details>
            <summary
                class="flex min-h-11 cursor-pointer items-center gap-2 font-medium"
                id=VALUE_ADD
            >
                <Icon name="icon-[lucide--plus]" />
                {text!(i18n, contacts.add_value)}
            </summary>
            <div class="flex max-w-md flex-col gap-3 pt-2">
                <label class="font-medium" for="value-field">
                    {text!(i18n, contacts.which_value)}
                </label>
                <select
                    class="select h-11 w-full"
                    id="value-field"
                    autocomplete="off"
                    node_ref=select
                    prop:value=reactive_attr(selected)
                    on:change=on_event(choose)
                >
                    <option value="">{text!(i18n, contacts.choose)}</option>
                    {options.collect_view()}
                </select>
                {reactive(form)}
            </div>
        </details>
    }
}
