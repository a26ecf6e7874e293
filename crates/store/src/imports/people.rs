//! The contacts a batch may touch, found by any of their keys in one query a key, and written back
//! set by set.

use std::collections::HashMap;

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};
use alta_intake::Incoming;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::bulk::{ROWS, insert, is_one_of, replace};
use super::contact_state::ContactState;
use super::undo;
use crate::entity::{contact, import_change};
use crate::error::Result;
use crate::parts;

/// The contacts of a batch, by id and by key.
#[derive(Default)]
pub(super) struct People {
    states: HashMap<i64, ContactState>,
    phones: HashMap<String, i64>,
    emails: HashMap<String, i64>,
    tax_ids: HashMap<String, i64>,
    new: Vec<i64>,
}

/// One key of a record.
type KeyOf = fn(&Incoming) -> Option<&str>;

/// What a record is known by, in the order in which it is asked.
const KEYS: [(contact::Column, KeyOf); 3] = [
    (contact::Column::PhoneKey, |row| row.phone_key.as_deref()),
    (contact::Column::Email, |row| row.value(BuiltInField::Email)),
    (contact::Column::TaxId, |row| row.value(BuiltInField::TaxId)),
];

/// Whom the keys of a record point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Nobody yet.
    Nobody,
    /// One contact.
    One(i64),
    /// Several; the first by phone, e-mail, tax id.
    Several(i64),
}

impl People {
    /// Those that any key of the rows points at, and those that are `known` by their ids. A contact
    /// that one key has found is not asked for by another.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        organization: i64,
        rows: impl Iterator<Item = &Incoming> + Clone,
        known: impl Iterator<Item = i64>,
    ) -> Result<Self> {
        let mut people = Self::default();
        let known: Vec<i64> = known.collect();
        for ids in known.chunks(ROWS) {
            let own =
                contact::Entity::find().filter(contact::Column::OrganizationId.eq(organization));
            for row in own
                .filter(contact::Column::Id.is_in(ids.iter().copied()))
                .all(connection)
                .await?
            {
                people.keep(ContactState::of(row));
            }
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
            let found = contact::Entity::find()
                .filter(contact::Column::OrganizationId.eq(organization))
                .filter(is_one_of(connection.get_database_backend(), column, keys)?)
                .all(connection)
                .await?;
            for row in found {
                people.keep(ContactState::of(row));
            }
        }
        Ok(people)
    }

    /// Whether it is there.
    pub(super) fn has(&self, id: i64) -> bool {
        self.states.contains_key(&id)
    }

    fn keep(&mut self, state: ContactState) {
        know(
            &state.row,
            [&mut self.phones, &mut self.emails, &mut self.tax_ids],
        );
        self.states.insert(state.row.id, state);
    }

    /// The ids that phone, e-mail and tax id of a record point at.
    fn ids(&self, row: &Incoming) -> [Option<i64>; 3] {
        let known = [&self.phones, &self.emails, &self.tax_ids];
        let mut ids = [None; 3];
        for (id, (known, key)) in ids.iter_mut().zip(known.into_iter().zip(row.keys())) {
            *id = key.and_then(|key| known.get(key)).copied();
        }
        ids
    }

    /// The contacts that phone, e-mail and tax id of a record point at.
    pub(super) fn by_key(&self, row: &Incoming) -> [Option<&contact::Model>; 3] {
        self.ids(row)
            .map(|id| self.states.get(&id?).map(|state| &state.row))
    }

    /// Whom the keys of a record point at.
    pub(super) fn find(&self, row: &Incoming) -> Match {
        let mut ids = self.ids(row).into_iter().flatten();
        match ids.next() {
            None => Match::Nobody,
            Some(first) if ids.all(|id| id == first) => Match::One(first),
            Some(first) => Match::Several(first),
        }
    }

    /// Adds a contact that does not exist yet.
    pub(super) fn add(&mut self, state: ContactState) {
        self.new.push(state.row.id);
        self.keep(state);
    }

    /// Changes a contact; answers whether it differs now.
    pub(super) fn change(
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
            know(&state.row, [phones, emails, tax_ids]);
        }
        changed
    }

    /// Writes the new and the changed ones, and what the changed ones were.
    pub(super) async fn write(
        self,
        connection: &DatabaseTransaction,
        (import, sequence): (i64, i32),
        now: i64,
    ) -> Result<()> {
        let (mut new, mut changed, mut kept) =
            (Vec::with_capacity(self.new.len()), Vec::new(), Vec::new());
        let is_new: std::collections::HashSet<i64> = self.new.into_iter().collect();
        for (id, mut state) in self.states {
            if is_new.contains(&id) {
                new.push(state.row);
            } else if !state.changes.is_empty() {
                if state.row.created_import_id != Some(import) {
                    kept.push(undo::change(import, sequence, &state));
                }
                state.row.updated_at = now;
                state.row.last_import_id = Some(import);
                changed.push(state.row);
            }
        }
        new.sort_unstable_by_key(|row| row.id);
        changed.sort_unstable_by_key(|row| row.id);
        insert(connection, &new).await?;
        replace(connection, &changed).await?;
        for rows in parts(kept, ROWS) {
            import_change::Entity::insert_many(rows)
                .exec_without_returning(connection)
                .await?;
        }
        Ok(())
    }
}

/// Remembers what a contact is known by.
fn know(row: &contact::Model, known: [&mut HashMap<String, i64>; 3]) {
    for (keys, key) in known
        .into_iter()
        .zip([&row.phone_key, &row.email, &row.tax_id])
    {
        if let Some(key) = key {
            keys.insert(key.clone(), row.id);
        }
    }
}
