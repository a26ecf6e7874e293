//! The undo of an import, the last or an earlier one: contacts that the import created are removed,
//! and contacts that it changed get their old values back. Values and contacts that anybody else
//! has changed, confirmed or relied on since stay.
//!
//! An undo goes page by page. Each page is a short transaction that also stores how far the undo
//! has come: an undo that is cut off or stopped goes on from there, and nothing is done twice.

mod page;
mod queries;

use std::time::{Duration, Instant};

use alta_domain::{
    AuditAction, ConnectionId, ConnectionState, ErrorCode, ImportId, ImportState, ImportSummary,
    OrganizationId, SparedWhy, UndoLedger, UndoProgress,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};

use self::page::{Page, PageCounts, Phase};
use self::queries::{ContactScope, UnknownToOthers, unknown_to_others};
use super::from_system::{forget_refused, halt};
use super::members::lists_of;
use super::row::{get, state};
use super::summary::{summary, undo_ledger, undo_progress, undo_until};
use crate::access::{Admin, Own};
use crate::db::lock_organization;
use crate::entity::{import, import_list, list, list_member};
use crate::error::Result;
use crate::{Store, audit, now};

/// The time for which an undo writes page after page. Then it lets other programs write: SQLite
/// gives the lock to whoever asks at the right moment, and other programs ask ten times a second.
const TURN: Duration = Duration::from_millis(300);
/// The time for which an undo lets other programs write.
const LET_OTHERS: Duration = Duration::from_millis(110);

/// The age up to which an import may be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// The days of the settings.
    Recent,
    /// Any age, because the Admin removes the system that the import came from.
    Any,
}

/// Counts what the undo of an import would do, and changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or it can't be undone any
/// more.
pub async fn undo_preview(store: &Store, admin: &Admin, id: ImportId) -> Result<UndoLedger> {
    let row = get(store.read(), admin, id).await?;
    check(store, &row, Age::Recent)?;
    let mut ledger = undo_ledger(&row)?;
    let mut at = Phase::of(&row);
    // When the undo has begun, all contacts that are left are gone through. Otherwise most are
    // counted by one query.
    let (which, counted) = if state(&row)? == ImportState::Undoing {
        (ContactScope::All, UnknownToOthers::default())
    } else {
        let counted = unknown_to_others(store.read(), &row).await?;
        ledger.removed += u32::try_from(counted.removed).unwrap_or(u32::MAX);
        ledger.restored += u32::try_from(counted.restored).unwrap_or(u32::MAX);
        (ContactScope::KnownToOthers, counted)
    };
    while let Some(phase) = at {
        match phase {
            Phase::Found(_) if counted.are_all_found => {
                at = Some(Phase::Created(0));
                continue;
            }
            Phase::Created(_) if counted.are_all_created => break,
            Phase::Found(_) | Phase::Created(_) => {}
        }
        let page = Page::load(store.read(), &row, phase, which).await?;
        add(&mut ledger, page.done());
        at = page.next();
    }
    Ok(ledger)
}

/// Undoes an import to its end.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, it can't be undone any more,
/// or was undone already.
pub async fn undo(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportSummary> {
    undo_of_age(store, admin, id, Age::Recent).await
}

/// Undoes an import to its end, as [`undo`] does.
///
/// # Errors
/// As [`undo`].
pub(crate) async fn undo_of_age(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    age: Age,
) -> Result<ImportSummary> {
    begin(store, admin, id, age).await?;
    let mut turn = Instant::now();
    while !step(store, admin, id).await?.is_finished {
        if turn.elapsed() > TURN {
            tokio::time::sleep(LET_OTHERS).await;
            turn = Instant::now();
        }
    }
    summary(store, &get(store.write(), admin, id).await?).await
}

/// Begins the undo of an import, or goes on with it, for about this number of `milliseconds`. The
/// caller calls again until the undo is finished. A caller who stops calling stops the undo, and
/// may go on with it later. An import that is undone already is finished.
///
/// # Errors
/// As [`undo`].
pub async fn undo_for(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    milliseconds: i64,
) -> Result<UndoProgress> {
    let row = get(store.write(), admin, id).await?;
    if state(&row)? == ImportState::Undone {
        return undo_progress(&row, true);
    }
    begin(store, admin, id, Age::Recent).await?;
    let until = now() + milliseconds;
    loop {
        let progress = step(store, admin, id).await?;
        if progress.is_finished || now() >= until {
            return Ok(progress);
        }
    }
}

/// Refuses an import that can't be undone.
fn check(store: &Store, row: &import::Model, age: Age) -> Result<()> {
    match state(row)? {
        ImportState::Undoing => return Ok(()),
        ImportState::Undone => return Err(ErrorCode::NotFound.into()),
        ImportState::Running if row.correction.is_none() => {
            return Err(ErrorCode::NotFound.into());
        }
        ImportState::Running | ImportState::Finished | ImportState::Stopped => {}
    }
    if !row.has_history {
        return Err(ErrorCode::CannotUndo.into());
    }
    if age == Age::Recent {
        undo_until(store, row).ok_or(ErrorCode::NotFound)?;
    }
    Ok(())
}

/// Marks an import as being undone. An import that is marked already stays as it is.
async fn begin(store: &Store, admin: &Admin, id: ImportId, age: Age) -> Result<()> {
    let row = get(store.write(), admin, id).await?;
    check(store, &row, age)?;
    if state(&row)? == ImportState::Undoing {
        return Ok(());
    }
    let transaction = store.begin().await?;
    lock_organization(&transaction, OrganizationId(row.organization_id)).await?;
    let ended = [
        ImportState::Running,
        ImportState::Finished,
        ImportState::Stopped,
    ]
    .map(ImportState::as_str);
    // Of two requests one gets past this line; it also takes SQLite's write lock.
    let gate = admin
        .own_update::<import::Entity>()
        .col_expr(
            import::Column::State,
            Expr::value(ImportState::Undoing.as_str()),
        )
        .col_expr(import::Column::UndoPhase, Expr::value(0))
        .col_expr(import::Column::UndoCursor, Expr::value(0_i64))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::State.is_in(ended))
        .exec(&transaction)
        .await?;
    if gate.rows_affected == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    if let Some(connection) = row.connection_id {
        // The next run would bring back the contacts that are being removed.
        let id = ConnectionId(connection);
        halt(&transaction, id, ConnectionState::Paused).await?;
        forget_refused(&transaction, connection, row.id).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Undoes the next page of an import, and ends the undo after the last page.
async fn step(store: &Store, admin: &Admin, id: ImportId) -> Result<UndoProgress> {
    let _turn = store.long_writes.turn().await;
    let transaction = store.begin().await?;
    let row = get(&transaction, admin, id).await?;
    lock_organization(&transaction, OrganizationId(row.organization_id)).await?;
    // Changes of other requests are visible once the lock is held.
    let row = match transaction.get_database_backend() {
        sea_orm::DbBackend::Postgres => get(&transaction, admin, id).await?,
        _ => row,
    };
    let Some(phase) = Phase::of(&row).filter(|_| row.state == ImportState::Undoing.as_str()) else {
        transaction.rollback().await?;
        return undo_progress(&row, true);
    };
    let page = Page::load(&transaction, &row, phase, ContactScope::All).await?;
    let done = page.done();
    let next = page.next();
    let last = page.last();
    let passed = row.undo_passed.unwrap_or(0).saturating_add(page.passed());
    page.write(&transaction, &store.vault).await?;
    let mut ledger = undo_ledger(&row)?;
    add(&mut ledger, done);
    write_progress(&transaction, id, ledger, next.unwrap_or(last), passed).await?;
    if next.is_none() {
        finish(&transaction, admin, &row).await?;
    }
    transaction.commit().await?;
    let row = get(store.write(), admin, id).await?;
    undo_progress(&row, next.is_none())
}

/// Ends an undo, and removes the lists of the import that nobody uses.
async fn finish(
    transaction: &DatabaseTransaction,
    admin: &Admin,
    row: &import::Model,
) -> Result<()> {
    import::Entity::update_many()
        .col_expr(
            import::Column::State,
            Expr::value(ImportState::Undone.as_str()),
        )
        .filter(import::Column::Id.eq(row.id))
        .exec(transaction)
        .await?;
    for list in lists_of(transaction, row.id).await? {
        remove_list(transaction, row, list).await?;
    }
    audit::record(
        transaction,
        admin,
        AuditAction::ImportUndone,
        &row.file_name,
    )
    .await
}

/// Removes a list that an undone import created, when no other import uses it and it has no
/// members.
async fn remove_list(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    id: i64,
) -> Result<()> {
    let uses: Vec<(import_list::Model, Option<import::Model>)> = {
        let uses = import_list::Entity::find()
            .filter(import_list::Column::ListId.eq(id))
            .all(transaction)
            .await?;
        let mut found = Vec::with_capacity(uses.len());
        for used in uses {
            let import = import::Entity::find_by_id(used.import_id)
                .one(transaction)
                .await?;
            found.push((used, import));
        }
        found
    };
    let stands = |import: &Option<import::Model>| {
        import
            .as_ref()
            .is_some_and(|import| import.state != ImportState::Undone.as_str())
    };
    let was_made = uses
        .iter()
        .any(|(used, import)| used.made && !stands(import));
    let is_used = uses.iter().any(|(_, import)| stands(import));
    let members = list_member::Entity::find()
        .filter(list_member::Column::ListId.eq(id))
        .count(transaction)
        .await?;
    if was_made && !is_used && members == 0 {
        OrganizationId(row.organization_id)
            .own_delete::<list::Entity>()
            .filter(list::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

fn add(ledger: &mut UndoLedger, done: PageCounts) {
    ledger.removed += done.removed;
    ledger.restored += done.restored;
    ledger.spared += done.spared;
    let SparedWhy {
        relied_on,
        changed_since,
        confirmed,
        key_taken,
        refused_since,
    } = done.why;
    ledger.why.relied_on += relied_on;
    ledger.why.changed_since += changed_since;
    ledger.why.confirmed += confirmed;
    ledger.why.key_taken += key_taken;
    ledger.why.refused_since += refused_since;
}

/// Stores how far an undo has come.
async fn write_progress(
    transaction: &DatabaseTransaction,
    id: ImportId,
    ledger: UndoLedger,
    phase: Phase,
    passed: i32,
) -> Result<()> {
    let count = |value: u32| Expr::value(i32::try_from(value).unwrap_or(i32::MAX));
    let (number, cursor) = phase.stored();
    import::Entity::update_many()
        .col_expr(import::Column::UndoRemoved, count(ledger.removed))
        .col_expr(import::Column::UndoRestored, count(ledger.restored))
        .col_expr(import::Column::UndoSpared, count(ledger.spared))
        .col_expr(
            import::Column::UndoSparedWhy,
            Expr::value(serde_json::to_value(ledger.why)?),
        )
        .col_expr(import::Column::UndoPhase, Expr::value(number))
        .col_expr(import::Column::UndoCursor, Expr::value(cursor))
        .col_expr(import::Column::UndoPassed, Expr::value(passed))
        .filter(import::Column::Id.eq(id.0))
        .exec(transaction)
        .await?;
    Ok(())
}
