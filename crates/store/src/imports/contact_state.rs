//! A contact while a batch is applied to it.

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};
use alta_intake::{Incoming, with_more_tags};
use serde_json::{Map, Value};

use crate::entity::contact;

/// What stands before the id of a custom field in a change.
const CUSTOM: &str = "custom.";

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
        Self {
            row,
            changes: Vec::new(),
            is_new: false,
        }
    }

    /// A contact that does not exist yet.
    pub(crate) fn new(
        id: i64,
        organization: i64,
        import: i64,
        now: i64,
        incoming: &Incoming,
    ) -> Self {
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
        let mut state = Self {
            is_new: true,
            ..Self::of(row)
        };
        state.apply(incoming, |_| FieldPolicy::Update, |_| true);
        state
    }

    /// Takes over the values that the policy lets through; answers whether any did. `free` says of
    /// an identity field whether its value belongs to nobody else.
    pub(crate) fn apply(
        &mut self,
        incoming: &Incoming,
        policy: impl Fn(FieldTarget) -> FieldPolicy,
        free: impl Fn(BuiltInField) -> bool,
    ) -> bool {
        let mut changed = false;
        for (target, value) in &incoming.values {
            let policy = policy(*target);
            let taken = match target {
                FieldTarget::BuiltIn(
                    field @ (BuiltInField::Phone | BuiltInField::Email | BuiltInField::TaxId),
                ) if !free(*field) => None,
                _ => taken(value_in(&self.row, *target), value, policy),
            };
            let Some(value) = taken else { continue };
            changed = true;
            match target {
                FieldTarget::BuiltIn(field) => {
                    let old = slot(&mut self.row, *field).replace(value.clone());
                    self.note(field.as_str(), old, &value);
                    if let (BuiltInField::Phone, Some(key)) = (field, &incoming.phone_key) {
                        let old = self.row.phone_key.replace(key.clone());
                        self.note("phone_key", old, key);
                    }
                }
                FieldTarget::Custom { id, .. } => {
                    let field = format!("{CUSTOM}{id}");
                    let old = value_of(&self.row, &field);
                    put_back(&mut self.row, &field, Some(value.clone()));
                    self.note(&field, old, &value);
                }
                FieldTarget::Consent(_) => {}
            }
        }
        changed
    }

    /// Remembers the value that was there before all of them. Of a contact that did not exist there
    /// is nothing to remember.
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

    /// The fields that have a value, by their words; custom fields by their ids.
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

/// What a field holds afterwards, where that is something else than before.
fn taken(old: Option<&str>, new: &str, policy: FieldPolicy) -> Option<String> {
    let old = old.unwrap_or_default();
    match policy {
        FieldPolicy::Update => (old != new).then(|| new.to_owned()),
        FieldPolicy::Merge if !old.is_empty() => with_more_tags(old, new),
        FieldPolicy::Fill | FieldPolicy::Merge => old.is_empty().then(|| new.to_owned()),
        FieldPolicy::Keep => None,
    }
}

/// The value of a field; permission is none.
pub(super) fn value_in(row: &contact::Model, target: FieldTarget) -> Option<&str> {
    match target {
        FieldTarget::BuiltIn(field) => built_in(row, field),
        FieldTarget::Custom { id, .. } => custom(row, &id.to_string()),
        FieldTarget::Consent(_) => None,
    }
}

fn custom<'a>(row: &'a contact::Model, id: &str) -> Option<&'a str> {
    row.custom.as_ref()?.get(id)?.as_str()
}

/// The value of a field, by the word of a change.
pub(super) fn value_of(row: &contact::Model, field: &str) -> Option<String> {
    if let Some(id) = field.strip_prefix(CUSTOM) {
        return custom(row, id).map(str::to_owned);
    }
    match field {
        "phone_key" => row.phone_key.clone(),
        _ => built_in(row, BuiltInField::parse(field)?).map(str::to_owned),
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
