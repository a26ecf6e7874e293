//! What connected systems have sent about people.

use std::collections::HashMap;

use alta_domain::{OrganizationId, Stream};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::traces::Traces;
use crate::access::Own;
use crate::contacts::bulk::integers;
use crate::entity::{connection, source_contact, sync_problem, transaction};
use crate::error::Result;

/// The records that are read at a time.
const PAGE: u64 = 2000;
/// The most records of one statement.
const ROWS: usize = 1000;
/// The record of a sale from which everything about the buyer was removed.
const EMPTY: &str = "{}";

/// The records of systems that are about people but belong to no contact: each with its connection
/// and its id in the system.
#[derive(Clone, Debug, Default)]
pub(super) struct UnlinkedRecords {
    contacts: Vec<(i64, String)>,
    /// Problems of reading, each with its stream.
    problems: Vec<(i64, String, String)>,
    transactions: Vec<(i64, String)>,
}

/// Finds the records of an organization's systems that are about people but belong to no contact.
pub(super) async fn find_unlinked(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    traces: &Traces,
) -> Result<UnlinkedRecords> {
    let mut found = UnlinkedRecords::default();
    let connections: Vec<i64> = organization
        .own::<connection::Entity>()
        .select_only()
        .column(connection::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    for id in connections {
        let contacts = source_contact::Entity::find()
            .filter(source_contact::Column::ConnectionId.eq(id))
            .filter(source_contact::Column::ContactId.is_null())
            .all(db)
            .await?;
        let contacts = contacts
            .into_iter()
            .filter(|row| traces.is_in_json(&row.raw));
        found
            .contacts
            .extend(contacts.map(|row| (id, row.external_id)));
        let problems = sync_problem::Entity::find()
            .filter(sync_problem::Column::ConnectionId.eq(id))
            .all(db)
            .await?;
        let problems = problems
            .into_iter()
            .filter(|row| traces.is_in_json(&row.raw));
        let problems = problems.map(|row| (id, row.stream, row.external_id));
        found.problems.extend(problems);
        found
            .transactions
            .extend(sales_without_buyer(db, id, traces).await?);
    }
    Ok(found)
}

/// Finds the transactions of a connection that name no buyer and are about people.
async fn sales_without_buyer(
    db: &impl ConnectionTrait,
    connection: i64,
    traces: &Traces,
) -> Result<Vec<(i64, String)>> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page: Vec<(String, String)> = transaction::Entity::find()
            .select_only()
            .column(transaction::Column::ExternalId)
            .column(transaction::Column::Raw)
            .filter(transaction::Column::ConnectionId.eq(connection))
            .filter(transaction::Column::ExternalId.gt(after.as_str()))
            .filter(transaction::Column::ContactExternalId.is_null())
            .filter(transaction::Column::Raw.ne(EMPTY))
            .order_by_asc(transaction::Column::ExternalId)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = page.last() else {
            return Ok(found);
        };
        after.clone_from(last);
        let theirs = page.into_iter().filter(|(_, raw)| traces.is_in_json(raw));
        found.extend(theirs.map(|(id, _)| (connection, id)));
    }
}

/// Deletes what systems have sent about contacts, and the unlinked records. Transactions stay
/// without the buyer and without the record as the system sent it. Returns the number of those
/// transactions.
pub(super) async fn erase_of_systems(
    db: &DatabaseTransaction,
    organization: OrganizationId,
    ids: &[i64],
    unlinked: &UnlinkedRecords,
) -> Result<u64> {
    let backend = db.get_database_backend();
    let sources = source_contact::Entity::find()
        .filter(integers(backend, "contact_id", ids)?)
        .all(db)
        .await?;
    let mut of_connections: HashMap<i64, Vec<String>> = HashMap::new();
    let linked = sources
        .into_iter()
        .map(|row| (row.connection_id, row.external_id));
    for (connection, id) in linked.chain(unlinked.contacts.iter().cloned()) {
        of_connections.entry(connection).or_default().push(id);
    }
    let mut count = 0;
    for (connection, contacts) in &of_connections {
        for contacts in contacts.chunks(ROWS) {
            let bought = || is(transaction::Column::ContactExternalId.is_in(contacts));
            delete_problems(db, *connection, contacts, bought()).await?;
            count += anonymize(db, organization, *connection, bought()).await?;
            source_contact::Entity::delete_many()
                .filter(source_contact::Column::ConnectionId.eq(*connection))
                .filter(source_contact::Column::ExternalId.is_in(contacts))
                .exec(db)
                .await?;
        }
    }
    for (connection, id) in &unlinked.transactions {
        let is_it = is(transaction::Column::ExternalId.eq(id));
        count += anonymize(db, organization, *connection, is_it).await?;
    }
    for (connection, stream, id) in &unlinked.problems {
        sync_problem::Entity::delete_many()
            .filter(sync_problem::Column::ConnectionId.eq(*connection))
            .filter(sync_problem::Column::Stream.eq(stream))
            .filter(sync_problem::Column::ExternalId.eq(id))
            .exec(db)
            .await?;
    }
    Ok(count)
}

fn is(condition: SimpleExpr) -> Condition {
    Condition::all().add(condition)
}

/// Removes the buyer, and the record as the system sent it, from transactions of a connection.
/// Returns their number.
async fn anonymize(
    db: &DatabaseTransaction,
    organization: OrganizationId,
    connection: i64,
    which: Condition,
) -> Result<u64> {
    let done = organization
        .own_update::<transaction::Entity>()
        .col_expr(transaction::Column::Raw, Expr::value(EMPTY))
        .col_expr(
            transaction::Column::ContactExternalId,
            Expr::value(None::<String>),
        )
        .filter(transaction::Column::ConnectionId.eq(connection))
        .filter(which)
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Deletes the problems of reading a system's contacts, and the transactions that `bought` finds:
/// they have the record as the system sent it.
async fn delete_problems(
    db: &DatabaseTransaction,
    connection: i64,
    contacts: &[String],
    bought: Condition,
) -> Result<()> {
    let sales = transaction::Entity::find()
        .select_only()
        .column(transaction::Column::ExternalId)
        .filter(transaction::Column::ConnectionId.eq(connection))
        .filter(bought)
        .into_query();
    let id = sync_problem::Column::ExternalId;
    let of = |stream: Stream| sync_problem::Column::Stream.eq(stream.as_str());
    let is_one = Condition::any()
        .add(of(Stream::Contacts).and(id.is_in(contacts)))
        .add(of(Stream::Transactions).and(id.in_subquery(sales)));
    sync_problem::Entity::delete_many()
        .filter(sync_problem::Column::ConnectionId.eq(connection))
        .filter(is_one)
        .exec(db)
        .await?;
    Ok(())
}
