//! Permissions to write to contacts by a channel. Each import adds the answers of its records, and
//! a refusal (a no) outweighs every permission (a yes) of a file. An answer that a member notes by
//! hand outweighs all answers before it.

mod by_hand;

use std::collections::{BTreeMap, HashMap, HashSet};

use alta_domain::{
    Channel, ColumnPlan, ConsentPlan, FieldTarget, ImportId, ImportPlan, LegalBasis,
};
use alta_intake::Incoming;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    Statement, Value,
};

use super::bulk::integers;
use super::known;
use crate::access::Member;
use crate::entity::consent::{self, BY_HAND, OF_ERASED};
use crate::error::{Result, StoreError};
use crate::{Store, now};

pub use self::by_hand::note;

/// The answers of a batch, by contact and channel: true for a permission, false for a refusal.
type Answers = BTreeMap<(i64, Channel), bool>;

/// The answer of a contact about permission by a channel that is in force: by the answers from
/// before the batch, joined by those of the batch.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// True when the contact has refused.
    refused: bool,
    /// True when the contact has permitted.
    granted: bool,
}

/// Collects the answers about permission that a batch brings, and writes them.
pub(crate) struct Consents<'a> {
    plan: &'a ConsentPlan,
    /// Channels that have a column in the file. The plan's permission for all contacts does not
    /// hold for them.
    by_column: Vec<Channel>,
    answers: Answers,
    /// The answers about permission in force, by contact and channel. Each answer of the batch is
    /// added.
    standing: HashMap<(i64, Channel), Standing>,
    /// Contacts that have refused before, and for which the batch brings a permission. They stay
    /// refused.
    kept_out: HashSet<i64>,
}

impl<'a> Consents<'a> {
    /// Loads the earlier answers of the contacts about permission. `plan` is the plan of the rows;
    /// for a correction `original` is the plan of the import that it corrects. Loads nothing when
    /// neither can bring an answer.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        (plan, original): (&'a ImportPlan, Option<&ImportPlan>),
        contacts: &[i64],
    ) -> Result<Self> {
        let channel = |column: &ColumnPlan| match column.target {
            Some(FieldTarget::Consent(channel)) => Some(channel),
            _ => None,
        };
        let by_column: Vec<Channel> = plan.mapping.columns.iter().filter_map(channel).collect();
        let mut standing: HashMap<(i64, Channel), Standing> = HashMap::new();
        let may_answer = |plan: &ImportPlan| {
            let mut targets = plan
                .mapping
                .columns
                .iter()
                .filter_map(|column| column.target);
            targets.any(FieldTarget::is_permission) || !plan.consent.channels.is_empty()
        };
        if may_answer(plan) || original.is_some_and(may_answer) {
            let backend = connection.get_database_backend();
            let rows = consent::Entity::find()
                .filter(integers(backend, "contact_id", contacts)?)
                .all(connection)
                .await?;
            for ((contact, channel), row) in in_force(rows)? {
                let known = standing.entry((contact, channel)).or_default();
                known.refused = !row.granted;
                known.granted = row.granted;
            }
        }
        Ok(Self {
            plan: &plan.consent,
            by_column,
            answers: Answers::new(),
            standing,
            kept_out: HashSet::new(),
        })
    }

    /// Adds the answers of a record about permission; with `only_noes` only its refusals. Returns
    /// true when an answer is new for the contact.
    ///
    /// A permission of a column counts only when the plan names a legal basis. A refusal outweighs
    /// every permission, and a permission that a refusal outweighs is not stored.
    pub(crate) fn add(&mut self, contact: i64, record: &Incoming, only_noes: bool) -> bool {
        let has_basis = self.plan.basis.is_some();
        let for_all = self
            .plan
            .channels
            .iter()
            .filter(|channel| !self.by_column.contains(channel))
            .map(|channel| (*channel, true));
        let own = record.consents.iter().copied();
        let answers: Vec<(Channel, bool)> = for_all
            .chain(own)
            .filter(|(_, granted)| !granted || has_basis && !only_noes)
            .collect();
        let mut changed = false;
        for (channel, granted) in answers {
            let known = self.standing.entry((contact, channel)).or_default();
            if granted && known.refused {
                self.kept_out.insert(contact);
                continue;
            }
            changed |= if granted {
                !known.granted
            } else {
                !known.refused
            };
            known.granted |= granted;
            known.refused |= !granted;
            self.answers
                .entry((contact, channel))
                .and_modify(|answer| *answer &= granted)
                .or_insert(granted);
        }
        changed
    }

    /// Drops the permissions of contacts that have refused by a refusal that was kept of an erased
    /// contact.
    pub(crate) fn refuse(&mut self, refused: &[(i64, Channel)]) {
        for (contact, channel) in refused {
            if self.answers.get(&(*contact, *channel)) == Some(&true) {
                self.answers.remove(&(*contact, *channel));
                self.kept_out.insert(*contact);
            }
        }
    }

    /// Writes the answers as those of an import. Returns the number of contacts that the import
    /// permits to write to, but that had refused before: they stay refused.
    pub(crate) async fn write(self, connection: &DatabaseTransaction, import: i64) -> Result<u32> {
        if !self.answers.is_empty() {
            let answers = AnswersTable::new(connection.get_database_backend(), &self.answers)?;
            answers.insert(connection, import, self.plan).await?;
        }
        Ok(u32::try_from(self.kept_out.len()).unwrap_or(u32::MAX))
    }
}

/// The answers about permission as a table inside an SQL statement, with the columns `contact_id`,
/// `channel`, `granted`.
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

    /// Inserts the answers about permission with the basis and the source of the plan. A correction
    /// may bring an answer about a contact and a channel for which its import has one already: then
    /// a refusal replaces it and gets the present time, so that it outweighs an answer that a
    /// member has noted in between. A permission replaces nothing.
    async fn insert(
        &self,
        connection: &DatabaseTransaction,
        import: i64,
        plan: &ConsentPlan,
    ) -> Result<()> {
        let [import_place, time, basis, source] = if self.backend == DbBackend::Postgres {
            ["$4", "$5", "$6", "$7"]
        } else {
            ["?", "?", "?", "?"]
        };
        // PostgreSQL numbers its parameters, and the arrays have the first numbers. SQLite takes
        // them in the order of the text, where the JSON comes last.
        let stamps = [
            Value::from(import),
            Value::from(now()),
            Value::from(plan.basis.map(|basis| basis.as_str().to_owned())),
            Value::from(plan.source.clone()),
        ];
        let given = self.parameters.iter().cloned();
        let parameters: Vec<Value> = match self.backend {
            DbBackend::Postgres => given.chain(stamps).collect(),
            _ => stamps.into_iter().chain(given).collect(),
        };
        let sql = format!(
            "INSERT INTO consent AS c \
             (contact_id, channel, import_id, granted, at, basis, source, kept) \
             SELECT contact_id, channel, {import_place}, granted, {time}, {basis}, {source}, FALSE \
             FROM {} WHERE true \
             ON CONFLICT (contact_id, channel, import_id) \
             DO UPDATE SET granted = c.granted AND excluded.granted, \
             at = CASE WHEN excluded.granted THEN c.at ELSE excluded.at END, \
             basis = CASE WHEN excluded.granted THEN c.basis ELSE excluded.basis END, \
             source = CASE WHEN excluded.granted THEN c.source ELSE excluded.source END",
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
}

/// The permission to write to a contact by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentState {
    /// The channel.
    pub channel: Channel,
    /// True when writing is permitted, false when it was refused.
    pub granted: bool,
    /// The legal basis of the answer that is in force.
    pub basis: Option<LegalBasis>,
    /// The place where the answer was given.
    pub source: String,
    /// The time when the answer was stored, in milliseconds since 1970.
    pub since: i64,
    /// The import that brought the answer; `None` when no import did.
    pub import: Option<ImportId>,
    /// True for a refusal that was kept of a contact which was erased. An answer without an import
    /// that is not of this kind was noted by a member.
    pub is_of_erased: bool,
}

/// Reads the permissions of the contact that has this phone (E.164 digits), e-mail address or tax
/// id, by channel. A channel without any answer is left out. The result is empty when there is no
/// such contact.
///
/// # Errors
/// When the database fails, or a stored channel or plan can't be read.
pub async fn of_contact(
    store: &Store,
    member: &Member,
    identity: &str,
) -> Result<Vec<ConsentState>> {
    let Some(contact) = known::row(store, member, identity).await? else {
        return Ok(Vec::new());
    };
    let mut states = of_contacts(store.read(), &[contact.id]).await?;
    Ok(states.remove(&contact.id).unwrap_or_default())
}

/// Reads the permissions of contacts, by contact, in the order of the channels.
pub(crate) async fn of_contacts(
    connection: &impl ConnectionTrait,
    contacts: &[i64],
) -> Result<HashMap<i64, Vec<ConsentState>>> {
    let backend = connection.get_database_backend();
    let rows = consent::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .all(connection)
        .await?;
    let mut all: HashMap<i64, Vec<ConsentState>> = HashMap::new();
    for ((contact, _), row) in in_force(rows)? {
        all.entry(contact).or_default().push(state(&row)?);
    }
    Ok(all)
}

/// Reads all answers of a contact about permission, the newest first.
pub(crate) async fn all_of_contact(
    connection: &impl ConnectionTrait,
    contact: i64,
) -> Result<Vec<ConsentState>> {
    let mut rows = consent::Entity::find()
        .filter(consent::Column::ContactId.eq(contact))
        .all(connection)
        .await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows.iter().map(state).collect()
}

/// Finds the answer in force for each contact and channel: the earliest refusal, else the earliest
/// permission. When a member has noted an answer, only that answer and later ones are considered.
fn in_force(rows: Vec<consent::Model>) -> Result<BTreeMap<(i64, Channel), consent::Model>> {
    let mut by_hand: HashMap<(i64, String), i64> = HashMap::new();
    for row in rows.iter().filter(|row| row.import_id == BY_HAND) {
        by_hand.insert((row.contact_id, row.channel.clone()), row.at);
    }
    let mut all: BTreeMap<(i64, Channel), consent::Model> = BTreeMap::new();
    for row in rows {
        let noted = by_hand.get(&(row.contact_id, row.channel.clone()));
        if row.import_id != BY_HAND && noted.is_some_and(|at| row.at < *at) {
            continue;
        }
        let channel = Channel::parse(&row.channel)
            .ok_or_else(|| StoreError::Broken(format!("channel {}", row.channel)))?;
        let key = (row.contact_id, channel);
        let is_in_force =
            |other: &consent::Model| (row.granted, row.at) < (other.granted, other.at);
        if all.get(&key).is_none_or(is_in_force) {
            all.insert(key, row);
        }
    }
    Ok(all)
}

/// Reads a stored answer.
fn state(row: &consent::Model) -> Result<ConsentState> {
    let channel = Channel::parse(&row.channel)
        .ok_or_else(|| StoreError::Broken(format!("channel {}", row.channel)))?;
    Ok(ConsentState {
        channel,
        granted: row.granted,
        basis: row.basis.as_deref().and_then(LegalBasis::parse),
        source: row.source.clone(),
        since: row.at,
        import: (row.import_id > BY_HAND).then_some(ImportId(row.import_id)),
        is_of_erased: row.import_id == OF_ERASED,
    })
}
