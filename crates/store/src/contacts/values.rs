//! The values of a contact's row, by field or by the name that they have in a history.

use std::collections::HashSet;

use alta_domain::{BuiltInField, FieldTarget, Key, KeyKind};
use alta_intake::tags;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::entity::contact;

/// The prefix of a custom field's id in the name of a value in a history.
const CUSTOM: &str = "custom.";
/// The name of the column that says when a contact was changed last.
pub(super) const UPDATED_AT: &str = "updated_at";
/// The name of the column that says by which import it was changed last.
pub(super) const LAST_IMPORT: &str = "last_import_id";
/// The name of the column that says when a contact was moved to the bin.
pub(super) const DELETED_AT: &str = "deleted_at";

/// A field with several values (elements), each of which has a history of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MultiValueField {
    /// All phones of a contact. The field `phone` has the first of them, with a history of its own.
    Phones,
    /// All e-mail addresses of a contact. The field `email` has the first of them, with a history
    /// of its own.
    Emails,
    /// Tags, compared without regard to case.
    Tags,
}

/// The name under which [`key_of`] knows a phone among several.
const PHONES: &str = "phones";
/// The name under which [`key_of`] knows an e-mail address among several.
const EMAILS: &str = "emails";

impl MultiValueField {
    /// The fields with several values.
    pub(crate) const ALL: [Self; 3] = [Self::Phones, Self::Emails, Self::Tags];

    /// Returns the name of the field's elements, for [`key_of`].
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Phones => PHONES,
            Self::Emails => EMAILS,
            Self::Tags => BuiltInField::Tags.as_str(),
        }
    }

    /// Returns the built-in field of the elements: for phones and e-mail addresses the one that
    /// holds the first of them.
    pub(crate) fn field(self) -> BuiltInField {
        match self {
            Self::Phones => BuiltInField::Phone,
            Self::Emails => BuiltInField::Email,
            Self::Tags => BuiltInField::Tags,
        }
    }
}

/// Returns the bit of a built-in field in a number that has one bit for each field.
pub(crate) fn bit(field: BuiltInField) -> i64 {
    let at = BuiltInField::ALL.iter().position(|known| *known == field);
    at.map_or(0, |at| 1 << at)
}

/// Returns the values of a column that holds one value a line.
pub(crate) fn lines(column: Option<&str>) -> impl Iterator<Item = &str> {
    column.unwrap_or_default().lines()
}

/// Returns the elements of a contact: all phones or e-mails, the first one first, or all tags.
pub(crate) fn elements(row: &contact::Model, many: MultiValueField) -> Vec<String> {
    let (first, more) = match many {
        MultiValueField::Phones => (&row.phone, &row.more_phones),
        MultiValueField::Emails => (&row.email, &row.more_emails),
        MultiValueField::Tags => {
            let own = row.tags.as_deref().unwrap_or_default();
            return tags(own).map(str::to_owned).collect();
        }
    };
    let more = lines(more.as_deref()).map(str::to_owned);
    first.iter().cloned().chain(more).collect()
}

/// Sets all phones or e-mails of a contact: the first one, and the others in alphabetical order.
/// Does nothing for tags.
pub(super) fn set_elements(
    row: &mut contact::Model,
    many: MultiValueField,
    first: Option<&str>,
    all: Vec<String>,
) {
    let mut more: Vec<String> = all
        .into_iter()
        .filter(|value| Some(value.as_str()) != first)
        .collect();
    more.sort_unstable();
    let more = (!more.is_empty()).then(|| more.join("\n"));
    let first = first.map(str::to_owned);
    match many {
        MultiValueField::Phones => (row.phone, row.more_phones) = (first, more),
        MultiValueField::Emails => (row.email, row.more_emails) = (first, more),
        MultiValueField::Tags => {}
    }
}

/// Removes elements from a contact. Tags are compared in lower case.
pub(crate) fn remove_elements(
    row: &mut contact::Model,
    many: MultiValueField,
    gone: &HashSet<String>,
) {
    if gone.is_empty() {
        return;
    }
    let mut left = elements(row, many);
    if many == MultiValueField::Tags {
        left.retain(|tag| !gone.contains(&tag.to_lowercase()));
        row.tags = (!left.is_empty()).then(|| left.join(", "));
        return;
    }
    left.retain(|value| !gone.contains(value));
    let first = match many {
        MultiValueField::Phones => row.phone.clone(),
        _ => row.email.clone(),
    };
    let first = first.filter(|first| left.contains(first));
    set_elements(row, many, first.as_deref(), left);
}

/// Adds elements that a contact does not have yet.
pub(super) fn add_elements(row: &mut contact::Model, many: MultiValueField, more: Vec<String>) {
    let mut all = elements(row, many);
    all.extend(more);
    if many == MultiValueField::Tags {
        row.tags = (!all.is_empty()).then(|| all.join(", "));
        return;
    }
    let first = all.first().cloned();
    set_elements(row, many, first.as_deref(), all);
}

/// Returns the form in which elements are compared: tags in lower case, others as they are.
pub(super) fn folded(many: MultiValueField, element: &str) -> String {
    match many {
        MultiValueField::Tags => element.to_lowercase(),
        MultiValueField::Phones | MultiValueField::Emails => element.to_owned(),
    }
}

/// Makes the first further phone, or the first further e-mail address, in alphabetical order the
/// contact's first one when it has none. Does nothing for tags.
pub(crate) fn settle_first(row: &mut contact::Model, many: MultiValueField) {
    let all = elements(row, many);
    let first = all.first().cloned();
    set_elements(row, many, first.as_deref(), all);
}

/// Returns the name of a field's value in a history; an empty text for fields that no history has.
pub(super) fn name_of(target: FieldTarget) -> String {
    match target {
        FieldTarget::BuiltIn(field) => field.as_str().to_owned(),
        FieldTarget::Custom { id, .. } => format!("{CUSTOM}{id}"),
        FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_) => {
            String::new()
        }
    }
}

/// Returns the key that a value would be: a phone, an e-mail address, or a tax id, which counts as
/// a CPF here. `name` is the name of the value in a history, or that of its elements. Returns
/// `None` for other values.
pub(crate) fn key_of(name: &str, value: &str) -> Option<Key> {
    let kind = match name {
        PHONES => KeyKind::Phone,
        EMAILS => KeyKind::Email,
        _ if name == BuiltInField::TaxId.as_str() => KeyKind::Cpf,
        _ => return None,
    };
    Some(Key::new(kind, value))
}

/// Returns the value of a field. A consent is stored apart from the contact, so it has no value
/// here.
pub(crate) fn value_in(row: &contact::Model, target: FieldTarget) -> Option<&str> {
    match target {
        FieldTarget::BuiltIn(field) => built_in(row, field),
        FieldTarget::Custom { id, .. } => custom(row, &id.to_string()),
        FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_) => None,
    }
}

fn custom<'a>(row: &'a contact::Model, id: &str) -> Option<&'a str> {
    row.custom.as_ref()?.get(id)?.as_str()
}

/// Returns the value with this name in a history.
pub(crate) fn value_of(row: &contact::Model, name: &str) -> Option<String> {
    if let Some(id) = name.strip_prefix(CUSTOM) {
        return custom(row, id).map(str::to_owned);
    }
    match name {
        UPDATED_AT => Some(row.updated_at.to_string()),
        LAST_IMPORT => row.last_import_id.map(|id| id.to_string()),
        DELETED_AT => row.deleted_at.map(|at| at.to_string()),
        _ => built_in(row, BuiltInField::parse(name)?).map(str::to_owned),
    }
}

/// Writes a value, by its name in a history; `None` removes it. A phone or e-mail address becomes
/// the first one when the contact has it; otherwise the contact has no first one afterwards. The
/// one that was the first stays as a further one.
pub(crate) fn put_back(row: &mut contact::Model, name: &str, value: Option<String>) {
    if let Some(id) = name.strip_prefix(CUSTOM) {
        let mut custom = match row.custom.take() {
            Some(Value::Object(custom)) => custom,
            _ => Map::new(),
        };
        match value {
            Some(value) => custom.insert(id.to_owned(), Value::String(value)),
            None => custom.remove(id),
        };
        row.custom = (!custom.is_empty()).then_some(Value::Object(custom));
        return;
    }
    let number = || value.as_deref().and_then(|text| text.parse::<i64>().ok());
    match (name, BuiltInField::parse(name)) {
        (UPDATED_AT, _) => row.updated_at = number().unwrap_or(row.updated_at),
        (LAST_IMPORT, _) => row.last_import_id = number(),
        (DELETED_AT, _) => row.deleted_at = number(),
        (_, Some(BuiltInField::Phone)) => make_first(row, MultiValueField::Phones, value),
        (_, Some(BuiltInField::Email)) => make_first(row, MultiValueField::Emails, value),
        (_, Some(field)) => *slot(row, field) = value,
        (_, None) => {}
    }
}

fn make_first(row: &mut contact::Model, many: MultiValueField, first: Option<String>) {
    let all = elements(row, many);
    let first = first.filter(|first| all.contains(first));
    set_elements(row, many, first.as_deref(), all);
}

/// Makes `slot`, which returns the column of a built-in field to write to, and `built_in`, which
/// reads it.
macro_rules! slots {
    ($($field:ident => $column:ident,)*) => {
        pub(super) fn slot(row: &mut contact::Model, field: BuiltInField) -> &mut Option<String> {
            match field {$(BuiltInField::$field => &mut row.$column,)*}
        }

        pub(crate) fn built_in(row: &contact::Model, field: BuiltInField) -> Option<&str> {
            match field {$(BuiltInField::$field => row.$column.as_deref(),)*}
        }
    };
}

slots! {
    Phone => phone,
    Landline => landline,
    Email => email,
    Name => name,
    FirstName => first_name,
    LastName => last_name,
    BirthDate => birth_date,
    TaxId => tax_id,
    Company => company,
    Country => country,
    State => state,
    City => city,
    Address => address,
    PostalCode => postal_code,
    Tags => tags,
    ExternalId => external_id,
    Notes => notes,
}
