//! A contact while a batch is applied to it.

use alta_domain::{BuiltInField, ExistingPolicy};
use serde_json::{Map, Value};

use crate::entity::contact;

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

/// A contact and whether it differs from what is stored.
#[derive(Clone, Debug)]
pub(crate) struct ContactState {
    pub(crate) row: contact::Model,
    pub(crate) changed: bool,
}

impl ContactState {
    pub(crate) fn of(row: contact::Model) -> Self {
        Self { row, changed: false }
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
        let mut state = Self::of(row);
        state.apply(incoming, ExistingPolicy::Update, |_| true);
        state
    }

    /// Takes over the values that the policy lets through. `free` says of an identity field whether its value belongs to nobody else.
    pub(crate) fn apply(&mut self, incoming: &Incoming, policy: ExistingPolicy, free: impl Fn(BuiltInField) -> bool) {
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
                *slot = Some(value.clone());
                self.changed = true;
                if *field == BuiltInField::Phone && incoming.phone_key.is_some() {
                    self.row.phone_key.clone_from(&incoming.phone_key);
                }
            }
        }
        let mut custom = match self.row.custom.take() {
            Some(Value::Object(custom)) => custom,
            _ => Map::new(),
        };
        for (id, value) in &incoming.custom {
            if takes(custom.get(id).and_then(Value::as_str), value) {
                custom.insert(id.clone(), Value::String(value.clone()));
                self.changed = true;
            }
        }
        self.row.custom = (!custom.is_empty()).then_some(Value::Object(custom));
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
