//! Contacts that come from a system: the same engine, the same ledger and the same way back as those of a file.

use std::collections::HashMap;

use alta_domain::{
    Batch, ColumnPlan, ContactShape, ErrorCode, ExistingPolicy, FieldTarget, FileShape, ImportPlan, ListTarget, Mapping, RowInput,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::batch::{Known, apply_within, prepare};
use super::new_row;
use crate::entity::{import, source_contact};
use crate::error::Result;
use crate::systems::Lease;
use crate::{now, parts};

/// Rows of one statement.
const ROWS: usize = 1000;
/// A year in milliseconds, as near as two-digit years need it.
const YEAR: i64 = 31_556_952_000;

/// A contact as its system sent it.
pub(crate) struct Row {
    pub(crate) external_id: String,
    pub(crate) cells: Vec<String>,
    pub(crate) raw: String,
}

/// The plan of a system's contacts. What is there from elsewhere stays; what it lacks is filled in.
fn plan(lease: &Lease, shape: &ContactShape) -> ImportPlan {
    let column = |(field, index): (&alta_domain::BuiltInField, u32)| ColumnPlan {
        index,
        header: field.as_str().to_owned(),
        target: Some(FieldTarget::BuiltIn(*field)),
        date_order: None,
    };
    let mapping = Mapping {
        shape: FileShape::default(),
        country: shape.country.unwrap_or(lease.country),
        year: u16::try_from(1970 + now() / YEAR).unwrap_or(u16::MAX),
        columns: shape.fields.iter().zip(0..).map(column).collect(),
        fixes: Vec::new(),
        correction: None,
    };
    ImportPlan::new(mapping, ListTarget::None, ExistingPolicy::Fill)
}

/// Begins the import of a run.
pub(crate) async fn begin(transaction: &DatabaseTransaction, lease: &Lease, shape: &ContactShape) -> Result<i64> {
    let row = import::ActiveModel {
        connection_id: Set(Some(lease.connection.0)),
        ..new_row((lease.organization, lease.user), &plan(lease, shape), &lease.account)?
    };
    Ok(import::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

/// Closes it.
pub(crate) async fn finish(connection: &impl ConnectionTrait, id: i64) -> Result<()> {
    import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value("finished"))
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(import::Column::Id.eq(id))
        .filter(import::Column::State.eq("running"))
        .exec(connection)
        .await?;
    Ok(())
}

/// Takes a page of contacts in; none is in it twice.
pub(crate) async fn take(transaction: &DatabaseTransaction, lease: &Lease, import: i64, rows: Vec<Row>) -> Result<()> {
    let import = import::Entity::find_by_id(import).one(transaction).await?.ok_or(ErrorCode::NotFound)?;
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let before = before(transaction, lease, &rows).await?;
    let targets: Vec<FieldTarget> = plan.mapping.value_fields();
    let first = u32::try_from(import.records).map_err(|_| ErrorCode::BadBatch)? + 1;
    let input = |(row, record): (&Row, u32)| RowInput {
        record,
        line: record,
        cells: row.cells.clone(),
        rejected: None,
        same_as: None,
        corrects: None,
    };
    let batch = Batch { rows: rows.iter().zip(first..).map(input).collect(), dropped: 0, behind: first - 1 };
    let prepared = prepare(&plan, batch)?.knowing(|row| {
        let (contact, cells) = before.get(&rows.get((row.record - first) as usize)?.external_id)?;
        let changed = targets.iter().zip(&row.cells).zip(cells).filter(|((_, now), then)| now != then).map(|((target, _), _)| *target);
        Some(Known { contact: (*contact)?, changed: changed.collect() })
    });
    let contacts = apply_within(transaction, &import, (&plan, None), prepared).await?.ok_or(ErrorCode::BadBatch)?;
    let contacts: HashMap<u32, i64> = contacts.into_iter().collect();
    let kept = rows.into_iter().zip(first..).map(|(row, record)| match (contacts.get(&record), before.get(&row.external_id)) {
        (Some(contact), _) => (row, Some(*contact)),
        // What was not taken is still who it was, with what was taken then.
        (None, Some((contact, cells))) => (Row { cells: cells.clone(), ..row }, *contact),
        (None, None) => (row, None),
    });
    keep(transaction, lease, kept).await
}

/// Who these were the last time, and with which values.
async fn before(transaction: &DatabaseTransaction, lease: &Lease, rows: &[Row]) -> Result<HashMap<String, (Option<i64>, Vec<String>)>> {
    let mut before = HashMap::new();
    for rows in rows.chunks(ROWS) {
        let found = source_contact::Entity::find()
            .filter(source_contact::Column::ConnectionId.eq(lease.connection.0))
            .filter(source_contact::Column::ExternalId.is_in(rows.iter().map(|row| row.external_id.as_str())))
            .all(transaction)
            .await?;
        for row in found {
            before.insert(row.external_id, (row.contact_id, serde_json::from_str(&row.cells)?));
        }
    }
    Ok(before)
}

/// Keeps who they are, and what was taken over.
async fn keep(transaction: &DatabaseTransaction, lease: &Lease, rows: impl Iterator<Item = (Row, Option<i64>)>) -> Result<()> {
    use source_contact::Column;
    let now = now();
    let row = |(row, contact): (Row, Option<i64>)| {
        Ok(source_contact::ActiveModel {
            connection_id: Set(lease.connection.0),
            external_id: Set(row.external_id),
            contact_id: Set(contact),
            cells: Set(serde_json::to_string(&row.cells)?),
            raw: Set(row.raw),
            updated_at: Set(now),
        })
    };
    let rows: Vec<source_contact::ActiveModel> = rows.map(row).collect::<Result<_>>()?;
    let mut again = OnConflict::columns([Column::ConnectionId, Column::ExternalId]);
    again.update_columns([Column::ContactId, Column::Cells, Column::Raw, Column::UpdatedAt]);
    for rows in parts(rows, ROWS) {
        source_contact::Entity::insert_many(rows).on_conflict(again.clone()).exec_without_returning(transaction).await?;
    }
    Ok(())
}
