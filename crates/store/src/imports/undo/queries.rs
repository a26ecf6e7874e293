//! The queries of an undo: the contacts that it concerns, and which of them others know too.

use std::collections::{HashMap, HashSet};

use alta_domain::{ImportState, OrganizationId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};

use super::super::row::{WAS_THERE_BEFORE, was_there_before};
use crate::access::Own;
use crate::contacts::bulk::integers;
use crate::entity::consent::{self, OF_ERASED};
use crate::entity::{contact, contact_change, import, source_contact};
use crate::error::{Result, StoreError};

/// The number of contacts on a page: few enough that other writers wait only a moment.
const PAGE: u64 = 500;

/// The contacts of an import that an undo goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContactScope {
    /// All contacts.
    All,
    /// Contacts that others know too, so that their histories must be read.
    KnownToOthers,
}

/// Returns the condition, in SQL, that somebody besides an import knows a contact: another import,
/// a system, or a member who noted an answer. `contact` is the column of the contact's id.
fn is_known_to_others(import: &import::Model, contact: &str) -> String {
    let (id, connection) = (import.id, import.connection_id.unwrap_or(0));
    format!(
        "(EXISTS (SELECT 1 FROM contact_change o WHERE o.contact_id = {contact} \
         AND o.import_id <> {id}) \
         OR EXISTS (SELECT 1 FROM consent a WHERE a.contact_id = {contact} \
         AND a.import_id <> {OF_ERASED} AND (a.import_id <> {id} OR a.kept)) \
         OR EXISTS (SELECT 1 FROM source_contact s WHERE s.contact_id = {contact} \
         AND s.connection_id <> {connection}))"
    )
}

/// Returns the condition, in SQL, that the history of a contact which an import found must be read:
/// others know the contact; the import changed its tax id, which may belong to another contact now;
/// or the import that created the contact was undone.
fn is_entangled(import: &import::Model) -> String {
    let contact = "contact_change.contact_id";
    let [undone, undoing] = [ImportState::Undone, ImportState::Undoing].map(ImportState::as_str);
    let known = is_known_to_others(import, contact);
    format!(
        "({known} OR EXISTS (SELECT 1 FROM contact_change t WHERE t.contact_id = {contact} \
         AND t.import_id = {} AND t.entry LIKE '%\"tax_id\"%') \
         OR EXISTS (SELECT 1 FROM contact k JOIN import i ON i.id = k.created_import_id \
         WHERE k.id = {contact} AND i.state IN ('{undone}', '{undoing}')))",
        import.id
    )
}

/// The numbers of contacts that nobody but the import knows: their histories need not be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct UnknownToOthers {
    /// Contacts that the undo removes.
    pub(super) removed: u64,
    /// Contacts that get their old values back.
    pub(super) restored: u64,
    /// True when nobody else knows any contact that the import created.
    pub(super) are_all_created: bool,
    /// True when nobody else knows any contact that the import found.
    pub(super) are_all_found: bool,
}

/// Counts the contacts that nobody else knows.
pub(super) async fn unknown_to_others(
    db: &impl ConnectionTrait,
    import: &import::Model,
) -> Result<UnknownToOthers> {
    let mut counted = UnknownToOthers {
        are_all_created: true,
        ..UnknownToOthers::default()
    };
    if let (Some(first), Some(last)) = (import.first_contact, import.last_contact) {
        let created = OrganizationId(import.organization_id)
            .own::<contact::Entity>()
            .filter(contact::Column::Id.between(first, last))
            .filter(contact::Column::CreatedImportId.eq(import.id));
        let unknown = created
            .clone()
            .filter(Expr::cust(is_known_to_others(import, "contact.id")).not());
        counted.removed = unknown.count(db).await?;
        counted.are_all_created = created.count(db).await? == counted.removed;
    }
    let found = count_found(db, import).await?;
    counted.restored = found.restored;
    counted.are_all_found = found.unknown == found.all;
    Ok(counted)
}

/// The numbers of contacts that an import found and had not created.
struct FoundCounts {
    all: i64,
    /// Those whose histories need not be read.
    unknown: i64,
    /// Those of them that get their old values back.
    restored: u64,
}

/// Counts the contacts that an import found, in one reading of its part of the histories.
async fn count_found(db: &impl ConnectionTrait, import: &import::Model) -> Result<FoundCounts> {
    // A part that has changed values begins with them, as it is stored.
    let sql = format!(
        "SELECT COUNT(*) AS found, CAST(COALESCE(SUM(unknown), 0) AS bigint) AS unknown, \
         CAST(COALESCE(SUM(unknown * changed), 0) AS bigint) AS restored FROM \
         (SELECT contact_id, MIN(CASE WHEN {} THEN 0 ELSE 1 END) AS unknown, \
         MAX(CASE WHEN entry LIKE '{{\"set\"%' OR entry LIKE '{{\"added\"%' THEN 1 ELSE 0 END) \
         AS changed FROM contact_change WHERE import_id = {} AND {WAS_THERE_BEFORE} \
         GROUP BY contact_id) AS found",
        is_entangled(import),
        import.id
    );
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| StoreError::Broken("a count without a row".to_owned()))?;
    let restored: i64 = row.try_get("", "restored")?;
    Ok(FoundCounts {
        all: row.try_get("", "found")?,
        unknown: row.try_get("", "unknown")?,
        restored: u64::try_from(restored).unwrap_or(0),
    })
}

/// Deletes the answers about permission that an import brought. Of the contacts in `kept` only the
/// permissions go; their refusals stay for ever.
pub(super) async fn remove_answers(
    transaction: &DatabaseTransaction,
    import: i64,
    contacts: &[i64],
    kept: &[i64],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    if !kept.is_empty() {
        consent::Entity::update_many()
            .col_expr(consent::Column::Kept, Expr::value(true))
            .filter(integers(backend, "contact_id", kept)?)
            .filter(consent::Column::ImportId.eq(import))
            .filter(consent::Column::Granted.eq(false))
            .exec(transaction)
            .await?;
    }
    consent::Entity::delete_many()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(consent::Column::ImportId.eq(import))
        .filter(consent::Column::Kept.eq(false))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Reads the next contacts that an import found and had not created, in the order of their ids.
pub(super) async fn found(
    db: &impl ConnectionTrait,
    import: &import::Model,
    which: ContactScope,
    after: i64,
) -> Result<Vec<i64>> {
    let mut query = contact_change::Entity::find();
    if which == ContactScope::KnownToOthers {
        query = query.filter(Expr::cust(is_entangled(import)));
    }
    Ok(query
        .select_only()
        .column(contact_change::Column::ContactId)
        .distinct()
        .filter(contact_change::Column::ImportId.eq(import.id))
        .filter(contact_change::Column::ContactId.gt(after))
        .filter(was_there_before())
        .order_by_asc(contact_change::Column::ContactId)
        .limit(PAGE)
        .into_tuple()
        .all(db)
        .await?)
}

/// Reads the next contacts that an import created, in the order of their ids.
pub(super) async fn created(
    db: &impl ConnectionTrait,
    import: &import::Model,
    which: ContactScope,
    after: i64,
) -> Result<Vec<i64>> {
    let (Some(first), Some(last)) = (import.first_contact, import.last_contact) else {
        return Ok(Vec::new());
    };
    let mut query = OrganizationId(import.organization_id).own::<contact::Entity>();
    if which == ContactScope::KnownToOthers {
        query = query.filter(Expr::cust(is_known_to_others(import, "contact.id")));
    }
    Ok(query
        .select_only()
        .column(contact::Column::Id)
        .filter(contact::Column::Id.gt(std::cmp::max(after, first - 1)))
        .filter(contact::Column::Id.lte(last))
        .filter(contact::Column::CreatedImportId.eq(import.id))
        .order_by_asc(contact::Column::Id)
        .limit(PAGE)
        .into_tuple()
        .all(db)
        .await?)
}

/// Reads the answers of contacts about permission, by contact. Refusals that were kept of erased
/// contacts are not among them, because nobody has given them since.
pub(super) async fn consents(
    db: &impl ConnectionTrait,
    contacts: &[i64],
) -> Result<HashMap<i64, Vec<consent::Model>>> {
    let backend = db.get_database_backend();
    let rows = consent::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(consent::Column::ImportId.ne(OF_ERASED))
        .all(db)
        .await?;
    let mut answers: HashMap<i64, Vec<consent::Model>> = HashMap::new();
    for row in rows {
        answers.entry(row.contact_id).or_default().push(row);
    }
    Ok(answers)
}

/// Finds those of the contacts that another connection than the import's has brought.
pub(super) async fn sources(
    db: &impl ConnectionTrait,
    import: &import::Model,
    contacts: &[i64],
) -> Result<HashSet<i64>> {
    let backend = db.get_database_backend();
    let found: Vec<i64> = source_contact::Entity::find()
        .select_only()
        .column(source_contact::Column::ContactId)
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(source_contact::Column::ConnectionId.ne(import.connection_id.unwrap_or(0)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}
