//! The choice of the field that a column goes to.

use alta_domain::{BuiltInField, Channel, FieldTarget, PhonePart};
use leptos::prelude::*;

use super::own_fields::{OwnFields, target_of_field};
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{on_event, reactive, reactive_attr};
use crate::words::{self, Reader, text, word};

/// The value of the option that leaves the column out.
const LEAVE_OUT: &str = "";
/// The value of the option that opens the form for a new field.
const NEW_FIELD: &str = "new";

/// Returns the value of a field's option.
fn option_value(target: FieldTarget) -> String {
    match target {
        FieldTarget::BuiltIn(field) => field.as_str().to_owned(),
        FieldTarget::Custom { id, .. } => format!("field-{id}"),
        FieldTarget::Consent(channel) => format!("consent-{}", channel.as_str()),
        FieldTarget::Refusal(channel) => {
            format!("refusal-{}", channel.map_or("all", Channel::as_str))
        }
        FieldTarget::PhonePart(part) => format!("phone-{}", part.as_str()),
    }
}

/// Returns the field of an option's value; `None` for the option that leaves the column out.
fn chosen_target(value: &str, own: OwnFields) -> Option<FieldTarget> {
    let consents = Channel::ALL.into_iter().map(FieldTarget::Consent);
    let refusals = refusals();
    BuiltInField::parse(value)
        .map(FieldTarget::BuiltIn)
        .or_else(|| {
            own.targets()
                .into_iter()
                .chain(consents)
                .chain(refusals)
                .chain(PHONE_PARTS)
                .find(|target| option_value(*target) == value)
        })
}

/// The targets of columns that hold a part of the phones in another column.
const PHONE_PARTS: [FieldTarget; 2] = [
    FieldTarget::PhonePart(PhonePart::CountryCode),
    FieldTarget::PhonePart(PhonePart::AreaCode),
];

/// Returns the targets of columns in which a yes refuses messages: one for each channel, and one
/// for all.
fn refusals() -> impl Iterator<Item = FieldTarget> {
    let channels = Channel::ALL.into_iter().map(Some);
    channels.chain([None]).map(FieldTarget::Refusal)
}

/// The choice for one column. `creating` becomes true when the Admin wants a new field.
#[component]
pub(super) fn FieldChoice(
    index: u32,
    id: String,
    target: Memo<Option<FieldTarget>>,
    creating: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let own: OwnFields = expect_context();
    let choose = move |event| {
        let value = event_target_value(&event);
        creating.set(value == NEW_FIELD);
        if value != NEW_FIELD {
            session.assign(index, chosen_target(&value, own));
        }
    };
    view! {
        <select class="select h-11 w-full" id=id data-column=index on:change=on_event(choose)>
            <option
                value=LEAVE_OUT
                selected=reactive_attr(move || target.get().is_none() && !creating.get())
            >
                {text!(i18n, columns.leave_out)}
            </option>
            <Fields index=index chosen=target own=own />
            <option value=NEW_FIELD selected=reactive_attr(move || creating.get())>
                {text!(i18n, columns.new_field)}
            </option>
        </select>
    }
}

/// The options: built-in fields, the organization's own fields, and permission by channel.
#[component]
fn Fields(index: u32, chosen: Memo<Option<FieldTarget>>, own: OwnFields) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |target: FieldTarget, name: Signal<String>| {
        view! { <FieldOption index=index target=target name=name chosen=chosen /> }.into_any()
    };
    let built_in = BuiltInField::ALL.iter().map(|field| {
        let name = move || words::field(i18n, *field).to_owned();
        option(FieldTarget::BuiltIn(*field), Signal::derive(name))
    });
    let parts = PHONE_PARTS.map(|target| {
        let name = move || match target {
            FieldTarget::PhonePart(part) => words::phone_part(i18n, part).to_owned(),
            _ => String::new(),
        };
        option(target, Signal::derive(name))
    });
    let own = move || {
        let fields = own.all().into_iter();
        fields
            .map(|field| option(target_of_field(&field), Signal::stored(field.name)))
            .collect_view()
    };
    let consents = Channel::ALL.map(|channel| {
        let name = move || words::accepts(i18n, channel).to_owned();
        option(FieldTarget::Consent(channel), Signal::derive(name))
    });
    let refusals = refusals().map(|target| {
        let channel = match target {
            FieldTarget::Refusal(channel) => channel,
            _ => None,
        };
        let name = move || words::refuses(i18n, channel).to_owned();
        option(target, Signal::derive(name))
    });
    view! {
        <optgroup label=text!(i18n, columns.standard)>
            {built_in.chain(parts).collect_view()}
        </optgroup>
        <optgroup label=text!(i18n, columns.own)>{reactive(own)}</optgroup>
        <optgroup label=text!(i18n, consent.title)>
            {consents.into_iter().chain(refusals).collect_view()}
        </optgroup>
    }
}

/// The option of one field. A field that another column goes to can't be chosen a second time.
#[component]
fn FieldOption(
    index: u32,
    target: FieldTarget,
    name: Signal<String>,
    chosen: Memo<Option<FieldTarget>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let is_taken = move || session.check.is_taken(target, index);
    view! {
        <option
            value=option_value(target)
            selected=reactive_attr(move || chosen.get() == Some(target))
            disabled=reactive_attr(is_taken)
        >
            {reactive(move || option_text(i18n, name.get(), is_taken()))}
        </option>
    }
}

fn option_text(i18n: Reader, name: String, is_taken: bool) -> String {
    if is_taken {
        format!("{name} ({})", word!(i18n, columns.taken))
    } else {
        name
    }
}
