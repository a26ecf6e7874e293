//! The rejected records of imports that are about people.

use std::collections::{HashMap, HashSet};

use alta_domain::{ImportPlan, Key, OrganizationId, ProblemCode};
use alta_intake::Checker;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::traces::Traces;
use crate::access::Own;
use crate::contacts::bulk::ROWS;
use crate::contacts::keys::{owners, stored};
use crate::entity::{import, import_nobody, import_reject, source_contact};
use crate::error::Result;
use crate::imports::CheckedReject;

/// The rejected records that are read at a time.
const PAGE: u64 = 2000;

/// A rejected record that is about people.
#[derive(Clone, Debug)]
pub(super) struct FoundReject {
    pub(super) import: i64,
    pub(super) record: i32,
    pub(super) cells: Vec<String>,
    /// The cells without the values of the people, for a record that has a key of another contact
    /// too and is kept for an Admin to decide about. `None` for a record that is deleted.
    rest: Option<Vec<String>>,
}

/// Finds the rejected records of an organization's imports that are about people.
pub(super) async fn find_rejects(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    traces: &Traces,
) -> Result<Vec<FoundReject>> {
    let imports = organization
        .own::<import::Entity>()
        .filter(import::Column::Rejected.gt(0))
        .all(db)
        .await?;
    let mut found = Vec::new();
    for import in imports {
        let plan: ImportPlan = serde_json::from_value(import.plan)?;
        let checker = Checker::new(&plan.mapping);
        let nobodys = nobodys(db, import.id).await?;
        let mut after = i32::MIN;
        loop {
            let page = import_reject::Entity::find()
                .filter(import_reject::Column::ImportId.eq(import.id))
                .filter(import_reject::Column::Record.gt(after))
                .order_by_asc(import_reject::Column::Record)
                .limit(PAGE)
                .all(db)
                .await?;
            let Some(last) = page.last() else { break };
            after = last.record;
            let mut rejects = Vec::with_capacity(page.len());
            for row in page {
                rejects.push(Reject::read(&checker, row)?);
            }
            let conflicts = rejects.iter().filter(|reject| reject.is_conflict);
            let keys = conflicts.flat_map(|reject| reject.keys.iter().map(stored));
            let owners = owners(db, organization, keys.collect()).await?;
            let judged = rejects.into_iter();
            found.extend(judged.filter_map(|reject| reject.judge(traces, &nobodys, &owners)));
        }
    }
    Ok(found)
}

/// Reads the stored keys that an import has found to be nobody's.
async fn nobodys(db: &impl ConnectionTrait, import: i64) -> Result<HashSet<String>> {
    let keys: Vec<String> = import_nobody::Entity::find()
        .select_only()
        .column(import_nobody::Column::Key)
        .filter(import_nobody::Column::ImportId.eq(import))
        .into_tuple()
        .all(db)
        .await?;
    Ok(keys.into_iter().collect())
}

/// A rejected record with its keys.
struct Reject {
    import: i64,
    record: i32,
    is_conflict: bool,
    cells: Vec<String>,
    keys: Vec<Key>,
}

impl Reject {
    fn read(checker: &Checker, row: import_reject::Model) -> Result<Self> {
        Ok(Self {
            import: row.import_id,
            record: row.record,
            is_conflict: row.code == ProblemCode::Conflict.as_str(),
            cells: serde_json::from_value(row.cells.clone())?,
            keys: CheckedReject::read(checker, row)?.keys(),
        })
    }

    /// Decides whether the record is about the people; `None` when it is not. `owners` are the
    /// contacts of the stored keys of conflicts.
    fn judge(
        self,
        traces: &Traces,
        nobodys: &HashSet<String>,
        owners: &HashMap<String, i64>,
    ) -> Option<FoundReject> {
        let is_theirs = |key: &Key| traces.has(key) && !nobodys.contains(&stored(key));
        if !self.keys.iter().any(is_theirs) && !traces.is_in_record(&self.cells, nobodys) {
            return None;
        }
        // A key of the people never belongs to another contact.
        let is_of_another = |key: &Key| owners.contains_key(&stored(key)) && !traces.has(key);
        let is_shared = self.is_conflict && self.keys.iter().any(is_of_another);
        Some(FoundReject {
            import: self.import,
            record: self.record,
            rest: is_shared.then(|| traces.without(&self.cells)),
            cells: self.cells,
        })
    }
}

/// Deletes rejected records, with the records that wait with them, and what systems have sent of
/// them. From records that an Admin has yet to decide about it removes the people's values. The
/// ledgers of the imports stay. Returns the number of deleted records.
pub(super) async fn erase_rejects(
    transaction: &DatabaseTransaction,
    rejects: &[FoundReject],
) -> Result<u64> {
    for reject in rejects {
        let Some(rest) = &reject.rest else { continue };
        import_reject::Entity::update_many()
            .col_expr(
                import_reject::Column::Cells,
                Expr::value(serde_json::to_value(rest)?),
            )
            .filter(import_reject::Column::ImportId.eq(reject.import))
            .filter(import_reject::Column::Record.eq(reject.record))
            .exec(transaction)
            .await?;
    }
    let mut deleted = 0;
    let whole: Vec<&FoundReject> = rejects
        .iter()
        .filter(|reject| reject.rest.is_none())
        .collect();
    for of_import in whole.chunk_by(|one, other| one.import == other.import) {
        for rows in of_import.chunks(ROWS) {
            let import = rows[0].import;
            let records: Vec<i32> = rows.iter().map(|reject| reject.record).collect();
            let is_one = Condition::any()
                .add(import_reject::Column::Record.is_in(records.clone()))
                .add(import_reject::Column::Joins.is_in(records.clone()));
            let done = import_reject::Entity::delete_many()
                .filter(import_reject::Column::ImportId.eq(import))
                .filter(is_one)
                .exec(transaction)
                .await?;
            deleted += done.rows_affected;
            source_contact::Entity::delete_many()
                .filter(source_contact::Column::RefusedImportId.eq(import))
                .filter(source_contact::Column::RefusedRecord.is_in(records))
                .filter(source_contact::Column::ContactId.is_null())
                .exec(transaction)
                .await?;
        }
    }
    Ok(deleted)
}
