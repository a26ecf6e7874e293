//! The queries of an undo: which contacts it concerns, and what others know of them.

use std::collections::{HashMap, HashSet};

use alta_domain::OrganizationId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::super::row::was_there_before;
use crate::access::Own;
use crate::contacts::bulk::integers;
use crate::entity::{consent, contact, contact_change, import, source_contact};
use crate::error::Result;

/// Contacts of a page: few enough that other writers wait only a moment.
const PAGE: u64 = 500;

/// Takes the answers of an import back; noes of the contacts `kept` stay for good.
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

/// The next contacts that an import found and had not created, in their order.
pub(super) async fn found(
    db: &impl ConnectionTrait,
    import: &import::Model,
    after: i64,
) -> Result<Vec<i64>> {
    Ok(contact_change::Entity::find()
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

/// The next contacts that an import created, in their order.
pub(super) async fn created(
    db: &impl ConnectionTrait,
    import: &import::Model,
    after: i64,
) -> Result<Vec<i64>> {
    let (Some(first), Some(last)) = (import.first_contact, import.last_contact) else {
        return Ok(Vec::new());
    };
    Ok(OrganizationId(import.organization_id)
        .own::<contact::Entity>()
        .select_only()
        .column(contact::Column::Id)
        .filter(contact::Column::Id.gt(after.max(first - 1)))
        .filter(contact::Column::Id.lte(last))
        .filter(contact::Column::CreatedImportId.eq(import.id))
        .order_by_asc(contact::Column::Id)
        .limit(PAGE)
        .into_tuple()
        .all(db)
        .await?)
}

/// The answers about contacts, by contact.
pub(super) async fn consents(
    db: &impl ConnectionTrait,
    contacts: &[i64],
) -> Result<HashMap<i64, Vec<consent::Model>>> {
    let backend = db.get_database_backend();
    let rows = consent::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .all(db)
        .await?;
    let mut answers: HashMap<i64, Vec<consent::Model>> = HashMap::new();
    for row in rows {
        answers.entry(row.contact_id).or_default().push(row);
    }
    Ok(answers)
}

/// The contacts among these that another connection than the import's knows.
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
