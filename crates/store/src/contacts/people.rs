//! The contacts that the records of a batch are about: found by their keys in one query, changed in
//! memory, and written back in few statements.

use std::collections::{HashMap, HashSet};

use alta_domain::{
    BuiltInField, Channel, Country, FieldPolicy, FieldTarget, Key, KeyKind, OrganizationId,
};
use alta_intake::{Choice, Name, Traits, choose};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, Statement,
};

use super::bulk::{insert, integers, replace};
use super::history::Part;
use super::keys::{self, cpf_of, keys_of, name_of, owners, stored};
use super::refusals::give_keys;
use super::state::{ContactState, Given, MostKeys};
use crate::access::Own;
use crate::entity::{contact, contact_change};
use crate::error::Result;
use crate::vault::Vault;

/// The organization whose contacts are read, and the import that reads them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) organization: OrganizationId,
    /// The country of the organization.
    pub(crate) home: Country,
    pub(crate) import: i64,
    pub(crate) reading: i32,
}

/// The contacts of a batch, by id and by key.
pub(crate) struct People {
    reader: Reader,
    states: HashMap<i64, ContactState>,
    owners: HashMap<String, i64>,
    /// The keys of each contact as they are stored.
    stored_keys: HashMap<i64, Vec<String>>,
    /// Ids of the contacts that are not stored yet.
    new: HashSet<i64>,
}

impl People {
    /// Loads the contacts that these keys belong to, and those with the given ids.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        reader: Reader,
        keys: impl Iterator<Item = Key>,
        ids: impl Iterator<Item = i64>,
    ) -> Result<Self> {
        let keys: HashSet<String> = keys.map(|key| stored(&key)).collect();
        let owners = owners(connection, reader.organization, keys.into_iter().collect()).await?;
        let ids: HashSet<i64> = owners.values().copied().chain(ids).collect();
        let mut people = Self {
            reader,
            states: HashMap::with_capacity(ids.len()),
            owners,
            stored_keys: HashMap::with_capacity(ids.len()),
            new: HashSet::new(),
        };
        if ids.is_empty() {
            return Ok(people);
        }
        let mut ids: Vec<i64> = ids.into_iter().collect();
        ids.sort_unstable();
        let mut histories = histories(connection, &ids).await?;
        let backend = connection.get_database_backend();
        let rows = reader
            .organization
            .own::<contact::Entity>()
            .filter(integers(backend, "id", &ids)?)
            .all(connection)
            .await?;
        for row in rows {
            let own: Vec<String> = keys_of(&row, reader.home).iter().map(stored).collect();
            for key in &own {
                people.owners.entry(key.clone()).or_insert(row.id);
            }
            people.stored_keys.insert(row.id, own);
            let history = histories.remove(&row.id).unwrap_or_default();
            let state = ContactState::of(row, history, reader.import, reader.reading);
            people.states.insert(state.row.id, state);
        }
        Ok(people)
    }

    /// Returns true when the contact with this id was loaded or added.
    pub(crate) fn has(&self, id: i64) -> bool {
        self.states.contains_key(&id)
    }

    /// Returns the ids of the contacts that were loaded or added, in ascending order.
    pub(crate) fn ids(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.states.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Returns a contact that was loaded or added.
    pub(crate) fn get(&self, id: i64) -> Option<&ContactState> {
        self.states.get(&id)
    }

    /// Returns a contact that was loaded or added, to change it by hand.
    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut ContactState> {
        self.states.get_mut(&id)
    }

    /// Takes a contact out of the bin. Returns false when it is not there.
    pub(crate) fn restore(&mut self, id: i64) -> bool {
        self.states.get_mut(&id).is_some_and(ContactState::restore)
    }

    /// Returns the contact that a key belongs to now.
    pub(crate) fn owner(&self, key: &Key) -> Option<i64> {
        self.owners.get(&stored(key)).copied()
    }

    /// Decides which contact a person with these keys is.
    pub(crate) fn whom(&self, keys: &[Key], name: &Name, cpf: Option<u64>) -> Choice<i64> {
        let has = |kind| keys.iter().any(|key| key.kind == kind);
        let person = Traits {
            name,
            cpf,
            has_phone: has(KeyKind::Phone),
            has_email: has(KeyKind::Email),
        };
        let owned: Vec<(KeyKind, Option<i64>)> = keys
            .iter()
            .map(|key| (key.kind, self.owner(key).filter(|id| self.has(*id))))
            .collect();
        let names: HashMap<i64, Name> = owned
            .iter()
            .filter_map(|(_, owner)| *owner)
            .filter_map(|id| Some((id, name_of(&self.states.get(&id)?.row))))
            .collect();
        choose(&person, &owned, |id| self.traits(id, &names[&id]))
    }

    fn traits<'n>(&self, id: i64, name: &'n Name) -> Traits<'n> {
        let row = self.states.get(&id).map(|state| &state.row);
        let cpf = row.and_then(|row| cpf_of(row, self.reader.home));
        Traits {
            name,
            cpf: cpf.and_then(|cpf| cpf.parse().ok()),
            has_phone: row.is_some_and(|row| row.phone.is_some()),
            has_email: row.is_some_and(|row| row.email.is_some()),
        }
    }

    /// Adds a contact that is not stored yet.
    pub(crate) fn add_new(&mut self, state: ContactState) {
        self.new.insert(state.row.id);
        self.states.insert(state.row.id, state);
    }

    /// Marks a contact as found by the batch.
    pub(crate) fn find(&mut self, id: i64) {
        if let Some(state) = self.states.get_mut(&id) {
            state.is_found = true;
        }
    }

    /// Marks a contact as changed by the batch in something besides its values.
    pub(crate) fn note_changed(&mut self, id: i64) {
        if let Some(state) = self.states.get_mut(&id) {
            state.is_changed = true;
        }
    }

    /// Lets the record in hand give a contact the first phone or the first e-mail address that
    /// earlier records of the same person have left to it. `fields` has a bit for each of the two.
    pub(crate) fn unmark_given(&mut self, id: i64, fields: i64) {
        if let Some(state) = self.states.get_mut(&id) {
            state.unmark_given(fields);
        }
    }

    /// Returns true when a record of the reading has given this contact the field: see
    /// [`ContactState::is_given`]. False for an unknown contact.
    pub(crate) fn is_given(&self, id: i64, field: BuiltInField, yielded: i64) -> bool {
        let state = self.states.get(&id);
        state.is_some_and(|state| state.is_given(field, yielded))
    }

    /// Lets the record in hand give a field to a contact although other records of the reading have
    /// given it.
    pub(crate) fn forget_given(&mut self, id: i64, field: BuiltInField) {
        if let Some(state) = self.states.get_mut(&id) {
            state.forget_given(field);
        }
    }

    /// Gives the values of a record to a contact, each under the policy of its field. A contact
    /// that the reading has created takes all values. A key of another contact stays with that
    /// contact. Returns true when something changed, and the number of phones and e-mail addresses
    /// that were left out because the contact has `most` further ones.
    pub(crate) fn give(
        &mut self,
        id: i64,
        mut given: Given,
        policy: impl Fn(FieldTarget) -> FieldPolicy,
        most: MostKeys,
    ) -> (bool, usize) {
        let Some(state) = self.states.get_mut(&id) else {
            return (false, 0);
        };
        let owners = &self.owners;
        let is_free = |kind, value: &String| {
            let owner = owners.get(&stored(&Key::new(kind, value)));
            owner.is_none_or(|owner| *owner == id)
        };
        given.phones.retain(|value| is_free(KeyKind::Phone, value));
        given.emails.retain(|value| is_free(KeyKind::Email, value));
        given.values.retain(|(target, value)| {
            *target != FieldTarget::BuiltIn(BuiltInField::TaxId) || is_free(KeyKind::Cpf, value)
        });
        let takes_all = state.is_of_reading();
        let policy = |target| {
            if takes_all {
                FieldPolicy::Update
            } else {
                policy(target)
            }
        };
        let before = keys_of(&state.row, self.reader.home);
        let result = state.give(&given, policy, most);
        let after = keys_of(&state.row, self.reader.home);
        for key in before.iter().filter(|key| !after.contains(key)) {
            self.owners.remove(&stored(key));
        }
        for key in &after {
            self.owners.entry(stored(key)).or_insert(id);
        }
        result
    }

    /// Writes the new and the changed contacts, their keys, and their histories. Contacts that get
    /// a phone or an e-mail address of an erased contact get the refusals that were kept of it.
    /// `write` is the number of the batch, counted over all batches of the organization; `now` is
    /// milliseconds since 1970. Returns the contacts that have refused so, with the channels.
    pub(crate) async fn write(
        self,
        transaction: &DatabaseTransaction,
        vault: &Vault,
        write: i64,
        now: i64,
    ) -> Result<Vec<(i64, Channel)>> {
        let Self {
            reader,
            states,
            mut stored_keys,
            new,
            ..
        } = self;
        let (mut added, mut changed, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut gained, mut lost) = (Vec::new(), Vec::new());
        let mut states: Vec<(i64, ContactState)> = states.into_iter().collect();
        states.sort_unstable_by_key(|(id, _)| *id);
        for (id, mut state) in states {
            let is_new = new.contains(&id);
            if state.has_changes() && !is_new {
                state.stamp(now);
            }
            if let Some(part) = state.part(write, reader.reading) {
                parts.push((id, part));
            }
            let before = stored_keys.remove(&id).unwrap_or_default();
            let is_changed = state.has_changes() || state.is_of_reading();
            if !is_changed {
                continue;
            }
            let after: Vec<String> = keys_of(&state.row, reader.home)
                .iter()
                .map(stored)
                .collect();
            lost.extend(before.iter().filter(|key| !after.contains(key)).cloned());
            let more = after.into_iter().filter(|key| !before.contains(key));
            gained.extend(more.map(|key| (key, id)));
            if is_new {
                added.push(state.row);
            } else {
                changed.push(state.row);
            }
        }
        insert(transaction, &added).await?;
        replace(transaction, &changed).await?;
        keys::delete(transaction, reader.organization.0, lost).await?;
        gained.sort_unstable();
        let refused = give_keys(transaction, vault, reader.organization, &gained, now).await?;
        insert_parts(transaction, &parts).await?;
        Ok(refused)
    }
}

/// Reads the histories of contacts, by contact, each in its order.
pub(crate) async fn histories(
    connection: &impl ConnectionTrait,
    contacts: &[i64],
) -> Result<HashMap<i64, Vec<Part>>> {
    let backend = connection.get_database_backend();
    let rows = contact_change::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .order_by_asc(contact_change::Column::ContactId)
        .order_by_asc(contact_change::Column::Write)
        .all(connection)
        .await?;
    let mut histories: HashMap<i64, Vec<Part>> = HashMap::new();
    for row in rows {
        let history = histories.entry(row.contact_id).or_default();
        history.push(Part::read(&row)?);
    }
    Ok(histories)
}

/// Adds parts to the histories of contacts.
pub(crate) async fn insert_parts(
    transaction: &DatabaseTransaction,
    parts: &[(i64, Part)],
) -> Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let into = "INSERT INTO contact_change \
                (contact_id, write, import_id, reading, said, changed, entry)";
    if backend == DbBackend::Postgres {
        let sql = format!(
            "{into} SELECT c, w, i, r::integer, s, x <> 0, NULLIF(e, '') \
             FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], \
             $6::bigint[], $7::text[]) AS t(c, w, i, r, s, x, e)"
        );
        let numbers = |of: fn(&(i64, Part)) -> i64| parts.iter().map(of).collect::<Vec<i64>>();
        let entries: Vec<String> = parts
            .iter()
            .map(|(_, part)| Ok(part.stored_entry()?.unwrap_or_default()))
            .collect::<Result<_>>()?;
        let values = [
            numbers(|(id, _)| *id).into(),
            numbers(|(_, part)| part.write).into(),
            numbers(|(_, part)| part.import).into(),
            numbers(|(_, part)| i64::from(part.reading)).into(),
            numbers(|(_, part)| part.said).into(),
            numbers(|(_, part)| i64::from(part.changed)).into(),
            entries.into(),
        ];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        transaction.execute_raw(statement).await?;
        return Ok(());
    }
    for parts in parts.chunks(super::bulk::ROWS) {
        let places = vec!["(?,?,?,?,?,?,?)"; parts.len()].join(",");
        let mut values: Vec<sea_orm::Value> = Vec::with_capacity(7 * parts.len());
        for (id, part) in parts {
            values.extend([
                (*id).into(),
                part.write.into(),
                part.import.into(),
                part.reading.into(),
                part.said.into(),
                part.changed.into(),
                part.stored_entry()?.into(),
            ]);
        }
        let sql = format!("{into} VALUES {places}");
        let statement = Statement::from_sql_and_values(backend, sql, values);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

/// Counts one more batch that the organization's imports write, and returns its number.
pub(crate) async fn next_write(
    transaction: &DatabaseTransaction,
    organization: OrganizationId,
) -> Result<i64> {
    use crate::entity::organization::{Column, Entity};
    use sea_orm::sea_query::ExprTrait;
    Entity::update_many()
        .col_expr(Column::Writes, Expr::col(Column::Writes).add(1))
        .filter(Column::Id.eq(organization.0))
        .exec(transaction)
        .await?;
    let row = Entity::find_by_id(organization.0).one(transaction).await?;
    Ok(row.map_or(0, |row| row.writes))
}
