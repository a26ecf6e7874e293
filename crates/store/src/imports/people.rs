//! The contacts a batch may touch, found by any of their keys in one query a key, and written back set by set.

use std::collections::HashMap;

use alta_domain::BuiltInField;
use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    QueryFilter, Statement,
};

use super::contact_state::{ContactState, Incoming};
use super::undo;
use crate::entity::{contact, import_change, list_member};
use crate::error::Result;

/// Rows of one statement: 26 values each stay below SQLite's 32,766.
const ROWS: usize = 1000;

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
    /// Those that any key of the rows points at. A contact that one key has found is not asked for by another.
    pub(super) async fn load(
        connection: &DatabaseTransaction,
        organization: i64,
        rows: impl Iterator<Item = &Incoming> + Clone,
    ) -> Result<Self> {
        let mut people = Self::default();
        for (column, key) in KEYS {
            let known = match column {
                contact::Column::PhoneKey => &people.phones,
                contact::Column::Email => &people.emails,
                _ => &people.tax_ids,
            };
            let keys: Vec<String> = rows.clone().filter_map(key).filter(|key| !known.contains_key(*key)).map(str::to_owned).collect();
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

    fn keep(&mut self, state: ContactState) {
        let id = state.row.id;
        for (map, key) in
            [(&mut self.phones, &state.row.phone_key), (&mut self.emails, &state.row.email), (&mut self.tax_ids, &state.row.tax_id)]
        {
            if let Some(key) = key {
                map.insert(key.clone(), id);
            }
        }
        self.states.insert(id, state);
    }

    /// Whom the keys of a record point at.
    pub(super) fn find(&self, row: &Incoming) -> Match {
        let found = [
            row.phone_key.as_ref().and_then(|key| self.phones.get(key)),
            row.value(BuiltInField::Email).and_then(|key| self.emails.get(key)),
            row.value(BuiltInField::TaxId).and_then(|key| self.tax_ids.get(key)),
        ];
        let mut ids = found.into_iter().flatten().copied();
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
    pub(super) fn change(&mut self, id: i64, row: &Incoming, policy: alta_domain::ExistingPolicy) -> bool {
        let Some(mut state) = self.states.remove(&id) else { return false };
        let owner = |field: BuiltInField| match field {
            BuiltInField::Phone => row.phone_key.as_ref().and_then(|key| self.phones.get(key)),
            BuiltInField::Email => row.value(field).and_then(|key| self.emails.get(key)),
            _ => row.value(field).and_then(|key| self.tax_ids.get(key)),
        };
        let changed = state.apply(row, policy, |field| owner(field).is_none_or(|owner| *owner == id));
        self.keep(state);
        changed
    }

    /// Writes the new and the changed ones, and what the changed ones were.
    pub(super) async fn write(self, connection: &DatabaseTransaction, (import, sequence): (i64, i32), now: i64) -> Result<()> {
        let (mut new, mut changed, mut kept) = (Vec::with_capacity(self.new.len()), Vec::new(), Vec::new());
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
        insert(connection, new.into_iter().map(all_set).collect()).await?;
        replace(connection, &changed).await?;
        for rows in kept.chunks(ROWS) {
            import_change::Entity::insert_many(rows.iter().cloned()).exec_without_returning(connection).await?;
        }
        Ok(())
    }
}

/// Writes contacts that exist in place of what they were.
pub(super) async fn replace(connection: &DatabaseTransaction, contacts: &[contact::Model]) -> Result<()> {
    let all = contact::Column::iter().filter(|column| !matches!(column, contact::Column::Id | contact::Column::OrganizationId));
    let replace = OnConflict::column(contact::Column::Id).update_columns(all).to_owned();
    for rows in contacts.chunks(ROWS) {
        contact::Entity::insert_many(rows.iter().cloned().map(all_set))
            .on_conflict(replace.clone())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// Writes contacts that did not exist. Columns that are empty in all of them are left out: a file has eight fields where a contact has twenty, and each
/// value of a statement costs. The statement's text is the same for every thousand, so the database prepares it once.
async fn insert(connection: &DatabaseTransaction, contacts: Vec<contact::ActiveModel>) -> Result<()> {
    let is_empty = |row: &contact::ActiveModel, column| row.get(column).into_value().is_none_or(|value| value == value.as_null());
    let mut unused: Vec<contact::Column> = contact::Column::iter().collect();
    for row in &contacts {
        unused.retain(|column| is_empty(row, *column));
    }
    let used: Vec<contact::Column> =
        contact::Column::iter().filter(|column| !unused.iter().any(|other| other.as_str() == column.as_str())).collect();
    let backend = connection.get_database_backend();
    for rows in contacts.chunks(ROWS) {
        let values = rows.iter().flat_map(|row| used.iter().filter_map(|column| row.get(*column).into_value()));
        connection.execute_raw(Statement::from_sql_and_values(backend, insertion(backend, &used, rows.len()), values)).await?;
    }
    Ok(())
}

/// The text of a statement that inserts so many contacts.
fn insertion(backend: DbBackend, columns: &[contact::Column], rows: usize) -> String {
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let place = |at: usize| if backend == DbBackend::Postgres { format!("${}", at + 1) } else { "?".to_owned() };
    let row = |row: usize| {
        let places: Vec<String> = (row * names.len()..(row + 1) * names.len()).map(place).collect();
        format!("({})", places.join(","))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO contact ({}) VALUES {}", names.join(","), rows.join(","))
}

fn all_set(row: contact::Model) -> contact::ActiveModel {
    row.into_active_model().reset_all()
}

/// One parameter whatever the number of values.
pub(super) fn is_one_of(backend: DbBackend, column: contact::Column, values: Vec<String>) -> Result<SimpleExpr> {
    let name = column.as_str().to_owned();
    Ok(match backend {
        DbBackend::Postgres => Expr::cust_with_values(format!("{name} = ANY($1)"), [values]),
        _ => Expr::cust_with_values(format!("{name} IN (SELECT value FROM json_each(?))"), [serde_json::to_string(&values)?]),
    })
}

/// Ids for rows about to be inserted, so that nothing has to be read back.
pub(super) async fn new_ids(connection: &DatabaseTransaction, count: usize) -> Result<Vec<i64>> {
    let backend = connection.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "SELECT nextval(pg_get_serial_sequence('contact', 'id')) AS id FROM generate_series(1, $1)";
        let statement = Statement::from_sql_and_values(backend, sql, [i64::try_from(count).unwrap_or(0).into()]);
        let rows = connection.query_all_raw(statement).await?;
        return Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, _>>()?);
    }
    // The transaction holds SQLite's write lock: nobody else takes these.
    let sql = "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'contact'), 0), COALESCE((SELECT MAX(id) FROM contact), 0)) AS id";
    let row = connection.query_one_raw(Statement::from_string(backend, sql)).await?;
    let last: i64 = row.map_or(Ok(0), |row| row.try_get("", "id"))?;
    Ok((last + 1..).take(count).collect())
}

/// Adds contacts to a list; those in it already stay.
pub(super) async fn add_to_list(connection: &DatabaseTransaction, import: i64, list: i64, contacts: &[i64]) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    let once = OnConflict::columns([list_member::Column::ListId, list_member::Column::ContactId]).do_nothing().to_owned();
    for ids in contacts.chunks(10 * ROWS) {
        let rows = ids.iter().map(|contact| list_member::ActiveModel {
            list_id: Set(list),
            contact_id: Set(*contact),
            import_id: Set(Some(import)),
        });
        list_member::Entity::insert_many(rows).on_conflict(once.clone()).exec_without_returning(connection).await?;
    }
    Ok(())
}
