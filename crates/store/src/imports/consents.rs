//! Permission to write to contacts: each import adds what its file says, and a no is stronger than
//! any yes.

use std::collections::BTreeMap;

use alta_domain::{Channel, ConsentPlan, ImportPlan, LegalBasis};
use alta_intake::Incoming;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    Statement, Value,
};

use crate::access::Access;
use crate::entity::{consent, contact, import};
use crate::error::Result;
use crate::{Store, now};

/// What a batch says, by contact and channel.
pub(super) struct Consents<'a> {
    plan: &'a ConsentPlan,
    /// Channels that have a column: only its rows speak for them.
    by_row: Vec<Channel>,
    said: BTreeMap<(i64, Channel), bool>,
}

impl<'a> Consents<'a> {
    pub(super) fn of(plan: &'a ImportPlan) -> Self {
        let channel = |column: &alta_domain::ColumnPlan| match column.target {
            Some(alta_domain::FieldTarget::Consent(channel)) => Some(channel),
            _ => None,
        };
        Self {
            plan: &plan.consent,
            by_row: plan.mapping.columns.iter().filter_map(channel).collect(),
            said: BTreeMap::new(),
        }
    }

    /// Takes in what a record says of its contact.
    pub(super) fn add(&mut self, contact: i64, record: &Incoming) {
        let for_all = self
            .plan
            .channels
            .iter()
            .filter(|channel| !self.by_row.contains(channel))
            .map(|channel| (*channel, true));
        for (channel, granted) in for_all.chain(record.consents.iter().copied()) {
            self.said
                .entry((contact, channel))
                .and_modify(|said| *said &= granted)
                .or_insert(granted);
        }
    }

    /// Writes it; answers with the number of contacts that it would have let in and that had said
    /// no before.
    pub(super) async fn write(self, connection: &DatabaseTransaction, import: i64) -> Result<u32> {
        if self.said.is_empty() {
            return Ok(0);
        }
        let backend = connection.get_database_backend();
        let (given, values) = given(backend, &self.said)?;
        let at = if backend == DbBackend::Postgres {
            ["$4", "$5"]
        } else {
            ["?", "?"]
        };
        // The arrays come first in PostgreSQL's numbering, the JSON last in SQLite's order.
        let stamps = [Value::from(import), Value::from(now())];
        let all: Vec<Value> = match backend {
            DbBackend::Postgres => values.iter().cloned().chain(stamps).collect(),
            _ => stamps.into_iter().chain(values.iter().cloned()).collect(),
        };
        let sql = format!(
            "INSERT INTO consent AS c (contact_id, channel, import_id, granted, at) SELECT contact_id, channel, {}, granted, {} FROM {given} WHERE true \
             ON CONFLICT (contact_id, channel, import_id) DO UPDATE SET granted = c.granted AND excluded.granted",
            at[0], at[1]
        );
        connection
            .execute_raw(Statement::from_sql_and_values(backend, sql, all))
            .await?;
        let sql = format!(
            "SELECT COUNT(DISTINCT given.contact_id) AS kept FROM {given} JOIN consent c ON c.contact_id = given.contact_id \
             AND c.channel = given.channel WHERE given.granted AND NOT c.granted"
        );
        let row = connection
            .query_one_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
        let kept: i64 = row.map_or(Ok(0), |row| row.try_get("", "kept"))?;
        Ok(u32::try_from(kept).unwrap_or(u32::MAX))
    }
}

/// What is said, as a table of a statement, and its parameters.
fn given(
    backend: DbBackend,
    said: &BTreeMap<(i64, Channel), bool>,
) -> Result<(&'static str, Vec<Value>)> {
    if backend == DbBackend::Postgres {
        let contacts: Vec<i64> = said.keys().map(|(contact, _)| *contact).collect();
        let channels: Vec<String> = said
            .keys()
            .map(|(_, channel)| channel.as_str().to_owned())
            .collect();
        let granted: Vec<bool> = said.values().copied().collect();
        let table =
            "UNNEST($1::bigint[], $2::text[], $3::bool[]) AS given (contact_id, channel, granted)";
        return Ok((
            table,
            vec![contacts.into(), channels.into(), granted.into()],
        ));
    }
    let rows: Vec<(i64, &str, bool)> = said
        .iter()
        .map(|((contact, channel), granted)| (*contact, channel.as_str(), *granted))
        .collect();
    let table = "(SELECT json_extract(value, '$[0]') AS contact_id, json_extract(value, '$[1]') AS channel, \
                 json_extract(value, '$[2]') AS granted FROM json_each(?)) AS given";
    Ok((table, vec![serde_json::to_string(&rows)?.into()]))
}

/// Whether a contact may be written to by a channel, since when, and on what ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentState {
    /// By which.
    pub channel: Channel,
    /// A yes that no file has taken back; a no is for good.
    pub granted: bool,
    /// The ground that the import with the word in force gave.
    pub basis: Option<LegalBasis>,
    /// Where that import had it from.
    pub source: String,
    /// When it was imported, in milliseconds since 1970.
    pub since: i64,
}

/// What is known of the permission of the contact with this phone (E.164 digits), e-mail or tax id,
/// by channel; a channel that nothing was said of is missing.
///
/// # Errors
/// When the database fails.
pub async fn of_contact(
    store: &Store,
    access: &Access,
    identity: &str,
) -> Result<Vec<ConsentState>> {
    let of_organization = contact::Column::OrganizationId.eq(access.organization.0);
    let found = contact::Entity::find()
        .filter(of_organization)
        .filter(crate::contacts::is_known_by(identity))
        .one(store.read())
        .await?;
    let Some(found) = found else {
        return Ok(Vec::new());
    };
    let rows = consent::Entity::find()
        .filter(consent::Column::ContactId.eq(found.id))
        .find_also_related(import::Entity)
        .all(store.read())
        .await?;
    let mut states: BTreeMap<Channel, ConsentState> = BTreeMap::new();
    for (row, import) in rows {
        let Some(channel) = Channel::parse(&row.channel) else {
            continue;
        };
        let plan = import
            .and_then(|import| serde_json::from_value::<ImportPlan>(import.plan).ok())
            .map(|plan| plan.consent)
            .unwrap_or_default();
        let state = ConsentState {
            channel,
            granted: row.granted,
            basis: plan.basis,
            source: plan.source,
            since: row.at,
        };
        // The first no counts, else the first yes.
        let is_older =
            |known: &ConsentState| (state.granted, state.since) < (known.granted, known.since);
        if states.get(&channel).is_none_or(is_older) {
            states.insert(channel, state);
        }
    }
    Ok(states.into_values().collect())
}
