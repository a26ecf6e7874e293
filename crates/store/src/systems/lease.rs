//! Whose turn it is to read a connection: one server's, for as long as it says so.

use alta_domain::{
    ConnectionId, ConnectionState, Country, ErrorCode, FaultKind, OrganizationId, Stream, UserId,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::notices::soonest;
use super::purpose;
use crate::entity::{connection, organization, sync_run};
use crate::error::Result;
use crate::imports::finish_or_remove;
use crate::secret::new_token;
use crate::{Store, now};

/// The right to read a connection, and all that is needed for it.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Which.
    pub connection: ConnectionId,
    /// Its system.
    pub slug: String,
    /// What the system calls the account.
    pub account: String,
    /// Whose phones are read as national ones.
    pub country: Country,
    /// Credentials, as they were given to be kept.
    pub credentials: Vec<u8>,
    /// The same as they are kept: who writes others must know the last.
    pub sealed: String,
    /// How many runs in a row a fault has cut off.
    pub failures: u32,
    pub(crate) organization: OrganizationId,
    pub(crate) user: UserId,
    pub(crate) token: String,
}

/// Takes the connection that is due first; none when none is.
///
/// # Errors
/// When the database fails, or its credentials were sealed with another key.
pub async fn take_due(store: &Store) -> Result<Option<Lease>> {
    let due = Condition::all()
        .add(connection::Column::State.eq(ConnectionState::Active.as_str()))
        .add(connection::Column::NextRunAt.lte(now()))
        .add(connection::Column::LeaseUntil.lt(now()));
    let first = connection::Entity::find()
        .filter(due.clone())
        .order_by_asc(connection::Column::NextRunAt)
        .one(store.write())
        .await?;
    let Some(row) = first else { return Ok(None) };
    let (_, hash) = new_token();
    let taken = connection::Entity::update_many()
        .col_expr(connection::Column::Lease, Expr::value(hash.clone()))
        .col_expr(
            connection::Column::LeaseUntil,
            Expr::value(now() + i64::from(store.limits.sync_lease_ms)),
        )
        .filter(due)
        .filter(connection::Column::Id.eq(row.id))
        .exec(store.write())
        .await?;
    if taken.rows_affected == 0 {
        return Ok(None);
    }
    let organization = organization::Entity::find_by_id(row.organization_id)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Ok(Some(Lease {
        connection: ConnectionId(row.id),
        country: Country::parse(&organization.country).unwrap_or(Country::BRAZIL),
        credentials: store.unseal(&purpose(row.id), &row.secrets)?,
        sealed: row.secrets,
        failures: u32::try_from(row.failures).unwrap_or(0),
        slug: row.slug,
        account: row.account,
        organization: OrganizationId(row.organization_id),
        user: UserId(row.user_id),
        token: hash,
    }))
}

/// Says that the server is still at it; false when the connection was paused, disconnected or taken
/// by another.
///
/// # Errors
/// When the database fails.
pub async fn renew(store: &Store, lease: &Lease) -> Result<bool> {
    hold(store, store.write(), lease).await
}

/// The gate of everything that is written under a lease: only who has it passes.
pub(super) async fn hold(
    store: &Store,
    connection: &impl ConnectionTrait,
    lease: &Lease,
) -> Result<bool> {
    let held = connection::Entity::update_many()
        .col_expr(
            connection::Column::LeaseUntil,
            Expr::value(now() + i64::from(store.limits.sync_lease_ms)),
        )
        .filter(connection::Column::Id.eq(lease.connection.0))
        .filter(connection::Column::Lease.eq(lease.token.as_str()))
        .filter(connection::Column::State.eq(ConnectionState::Active.as_str()))
        .exec(connection)
        .await?;
    Ok(held.rows_affected > 0)
}

/// Keeps new tokens, before they are used, in place of the `sealed` ones they came of; answers with
/// how they are kept. Whoever has the lease by then: a token that counts once is spent, also where
/// the connection was paused in between.
///
/// # Errors
/// When the database fails, or an Admin has given other credentials since.
pub async fn keep_credentials(
    store: &Store,
    id: ConnectionId,
    sealed: &str,
    credentials: &[u8],
) -> Result<String> {
    let new = store.seal(&purpose(id.0), credentials)?;
    let kept = connection::Entity::update_many()
        .col_expr(connection::Column::Secrets, Expr::value(new.as_str()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::Secrets.eq(sealed))
        .exec(store.write())
        .await?;
    if kept.rows_affected == 0 {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(new)
    }
}

/// The credentials of a connection by now: as they are kept, and as they were given to be kept.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is no such connection any more.
pub async fn kept_credentials(store: &Store, id: ConnectionId) -> Result<(String, Vec<u8>)> {
    let row = connection::Entity::find_by_id(id.0)
        .one(store.write())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let credentials = store.unseal(&purpose(id.0), &row.secrets)?;
    Ok((row.secrets, credentials))
}

/// Ends the run and gives the connection back: the next run is due `after` milliseconds; after a
/// fault that needs the admin there is none.
///
/// # Errors
/// When the database fails.
pub async fn release(
    store: &Store,
    lease: &Lease,
    after: i64,
    fault: Option<(FaultKind, &str)>,
) -> Result<()> {
    let (kind, said) = (
        fault.map(|(kind, _)| kind.as_str().to_owned()),
        fault.map(|(_, said)| said.to_owned()),
    );
    let needs_admin = fault.is_some_and(|(kind, _)| !kind.passes());
    let failures = if fault.is_some() {
        Expr::col(connection::Column::Failures).add(1)
    } else {
        Expr::value(0)
    };
    let transaction = store.begin().await?;
    // Who lost the lease has no say in the run that somebody else goes on with; who has it waits
    // for the page that is being written.
    if !hold(store, &transaction, lease).await? {
        return Ok(());
    }
    let open = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(lease.connection.0))
        .filter(sync_run::Column::EndedAt.is_null())
        .all(&transaction)
        .await?;
    let hurried = fault.is_none() && was_noticed(&transaction, lease, &open).await?;
    let after = if hurried {
        std::cmp::min(after, soonest(store, &transaction, lease.connection).await?)
    } else {
        after
    };
    let mut change = connection::Entity::update_many()
        .col_expr(connection::Column::Lease, Expr::value(None::<String>))
        .col_expr(connection::Column::LeaseUntil, Expr::value(0_i64))
        .col_expr(connection::Column::FaultKind, Expr::value(kind.clone()))
        .col_expr(connection::Column::FaultSaid, Expr::value(said.clone()))
        .col_expr(connection::Column::Failures, failures)
        .col_expr(
            connection::Column::NextRunAt,
            Expr::value((!needs_admin).then(|| now() + after)),
        );
    if needs_admin {
        change = change.col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Failed.as_str()),
        );
    }
    change
        .filter(connection::Column::Id.eq(lease.connection.0))
        .exec(&transaction)
        .await?;
    // A run that waits for its system goes on as the same run.
    for run in open {
        let mut change = sync_run::Entity::update_many()
            .col_expr(sync_run::Column::FaultKind, Expr::value(kind.clone()))
            .col_expr(sync_run::Column::FaultSaid, Expr::value(said.clone()));
        let is_over = fault.is_none() || needs_admin;
        if is_over {
            change = change.col_expr(sync_run::Column::EndedAt, Expr::value(now()));
        }
        // While other lists keep a run waiting, what its contacts ask is answered, and they can be
        // taken back.
        if let Some(import) = run.import_id.filter(|_| {
            is_over
                || run
                    .done
                    .split(',')
                    .any(|list| list == Stream::Contacts.as_str())
        }) {
            finish_or_remove(&transaction, import).await?;
        }
        change
            .filter(sync_run::Column::Id.eq(run.id))
            .exec(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether the system told of a change while it was read.
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
