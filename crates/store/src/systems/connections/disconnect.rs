//! Ends a connection.

use alta_domain::{AuditAction, ConnectionId, ConnectionState, ErrorCode, ImportId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::access::Admin;
use crate::entity::{connection, import};
use crate::error::Result;
use crate::imports::from_system::halt;
use crate::imports::{Age, finish_or_remove, undo_of_age};
use crate::systems::lookup::own_connection;
use crate::{Store, audit};

/// Ends a connection: deletes its credentials, transactions and products. Its contacts stay; with
/// `remove_contacts` its imports are undone, however old they are.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such connection.
pub async fn disconnect(
    store: &Store,
    admin: &Admin,
    id: ConnectionId,
    remove_contacts: bool,
) -> Result<()> {
    let row = own_connection(store.write(), admin, id).await?;
    halt(store.write(), id, ConnectionState::Paused).await?;
    let of_connection = import::Column::ConnectionId.eq(id.0);
    // The newest first: each undo restores the values that the import before it had written.
    let rows = import::Entity::find()
        .filter(of_connection.clone())
        .order_by_desc(import::Column::Id)
        .all(store.read())
        .await?;
    for import in rows {
        finish_or_remove(store.write(), import.id).await?;
        if remove_contacts {
            match undo_of_age(store, admin, ImportId(import.id), Age::Any).await {
                Ok(_) => {}
                // The import changed nothing and was removed, was undone before, or was made before
                // histories were stored.
                Err(error)
                    if matches!(error.code(), ErrorCode::NotFound | ErrorCode::CannotUndo) => {}
                Err(error) => return Err(error),
            }
        }
    }
    // The connection's sales and products go with its row, however many they are.
    let _turn = store.long_writes.turn().await;
    let transaction = store.begin().await?;
    import::Entity::update_many()
        .col_expr(import::Column::ConnectionId, Expr::value(None::<i64>))
        .filter(of_connection)
        .exec(&transaction)
        .await?;
    connection::Entity::delete_many()
        .filter(connection::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::SystemDisconnected,
        &format!("{} ({})", row.slug, row.account),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
