//! The undo of an import: contacts that it created are removed, contacts that it changed get their
//! old values back, and values that were changed since stay as they are.

mod restore;

use alta_domain::{
    AuditAction, ConnectionId, ConnectionState, ErrorCode, ImportId, ImportState, ImportSummary,
    OrganizationId, UndoLedger,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use self::restore::{Mode, is_untouched, restore};
use super::from_system::{forget_refused, halt};
use super::row::get;
use super::summary::{summary, undo_until};
use crate::access::{Admin, Own};
use crate::db::lock_organization;
use crate::entity::{consent, contact, import, list, list_member};
use crate::error::Result;
use crate::{Store, audit};

/// Counts what the undo of an import would do, and changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or it can't be undone any
/// more.
pub async fn undo_preview(store: &Store, admin: &Admin, id: ImportId) -> Result<UndoLedger> {
    let row = get(store.read(), admin, id).await?;
    undo_until(store, &row).ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    let ledger = restore(&transaction, &row, Mode::Count).await?;
    transaction.rollback().await?;
    Ok(ledger)
}

/// Undoes an import in one transaction: whole, or not at all. Its ledger and its rejects stay. The
/// connection that it came by is paused.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, it can't be undone any more,
/// or was undone already.
pub async fn undo(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    let row = get(store.write(), admin, id).await?;
    undo_until(store, &row).ok_or(ErrorCode::NotFound)?;
    let transaction = store.begin().await?;
    lock_organization(&transaction, OrganizationId(row.organization_id)).await?;
    let ended = [ImportState::Finished, ImportState::Stopped].map(ImportState::as_str);
    // Of two requests one gets past this line; it also takes SQLite's write lock.
    let gate = admin
        .own_update::<import::Entity>()
        .col_expr(
            import::Column::State,
            Expr::value(ImportState::Undone.as_str()),
        )
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::State.is_in(ended))
        .exec(&transaction)
        .await?;
    if gate.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    let ledger = restore(&transaction, &row, Mode::Write).await?;
    remove_traces(&transaction, &row).await?;
    write_ledger(&transaction, id, ledger).await?;
    if let Some(connection) = row.connection_id {
        // The next run would bring back the contacts that were just removed.
        let id = ConnectionId(connection);
        halt(&transaction, id, ConnectionState::Paused).await?;
        forget_refused(&transaction, connection, row.id).await?;
    }
    let action = AuditAction::ImportUndone;
    audit::record(&transaction, admin, action, &row.file_name).await?;
    transaction.commit().await?;
    summary(store, &get(store.write(), admin, id).await?).await
}

/// Removes the list members and the consents that the import added, the contacts that it created
/// and nobody changed since, and its list.
async fn remove_traces(transaction: &DatabaseTransaction, row: &import::Model) -> Result<()> {
    list_member::Entity::delete_many()
        .filter(list_member::Column::ImportId.eq(row.id))
        .exec(transaction)
        .await?;
    consent::Entity::delete_many()
        .filter(consent::Column::ImportId.eq(row.id))
        .exec(transaction)
        .await?;
    contact::Entity::delete_many()
        .filter(is_untouched(row))
        .exec(transaction)
        .await?;
    remove_list(transaction, row).await
}

/// Removes the list that was created for the import, when it has no members and no other import
/// adds to it.
async fn remove_list(transaction: &DatabaseTransaction, row: &import::Model) -> Result<()> {
    let Some(id) = row.list_id.filter(|_| row.made_list) else {
        return Ok(());
    };
    let members = list_member::Entity::find()
        .filter(list_member::Column::ListId.eq(id))
        .count(transaction)
        .await?;
    let other_imports = import::Entity::find()
        .filter(import::Column::ListId.eq(id))
        .filter(import::Column::Id.ne(row.id))
        .count(transaction)
        .await?;
    if members == 0 && other_imports == 0 {
        OrganizationId(row.organization_id)
            .own_delete::<list::Entity>()
            .filter(list::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Stores the counts of an undo in the row of its import.
async fn write_ledger(
    transaction: &DatabaseTransaction,
    id: ImportId,
    ledger: UndoLedger,
) -> Result<()> {
    let count = |value: u32| Expr::value(i32::try_from(value).unwrap_or(i32::MAX));
    import::Entity::update_many()
        .col_expr(import::Column::UndoRemoved, count(ledger.removed))
        .col_expr(import::Column::UndoRestored, count(ledger.restored))
        .col_expr(import::Column::UndoSpared, count(ledger.spared))
        .filter(import::Column::Id.eq(id.0))
        .exec(transaction)
        .await?;
    Ok(())
}
