//! A contact while a batch is applied to it.

use alta_domain::{BuiltInField, ExistingPolicy};
use serde_json::{Map, Value};

use crate::entity::contact;

/// What stands before the id of a custom field in a change.
const CUSTOM: &str = "custom.";

/// The values of one record, ready to be stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incoming {
    /// Values of built-in fields.
    pub(crate) values: Vec<(BuiltInField, String)>,
    /// Values of custom fields, by id.
    pub(crate) custom: Vec<(String, String)>,
    /// What the contact is known by: the mobile phone, or landline and name where there is nothing else.
    pub(crate) phone_key: Option<String>,
}

impl Incoming {
    pub(crate) fn value(&self, field: BuiltInField) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == field).map(|(_, value)| value.as_str())
    }
}

/// A value that became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The word of a built-in field, `phone_key`, or `custom.ID`.
    pub(crate) field: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// A contact and how it differs from what is stored.
#[derive(Clone, Debug)]
pub(crate) struct ContactState {
    pub(crate) row: contact::Model,
    pub(crate) changes: Vec<Change>,
    is_new: bool,
}

impl ContactState {
    pub(crate) fn of(row: contact::Model) -> Self {
        Self { row, changes: Vec::new(), is_new: false }
    }

    /// A contact that does not exist yet.
    pub(crate) fn new(id: i64, organization: i64, import: i64, now: i64, incoming: &Incoming) -> Self {
        let row = contact::Model {
            id,
            organization_id: organization,
            phone_key: incoming.phone_key.clone(),
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
            created_import_id: Some(import),
            last_import_id: Some(import),
            created_at: now,
            updated_at: now,
        };
        let mut state = Self { is_new: true, ..Self::of(row) };
        state.apply(incoming, ExistingPolicy::Update, |_| true);
        state
    }

    /// Takes over the values that the policy lets through; answers whether any did. `free` says of an identity field whether its value belongs to
    /// nobody else.
    pub(crate) fn apply(&mut self, incoming: &Incoming, policy: ExistingPolicy, free: impl Fn(BuiltInField) -> bool) -> bool {
        let mut changed = false;
        let takes = |old: Option<&str>, new: &str| match policy {
            ExistingPolicy::Update => old != Some(new),
            ExistingPolicy::Fill => old.is_none_or(str::is_empty),
            ExistingPolicy::Keep => false,
        };
        for (field, value) in &incoming.values {
            let is_key = matches!(field, BuiltInField::Phone | BuiltInField::Email | BuiltInField::TaxId);
            if is_key && !free(*field) {
                continue;
            }
            let slot = slot(&mut self.row, *field);
            if takes(slot.as_deref(), value) {
                changed = true;
                let old = slot.replace(value.clone());
                self.note(field.as_str(), old, value);
                if let (BuiltInField::Phone, Some(key)) = (field, &incoming.phone_key) {
                    let old = self.row.phone_key.replace(key.clone());
                    self.note("phone_key", old, key);
                }
            }
        }
        let mut custom = match self.row.custom.take() {
            Some(Value::Object(custom)) => custom,
            _ => Map::new(),
        };
        for (id, value) in &incoming.custom {
            if takes(custom.get(id).and_then(Value::as_str), value) {
                changed = true;
                let old = custom.insert(id.clone(), Value::String(value.clone()));
                self.note(&format!("{CUSTOM}{id}"), old.and_then(|old| old.as_str().map(str::to_owned)), value);
            }
        }
        self.row.custom = (!custom.is_empty()).then_some(Value::Object(custom));
        changed
    }

    /// Remembers the value that was there before all of them. Of a contact that did not exist there is nothing to remember.
    fn note(&mut self, field: &str, old: Option<String>, new: &str) {
        if self.is_new || old.as_deref() == Some(new) {
            return;
        }
        match self.changes.iter_mut().find(|change| change.field == field) {
            Some(change) => change.new = Some(new.to_owned()),
            None => self.changes.push(Change { field: field.to_owned(), old, new: Some(new.to_owned()) }),
        }
    }

    /// The fields that have a value, by their words; custom fields by their ids.
    pub(crate) fn values(mut self) -> Vec<(String, String)> {
        let built_in = BuiltInField::ALL.iter().filter_map(|field| Some((field.as_str().to_owned(), slot(&mut self.row, *field).clone()?)));
        let mut values: Vec<(String, String)> = built_in.collect();
        if let Some(Value::Object(custom)) = self.row.custom {
            values.extend(custom.into_iter().filter_map(|(id, value)| Some((id, value.as_str()?.to_owned()))));
        }
        values
    }
}

/// The value of a field, by the word of a change.
pub(super) fn value_of(row: &mut contact::Model, field: &str) -> Option<String> {
    if let Some(id) = field.strip_prefix(CUSTOM) {
        return Some(row.custom.as_ref()?.get(id)?.as_str()?.to_owned());
    }
    match field {
        "phone_key" => row.phone_key.clone(),
        _ => slot(row, BuiltInField::parse(field)?).clone(),
    }
}

/// Puts a value back, by the word of a change.
pub(super) fn put_back(row: &mut contact::Model, field: &str, old: Option<String>) {
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

fn slot(row: &mut contact::Model, field: BuiltInField) -> &mut Option<String> {
    match field {
        BuiltInField::Phone => &mut row.phone,
        BuiltInField::Landline => &mut row.landline,
        BuiltInField::Email => &mut row.email,
        BuiltInField::Name => &mut row.name,
        BuiltInField::FirstName => &mut row.first_name,
        BuiltInField::LastName => &mut row.last_name,
        BuiltInField::BirthDate => &mut row.birth_date,
        BuiltInField::TaxId => &mut row.tax_id,
        BuiltInField::Company => &mut row.company,
        BuiltInField::Country => &mut row.country,
        BuiltInField::State => &mut row.state,
        BuiltInField::City => &mut row.city,
        BuiltInField::Address => &mut row.address,
        BuiltInField::PostalCode => &mut row.postal_code,
        BuiltInField::Tags => &mut row.tags,
        BuiltInField::ExternalId => &mut row.external_id,
        BuiltInField::Notes => &mut row.notes,
    }
}
