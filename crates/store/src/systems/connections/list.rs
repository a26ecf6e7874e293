//! Reads connections for Admins.

use alta_domain::{Connection, ConnectionId, ConnectionState, StreamCounts};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::access::{Admin, Own};
use crate::entity::{connection, sync_problem, sync_run};
use crate::error::{Result, StoreError};
use crate::systems::deletions::{RecordCounts, count_records};
use crate::systems::fault_note::fault_note;
use crate::systems::lookup::own_connection;
use crate::{Store, now};

/// Lists the connections of the organization in the order in which they were made. The caller adds
/// the remedies of faults from the catalogue.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, admin: &Admin) -> Result<Vec<Connection>> {
    // A row that waits for consent is not a connection yet.
    let rows = admin
        .own::<connection::Entity>()
        .filter(connection::Column::State.ne(ConnectionState::Consent.as_str()))
        .order_by_asc(connection::Column::Id)
        .all(store.read())
        .await?;
    let mut connections = Vec::with_capacity(rows.len());
    for row in rows {
        connections.push(read(store, row).await?);
    }
    Ok(connections)
}

/// Reads one connection.
///
/// # Errors
/// [`alta_domain::ErrorCode::NotFound`] when the organization has no such connection.
pub async fn get(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Connection> {
    read(store, own_connection(store.write(), admin, id).await?).await
}

/// Reads a connection as Admins see it: its row, its last run and the numbers of its records.
async fn read(store: &Store, row: connection::Model) -> Result<Connection> {
    let db = store.read();
    let last = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(row.id))
        .filter(sync_run::Column::EndedAt.is_not_null())
        .order_by_desc(sync_run::Column::Id)
        .one(db)
        .await?;
    let records = count_records(db, row.id).await?;
    let problems = sync_problem::Entity::find()
        .filter(sync_problem::Column::ConnectionId.eq(row.id))
        .count(db)
        .await?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let present = |counts: &RecordCounts| count(counts.all.saturating_sub(counts.deleted));
    let name = format!("connection {}", row.id);
    let state = ConnectionState::parse(&row.state)
        .ok_or_else(|| StoreError::Broken(format!("{name}: unknown state {:?}", row.state)))?;
    Ok(Connection {
        id: ConnectionId(row.id),
        state,
        running: row.lease_until > now(),
        last_run: last.and_then(|run| run.ended_at),
        next_run: row.next_run_at,
        fault: fault_note(&name, row.fault_kind.as_deref(), row.fault_said)?,
        // The caller replaces the slug by the system's name in the catalogue.
        system: row.slug.clone(),
        slug: row.slug,
        account: row.account,
        holds: StreamCounts {
            contacts: present(&records.contacts),
            transactions: present(&records.transactions),
            products: present(&records.products),
            set_aside: count(problems),
        },
        gone: count(
            records.contacts.deleted + records.transactions.deleted + records.products.deleted,
        ),
        // The caller takes it from the catalogue.
        notices: false,
    })
}
