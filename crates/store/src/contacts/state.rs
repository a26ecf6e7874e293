//! A contact in memory, while an import changes it.

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};
use alta_intake::{Incoming, with_more_tags};
use serde_json::{Map, Value};

use crate::entity::contact;

/// Prefix of the id of a custom field in the name of a changed value.
const CUSTOM: &str = "custom.";

/// A value of a contact that an import replaced by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The name of the value: the word of a built-in field, `phone_key`, or `custom.ID`.
    pub(crate) field: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// A contact with its changes since it was loaded.
#[derive(Clone, Debug)]
pub(crate) struct ContactState {
    pub(crate) row: contact::Model,
    pub(crate) changes: Vec<Change>,
    is_new: bool,
}

/// The keys and times of a contact that an import creates.
pub(crate) struct NewContact {
    pub(crate) id: i64,
    pub(crate) organization_id: i64,
    pub(crate) import_id: i64,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

impl NewContact {
    /// The row of a contact that has no values yet.
    fn without_values(self) -> contact::Model {
        contact::Model {
            id: self.id,
            organization_id: self.organization_id,
            phone_key: None,
            phone: None,
            landline: None,
            email: None,
            name: None,
            first_name: None,
            last_name: None,
            birth_date: None,
            tax_id: None,
            company: None,
            country: None,
            state: None,
            city: None,
            address: None,
            postal_code: None,
            tags: None,
            external_id: None,
            notes: None,
            custom: None,
            created_import_id: Some(self.import_id),
            last_import_id: Some(self.import_id),
            created_at: self.created_at,
            updated_at: self.created_at,
        }
    }
}

impl ContactState {
    /// A contact as it is stored, with no changes.
    pub(crate) fn of(row: contact::Model) -> Self {
        Self {
            row,
            changes: Vec::new(),
            is_new: false,
        }
    }

    /// A contact that is not stored yet, with the values of a record.
    pub(crate) fn new(contact: NewContact, incoming: &Incoming) -> Self {
        let mut row = contact.without_values();
        row.phone_key.clone_from(&incoming.phone_key);
        let mut state = Self {
            is_new: true,
            ..Self::of(row)
        };
        state.apply(incoming, |_| FieldPolicy::Update, |_| true);
        state
    }

    /// Writes the values of a record into the contact, each as the policy of its field says.
    /// Returns true when a value was written.
    ///
    /// `is_free` returns true when the record's value of an identity field belongs to no other
    /// contact; a value that belongs to another is not written.
    pub(crate) fn apply(
        &mut self,
        incoming: &Incoming,
        policy: impl Fn(FieldTarget) -> FieldPolicy,
        is_free: impl Fn(BuiltInField) -> bool,
    ) -> bool {
        let mut changed = false;
        for (target, value) in &incoming.values {
            let is_of_another = matches!(
                target,
                FieldTarget::BuiltIn(
                    field @ (BuiltInField::Phone | BuiltInField::Email | BuiltInField::TaxId),
                ) if !is_free(*field)
            );
            if is_of_another {
                continue;
            }
            let old = value_in(&self.row, *target);
            if let Some(value) = replacement(old, value, policy(*target)) {
                changed = true;
                self.write(*target, &value, incoming.phone_key.as_ref());
            }
        }
        changed
    }

    /// Writes one value. A new phone brings the record's phone key with it.
    fn write(&mut self, target: FieldTarget, value: &str, phone_key: Option<&String>) {
        match target {
            FieldTarget::BuiltIn(field) => {
                let old = slot(&mut self.row, field).replace(value.to_owned());
                self.note(field.as_str(), old, value);
                if let (BuiltInField::Phone, Some(key)) = (field, phone_key) {
                    let old = self.row.phone_key.replace(key.clone());
                    self.note("phone_key", old, key);
                }
            }
            FieldTarget::Custom { id, .. } => {
                let field = format!("{CUSTOM}{id}");
                let old = value_of(&self.row, &field);
                put_back(&mut self.row, &field, Some(value.to_owned()));
                self.note(&field, old, value);
            }
            FieldTarget::Consent(_) => {}
        }
    }

    /// Adds a change to the list. Of several changes of one value, the list keeps the first old
    /// value and the last new one. A new contact has no old values, so it has no changes.
    fn note(&mut self, field: &str, old: Option<String>, new: &str) {
        if self.is_new || old.as_deref() == Some(new) {
            return;
        }
        match self.changes.iter_mut().find(|change| change.field == field) {
            Some(change) => change.new = Some(new.to_owned()),
            None => self.changes.push(Change {
                field: field.to_owned(),
                old,
                new: Some(new.to_owned()),
            }),
        }
    }

    /// The values of the contact, each with its field's word; custom fields with their ids.
    pub(crate) fn values(self) -> Vec<(String, String)> {
        let built_in = BuiltInField::ALL.iter().filter_map(|field| {
            Some((
                field.as_str().to_owned(),
                built_in(&self.row, *field)?.to_owned(),
            ))
        });
        let mut values: Vec<(String, String)> = built_in.collect();
        if let Some(Value::Object(custom)) = self.row.custom {
            values.extend(
                custom
                    .into_iter()
                    .filter_map(|(id, value)| Some((id, value.as_str()?.to_owned()))),
            );
        }
        values
    }
}

/// The value that replaces the old one under this policy; none when the old one stays.
fn replacement(old: Option<&str>, new: &str, policy: FieldPolicy) -> Option<String> {
    let old = old.unwrap_or_default();
    match policy {
        FieldPolicy::Update => (old != new).then(|| new.to_owned()),
        FieldPolicy::Merge if !old.is_empty() => with_more_tags(old, new),
        FieldPolicy::Fill | FieldPolicy::Merge => old.is_empty().then(|| new.to_owned()),
        FieldPolicy::Keep => None,
    }
}

/// The value of a field. A consent is stored apart from the contact, so it has no value here.
pub(crate) fn value_in(row: &contact::Model, target: FieldTarget) -> Option<&str> {
    match target {
        FieldTarget::BuiltIn(field) => built_in(row, field),
        FieldTarget::Custom { id, .. } => custom(row, &id.to_string()),
        FieldTarget::Consent(_) => None,
    }
}

fn custom<'a>(row: &'a contact::Model, id: &str) -> Option<&'a str> {
    row.custom.as_ref()?.get(id)?.as_str()
}

/// The value with this name, in the words of [`Change::field`].
pub(crate) fn value_of(row: &contact::Model, field: &str) -> Option<String> {
    if let Some(id) = field.strip_prefix(CUSTOM) {
        return custom(row, id).map(str::to_owned);
    }
    match field {
        "phone_key" => row.phone_key.clone(),
        _ => built_in(row, BuiltInField::parse(field)?).map(str::to_owned),
    }
}

/// Writes an old value back, by its name in the words of [`Change::field`].
pub(crate) fn put_back(row: &mut contact::Model, field: &str, old: Option<String>) {
    if let Some(id) = field.strip_prefix(CUSTOM) {
        let mut custom = match row.custom.take() {
            Some(Value::Object(custom)) => custom,
            _ => Map::new(),
        };
        match old {
            Some(old) => custom.insert(id.to_owned(), Value::String(old)),
            None => custom.remove(id),
        };
        row.custom = (!custom.is_empty()).then_some(Value::Object(custom));
    } else if field == "phone_key" {
        row.phone_key = old;
    } else if let Some(known) = BuiltInField::parse(field) {
        *slot(row, known) = old;
    }
}

/// Makes `slot` and `built_in`, which find the column of a built-in field.
macro_rules! slots {
    ($($field:ident => $column:ident,)*) => {
        fn slot(row: &mut contact::Model, field: BuiltInField) -> &mut Option<String> {
            match field {$(BuiltInField::$field => &mut row.$column,)*}
        }

        fn built_in(row: &contact::Model, field: BuiltInField) -> Option<&str> {
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
