//! Pauses and resumes a connection, and makes a run due at once.

use alta_domain::{AuditAction, ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::access::Admin;
use crate::entity::connection;
use crate::error::Result;
use crate::imports::from_system::halt;
use crate::systems::lookup::own_connection;
use crate::{Store, audit, now};

/// Pauses a connection, and stops the run that reads it now. What the run has written stays, and
/// the next run goes on from there.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such connection.
pub async fn pause(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    let row = own_connection(store.write(), admin, id).await?;
    let transaction = store.begin().await?;
    halt(&transaction, id, ConnectionState::Paused).await?;
    audit::record(&transaction, admin, AuditAction::SystemPaused, &row.account).await?;
    transaction.commit().await?;
    Ok(())
}

/// Resumes a paused connection; its next run is due at once.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such connection.
pub async fn resume(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    let row = own_connection(store.write(), admin, id).await?;
    let transaction = store.begin().await?;
    connection::Entity::update_many()
        .col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Active.as_str()),
        )
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::State.eq(ConnectionState::Paused.as_str()))
        .exec(&transaction)
        .await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::SystemResumed,
        &row.account,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Makes the next run of a connection due at once. A failed connection becomes active, and during a
/// run another run follows it. A paused connection stays paused.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such connection.
pub async fn sync_now(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    own_connection(store.write(), admin, id).await?;
    connection::Entity::update_many()
        .col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Active.as_str()),
        )
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        // `release` compares this with the start of the run, and lets another run follow.
        .col_expr(connection::Column::NoticedAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::State.is_in([
            ConnectionState::Active.as_str(),
            ConnectionState::Failed.as_str(),
        ]))
        .exec(store.write())
        .await?;
    Ok(())
}
