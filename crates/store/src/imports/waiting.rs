//! The later records of a person whose first record was rejected: they wait with that one, and are
//! applied when it is decided or corrected.

use std::collections::HashMap;

use alta_domain::Key;
use alta_intake::{Checker, Incoming, Verdict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::merged::MergedRecord;
use super::row::count;
use crate::entity::{import, import_reject};
use crate::error::Result;

/// Rejects that one statement names.
const REJECTS: usize = 10_000;

/// A reject of an import, checked again under the import's plan.
pub(super) struct CheckedReject {
    pub(super) row: import_reject::Model,
    pub(super) cells: Vec<String>,
    /// The values to import; none when the plan rejects the record.
    pub(super) incoming: Option<Incoming>,
}

impl CheckedReject {
    pub(super) fn read(checker: &Checker, row: import_reject::Model) -> Result<Self> {
        let cells: Vec<String> = serde_json::from_value(row.cells.clone())?;
        let wanted: Vec<&str> = checker
            .targets()
            .map(|(index, _)| cells.get(index as usize).map_or("", String::as_str))
            .collect();
        let verdict = checker.row(&wanted);
        let is_ready = verdict.verdict == Verdict::Ready;
        let incoming = is_ready.then(|| Incoming::of(checker, &verdict));
        Ok(Self {
            row,
            cells,
            incoming,
        })
    }

    /// The record as one that joined a contact. The numbers of rejects are those of the import's
    /// own file.
    pub(super) fn merged_into(&self, contact: i64) -> Result<MergedRecord> {
        Ok(MergedRecord {
            reading: 0,
            record: count(self.row.record)?,
            line: count(self.row.line)?,
            contact,
        })
    }

    /// The keys of the record.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.incoming
            .as_ref()
            .map(Incoming::keys)
            .unwrap_or_default()
    }
}

/// The records that wait with these rejects, in the file's order, by the record of the reject.
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
        for row in rows {
            if let Some(first) = row.joins {
                let reject = CheckedReject::read(checker, row)?;
                found.entry(first).or_default().push(reject);
            }
        }
    }
    Ok(found)
}
