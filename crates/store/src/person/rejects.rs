//! The rejected records of imports that are about people.

use std::collections::HashSet;

use alta_domain::{ImportPlan, OrganizationId, ProblemCode};
use alta_intake::Checker;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::traces::Traces;
use crate::access::Own;
use crate::entity::{import, import_nobody, import_reject, source_contact};
use crate::error::Result;
use crate::imports::CheckedReject;

/// The rejected records that are read at a time.
const PAGE: u64 = 2000;
/// The most records of one statement.
const ROWS: usize = 1000;

/// A rejected record that is about people.
#[derive(Clone, Debug)]
pub(super) struct FoundReject {
    pub(super) import: i64,
    pub(super) record: i32,
    pub(super) cells: Vec<String>,
    /// The cells without the keys of the people, when the record has keys of somebody else too: an
    /// Admin has yet to decide whose it is. `None` for a record that goes whole.
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
            for row in page {
                found.extend(judge(&checker, row, traces, &nobodys)?);
            }
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

/// Decides whether a rejected record is about the people; `None` when it is not.
fn judge(
    checker: &Checker,
    row: import_reject::Model,
    traces: &Traces,
    nobodys: &HashSet<String>,
) -> Result<Option<FoundReject>> {
    let cells: Vec<String> = serde_json::from_value(row.cells.clone())?;
    let (import, record, code) = (row.import_id, row.record, row.code.clone());
    let keys = CheckedReject::read(checker, row)?.keys();
    let is_theirs = |key: &alta_domain::Key| {
        traces.has(key) && !nobodys.contains(&crate::contacts::keys::stored(key))
    };
    if !keys.iter().any(is_theirs) && !traces.is_in_record(&cells, nobodys) {
        return Ok(None);
    }
    let is_shared =
        code == ProblemCode::Conflict.as_str() && keys.iter().any(|key| !traces.has(key));
    let without = |cell: &String| {
        let none = HashSet::new();
        if traces.has_key(cell, &none) {
            String::new()
        } else {
            cell.clone()
        }
    };
    Ok(Some(FoundReject {
        import,
        record,
        rest: is_shared.then(|| cells.iter().map(without).collect()),
        cells,
    }))
}

/// Deletes rejected records, with the records that wait with them, and what systems have sent of
/// them. Of records that an Admin has yet to decide removes the people's keys. The ledgers of the
/// imports stay. Returns the number of records.
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
            import_reject::Entity::delete_many()
                .filter(import_reject::Column::ImportId.eq(import))
                .filter(is_one)
                .exec(transaction)
                .await?;
            source_contact::Entity::delete_many()
                .filter(source_contact::Column::RefusedImportId.eq(import))
                .filter(source_contact::Column::RefusedRecord.is_in(records))
                .filter(source_contact::Column::ContactId.is_null())
                .exec(transaction)
                .await?;
        }
    }
    Ok(u64::try_from(rejects.len()).unwrap_or(0))
}
