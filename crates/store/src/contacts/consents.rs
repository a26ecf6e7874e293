//! Permission to write to contacts by a channel. Each import adds what its records say, and a no
//! is stronger than any yes.

use std::collections::BTreeMap;

use alta_domain::{Channel, ColumnPlan, ConsentPlan, FieldTarget, ImportPlan, LegalBasis};
use alta_intake::Incoming;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    Statement, Value,
};

use super::known;
use crate::access::Access;
use crate::entity::{consent, import};
use crate::error::{Result, StoreError};
use crate::{Store, now};

/// The answers of a batch: for a contact and a channel, true when it permits and false when it
/// refuses.
type Answers = BTreeMap<(i64, Channel), bool>;

/// Collects the answers of a batch, and writes them.
pub(crate) struct Consents<'a> {
    plan: &'a ConsentPlan,
    /// Channels that have a column in the file. The plan's answer for all does not hold for them.
    by_column: Vec<Channel>,
    answers: Answers,
}

impl<'a> Consents<'a> {
    pub(crate) fn of(plan: &'a ImportPlan) -> Self {
        let channel = |column: &ColumnPlan| match column.target {
            Some(FieldTarget::Consent(channel)) => Some(channel),
            _ => None,
        };
        Self {
            plan: &plan.consent,
            by_column: plan.mapping.columns.iter().filter_map(channel).collect(),
            answers: BTreeMap::new(),
        }
    }

    /// Adds the answers of a record about its contact.
    pub(crate) fn add(&mut self, contact: i64, record: &Incoming) {
        let for_all = self
            .plan
            .channels
            .iter()
            .filter(|channel| !self.by_column.contains(channel))
            .map(|channel| (*channel, true));
        for (channel, granted) in for_all.chain(record.consents.iter().copied()) {
            self.answers
                .entry((contact, channel))
                .and_modify(|answer| *answer &= granted)
                .or_insert(granted);
        }
    }

    /// Writes the answers as those of an import. Returns the number of contacts that it permits to
    /// write to and that had refused before: they stay refused.
    pub(crate) async fn write(self, connection: &DatabaseTransaction, import: i64) -> Result<u32> {
        if self.answers.is_empty() {
            return Ok(0);
        }
        let answers = AnswersTable::new(connection.get_database_backend(), &self.answers)?;
        answers.insert(connection, import).await?;
        answers.count_refused(connection).await
    }
}

/// The answers as a table inside a statement: columns `contact_id`, `channel`, `granted`.
struct AnswersTable {
    backend: DbBackend,
    sql: &'static str,
    /// The parameters of `sql`.
    parameters: Vec<Value>,
}

impl AnswersTable {
    fn new(backend: DbBackend, answers: &Answers) -> Result<Self> {
        if backend == DbBackend::Postgres {
            let contacts: Vec<i64> = answers.keys().map(|(contact, _)| *contact).collect();
            let channels: Vec<String> = answers
                .keys()
                .map(|(_, channel)| channel.as_str().to_owned())
                .collect();
            let granted: Vec<bool> = answers.values().copied().collect();
            return Ok(Self {
                backend,
                sql: "UNNEST($1::bigint[], $2::text[], $3::bool[]) \
                      AS given (contact_id, channel, granted)",
                parameters: vec![contacts.into(), channels.into(), granted.into()],
            });
        }
        let rows: Vec<(i64, &str, bool)> = answers
            .iter()
            .map(|((contact, channel), granted)| (*contact, channel.as_str(), *granted))
            .collect();
        Ok(Self {
            backend,
            sql: "(SELECT json_extract(value, '$[0]') AS contact_id, \
                  json_extract(value, '$[1]') AS channel, \
                  json_extract(value, '$[2]') AS granted FROM json_each(?)) AS given",
            parameters: vec![serde_json::to_string(&rows)?.into()],
        })
    }

    /// Inserts the answers. Of two answers of one import about a contact and a channel, a no
    /// stands.
    async fn insert(&self, connection: &DatabaseTransaction, import: i64) -> Result<()> {
        let [import_place, time_place] = if self.backend == DbBackend::Postgres {
            ["$4", "$5"]
        } else {
            ["?", "?"]
        };
        // PostgreSQL numbers its parameters, and the arrays have the first numbers. SQLite takes
        // them in the order of the text, where the JSON comes last.
        let stamps = [Value::from(import), Value::from(now())];
        let given = self.parameters.iter().cloned();
        let parameters: Vec<Value> = match self.backend {
            DbBackend::Postgres => given.chain(stamps).collect(),
            _ => stamps.into_iter().chain(given).collect(),
        };
        let sql = format!(
            "INSERT INTO consent AS c (contact_id, channel, import_id, granted, at) \
             SELECT contact_id, channel, {import_place}, granted, {time_place} \
             FROM {} WHERE true \
             ON CONFLICT (contact_id, channel, import_id) \
             DO UPDATE SET granted = c.granted AND excluded.granted",
            self.sql
        );
        connection
            .execute_raw(Statement::from_sql_and_values(
                self.backend,
                sql,
                parameters,
            ))
            .await?;
        Ok(())
    }

    /// Counts the contacts with a yes among these answers and a no among the stored ones.
    async fn count_refused(self, connection: &DatabaseTransaction) -> Result<u32> {
        let sql = format!(
            "SELECT COUNT(DISTINCT given.contact_id) AS refused FROM {} \
             JOIN consent c ON c.contact_id = given.contact_id AND c.channel = given.channel \
             WHERE given.granted AND NOT c.granted",
            self.sql
        );
        let row = connection
            .query_one_raw(Statement::from_sql_and_values(
                self.backend,
                sql,
                self.parameters,
            ))
            .await?;
        let refused: i64 = row.map_or(Ok(0), |row| row.try_get("", "refused"))?;
        Ok(u32::try_from(refused).unwrap_or(u32::MAX))
    }
}

/// The permission to write to a contact by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentState {
    /// The channel.
    pub channel: Channel,
    /// True when an import said yes and none said no.
    pub granted: bool,
    /// The legal basis in the plan of the import whose answer is in force.
    pub basis: Option<LegalBasis>,
    /// Where the permission was given, by that plan.
    pub source: String,
    /// When that import wrote the answer, in milliseconds since 1970.
    pub since: i64,
}

/// The permissions of the contact that has this phone (E.164 digits), e-mail address or tax id, by
/// channel. A channel without any answer is left out. No contact has no permissions.
///
/// # Errors
/// When the database fails, or a stored channel or plan can't be read.
pub async fn of_contact(
    store: &Store,
    access: &Access,
    identity: &str,
) -> Result<Vec<ConsentState>> {
    let Some(contact) = known::row(store, access, identity).await? else {
        return Ok(Vec::new());
    };
    let rows = consent::Entity::find()
        .filter(consent::Column::ContactId.eq(contact.id))
        .find_also_related(import::Entity)
        .all(store.read())
        .await?;
    let mut states: BTreeMap<Channel, ConsentState> = BTreeMap::new();
    for (row, import) in rows {
        let state = state(&row, import)?;
        // The first no is in force, else the first yes.
        let is_in_force =
            |other: &ConsentState| (state.granted, state.since) < (other.granted, other.since);
        if states.get(&state.channel).is_none_or(is_in_force) {
            states.insert(state.channel, state);
        }
    }
    Ok(states.into_values().collect())
}

/// The answer of one import, with the basis and the source of its plan.
fn state(row: &consent::Model, import: Option<import::Model>) -> Result<ConsentState> {
    let channel = Channel::parse(&row.channel)
        .ok_or_else(|| StoreError::Broken(format!("channel {}", row.channel)))?;
    let import = import
        .ok_or_else(|| StoreError::Broken(format!("consent of no import {}", row.import_id)))?;
    let plan: ImportPlan = serde_json::from_value(import.plan)?;
    Ok(ConsentState {
        channel,
        granted: row.granted,
        basis: plan.consent.basis,
        source: plan.consent.source,
        since: row.at,
    })
}
