//! Collects the values by which people can be found.

use std::collections::HashSet;

use alta_domain::{BuiltInField, Country, Key, KeyKind, OrganizationId};
use alta_intake::{fold, is_cpf_of};
use sea_orm::ConnectionTrait;

use super::{SHORTEST, Traces};
use crate::contacts::history::Part;
use crate::contacts::keys::{owners, stored};
use crate::contacts::state::ContactState;
use crate::contacts::values::MultiValueField;
use crate::entity::contact;
use crate::error::Result;
use crate::person::texts::{FEWEST_LOCAL_DIGITS, digits, ends};

impl Traces {
    /// Collects the values of a contact, and those that it had before according to the parts of its
    /// history.
    pub(in crate::person) async fn of<'p>(
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        home: Country,
        row: &contact::Model,
        parts: impl Iterator<Item = &'p Part>,
    ) -> Result<Self> {
        let mut values: HashSet<_> = ContactState::values(row.clone()).into_iter().collect();
        let names = [&row.first_name, &row.last_name];
        let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        values.insert((BuiltInField::Name.as_str().to_owned(), name.join(" ")));
        for part in parts {
            values.extend(values_before(part));
        }
        let key = |field, value: &str| key_of(field, value, home);
        let known: Vec<(BuiltInField, String)> = values
            .into_iter()
            .filter_map(|(name, value)| Some((BuiltInField::parse(&name)?, value)))
            .collect();
        let keys = known.iter().filter_map(|(field, value)| key(*field, value));
        let owners = owners(db, organization, keys.collect()).await?;
        let mut traces = Self::new(home);
        for (field, value) in known {
            let key = key(field, &value);
            let owner = key.as_ref().and_then(|key| owners.get(key));
            if owner.is_none_or(|owner| *owner == row.id) {
                traces.add(field, &value, key);
            }
        }
        Ok(traces)
    }

    /// Adds the values of others.
    pub(in crate::person) fn join(&mut self, mut other: Self) {
        self.keys.extend(other.keys.iter().cloned());
        self.emails.extend(other.emails.iter().cloned());
        self.common_numbers
            .extend(other.common_numbers.iter().cloned());
        self.names.extend(other.names.iter().cloned());
        self.details.extend(other.details.iter().cloned());
        if other.people.is_empty() {
            self.people.push(other);
        } else {
            self.people.append(&mut other.people);
        }
    }

    pub(super) fn add(&mut self, field: BuiltInField, value: &str, key: Option<String>) {
        use BuiltInField as F;
        let lower = value.trim().to_lowercase();
        self.keys.extend(key);
        match field {
            F::Email => {
                self.emails.insert(lower);
            }
            F::Phone | F::Landline => {
                self.common_numbers.extend(ends(&digits(value)));
            }
            F::TaxId => {
                // A spreadsheet takes the zeros at the beginning away.
                let digits = digits(value);
                for number in [digits.as_str(), digits.trim_start_matches('0')] {
                    if number.len() >= FEWEST_LOCAL_DIGITS {
                        self.common_numbers.insert(number.to_owned());
                    }
                }
                self.add_detail(value);
            }
            F::Name if lower.chars().count() >= SHORTEST => {
                self.names.insert(fold(value));
            }
            F::BirthDate => {
                // A file may write the day first.
                let parts: Vec<&str> = lower.split('-').collect();
                if let [year, month, day] = parts[..] {
                    self.details.insert(format!("{day} {month} {year}"));
                }
                self.add_detail(value);
            }
            F::Address | F::ExternalId => self.add_detail(value),
            _ => {}
        }
    }

    /// Adds a value that says who a record is beside the name.
    fn add_detail(&mut self, value: &str) {
        let folded = fold(value);
        if folded.chars().count() >= SHORTEST {
            self.details.insert(folded);
        }
    }
}

/// Returns the key that a value of a field is, in its stored form; `None` when it is none.
pub(super) fn key_of(field: BuiltInField, value: &str, home: Country) -> Option<String> {
    let kind = match field {
        BuiltInField::Phone => KeyKind::Phone,
        BuiltInField::Email => KeyKind::Email,
        BuiltInField::TaxId if is_cpf_of(value, None, home) => KeyKind::Cpf,
        _ => return None,
    };
    Some(stored(&Key::new(kind, value)))
}

/// Returns the values before and after the changes of a part of a history, each with the word of
/// its field.
fn values_before(part: &Part) -> Vec<(String, String)> {
    let set = part.entry.set.iter().flat_map(|(name, (old, new))| {
        let both = [old, new].into_iter().flatten();
        both.map(|value| (name.clone(), value.clone()))
    });
    let elements = MultiValueField::ALL.into_iter().flat_map(|many| {
        let (added, removed) = (part.entry.added.get(&many), part.entry.removed.get(&many));
        let all = added.into_iter().chain(removed).flatten();
        all.map(move |value| (many.field().as_str().to_owned(), value.clone()))
    });
    set.chain(elements).collect()
}
