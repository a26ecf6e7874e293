//! The contacts that the records of a batch are about: found by their identities in one query for
//! each kind of identity, changed in memory, and written back in few statements.

use std::collections::{HashMap, HashSet};

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget, OrganizationId};
use alta_intake::Incoming;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::bulk::{ROWS, insert, is_one_of, replace};
use super::changes::{self, BatchId};
use super::state::ContactState;
use crate::access::Own;
use crate::entity::{contact, import_change};
use crate::error::Result;
use crate::parts;

/// The contacts of a batch, by id and by identity.
#[derive(Default)]
pub(crate) struct People {
    states: HashMap<i64, ContactState>,
    phones: HashMap<String, i64>,
    emails: HashMap<String, i64>,
    tax_ids: HashMap<String, i64>,
    /// Ids of the contacts that are not stored yet.
    new: HashSet<i64>,
}

/// Reads an identity of a record.
type KeyOf = fn(&Incoming) -> Option<&str>;

/// The identities of a record, with the columns in which contacts have them. The first one that
/// belongs to a contact decides.
const KEYS: [(contact::Column, KeyOf); 3] = [
    (contact::Column::PhoneKey, |row| row.phone_key.as_deref()),
    (contact::Column::Email, |row| row.value(BuiltInField::Email)),
    (contact::Column::TaxId, |row| row.value(BuiltInField::TaxId)),
];

/// The contacts that the identities of a record belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// No contact has any of them.
    Nobody,
    /// All belong to this contact.
    One(i64),
    /// They belong to several contacts. This is the one of the first identity, in the order phone,
    /// e-mail address, tax id.
    Several(i64),
}

impl People {
    /// Loads the contacts that have an identity of the rows, and those with the given ids. A
    /// contact that one identity has found is not looked up by another.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        organization: OrganizationId,
        rows: impl Iterator<Item = &Incoming> + Clone,
        ids: impl Iterator<Item = i64>,
    ) -> Result<Self> {
        let mut people = Self::default();
        let ids: Vec<i64> = ids.collect();
        for ids in ids.chunks(ROWS) {
            let found = organization
                .own::<contact::Entity>()
                .filter(contact::Column::Id.is_in(ids.iter().copied()))
                .all(connection)
                .await?;
            people.add_stored(found);
        }
        for (column, key) in KEYS {
            let known = match column {
                contact::Column::PhoneKey => &people.phones,
                contact::Column::Email => &people.emails,
                _ => &people.tax_ids,
            };
            let keys: Vec<String> = rows
                .clone()
                .filter_map(key)
                .filter(|key| !known.contains_key(*key))
                .map(str::to_owned)
                .collect();
            if keys.is_empty() {
                continue;
            }
            let found = organization
                .own::<contact::Entity>()
                .filter(is_one_of(connection.get_database_backend(), column, keys)?)
                .all(connection)
                .await?;
            people.add_stored(found);
        }
        Ok(people)
    }

    fn add_stored(&mut self, rows: Vec<contact::Model>) {
        for row in rows {
            self.add(ContactState::of(row));
        }
    }

    fn add(&mut self, state: ContactState) {
        add_keys(
            &state.row,
            [&mut self.phones, &mut self.emails, &mut self.tax_ids],
        );
        self.states.insert(state.row.id, state);
    }

    /// Returns true when the contact with this id was loaded or added.
    pub(crate) fn has(&self, id: i64) -> bool {
        self.states.contains_key(&id)
    }

    /// The ids of the contacts that have the record's phone, e-mail address and tax id.
    fn ids(&self, row: &Incoming) -> [Option<i64>; 3] {
        let known = [&self.phones, &self.emails, &self.tax_ids];
        let mut ids = [None; 3];
        for (id, (known, key)) in ids.iter_mut().zip(known.into_iter().zip(row.keys())) {
            *id = key.and_then(|key| known.get(key)).copied();
        }
        ids
    }

    /// The contacts that have the record's phone, e-mail address and tax id.
    pub(crate) fn by_key(&self, row: &Incoming) -> [Option<&contact::Model>; 3] {
        self.ids(row)
            .map(|id| self.states.get(&id?).map(|state| &state.row))
    }

    /// Finds the contact that a record is about by its identities.
    pub(crate) fn find(&self, row: &Incoming) -> Match {
        let mut ids = self.ids(row).into_iter().flatten();
        match ids.next() {
            None => Match::Nobody,
            Some(first) if ids.all(|id| id == first) => Match::One(first),
            Some(first) => Match::Several(first),
        }
    }

    /// Adds a contact that is not stored yet.
    pub(crate) fn add_new(&mut self, state: ContactState) {
        self.new.insert(state.row.id);
        self.add(state);
    }

    /// Writes the values of a record into a contact, each as the policy of its field says. An
    /// identity that another contact has stays with that one. Returns true when a value was
    /// written.
    pub(crate) fn change(
        &mut self,
        id: i64,
        row: &Incoming,
        policy: impl Fn(FieldTarget) -> FieldPolicy,
    ) -> bool {
        let Self {
            states,
            phones,
            emails,
            tax_ids,
            ..
        } = self;
        let Some(state) = states.get_mut(&id) else {
            return false;
        };
        let owner = |field: BuiltInField| match field {
            BuiltInField::Phone => row.phone_key.as_ref().and_then(|key| phones.get(key)),
            BuiltInField::Email => row.value(field).and_then(|key| emails.get(key)),
            _ => row.value(field).and_then(|key| tax_ids.get(key)),
        };
        let changed = state.apply(row, policy, |field| {
            owner(field).is_none_or(|owner| *owner == id)
        });
        if changed {
            add_keys(&state.row, [phones, emails, tax_ids]);
        }
        changed
    }

    /// Writes the new and the changed contacts, and a change record for each changed one that the
    /// import has not created itself. `now` is milliseconds since 1970.
    pub(crate) async fn write(
        self,
        connection: &DatabaseTransaction,
        batch: BatchId,
        now: i64,
    ) -> Result<()> {
        let mut new = Vec::with_capacity(self.new.len());
        let (mut changed, mut records) = (Vec::new(), Vec::new());
        for (id, mut state) in self.states {
            if self.new.contains(&id) {
                new.push(state.row);
            } else if !state.changes.is_empty() {
                if state.row.created_import_id != Some(batch.import) {
                    records.push(changes::record(batch, &state));
                }
                state.row.updated_at = now;
                state.row.last_import_id = Some(batch.import);
                changed.push(state.row);
            }
        }
        new.sort_unstable_by_key(|row| row.id);
        changed.sort_unstable_by_key(|row| row.id);
        insert(connection, &new).await?;
        replace(connection, &changed).await?;
        for rows in parts(records, ROWS) {
            import_change::Entity::insert_many(rows)
                .exec_without_returning(connection)
                .await?;
        }
        Ok(())
    }
}

/// Enters a contact's phone, e-mail address and tax id into the maps from identity to contact.
fn add_keys(row: &contact::Model, maps: [&mut HashMap<String, i64>; 3]) {
    for (ids, key) in maps
        .into_iter()
        .zip([&row.phone_key, &row.email, &row.tax_id])
    {
        if let Some(key) = key {
            ids.insert(key.clone(), row.id);
        }
    }
}
