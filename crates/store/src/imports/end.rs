//! Ends imports.

use alta_domain::{ImportId, ImportState, ImportSummary};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::row::{get, is};
use super::summary::summary;
use crate::access::{Admin, Own};
use crate::entity::{contact_change, import, import_person};
use crate::error::Result;
use crate::{Store, now};

/// Ends an import whose file was received whole. An import that has ended already stays as it is.
///
/// # Errors
/// [`NotFound`](alta_domain::ErrorCode::NotFound) when the organization has no such import.
pub async fn finish(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    end(store, admin, id, ImportState::Finished).await
}

/// Ends an import before its file was received whole. The contacts of the received batches stay. An
/// import that has ended already stays as it is.
///
/// # Errors
/// [`NotFound`](alta_domain::ErrorCode::NotFound) when the organization has no such import.
pub async fn stop(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    end(store, admin, id, ImportState::Stopped).await
}

async fn end(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    state: ImportState,
) -> Result<ImportSummary> {
    admin
        .own_update::<import::Entity>()
        .col_expr(import::Column::State, Expr::value(state.as_str()))
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(import::Column::Id.eq(id.0))
        .filter(is(ImportState::Running))
        .exec(store.write())
        .await?;
    let row = get(store.write(), admin, id).await?;
    // No more records of the persons come; a list of the rejects is a reading of its own.
    import_person::Entity::delete_many()
        .filter(import_person::Column::ImportId.eq(row.id))
        .exec(store.write())
        .await?;
    summary(store, &row).await
}

/// Ends the import of a system's run. Removes it instead when it changed no contact and rejected no
/// record: systems are read often, and most runs find nothing new.
///
/// # Errors
/// When the database fails.
pub(crate) async fn finish_or_remove(connection: &impl ConnectionTrait, id: i64) -> Result<()> {
    let running = is(ImportState::Running).add(import::Column::Id.eq(id));
    let has_results = [
        import::Column::Created,
        import::Column::Updated,
        import::Column::Merged,
        import::Column::Rejected,
    ]
    .into_iter()
    .fold(Condition::any(), |any, column| any.add(column.gt(0)));
    let removed = import::Entity::delete_many()
        .filter(running.clone())
        .filter(has_results.not())
        .exec(connection)
        .await?;
    if removed.rows_affected > 0 {
        contact_change::Entity::delete_many()
            .filter(contact_change::Column::ImportId.eq(id))
            .exec(connection)
            .await?;
    }
    import::Entity::update_many()
        .col_expr(
            import::Column::State,
            Expr::value(ImportState::Finished.as_str()),
        )
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(running)
        .exec(connection)
        .await?;
    Ok(())
}
