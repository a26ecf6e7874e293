//! Rejected records that come back corrected and join the import they were rejected from.

use std::collections::HashMap;

use alta_domain::{Begun, ErrorCode, ImportId, ImportPlan, ProblemCode, RowInput};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::get;
use alta_intake::storable;

use crate::access::Admin;
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::{Store, parts};

/// Opens an import again for its corrected rejects; the batches go on from the last one.
pub(super) async fn reopen(
    store: &Store,
    admin: &Admin,
    plan: &ImportPlan,
    id: ImportId,
) -> Result<Begun> {
    let row = get(store.write(), admin, id).await?;
    if row.state == "undone" {
        return Err(ErrorCode::NotFound.into());
    }
    import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value("running"))
        .col_expr(import::Column::EndedAt, Expr::value(None::<i64>))
        .col_expr(
            import::Column::Correction,
            Expr::value(serde_json::to_value(plan)?),
        )
        .filter(import::Column::OrganizationId.eq(admin.organization.0))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::State.ne("undone"))
        .exec(store.write())
        .await?;
    Ok(Begun {
        import: id,
        sequence: u32::try_from(row.next_sequence).unwrap_or(0),
        records: 0,
    })
}

/// The plan in force, and the one the import began with where that is another.
pub(super) fn plans(row: &import::Model) -> Result<(ImportPlan, Option<ImportPlan>)> {
    let first = serde_json::from_value(row.plan.clone())?;
    Ok(match &row.correction {
        Some(correction) => (serde_json::from_value(correction.clone())?, Some(first)),
        None => (first, None),
    })
}

/// The rejects that a batch corrects, and those it leaves.
pub(super) struct Rejects<'a> {
    import: &'a import::Model,
    plan: &'a ImportPlan,
    first: Option<&'a ImportPlan>,
    /// Not corrected yet, by record.
    open: HashMap<u32, import_reject::Model>,
    /// Taken out of the database.
    touched: Vec<i32>,
    kept: Vec<import_reject::ActiveModel>,
    /// Records that the file has more than the import.
    added: u32,
    again: u32,
}

impl<'a> Rejects<'a> {
    /// Looks up the rejects that rows of a batch name.
    pub(super) async fn load<'r>(
        connection: &DatabaseTransaction,
        import: &'a import::Model,
        (plan, first): (&'a ImportPlan, Option<&'a ImportPlan>),
        rows: impl Iterator<Item = &'r RowInput>,
    ) -> Result<Self> {
        let mut open = HashMap::new();
        if first.is_some() {
            let named: Vec<i32> = rows
                .filter_map(|row| i32::try_from(row.corrects?).ok())
                .collect();
            for records in named.chunks(10_000) {
                let found = import_reject::Entity::find()
                    .filter(import_reject::Column::ImportId.eq(import.id))
                    .filter(import_reject::Column::Record.is_in(records.iter().copied()))
                    .all(connection)
                    .await?;
                open.extend(
                    found
                        .into_iter()
                        .map(|reject| (u32::try_from(reject.record).unwrap_or(0), reject)),
                );
            }
        }
        Ok(Self {
            import,
            plan,
            first,
            open,
            touched: Vec::new(),
            kept: Vec::new(),
            added: 0,
            again: 0,
        })
    }

    /// The reject that a row corrects; none when the record is one more, as all are in a file that
    /// corrects nothing.
    pub(super) fn take(&mut self, row: &RowInput) -> Option<import_reject::Model> {
        let corrected = row.corrects.and_then(|record| self.open.remove(&record));
        match &corrected {
            Some(reject) => self.touched.push(reject.record),
            None => self.added += 1,
        }
        corrected
    }

    /// Keeps a record that can't be imported; `corrected` is the reject it should have corrected.
    pub(super) fn keep(
        &mut self,
        row: RowInput,
        code: ProblemCode,
        corrected: Option<import_reject::Model>,
    ) -> Result<()> {
        let number = |value: u32| i32::try_from(value).map_err(|_| ErrorCode::BadBatch);
        let cells = row.rejected.unwrap_or_else(|| whole(self.plan, row.cells));
        let (record, line, cells) = match (corrected, self.first) {
            (Some(reject), Some(first)) => {
                self.again += 1;
                let cells = if self.has_columns_of(first) {
                    first_cells(first, cells)
                } else {
                    serde_json::from_value(reject.cells)?
                };
                (reject.record, reject.line, cells)
            }
            // Behind all records the import has, where no other reject stands.
            (_, Some(first)) => (
                self.import.records + number(self.added)?,
                number(row.line)?,
                first_cells(first, cells),
            ),
            _ => (number(row.record)?, number(row.line)?, cells),
        };
        let cells: Vec<String> = cells.into_iter().map(storable).collect();
        self.kept.push(import_reject::ActiveModel {
            import_id: Set(self.import.id),
            record: Set(record),
            line: Set(line),
            code: Set(code.as_str().to_owned()),
            cells: Set(serde_json::to_value(cells)?),
        });
        Ok(())
    }

    fn has_columns_of(&self, first: &ImportPlan) -> bool {
        let here = &self.plan.mapping.columns;
        first
            .mapping
            .columns
            .iter()
            .zip(here)
            .all(|(column, other)| column.header == other.header)
            && here.len() >= first.mapping.columns.len()
    }

    /// Writes what changed; answers with the number of rejects that are none any more.
    pub(super) async fn write(self, transaction: &DatabaseTransaction) -> Result<u32> {
        for records in self.touched.chunks(10_000) {
            import_reject::Entity::delete_many()
                .filter(import_reject::Column::ImportId.eq(self.import.id))
                .filter(import_reject::Column::Record.is_in(records.iter().copied()))
                .exec(transaction)
                .await?;
        }
        for rows in parts(self.kept, 4000) {
            import_reject::Entity::insert_many(rows)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(u32::try_from(self.touched.len()).unwrap_or(u32::MAX) - self.again)
    }
}

/// The cells of the columns that the import began with: the list of rejects has two more behind
/// them.
fn first_cells(first: &ImportPlan, mut cells: Vec<String>) -> Vec<String> {
    cells.truncate(first.mapping.columns.len());
    cells
}

/// The cells at their places in the file; the columns left out are empty.
fn whole(plan: &ImportPlan, cells: Vec<String>) -> Vec<String> {
    let mut cells = cells.into_iter();
    plan.mapping
        .columns
        .iter()
        .map(|column| {
            if column.target.is_some() {
                cells.next().unwrap_or_default()
            } else {
                String::new()
            }
        })
        .collect()
}
