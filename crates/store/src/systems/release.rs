//! Ends the reading of a connection: the next run becomes due, and the lease ends.

use alta_domain::{ConnectionState, FaultKind, Stream};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::lease::{Lease, check_lease};
use super::notice_delay::notice_delay;
use super::run::has_read;
use crate::entity::{connection, sync_run};
use crate::error::Result;
use crate::imports::finish_or_remove;
use crate::{Store, now};

/// Milliseconds for which a system must have refused the credentials before the connection ends: an
/// hour.
const REFUSED_FOR: i64 = 3_600_000;
/// The most runs that are looked at for refusals of the credentials.
const RUNS_LOOKED_AT: u32 = 100;

/// Gives a lease back. The next run is due in `after` milliseconds. After a fault that the Admin
/// must mend the connection is [`ConnectionState::Failed`] until a run ends without a fault. When
/// the system has refused the credentials for an hour, no run is due any more.
///
/// A run without a fault, or with a fault that the Admin must mend, is over. A run with another
/// fault stays open, and the next one goes on with it. Does nothing when the lease is lost: another
/// server goes on with the run.
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
    let ends = match fault {
        Some((kind, _)) if kind.refuses_credentials() => {
            was_refused_before(&transaction, lease).await?
        }
        _ => false,
    };
    let next = (!ends).then(|| now() + after);
    update_connection(&transaction, lease, next, fault).await?;
    for run in open {
        end_run(&transaction, run, fault).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Returns true when the fault does not pass by itself.
fn needs_admin(fault: Option<(FaultKind, &str)>) -> bool {
    fault.is_some_and(|(kind, _)| !kind.passes())
}

/// Returns true when the system refused these credentials an hour ago or longer, and in every run
/// since then. Failures are counted from the last good run, or from new credentials on.
async fn was_refused_before(db: &impl ConnectionTrait, lease: &Lease) -> Result<bool> {
    let ended = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(lease.connection.0))
        .filter(sync_run::Column::EndedAt.is_not_null())
        .order_by_desc(sync_run::Column::Id)
        .limit(u64::from(std::cmp::min(lease.failures, RUNS_LOOKED_AT)))
        .all(db)
        .await?;
    let is_refusal = |run: &sync_run::Model| {
        let kind = run.fault_kind.as_deref().and_then(FaultKind::parse);
        kind.is_some_and(FaultKind::refuses_credentials)
    };
    let refusals = ended.iter().take_while(|run| is_refusal(run));
    let first = refusals.filter_map(|run| run.ended_at).min();
    Ok(first.is_some_and(|first| now() - first >= REFUSED_FOR))
}

/// Ends the lease in the row of the connection, and sets when its next run is due.
async fn update_connection(
    db: &impl ConnectionTrait,
    lease: &Lease,
    next: Option<i64>,
    fault: Option<(FaultKind, &str)>,
) -> Result<()> {
    use connection::Column;
    let failures = if fault.is_some() {
        Expr::col(Column::Failures).add(1)
    } else {
        Expr::value(0)
    };
    let state = if needs_admin(fault) {
        ConnectionState::Failed
    } else {
        ConnectionState::Active
    };
    let change = connection::Entity::update_many()
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
        .col_expr(Column::NextRunAt, Expr::value(next))
        .col_expr(Column::State, Expr::value(state.as_str()));
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
