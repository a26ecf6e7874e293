//! The tables of a connected system that its imports change: the system's contacts that an import
//! refused, and the connection's runs.

use alta_domain::{ConnectionId, ConnectionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::entity::connection;
use crate::entity::source_contact::{self, Column};
use crate::error::Result;

/// The stored cells of a contact of which no value was written, as JSON.
pub(crate) const NO_CELLS: &str = "{}";

/// A contact of a system that an import refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct RefusedRecord {
    pub(super) connection: i64,
    pub(super) import: i64,
    /// The number of the record in the import, counted from 1.
    pub(super) record: i32,
}

/// Assigns a system's contact that an import refused to one of the organization's contacts. When
/// the system sends it again, its values go to that contact.
pub(super) async fn assign_contact(
    transaction: &DatabaseTransaction,
    refused: RefusedRecord,
    contact: i64,
) -> Result<()> {
    source_contact::Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(contact))
        .col_expr(Column::Cells, Expr::col(Column::Refused))
        .col_expr(Column::Refused, Expr::value(None::<String>))
        .col_expr(Column::DecidedImportId, Expr::value(refused.import))
        .filter(Column::ConnectionId.eq(refused.connection))
        .filter(Column::RefusedImportId.eq(refused.import))
        .filter(Column::RefusedRecord.eq(refused.record))
        .filter(Column::Refused.is_not_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Forgets which of the system's contacts an import refused, and the decisions about them. An
/// import that was undone can't be decided any more, so these contacts are refused anew when they
/// are sent again.
pub(super) async fn forget_refused(
    transaction: &DatabaseTransaction,
    connection: i64,
    import: i64,
) -> Result<()> {
    source_contact::Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(None::<i64>))
        .col_expr(Column::Cells, Expr::value(NO_CELLS))
        .col_expr(Column::DecidedImportId, Expr::value(None::<i64>))
        .filter(Column::ConnectionId.eq(connection))
        .filter(Column::DecidedImportId.eq(import))
        .exec(transaction)
        .await?;
    source_contact::Entity::update_many()
        .col_expr(Column::Refused, Expr::value(None::<String>))
        .col_expr(Column::RefusedImportId, Expr::value(None::<i64>))
        .col_expr(Column::RefusedRecord, Expr::value(None::<i32>))
        .filter(Column::ConnectionId.eq(connection))
        .filter(Column::RefusedImportId.eq(import))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Puts a connection into `state`, in which no run is due, and revokes the lease of the server that
/// reads it now, so that this server writes nothing more.
pub(crate) async fn halt(
    db: &impl ConnectionTrait,
    id: ConnectionId,
    state: ConnectionState,
) -> Result<()> {
    connection::Entity::update_many()
        .col_expr(connection::Column::State, Expr::value(state.as_str()))
        .col_expr(connection::Column::Lease, Expr::value(None::<String>))
        .col_expr(connection::Column::LeaseUntil, Expr::value(0_i64))
        .col_expr(connection::Column::NextRunAt, Expr::value(None::<i64>))
        .filter(connection::Column::Id.eq(id.0))
        .exec(db)
        .await?;
    Ok(())
}
