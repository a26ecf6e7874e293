//! The records an import could not take, with their reasons.

use alta_domain::{ImportId, ImportPlan, ProblemCode};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::get;
use crate::Store;
use crate::access::Admin;
use crate::entity::import_reject;
use crate::error::{Result, StoreError};

/// One record that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Its number in the file.
    pub record: u32,
    /// The physical line where it starts.
    pub line: u32,
    /// Why.
    pub code: ProblemCode,
    /// Its cells, in the file's columns.
    pub cells: Vec<String>,
}

/// The plan of an import, and up to `most` of its rejects behind a record, in the file's order.
///
/// # Errors
/// `NotFound` when the organization has no such import.
pub async fn rejects(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    behind: u32,
    most: u64,
) -> Result<(ImportPlan, Vec<Reject>)> {
    let import = get(store.read(), admin, id).await?;
    let rows = import_reject::Entity::find()
        .filter(import_reject::Column::ImportId.eq(import.id))
        .filter(import_reject::Column::Record.gt(i32::try_from(behind).unwrap_or(i32::MAX)))
        .order_by_asc(import_reject::Column::Record)
        .limit(most)
        .all(store.read())
        .await?;
    let read = |row: import_reject::Model| {
        Ok(Reject {
            record: u32::try_from(row.record).unwrap_or(0),
            line: u32::try_from(row.line).unwrap_or(0),
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
