//! What connected systems have sent about people.

use std::collections::HashMap;

use alta_domain::{OrganizationId, Stream};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

use super::traces::Traces;
use crate::access::Own;
use crate::contacts::bulk::{ROWS, integers};
use crate::entity::{connection, source_contact, sync_problem, transaction};
use crate::error::Result;

/// The records that are read at a time.
const PAGE: u64 = 200;
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
        found
            .contacts
            .extend(unlinked_contacts(db, id, traces).await?);
        for stream in Stream::ALL {
            let problems = problems(db, id, stream, traces).await?;
            found.problems.extend(problems);
        }
        found
            .transactions
            .extend(sales_without_buyer(db, id, traces).await?);
    }
    Ok(found)
}

/// Finds the records of people that a connection has sent and that are no contact.
async fn unlinked_contacts(
    db: &impl ConnectionTrait,
    connection: i64,
    traces: &Traces,
) -> Result<Vec<(i64, String)>> {
    use source_contact::Column as C;
    let query = source_contact::Entity::find()
        .filter(C::ConnectionId.eq(connection))
        .filter(C::ContactId.is_null());
    let is_theirs = |json: &str| traces.is_in_json(json);
    let ids = about_people(db, query, (C::ExternalId, C::Raw), is_theirs).await?;
    Ok(ids.into_iter().map(|id| (connection, id)).collect())
}

/// Finds the records of a connection's stream that could not be read and are about people.
async fn problems(
    db: &impl ConnectionTrait,
    connection: i64,
    stream: Stream,
    traces: &Traces,
) -> Result<Vec<(i64, String, String)>> {
    use sync_problem::Column as C;
    let query = sync_problem::Entity::find()
        .filter(C::ConnectionId.eq(connection))
        .filter(C::Stream.eq(stream.as_str()));
    let is_theirs = |json: &str| traces.is_in_json(json);
    let ids = about_people(db, query, (C::ExternalId, C::Raw), is_theirs).await?;
    let stream = stream.as_str().to_owned();
    Ok(ids
        .into_iter()
        .map(|id| (connection, stream.clone(), id))
        .collect())
}

/// Finds the transactions of a connection that are about people, and whose buyer is not named or is
/// no contact.
async fn sales_without_buyer(
    db: &impl ConnectionTrait,
    connection: i64,
    traces: &Traces,
) -> Result<Vec<(i64, String)>> {
    use transaction::Column as C;
    let buyers = source_contact::Entity::find()
        .select_only()
        .column(source_contact::Column::ExternalId)
        .filter(source_contact::Column::ConnectionId.eq(connection))
        .filter(source_contact::Column::ContactId.is_not_null())
        .into_query();
    let is_without_buyer = Condition::any()
        .add(C::ContactExternalId.is_null())
        .add(C::ContactExternalId.not_in_subquery(buyers));
    let query = transaction::Entity::find()
        .filter(C::ConnectionId.eq(connection))
        .filter(is_without_buyer)
        .filter(C::Raw.ne(EMPTY));
    // A sale names others too, such as the seller: only a key says who bought.
    let is_theirs = |json: &str| traces.has_key_in_json(json);
    let ids = about_people(db, query, (C::ExternalId, C::Raw), is_theirs).await?;
    Ok(ids.into_iter().map(|id| (connection, id)).collect())
}

/// Returns the ids of those rows of a query whose JSON `is_theirs` accepts. Reads a page at a time.
/// The two columns are the id, which is unique among the rows, and the JSON.
async fn about_people<E: EntityTrait>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    (id, json): (E::Column, E::Column),
    is_theirs: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page: Vec<(String, String)> = query
            .clone()
            .select_only()
            .column(id)
            .column(json)
            .filter(id.gt(after.as_str()))
            .order_by_asc(id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = page.last() else {
            return Ok(found);
        };
        after.clone_from(last);
        let theirs = page.into_iter().filter(|(_, json)| is_theirs(json));
        found.extend(theirs.map(|(id, _)| id));
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
