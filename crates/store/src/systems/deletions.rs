//! Records that their system has deleted.
//!
//! No row is deleted here. A record counts as deleted when its system says so, or when [`GONE`]
//! complete readings in a row did not contain it. Such a record is counted apart, until its system
//! sends it again.

use alta_domain::{ConnectionId, GUEST, Stream};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::records::ROWS_PER_STATEMENT;
use crate::entity::missed::{GONE, is_there};
use crate::entity::{product, source_contact, sync_problem, transaction};
use crate::error::Result;
use crate::now;

/// The columns that every table of records has.
struct Table<E: EntityTrait> {
    connection: E::Column,
    external_id: E::Column,
    updated_at: E::Column,
    missed: E::Column,
}

const CONTACTS: Table<source_contact::Entity> = Table {
    connection: source_contact::Column::ConnectionId,
    external_id: source_contact::Column::ExternalId,
    updated_at: source_contact::Column::UpdatedAt,
    missed: source_contact::Column::Missed,
};
const TRANSACTIONS: Table<transaction::Entity> = Table {
    connection: transaction::Column::ConnectionId,
    external_id: transaction::Column::ExternalId,
    updated_at: transaction::Column::UpdatedAt,
    missed: transaction::Column::Missed,
};
const PRODUCTS: Table<product::Entity> = Table {
    connection: product::Column::ConnectionId,
    external_id: product::Column::ExternalId,
    updated_at: product::Column::UpdatedAt,
    missed: product::Column::Missed,
};

/// The numbers of records in one table.
pub(super) struct RecordCounts {
    /// All records that the connection has brought.
    pub(super) all: u64,
    /// The records that their system has deleted.
    pub(super) deleted: u64,
}

/// The numbers of records of a connection.
pub(super) struct StoredCounts {
    pub(super) contacts: RecordCounts,
    pub(super) transactions: RecordCounts,
    pub(super) products: RecordCounts,
}

/// Counts the contacts, transactions and products that a connection has brought. Each total
/// includes the records that their system has deleted. These are also counted on their own.
pub(super) async fn count_records(
    db: &impl ConnectionTrait,
    connection: i64,
) -> Result<StoredCounts> {
    Ok(StoredCounts {
        contacts: CONTACTS.count(db, connection).await?,
        transactions: TRANSACTIONS.count(db, connection).await?,
        products: PRODUCTS.count(db, connection).await?,
    })
}

/// Marks records as deleted, because their system says so.
pub(super) async fn mark_deleted(
    db: &impl ConnectionTrait,
    connection: ConnectionId,
    stream: Stream,
    ids: &[String],
) -> Result<()> {
    set_missed(db, connection, stream, ids, Some(GONE)).await
}

/// Marks records as present in their system that were not written, because they are unreadable or
/// unchanged: their count of misses ends.
pub(super) async fn mark_present(
    db: &impl ConnectionTrait,
    connection: ConnectionId,
    stream: Stream,
    ids: &[String],
) -> Result<()> {
    set_missed(db, connection, stream, ids, None).await
}

/// Sets the column `missed` of records by their ids in the system.
async fn set_missed(
    db: &impl ConnectionTrait,
    connection: ConnectionId,
    stream: Stream,
    ids: &[String],
    missed: Option<i32>,
) -> Result<()> {
    for ids in ids.chunks(ROWS_PER_STATEMENT) {
        match stream {
            Stream::Contacts => CONTACTS.set_missed(db, connection, ids, missed).await?,
            Stream::Transactions => TRANSACTIONS.set_missed(db, connection, ids, missed).await?,
            Stream::Products => PRODUCTS.set_missed(db, connection, ids, missed).await?,
            Stream::Prices => {}
        }
    }
    Ok(())
}

/// Called at the end of a complete reading of a stream, which began at `since` (milliseconds since
/// 1970). Counts one more miss for each record that the reading did not contain, and deletes the
/// noted problems of those records.
pub(super) async fn count_missed(
    db: &impl ConnectionTrait,
    connection: ConnectionId,
    stream: Stream,
    since: i64,
) -> Result<()> {
    match stream {
        Stream::Contacts => CONTACTS.count_missed(db, connection, since).await?,
        Stream::Transactions => TRANSACTIONS.count_missed(db, connection, since).await?,
        Stream::Products => PRODUCTS.count_missed(db, connection, since).await?,
        Stream::Prices => {}
    }
    sync_problem::Entity::delete_many()
        .filter(sync_problem::Column::ConnectionId.eq(connection.0))
        .filter(sync_problem::Column::Stream.eq(stream.as_str()))
        .filter(sync_problem::Column::At.lt(since))
        .exec(db)
        .await?;
    Ok(())
}

impl<E: EntityTrait> Table<E>
where
    E::Model: Sync,
{
    async fn count(&self, db: &impl ConnectionTrait, connection: i64) -> Result<RecordCounts> {
        let all = E::find().filter(self.connection.eq(connection));
        let deleted = all.clone().filter(self.missed.gte(GONE)).count(db).await?;
        Ok(RecordCounts {
            all: all.count(db).await?,
            deleted,
        })
    }

    async fn set_missed(
        &self,
        db: &impl ConnectionTrait,
        connection: ConnectionId,
        ids: &[String],
        missed: Option<i32>,
    ) -> Result<()> {
        E::update_many()
            .col_expr(self.missed, Expr::value(missed))
            .col_expr(self.updated_at, Expr::value(now()))
            .filter(self.connection.eq(connection.0))
            .filter(self.external_id.is_in(ids))
            .exec(db)
            .await?;
        Ok(())
    }

    async fn count_missed(
        &self,
        db: &impl ConnectionTrait,
        connection: ConnectionId,
        since: i64,
    ) -> Result<()> {
        let before: SimpleExpr = Func::coalesce([Expr::col(self.missed), Expr::value(0)]).into();
        E::update_many()
            .col_expr(self.missed, before.add(1))
            .filter(self.connection.eq(connection.0))
            .filter(self.updated_at.lt(since))
            .filter(is_there(self.missed))
            // Guests are in no list of their system, so no reading of a list can miss them.
            .filter(self.external_id.starts_with(GUEST).not())
            .exec(db)
            .await?;
        Ok(())
    }
}
