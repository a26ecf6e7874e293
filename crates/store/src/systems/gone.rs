//! What a system has no more. Nothing is deleted here: it is counted apart, and stands there again
//! when its system gives it again.

use alta_domain::{GUEST, Stream};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::lease::Lease;
use super::taking::ROWS;
use crate::entity::missed::{GONE, is_there};
use crate::entity::{product, source_contact, sync_problem, transaction};
use crate::error::Result;
use crate::now;

/// A table of records.
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

/// How many records of each kind a connection has brought, and how many of them are gone.
pub(super) async fn counts(db: &impl ConnectionTrait, connection: i64) -> Result<[(u64, u64); 3]> {
    let (contacts, transactions) = (
        CONTACTS.counts(db, connection).await?,
        TRANSACTIONS.counts(db, connection).await?,
    );
    Ok([
        contacts,
        transactions,
        PRODUCTS.counts(db, connection).await?,
    ])
}

/// Marks what the system says that it has deleted, and what it still has although nothing of it is
/// taken.
pub(super) async fn mark(
    db: &impl ConnectionTrait,
    lease: &Lease,
    stream: Stream,
    gone: &[String],
    there: &[String],
) -> Result<()> {
    for (ids, missed) in [(gone, Some(GONE)), (there, None)] {
        for ids in ids.chunks(ROWS) {
            match stream {
                Stream::Contacts => CONTACTS.mark(db, lease, ids, missed).await?,
                Stream::Transactions => TRANSACTIONS.mark(db, lease, ids, missed).await?,
                Stream::Products => PRODUCTS.mark(db, lease, ids, missed).await?,
                Stream::Prices => {}
            }
        }
    }
    Ok(())
}

/// Behind a reading of everything that began at `since`: what it did not give was missed once more.
pub(super) async fn sweep(
    db: &impl ConnectionTrait,
    lease: &Lease,
    stream: Stream,
    since: i64,
) -> Result<()> {
    match stream {
        Stream::Contacts => CONTACTS.sweep(db, lease, since).await?,
        Stream::Transactions => TRANSACTIONS.sweep(db, lease, since).await?,
        Stream::Products => PRODUCTS.sweep(db, lease, since).await?,
        Stream::Prices => {}
    }
    sync_problem::Entity::delete_many()
        .filter(sync_problem::Column::ConnectionId.eq(lease.connection.0))
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
    async fn counts(&self, db: &impl ConnectionTrait, connection: i64) -> Result<(u64, u64)> {
        let all = E::find().filter(self.connection.eq(connection));
        let gone = all.clone().filter(self.missed.gte(GONE)).count(db).await?;
        Ok((all.count(db).await?, gone))
    }

    async fn mark(
        &self,
        db: &impl ConnectionTrait,
        lease: &Lease,
        ids: &[String],
        missed: Option<i32>,
    ) -> Result<()> {
        E::update_many()
            .col_expr(self.missed, Expr::value(missed))
            .col_expr(self.updated_at, Expr::value(now()))
            .filter(self.connection.eq(lease.connection.0))
            .filter(self.external_id.is_in(ids))
            .exec(db)
            .await?;
        Ok(())
    }

    async fn sweep(&self, db: &impl ConnectionTrait, lease: &Lease, since: i64) -> Result<()> {
        let before: SimpleExpr = Func::coalesce([Expr::col(self.missed), Expr::value(0)]).into();
        E::update_many()
            .col_expr(self.missed, before.add(1))
            .filter(self.connection.eq(lease.connection.0))
            .filter(self.updated_at.lt(since))
            .filter(is_there(self.missed))
            .filter(self.external_id.starts_with(GUEST).not())
            .exec(db)
            .await?;
        Ok(())
    }
}
