//! The lease of a connection: the right of one server to read it, for a limited time.
//!
//! Several servers may share a database, but only one reads a connection at a time. It takes a
//! lease, renews it while it reads, and loses it when the time is over or an Admin pauses,
//! reconnects or ends the connection. Every write of a run checks the lease in its own transaction.

use alta_domain::{ConnectionId, ConnectionState, Country, ErrorCode, OrganizationId, UserId};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{connection, organization};
use crate::error::{Result, StoreError};
use crate::secret::new_token;
use crate::vault::connection_purpose;
use crate::{Store, now};

/// The right to read a connection, with what a run needs to read it.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The connection.
    pub connection: ConnectionId,
    /// The slug of its system in the catalogue.
    pub slug: String,
    /// The system's name of the account.
    pub account: String,
    /// The organization's country: phones without a country code are of it.
    pub country: Country,
    /// The credentials, unsealed.
    pub credentials: Vec<u8>,
    /// The credentials as they are stored. [`super::replace_credentials`] compares them, so that a
    /// server with older ones can't overwrite newer ones.
    pub sealed: String,
    /// Runs in a row that ended with a fault.
    pub failures: u32,
    pub(crate) organization: OrganizationId,
    /// The user who connected the system: the imports of its contacts are theirs.
    pub(crate) user: UserId,
    /// Names this lease in the row of the connection.
    pub(crate) token: String,
}

/// Leases the connection whose run is due first. Returns `None` when no run is due.
///
/// # Errors
/// When the database fails, when the credentials were sealed with another key, or
/// [`StoreError::Broken`] when the organization's country can't be read.
pub async fn lease_due(store: &Store) -> Result<Option<Lease>> {
    let due = Condition::all()
        .add(is_read())
        .add(connection::Column::NextRunAt.lte(now()))
        .add(connection::Column::LeaseUntil.lt(now()));
    let first = connection::Entity::find()
        .filter(due.clone())
        .order_by_asc(connection::Column::NextRunAt)
        .one(store.write())
        .await?;
    let Some(row) = first else { return Ok(None) };
    let (_, token) = new_token();
    let leased = connection::Entity::update_many()
        .col_expr(connection::Column::Lease, Expr::value(token.clone()))
        .col_expr(connection::Column::LeaseUntil, lease_end(store))
        // Another server may have leased it since it was found.
        .filter(due)
        .filter(connection::Column::Id.eq(row.id))
        .exec(store.write())
        .await?;
    if leased.rows_affected == 0 {
        return Ok(None);
    }
    Ok(Some(Lease {
        connection: ConnectionId(row.id),
        country: country(store, row.organization_id).await?,
        credentials: store.unseal(&connection_purpose(row.id), &row.secrets)?,
        sealed: row.secrets,
        failures: u32::try_from(row.failures).unwrap_or(0),
        slug: row.slug,
        account: row.account,
        organization: OrganizationId(row.organization_id),
        user: UserId(row.user_id),
        token,
    }))
}

/// Returns the condition for connections that are read when a run is due.
fn is_read() -> SimpleExpr {
    let states = [ConnectionState::Active, ConnectionState::Failed];
    connection::Column::State.is_in(states.map(ConnectionState::as_str))
}

/// Reads the country of an organization.
async fn country(store: &Store, organization: i64) -> Result<Country> {
    let row = organization::Entity::find_by_id(organization)
        .one(store.read())
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Country::parse(&row.country).ok_or_else(|| {
        StoreError::Broken(format!(
            "organization {organization}: unknown country {:?}",
            row.country
        ))
    })
}

/// Returns the end of a lease that begins now, in milliseconds since 1970.
fn lease_end(store: &Store) -> SimpleExpr {
    Expr::value(now() + i64::from(store.limits.sync_lease_ms))
}

/// Extends a lease. Returns false when it is lost: the connection was paused, disconnected or
/// leased by another server.
///
/// # Errors
/// When the database fails.
pub async fn renew(store: &Store, lease: &Lease) -> Result<bool> {
    check_lease(store, store.write(), lease).await
}

/// Checks and extends a lease. Returns false when it is lost. Every write for a run calls this
/// first, in the same transaction: the row of the connection stays locked until the transaction
/// ends.
pub(super) async fn check_lease(
    store: &Store,
    db: &impl ConnectionTrait,
    lease: &Lease,
) -> Result<bool> {
    let extended = connection::Entity::update_many()
        .col_expr(connection::Column::LeaseUntil, lease_end(store))
        .filter(connection::Column::Id.eq(lease.connection.0))
        .filter(connection::Column::Lease.eq(lease.token.as_str()))
        .filter(is_read())
        .exec(db)
        .await?;
    Ok(extended.rows_affected > 0)
}
