//! Ends the reading of a connection: the next run becomes due, and the lease ends.

use alta_domain::{ConnectionState, FaultKind, Stream};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::lease::{Lease, check_lease};
use super::notice_delay::notice_delay;
use super::run::has_read;
use crate::entity::{connection, sync_run};
use crate::error::Result;
use crate::imports::finish_or_remove;
use crate::{Store, now};

/// Gives a lease back. The next run is due in `after` milliseconds; after a fault that only the
/// Admin can mend no run is due, and the connection is [`ConnectionState::Failed`].
///
/// A run without a fault is over. A run with a fault that passes stays open, and the next one goes
/// on with it. Does nothing when the lease is lost: another server goes on with the run.
///
/// # Errors
/// When the database fails.
pub async fn release(
    store: &Store,
    lease: &Lease,
    after: i64,
    fault: Option<(FaultKind, &str)>,
) -> Result<()> {
    let transaction = store.begin().await?;
    // This also waits for the page that is being written.
    if !check_lease(store, &transaction, lease).await? {
        return Ok(());
    }
    let open = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(lease.connection.0))
        .filter(sync_run::Column::EndedAt.is_null())
        .all(&transaction)
        .await?;
    let after = if fault.is_none() && was_noticed(&transaction, lease, &open).await? {
        std::cmp::min(
            after,
            notice_delay(store, &transaction, lease.connection).await?,
        )
    } else {
        after
    };
    update_connection(&transaction, lease, after, fault).await?;
    for run in open {
        end_run(&transaction, run, fault).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Returns true when only the Admin can mend the fault.
fn needs_admin(fault: Option<(FaultKind, &str)>) -> bool {
    fault.is_some_and(|(kind, _)| !kind.passes())
}

/// Ends the lease in the row of the connection, and sets when its next run is due.
async fn update_connection(
    db: &impl ConnectionTrait,
    lease: &Lease,
    after: i64,
    fault: Option<(FaultKind, &str)>,
) -> Result<()> {
    use connection::Column;
    let failures = if fault.is_some() {
        Expr::col(Column::Failures).add(1)
    } else {
        Expr::value(0)
    };
    let next = (!needs_admin(fault)).then(|| now() + after);
    let mut change = connection::Entity::update_many()
        .col_expr(Column::Lease, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(0_i64))
        .col_expr(
            Column::FaultKind,
            Expr::value(fault.map(|(kind, _)| kind.as_str().to_owned())),
        )
        .col_expr(
            Column::FaultSaid,
            Expr::value(fault.map(|(_, said)| said.to_owned())),
        )
        .col_expr(Column::Failures, failures)
        .col_expr(Column::NextRunAt, Expr::value(next));
    if needs_admin(fault) {
        let failed = Expr::value(ConnectionState::Failed.as_str());
        change = change.col_expr(Column::State, failed);
    }
    change
        .filter(Column::Id.eq(lease.connection.0))
        .exec(db)
        .await?;
    Ok(())
}

/// Stores the fault of a run, and ends the run unless the next one goes on with it.
async fn end_run(
    db: &impl ConnectionTrait,
    run: sync_run::Model,
    fault: Option<(FaultKind, &str)>,
) -> Result<()> {
    use sync_run::Column;
    let mut change = sync_run::Entity::update_many()
        .col_expr(
            Column::FaultKind,
            Expr::value(fault.map(|(kind, _)| kind.as_str().to_owned())),
        )
        .col_expr(
            Column::FaultSaid,
            Expr::value(fault.map(|(_, said)| said.to_owned())),
        );
    let is_over = fault.is_none() || needs_admin(fault);
    if is_over {
        change = change.col_expr(Column::EndedAt, Expr::value(now()));
    }
    // The import ends with its stream, even when the run waits for other streams: an Admin can then
    // decide its conflicts or undo it.
    if let Some(import) = run.import_id
        && (is_over || has_read(&run, Stream::Contacts)?)
    {
        finish_or_remove(db, import).await?;
    }
    change.filter(Column::Id.eq(run.id)).exec(db).await?;
    Ok(())
}

/// Returns true when the system sent a notice of a change, or an Admin asked for a run, during one
/// of these runs.
async fn was_noticed(
    db: &impl ConnectionTrait,
    lease: &Lease,
    open: &[sync_run::Model],
) -> Result<bool> {
    let row = connection::Entity::find_by_id(lease.connection.0)
        .one(db)
        .await?;
    let noticed = row.and_then(|row| row.noticed_at);
    Ok(open
        .iter()
        .any(|run| noticed.is_some_and(|at| at >= run.started_at)))
}
