//! Erases contacts for good: by an Admin, because a person demands it, or when a contact has been
//! in the bin for the days of the settings.
//!
//! An erasure deletes the contact and everything by which the person could be recognized: history,
//! answers, lists, the records of connected systems, rejected records, decisions about single cells
//! of a file, and the name in the audit log. What stays: the numbers of the imports, the sales of
//! systems without their buyer, an entry of the audit log with the contact's number, the keys that
//! an import has found to be nobody's, and a keyed hash of each phone and e-mail address with the
//! channels that the person has refused.

use std::collections::BTreeSet;

use alta_domain::{AuditAction, ContactId, ErasureReport, ErrorCode, OrganizationId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::rejects::{FoundReject, erase_rejects, find_rejects};
use super::rows::People;
use super::scrubbed::{FoundValues, erase_values, find_values};
use super::systems::{UnlinkedRecords, erase_of_systems, find_unlinked};
use super::traces::Traces;
use crate::access::{Admin, Own};
use crate::contacts::erased_before;
use crate::db::lock_organization;
use crate::entity::contact;
use crate::error::Result;
use crate::{Store, audit, now};

/// The most contacts that are erased in one transaction: few, so that other writers wait only a
/// moment.
const SLICE: u64 = 200;

/// Erases a contact for good.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such contact.
pub async fn erase(store: &Store, admin: &Admin, id: ContactId) -> Result<ErasureReport> {
    let found = Found::read(store, admin.organization, &[id.0]).await?;
    let _turn = store.long_writes.turn().await;
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    let people = People::read(&transaction, admin.organization, &[id.0]).await?;
    if people.rows.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    let report = found.erase(store, &transaction, &people).await?;
    let subject = format!("#{id}");
    audit::record(&transaction, admin, AuditAction::ContactErased, &subject).await?;
    transaction.commit().await?;
    clean_log(store).await;
    Ok(report)
}

/// Erases the contacts of all organizations that have been in the bin for the days of the settings.
/// Returns their number. What fails for one organization does not stop the others.
///
/// # Errors
/// When the database fails.
pub async fn forget_bin(store: &Store) -> Result<u64> {
    let Some(before) = erased_before(store, now()).await? else {
        return Ok(0);
    };
    let due: Vec<i64> = contact::Entity::find()
        .select_only()
        .column(contact::Column::OrganizationId)
        .distinct()
        .filter(contact::Column::DeletedAt.lte(before))
        .into_tuple()
        .all(store.read())
        .await?;
    let mut erased = 0;
    for organization in due {
        let organization = OrganizationId(organization);
        match forget_bin_of(store, organization, before).await {
            Ok(count) => erased += count,
            Err(error) => {
                tracing::error!(%error, organization = organization.0, "the bin is not emptied");
            }
        }
    }
    clean_log(store).await;
    Ok(erased)
}

/// Erases the contacts of an organization that are in the bin since `before` (milliseconds since
/// 1970) or longer. Those that leave the bin meanwhile stay. Returns their number.
async fn forget_bin_of(store: &Store, organization: OrganizationId, before: i64) -> Result<u64> {
    let mut erased = 0;
    loop {
        let ids: Vec<i64> = organization
            .own::<contact::Entity>()
            .select_only()
            .column(contact::Column::Id)
            .filter(contact::Column::DeletedAt.lte(before))
            .order_by_asc(contact::Column::Id)
            .limit(SLICE)
            .into_tuple()
            .all(store.read())
            .await?;
        if ids.is_empty() {
            return Ok(erased);
        }
        let found = Found::read(store, organization, &ids).await?;
        let _turn = store.long_writes.turn().await;
        let transaction = store.begin().await?;
        lock_organization(&transaction, organization).await?;
        let mut people = People::read(&transaction, organization, &ids).await?;
        let is_due = |row: &contact::Model| row.deleted_at.is_some_and(|at| at <= before);
        people.rows.retain(is_due);
        if people.rows.len() < ids.len() {
            // Somebody has left the bin since: what was found may be theirs.
            transaction.rollback().await?;
            continue;
        }
        found.erase(store, &transaction, &people).await?;
        for id in people.ids() {
            let action = AuditAction::ContactErased;
            audit::record_automatic(&transaction, organization, action, &format!("#{id}")).await?;
        }
        transaction.commit().await?;
        erased += u64::try_from(people.rows.len()).unwrap_or(0);
    }
}

/// What stands of contacts in other places than their own rows.
struct Found {
    traces: Traces,
    rejects: Vec<FoundReject>,
    values: FoundValues,
    unlinked: UnlinkedRecords,
}

impl Found {
    /// Looks for contacts in other places. This takes long where there are many rejected records or
    /// sales, and only reads: no other writer waits for it.
    async fn read(store: &Store, organization: OrganizationId, ids: &[i64]) -> Result<Self> {
        let db = store.read();
        let people = People::read(db, organization, ids).await?;
        let traces = people.traces(db).await?;
        Ok(Self {
            rejects: find_rejects(db, organization, &traces).await?,
            values: find_values(db, organization, ids, &traces).await?,
            unlinked: find_unlinked(db, organization, &traces).await?,
            traces,
        })
    }

    /// Erases the contacts, and what was found of them. `people` are read anew, because somebody
    /// may have changed them since.
    async fn erase(
        self,
        store: &Store,
        transaction: &DatabaseTransaction,
        people: &People,
    ) -> Result<ErasureReport> {
        let mut traces = self.traces;
        traces.join(people.traces(transaction).await?);
        let organization = people.organization;
        let ids = people.ids();
        let refusals = people.keep_refusals(transaction, &store.vault).await?;
        let transactions =
            erase_of_systems(transaction, organization, &ids, &self.unlinked).await?;
        let rejects = erase_rejects(transaction, &self.rejects).await?;
        erase_values(transaction, organization, &self.values, &traces).await?;
        people.delete(transaction).await?;
        Ok(ErasureReport {
            refusals: BTreeSet::from_iter(refusals).into_iter().collect(),
            transactions,
            rejects,
        })
    }
}

/// Makes SQLite copy its write-ahead log into the database and empty it: the log still has the rows
/// as they were. The database itself overwrites what is deleted (`secure_delete`). While somebody
/// reads for long, the log stays; the next call tries again.
async fn clean_log(store: &Store) {
    if store.write().get_database_backend() != DbBackend::Sqlite {
        return;
    }
    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
    let statement = sea_orm::Statement::from_string(DbBackend::Sqlite, sql);
    let row = store.write().query_one_raw(statement).await;
    let busy = row.map(|row| row.and_then(|row| row.try_get::<i32>("", "busy").ok()));
    match busy {
        Ok(None | Some(0)) => {}
        Ok(Some(_)) => tracing::info!("the write-ahead log is read, and is emptied later"),
        Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied"),
    }
}
