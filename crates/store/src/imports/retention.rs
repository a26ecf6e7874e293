//! Deletes old rejects: they are personal data of people who did not become contacts.

use alta_domain::ImportState;
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::{import, import_nobody, import_reject};
use crate::error::Result;
use crate::{DAY, Store, now};

/// The rejects that one statement deletes: few, so that other writers wait only a moment.
const SLICE: u64 = 2000;

/// Returns the time until which the rejects of an import are kept, in milliseconds since 1970;
/// `None` when they are deleted. An import that was never ended counts from its beginning. For the
/// import of a system returns `i64::MAX`, because its rejects are not deleted by age.
pub(super) fn rejects_until(store: &Store, row: &import::Model) -> Option<i64> {
    if row.connection_id.is_some() {
        return Some(i64::MAX);
    }
    let since = row.ended_at.unwrap_or(row.started_at);
    let until = since + i64::from(store.limits.reject_days) * DAY;
    (until > now()).then_some(until)
}

/// Finds the imports of files whose rejects are older than the days of the settings, and that still
/// have rejects, or keys of nobody, which only corrections need. Imports whose corrected list is
/// being received are left out.
async fn old_imports(store: &Store) -> Result<Vec<i64>> {
    let before = now() - i64::from(store.limits.reject_days) * DAY;
    let has_ended = import::Column::EndedAt
        .lte(before)
        .and(import::Column::State.ne(ImportState::Running.as_str()));
    let never_ended = import::Column::EndedAt
        .is_null()
        .and(import::Column::StartedAt.lte(before));
    let of_rejects = Query::select()
        .column(import_reject::Column::ImportId)
        .from(import_reject::Entity)
        .to_owned();
    let of_nobodys = Query::select()
        .column(import_nobody::Column::ImportId)
        .from(import_nobody::Entity)
        .to_owned();
    let has_either = Condition::any()
        .add(import::Column::Id.in_subquery(of_rejects))
        .add(import::Column::Id.in_subquery(of_nobodys));
    Ok(import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(import::Column::ConnectionId.is_null())
        .filter(Condition::any().add(has_ended).add(never_ended))
        .filter(has_either)
        .into_tuple()
        .all(store.read())
        .await?)
}

/// Deletes the rejects of files that are older than the days of the settings, of all organizations,
/// and the keys of nobody that only corrections need. The numbers in the ledgers stay. Returns the
/// number of deleted rejects.
///
/// # Errors
/// When the database fails.
pub async fn forget_rejects(store: &Store) -> Result<u64> {
    let old = old_imports(store).await?;
    let mut deleted = 0;
    for import in old {
        loop {
            let slice = Query::select()
                .column(import_reject::Column::Record)
                .from(import_reject::Entity)
                .and_where(import_reject::Column::ImportId.eq(import))
                .limit(SLICE)
                .to_owned();
            let _turn = store.long_writes.turn().await;
            let gone = import_reject::Entity::delete_many()
                .filter(import_reject::Column::ImportId.eq(import))
                .filter(import_reject::Column::Record.in_subquery(slice))
                .exec(store.write())
                .await?;
            deleted += gone.rows_affected;
            if gone.rows_affected < SLICE {
                break;
            }
        }
        import_nobody::Entity::delete_many()
            .filter(import_nobody::Column::ImportId.eq(import))
            .exec(store.write())
            .await?;
    }
    Ok(deleted)
}
