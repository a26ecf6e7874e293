//! The later records of a person whose first record was rejected. They wait with the first record,
//! and are applied when it is decided or corrected.

use std::collections::{HashMap, HashSet};

use alta_domain::{BuiltInField, FieldTarget, Key, KeyKind};
use alta_intake::{Checker, Incoming, Verdict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::merged::MergedRecord;
use super::nobodys::nobodys_among;
use super::row::count;
use crate::entity::{import, import_reject};
use crate::error::Result;

/// The most rejects that one statement names.
const REJECTS: usize = 10_000;

/// A reject of an import, checked again under the import's plan.
pub(crate) struct CheckedReject {
    pub(super) row: import_reject::Model,
    pub(super) cells: Vec<String>,
    /// The values to import; `None` when the plan rejects the record.
    pub(super) incoming: Option<Incoming>,
}

impl CheckedReject {
    pub(crate) fn read(checker: &Checker, row: import_reject::Model) -> Result<Self> {
        let cells: Vec<String> = serde_json::from_value(row.cells.clone())?;
        let wanted: Vec<&str> = checker
            .targets()
            .map(|(index, _)| cells.get(index as usize).map_or("", String::as_str))
            .collect();
        // The record's number is that of the import's own file.
        let verdict = checker.row(count(row.record)?, &wanted);
        let is_ready = verdict.verdict == Verdict::Ready;
        let incoming = is_ready.then(|| Incoming::of(checker, &verdict));
        Ok(Self {
            row,
            cells,
            incoming,
        })
    }

    /// Returns the record as one that was merged into a contact, in reading 0, because rejects have
    /// the record numbers of the import's own file.
    pub(super) fn merged_into(&self, contact: i64) -> Result<MergedRecord> {
        Ok(MergedRecord {
            reading: 0,
            record: count(self.row.record)?,
            line: count(self.row.line)?,
            contact,
        })
    }

    /// Removes keys from the values that the record gives.
    pub(super) fn remove_keys(&mut self, keys: &HashSet<Key>) {
        let Some(incoming) = &mut self.incoming else {
            return;
        };
        let has = |kind, value: &str| keys.contains(&Key::new(kind, value));
        incoming.phones.retain(|phone| !has(KeyKind::Phone, phone));
        incoming.emails.retain(|email| !has(KeyKind::Email, email));
        if incoming.cpf.take_if(|cpf| has(KeyKind::Cpf, cpf)).is_some() {
            let tax_id = FieldTarget::BuiltIn(BuiltInField::TaxId);
            incoming.values.retain(|(target, _)| *target != tax_id);
        }
    }

    /// Returns the keys of the record.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.incoming
            .as_ref()
            .map(Incoming::keys)
            .unwrap_or_default()
    }
}

/// Removes from these rejects, in memory, the keys that the import has found to be nobody's.
pub(super) async fn without_nobodys(
    connection: &impl ConnectionTrait,
    import: &import::Model,
    rejects: &mut [CheckedReject],
) -> Result<()> {
    let keys = rejects.iter().flat_map(CheckedReject::keys);
    let nobodys = nobodys_among(connection, import.id, keys).await?;
    for reject in rejects.iter_mut().filter(|_| !nobodys.is_empty()) {
        reject.remove_keys(&nobodys);
    }
    Ok(())
}

/// Reads the records that wait with these rejects, in the file's order, by the number of the
/// reject. Keys that are nobody's are removed from them.
pub(super) async fn waiting(
    connection: &impl ConnectionTrait,
    checker: &Checker,
    import: &import::Model,
    rejects: impl Iterator<Item = i32>,
) -> Result<HashMap<i32, Vec<CheckedReject>>> {
    let rejects: Vec<i32> = rejects.collect();
    let mut found: HashMap<i32, Vec<CheckedReject>> = HashMap::new();
    for rejects in rejects.chunks(REJECTS) {
        let rows = import_reject::Entity::find()
            .filter(import_reject::Column::ImportId.eq(import.id))
            .filter(import_reject::Column::Joins.is_in(rejects.iter().copied()))
            .order_by_asc(import_reject::Column::Record)
            .all(connection)
            .await?;
        let rows = rows
            .into_iter()
            .map(|row| CheckedReject::read(checker, row));
        let mut waiting: Vec<CheckedReject> = rows.collect::<Result<_>>()?;
        without_nobodys(connection, import, &mut waiting).await?;
        for reject in waiting {
            if let Some(first) = reject.row.joins {
                found.entry(first).or_default().push(reject);
            }
        }
    }
    Ok(found)
}
