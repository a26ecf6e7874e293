//! A person of a file, and what the import knows of it while its records come, batch by batch.

use std::collections::{HashMap, HashSet};

use alta_domain::{FieldTarget, Key, KeyKind, KeyRole, RowIdentity};
use alta_intake::{Incoming, Name, Shared, Traits, agree};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::prepared::later;
use crate::contacts::state::Given;
use crate::contacts::values::bit;
use crate::entity::{import, import_person};
use crate::error::Result;
use crate::parts;

/// The most keys of later records that are compared for each record of their person.
const MOST_COMING: usize = 100;

/// The most rows of one statement.
const ROWS: usize = 1000;

/// The result of an import for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The person became a new contact.
    New,
    /// The person is a contact that existed, and the import changed it.
    Updated,
    /// The person is a contact that existed, and the import did not change it.
    Unchanged,
    /// The person has no contact, because its first record was rejected.
    Rejected,
}

/// A person of a file, as its first record decided who it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Person {
    /// The contact of the person; `None` when the person was rejected.
    pub(super) contact: Option<i64>,
    pub(super) outcome: Outcome,
    /// The keys of the person's records that were received.
    keys: HashSet<Key>,
    /// The keys of the person's later records, as the sender announced them with its first record.
    /// Under the remedy 'they are one person' a record is accepted by them too.
    #[serde(default, skip_serializing_if = "HashSet::is_empty")]
    later: HashSet<Key>,
    /// The first CPF of the person's records.
    #[serde(default)]
    cpf: Option<u64>,
    /// The name of the first record that has one, in the form in which names are compared.
    name: String,
    /// The number of the person's reject, when the person was rejected and is listed.
    #[serde(default)]
    pub(super) reject: Option<u32>,
    /// The fields `phone` and `email`, one bit each, if the person's records up to now have left to
    /// a later record which value is the first.
    pub(super) yielded: i64,
    /// The phone and the e-mail address that would be the first ones, but left that place to a
    /// later record. They become the first after all when the later record's own keys belong to
    /// another contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left: Vec<Key>,
    /// True when more records of the person may come.
    #[serde(skip)]
    pub(super) is_kept: bool,
}

impl Person {
    /// Makes the person of a first record.
    pub(super) fn new(incoming: &Incoming, identity: Option<&RowIdentity>) -> Self {
        let later = identity.and_then(later).into_iter().flatten();
        let mut keys = incoming.keys();
        keys.retain(|key| is_own(key, identity));
        Self {
            contact: None,
            outcome: Outcome::Rejected,
            cpf: cpf_of(keys.iter()),
            keys: keys.into_iter().collect(),
            later: later.collect(),
            name: incoming.name().marked(),
            reject: None,
            yielded: 0,
            left: Vec::new(),
            is_kept: identity.is_some_and(|identity| identity.later.is_some()),
        }
    }

    /// Returns true when a record shares a key with the person and agrees with it. When a remedy
    /// makes one person of all who share a key, the shared key is enough.
    pub(super) fn accepts(
        &self,
        incoming: &Incoming,
        identity: Option<&RowIdentity>,
        is_one_person: bool,
    ) -> bool {
        let mut keys = incoming.keys();
        keys.retain(|key| is_judged(key, identity));
        let has = |key: &Key| self.has(key, is_one_person);
        let has_key = |kind| keys.iter().any(|key| key.kind == kind && has(key));
        let shared = Shared {
            phone: has_key(KeyKind::Phone),
            email: has_key(KeyKind::Email),
        };
        if self.keys.is_empty() && keys.is_empty() {
            return true;
        }
        let is_connected = shared.phone || shared.email || has_key(KeyKind::Cpf);
        is_connected && (is_one_person || agrees(self, incoming, &keys, shared))
    }

    fn has(&self, key: &Key, is_one_person: bool) -> bool {
        self.keys.contains(key) || is_one_person && self.later.contains(key)
    }

    /// Returns the keys that are still to come with later records; none for a person with very many
    /// keys.
    pub(super) fn coming(&self) -> impl Iterator<Item = &Key> {
        let later = Some(&self.later).filter(|later| later.len() <= MOST_COMING);
        let coming = later.into_iter().flatten();
        coming.filter(|key| !self.keys.contains(*key))
    }

    /// Notes the key that would be the contact's first of its kind, but leaves that place to a
    /// later record of the person. `None` notes nothing: the place is taken already.
    pub(super) fn leave_first_place(&mut self, kind: KeyKind, key: Option<Key>) {
        self.left.retain(|left| left.kind != kind);
        self.left.extend(key);
    }

    /// Returns the value of this kind that has left the first place to a later record.
    pub(super) fn left_first_place(&self, kind: KeyKind) -> Option<String> {
        let left = self.left.iter().find(|key| key.kind == kind);
        left.map(|key| key.value.clone())
    }

    /// Adds the keys of a later record to the person, and its name when the person has none.
    pub(super) fn join(&mut self, incoming: &Incoming, identity: Option<&RowIdentity>) {
        for key in incoming.keys() {
            if is_own(&key, identity) {
                self.cpf = self.cpf.or(cpf_of(std::iter::once(&key)));
                self.keys.insert(key);
            }
        }
        if self.name.is_empty() {
            self.name = incoming.name().marked();
        }
    }
}

/// Returns the exception that the sender has found for a key of a record by reading the whole file;
/// `None` for a key that simply belongs to the record's person.
fn role(key: &Key, identity: Option<&RowIdentity>) -> Option<KeyRole> {
    let mut roles = identity?.roles.iter();
    roles.find(|(known, _)| known == key).map(|(_, role)| *role)
}

/// Returns true for a key by which the record's person is known: one without an exception, or one
/// that is only not given to the contact.
fn is_own(key: &Key, identity: Option<&RowIdentity>) -> bool {
    matches!(role(key, identity), None | Some(KeyRole::AskedOnly))
}

/// Returns true for a key that counts when a record is compared with its person: all keys but those
/// that are nobody's, and those that a remedy gives to the contact without saying who it is.
fn is_judged(key: &Key, identity: Option<&RowIdentity>) -> bool {
    !matches!(
        role(key, identity),
        Some(KeyRole::Nobodys | KeyRole::GivenOnly)
    )
}

fn agrees(person: &Person, incoming: &Incoming, keys: &[Key], shared: Shared) -> bool {
    let (name, own_name) = (Name::of(&person.name), incoming.name());
    let own = Traits {
        name: &own_name,
        cpf: cpf_of(keys.iter()),
        has_phone: keys.iter().any(|key| key.kind == KeyKind::Phone),
        has_email: keys.iter().any(|key| key.kind == KeyKind::Email),
    };
    let has = |kind| person.keys.iter().any(|key| key.kind == kind);
    let met = Traits {
        name: &name,
        cpf: person.cpf,
        has_phone: has(KeyKind::Phone),
        has_email: has(KeyKind::Email),
    };
    agree(&own, &met, shared)
}

fn cpf_of<'k>(mut keys: impl Iterator<Item = &'k Key>) -> Option<u64> {
    let cpf = keys.find(|key| key.kind == KeyKind::Cpf)?;
    cpf.value.parse().ok()
}

/// Returns the values that a record gives to its contact.
pub(super) fn given(
    incoming: &Incoming,
    identity: Option<&RowIdentity>,
    targets: &[FieldTarget],
) -> Given {
    let mut given = Given {
        phones: incoming.phones.clone(),
        emails: incoming.emails.clone(),
        values: incoming.values.clone(),
        yields: Vec::new(),
    };
    let Some(identity) = identity else {
        return given;
    };
    let is_given = |kind: KeyKind, value: &str| {
        let role = identity
            .roles
            .iter()
            .find(|(key, _)| key.kind == kind && key.value == value);
        role.is_none_or(|(_, role)| *role == KeyRole::GivenOnly)
    };
    given.phones.retain(|value| is_given(KeyKind::Phone, value));
    given.emails.retain(|value| is_given(KeyKind::Email, value));
    given.values.retain(|(target, value)| {
        *target != FieldTarget::BuiltIn(alta_domain::BuiltInField::TaxId)
            || is_given(KeyKind::Cpf, value)
    });
    given.yields = identity
        .yields
        .iter()
        .filter_map(|place| targets.get(*place as usize).copied())
        .collect();
    given
}

/// Returns, one bit each, `phone` and `email` if a record leaves to a later one which value is the
/// first.
pub(super) fn yielded(given: &Given) -> i64 {
    use alta_domain::BuiltInField as F;
    [F::Phone, F::Email]
        .into_iter()
        .filter(|field| given.yields.contains(&FieldTarget::BuiltIn(*field)))
        .map(bit)
        .sum()
}

/// The persons of an import whose records are in hand, by the number of their first record.
#[derive(Debug, Default)]
pub(super) struct Persons {
    known: HashMap<u32, Person>,
    changed: Vec<u32>,
}

impl Persons {
    /// Loads the persons of these first records.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        import: &import::Model,
        firsts: impl Iterator<Item = u32>,
    ) -> Result<Self> {
        let mut persons = Self::default();
        let firsts: Vec<i32> = firsts
            .filter_map(|first| i32::try_from(first).ok())
            .collect();
        for firsts in firsts.chunks(ROWS) {
            let rows = import_person::Entity::find()
                .filter(import_person::Column::ImportId.eq(import.id))
                .filter(import_person::Column::Reading.eq(import.reading))
                .filter(import_person::Column::Record.is_in(firsts.iter().copied()))
                .all(connection)
                .await?;
            for row in rows {
                let mut person: Person = serde_json::from_str(&row.person)?;
                person.is_kept = true;
                if let Ok(record) = u32::try_from(row.record) {
                    persons.known.insert(record, person);
                }
            }
        }
        Ok(persons)
    }

    /// Returns the contacts of the persons that were loaded.
    pub(super) fn contacts(&self) -> impl Iterator<Item = i64> + '_ {
        self.known.values().filter_map(|person| person.contact)
    }

    pub(super) fn get(&self, first: u32) -> Option<&Person> {
        self.known.get(&first)
    }

    /// Removes the person of a first record, to be changed and set again.
    pub(super) fn take(&mut self, first: u32) -> Option<Person> {
        self.known.remove(&first)
    }

    pub(super) fn set(&mut self, first: u32, person: Person) {
        if person.is_kept {
            self.changed.push(first);
        }
        self.known.insert(first, person);
    }

    /// Writes the persons of whom more records may come.
    pub(super) async fn write(
        mut self,
        transaction: &DatabaseTransaction,
        import: &import::Model,
    ) -> Result<()> {
        self.changed.sort_unstable();
        self.changed.dedup();
        let row = |first: u32| {
            let person = &self.known[&first];
            Ok(import_person::ActiveModel {
                import_id: Set(import.id),
                reading: Set(import.reading),
                record: Set(i32::try_from(first).unwrap_or(i32::MAX)),
                person: Set(serde_json::to_string(person)?),
            })
        };
        let rows: Vec<import_person::ActiveModel> = self
            .changed
            .iter()
            .map(|first| row(*first))
            .collect::<Result<_>>()?;
        let mut on_conflict = OnConflict::columns([
            import_person::Column::ImportId,
            import_person::Column::Reading,
            import_person::Column::Record,
        ]);
        on_conflict.update_column(import_person::Column::Person);
        for rows in parts(rows, ROWS) {
            import_person::Entity::insert_many(rows)
                .on_conflict(on_conflict.clone())
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(())
    }
}
