//! The rejects of an import: the records that were not imported, with their reasons.

use alta_domain::{ImportId, ImportPlan, ProblemCode};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::row::{count, counts_as_reject, get};
use crate::Store;
use crate::access::Admin;
use crate::entity::import_reject;
use crate::error::{Result, StoreError};

/// A record that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The record's number in the file, counted from 1.
    pub record: u32,
    /// The physical line on which the record starts, counted from 1.
    pub line: u32,
    /// The reason.
    pub code: ProblemCode,
    /// The record's cells, one for each column of the file.
    pub cells: Vec<String>,
}

/// Reads the plan of an import, and its rejects in the file's order: at most `most`, beginning with
/// the first one whose record has a number above `after`.
///
/// # Errors
/// [`NotFound`](alta_domain::ErrorCode::NotFound) when the organization has no such import.
pub async fn rejects(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    after: u32,
    most: u64,
) -> Result<(ImportPlan, Vec<Reject>)> {
    let import = get(store.read(), admin, id).await?;
    let rows = import_reject::Entity::find()
        .filter(import_reject::Column::ImportId.eq(import.id))
        .filter(counts_as_reject())
        .filter(import_reject::Column::Record.gt(i32::try_from(after).unwrap_or(i32::MAX)))
        .order_by_asc(import_reject::Column::Record)
        .limit(most)
        .all(store.read())
        .await?;
    let read = |row: import_reject::Model| {
        Ok(Reject {
            record: count(row.record)?,
            line: count(row.line)?,
            code: ProblemCode::parse(&row.code)
                .ok_or_else(|| StoreError::Broken(format!("problem code {}", row.code)))?,
            cells: serde_json::from_value(row.cells)?,
        })
    };
    Ok((
        serde_json::from_value(import.plan)?,
        rows.into_iter().map(read).collect::<Result<_>>()?,
    ))
}
