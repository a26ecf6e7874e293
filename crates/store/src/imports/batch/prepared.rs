//! The records of a batch after the check by the import engine, before they are written.

use alta_domain::{
    Batch, ErrorCode, FieldPolicy, FieldTarget, ImportId, ImportPlan, Key, KeyRole, ProblemCode,
    RowIdentity, RowInput,
};
use alta_intake::{Checker, Incoming, Verdict, person_household, person_keys};
use sea_orm::DatabaseTransaction;

use super::dropped::DroppedRecords;
use crate::error::Result;
use crate::imports::nobodys::{nobodys_among, write_nobodys};

/// A batch whose rows the import engine has checked.
pub struct Prepared {
    pub(super) rows: Vec<CheckedRow>,
    /// The records of the batch that the Admin leaves out of the import.
    pub(super) dropped: DroppedRecords,
    /// The number of records in the file before those of the batch.
    pub(super) records_before: u32,
}

/// A row that the import engine has checked.
pub(super) struct CheckedRow {
    pub(super) row: RowInput,
    /// The values of the record and its answers about permission, or the reason for which it is
    /// rejected.
    pub(super) incoming: std::result::Result<Incoming, ProblemCode>,
    /// The record as its system sent it before; `None` for a new record and for a record of a file.
    pub(super) known: Option<KnownRecord>,
}

/// A record that its system has sent before.
pub(crate) struct KnownRecord {
    /// The contact that the record was written to; `None` when the record was refused.
    pub(crate) contact: Option<i64>,
    /// The policies under which the record's fields are written to `contact`. A field without one
    /// keeps its value.
    pub(crate) policies: Vec<(FieldTarget, FieldPolicy)>,
    /// True when the record was refused before with the same cells. The import does not list it as
    /// a reject again.
    pub(crate) is_refused: bool,
}

impl KnownRecord {
    /// Returns true when the system has changed the record since it sent it before.
    pub(super) fn has_changed(&self) -> bool {
        let mut policies = self.policies.iter();
        policies.any(|(_, policy)| *policy != FieldPolicy::Keep)
    }

    pub(super) fn policy_of(&self, target: FieldTarget) -> FieldPolicy {
        self.policies
            .iter()
            .find(|(known, _)| *known == target)
            .map_or(FieldPolicy::Keep, |(_, policy)| *policy)
    }
}

/// Checks every row of a batch by the import engine. Needs no database.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when a row has another number of cells than the plan has columns with a
/// target, when the rows, or the lines of the records that are left out, are not in the file's
/// order, or when a row names itself or a later row as the first record of its person.
pub fn prepare(plan: &ImportPlan, batch: Batch) -> Result<Prepared> {
    let checker = Checker::new(&plan.mapping);
    let width = checker.targets().count();
    let mut rows = Vec::with_capacity(batch.rows.len());
    let mut last = 0;
    for row in batch.rows {
        if row.cells.len() != width || row.record <= last || row.same_as >= Some(row.record) {
            return Err(ErrorCode::BadBatch.into());
        }
        last = row.record;
        let verdict = checker.row(row.record, &row.cells);
        let incoming = match verdict.verdict {
            Verdict::Ready => Ok(Incoming::of(&checker, &verdict)),
            Verdict::Rejected(code) => Err(code),
        };
        rows.push(CheckedRow {
            row,
            incoming,
            known: None,
        });
    }
    let is_rising = batch.dropped.is_sorted_by(|one, other| one < other);
    if !is_rising
        || batch
            .dropped
            .last()
            .is_some_and(|line| i32::try_from(*line).is_err())
    {
        return Err(ErrorCode::BadBatch.into());
    }
    Ok(Prepared {
        rows,
        dropped: DroppedRecords::new(batch.dropped),
        records_before: batch.records_before,
    })
}

impl Prepared {
    /// Marks in the rows of a correction the keys that the import's file has found to be nobody's,
    /// so that no contact gets them.
    pub(super) async fn keep_nobodys(
        &mut self,
        transaction: &DatabaseTransaction,
        import: ImportId,
    ) -> Result<()> {
        let keys = self.rows.iter().flat_map(keys);
        let nobodys = nobodys_among(transaction, import.0, keys).await?;
        if nobodys.is_empty() {
            return Ok(());
        }
        for CheckedRow { row, incoming, .. } in &mut self.rows {
            let Ok(incoming) = incoming else { continue };
            let own = incoming.keys().into_iter();
            let own: Vec<Key> = own.filter(|key| nobodys.contains(key)).collect();
            let identity = row.identity.get_or_insert_default();
            identity.roles.retain(|(key, _)| !nobodys.contains(key));
            let role = |key| (key, KeyRole::Nobodys);
            identity.roles.extend(own.into_iter().map(role));
            if let Some(later) = &mut identity.later {
                later.keys.retain(|key| !nobodys.contains(key));
            }
        }
        Ok(())
    }

    /// Writes the keys of an import's file that belong to nobody: those to which the sender gives
    /// that role.
    pub(super) async fn write_nobodys(
        &self,
        transaction: &DatabaseTransaction,
        import: ImportId,
    ) -> Result<()> {
        let identities = self
            .rows
            .iter()
            .filter_map(|row| row.row.identity.as_deref());
        write_nobodys(transaction, import.0, identities).await
    }

    /// Adds to each row what `known` returns for it: the record as its system sent it before.
    ///
    /// # Errors
    /// The errors of `known`.
    pub(crate) fn with_known(
        mut self,
        known: impl Fn(&RowInput) -> Result<Option<KnownRecord>>,
    ) -> Result<Self> {
        for checked in &mut self.rows {
            checked.known = known(&checked.row)?;
        }
        Ok(self)
    }
}

/// Returns the keys by which the contacts of a row are found.
pub(super) fn keys(row: &CheckedRow) -> Vec<Key> {
    let Ok(incoming) = &row.incoming else {
        return Vec::new();
    };
    let mut keys = incoming.keys();
    let later = row.row.identity.as_deref().and_then(later);
    keys.extend(later.into_iter().flatten());
    keys.extend(incoming.household());
    let identity = row.row.identity.as_deref();
    if identity.is_some_and(|identity| identity.later.is_some()) {
        let (_, name, _) = person_keys(incoming, identity);
        keys.extend(person_household(incoming, identity, &name));
    }
    keys
}

/// Returns the keys that the sender announces for later records of the person; `None` when no later
/// records come.
pub(super) fn later(identity: &RowIdentity) -> Option<Vec<Key>> {
    Some(identity.later.as_ref()?.keys.clone())
}
