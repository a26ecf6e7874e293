//! Corrections: rejects of an import that are sent again with corrected cells, and join that
//! import.

use std::collections::HashMap;

use alta_domain::{Begun, ErrorCode, ImportId, ImportPlan, ImportState, ProblemCode, RowInput};
use alta_intake::storable;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::retention::rejects_until;
use super::row::{Plans, count, get, state};
use crate::access::{Admin, Own};
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::{Store, parts};

/// The most records that one statement names by their numbers.
const RECORDS: usize = 10_000;
/// The most rejects that one statement inserts: 6 values each stay below SQLite's 32,766
/// parameters.
const ROWS: usize = 4000;

/// Opens an import again for a corrected list of its rejects. The list's batches are numbered on
/// from the last batch of the import.
pub(super) async fn reopen(
    store: &Store,
    admin: &Admin,
    plan: &ImportPlan,
    id: ImportId,
) -> Result<Begun> {
    let row = get(store.write(), admin, id).await?;
    if matches!(state(&row)?, ImportState::Undone | ImportState::Undoing) {
        return Err(ErrorCode::NotFound.into());
    }
    rejects_until(store, &row).ok_or(ErrorCode::RejectsGone)?;
    // The keys that belong to nobody are read from the import's own table.
    let mut plan = plan.clone();
    if let Some(correction) = &mut plan.mapping.correction {
        correction.nobodys.clear();
    }
    admin
        .own_update::<import::Entity>()
        .col_expr(
            import::Column::State,
            Expr::value(ImportState::Running.as_str()),
        )
        .col_expr(import::Column::Reading, Expr::value(row.reading + 1))
        .col_expr(
            import::Column::Correction,
            Expr::value(serde_json::to_value(plan)?),
        )
        .filter(import::Column::Id.eq(id.0))
        .filter(
            import::Column::State
                .is_not_in([ImportState::Undone, ImportState::Undoing].map(ImportState::as_str)),
        )
        .exec(store.write())
        .await?;
    Ok(Begun {
        import: id,
        sequence: count(row.next_sequence)?,
        records: 0,
    })
}

/// The rejects of an import, while a batch corrects some and adds others.
pub(super) struct Rejects<'a> {
    import: &'a import::Model,
    plans: &'a Plans,
    /// The rejects that the batch names and that no row of it has corrected yet, by record.
    open: HashMap<u32, import_reject::Model>,
    /// The records of the rejects that the batch corrects.
    corrected: Vec<i32>,
    /// The records that waited with a reject and are to be deleted.
    waited: Vec<i32>,
    /// The rejects that the batch names and that wait with another reject, because the list was
    /// received before.
    waiting: HashMap<u32, import_reject::Model>,
    /// The waiting reject that the row in hand replaces; `None` when it replaces none.
    replaced: Option<import_reject::Model>,
    /// The largest number of a record or a reject of the import and of the rows that were applied.
    last: i32,
    /// The corrected rejects that were rejected again and wait with another reject now: their
    /// numbers, and the numbers of the other rejects.
    moved: Vec<(i32, i32)>,
    new: Vec<import_reject::ActiveModel>,
    /// The number of corrected rejects that were rejected again.
    rejected_again: u32,
}

impl<'a> Rejects<'a> {
    /// Loads the rejects that the rows of a batch say they correct.
    pub(super) async fn load<'r>(
        connection: &DatabaseTransaction,
        import: &'a import::Model,
        plans: &'a Plans,
        rows: impl Iterator<Item = &'r RowInput>,
    ) -> Result<Self> {
        let (mut open, mut waiting) = (HashMap::new(), HashMap::new());
        let mut last = import.records;
        if plans.original.is_some() {
            let named: Vec<i32> = rows
                .filter_map(|row| i32::try_from(row.corrects?).ok())
                .collect();
            for records in named.chunks(RECORDS) {
                let found = import_reject::Entity::find()
                    .filter(import_reject::Column::ImportId.eq(import.id))
                    .filter(import_reject::Column::Record.is_in(records.iter().copied()))
                    .all(connection)
                    .await?;
                for reject in found {
                    let to = if reject.joins.is_some() {
                        &mut waiting
                    } else {
                        &mut open
                    };
                    to.insert(count(reject.record)?, reject);
                }
            }
            let largest: Option<i32> = import_reject::Entity::find()
                .select_only()
                .column_as(import_reject::Column::Record.max(), "largest")
                .filter(import_reject::Column::ImportId.eq(import.id))
                .into_tuple()
                .one(connection)
                .await?
                .flatten();
            last = last.max(largest.unwrap_or_default());
        }
        Ok(Self {
            import,
            plans,
            open,
            corrected: Vec::new(),
            waited: Vec::new(),
            waiting,
            replaced: None,
            last,
            moved: Vec::new(),
            new: Vec::new(),
            rejected_again: 0,
        })
    }

    /// Returns true when the reject that a row corrects was corrected before: the list of rejects
    /// was received earlier and is received again.
    pub(super) fn was_corrected_before(&self, row: &RowInput) -> bool {
        let Some(record) = row.corrects.filter(|_| self.plans.original.is_some()) else {
            return false;
        };
        let number = i32::try_from(record).unwrap_or(i32::MAX);
        number <= self.import.records
            && !self.open.contains_key(&record)
            && !self.corrected.contains(&number)
    }

    /// Removes the reject that a row corrects, and returns it. Returns `None` for a row that
    /// corrects no reject; such a row is one more record of the import.
    pub(super) fn remove_corrected(&mut self, row: &RowInput) -> Option<import_reject::Model> {
        let corrected = row.corrects.and_then(|record| self.open.remove(&record));
        match &corrected {
            Some(reject) => self.corrected.push(reject.record),
            None => self.last += 1,
        }
        self.replaced = row.corrects.and_then(|record| self.waiting.remove(&record));
        if let Some(reject) = &self.replaced {
            self.waited.push(reject.record);
        }
        corrected
    }

    /// Returns the numbers of the rejects that the batch names and no row has corrected yet.
    pub(super) fn named(&self) -> impl Iterator<Item = i32> {
        self.open.values().map(|reject| reject.record)
    }

    /// Returns true for a waiting record that the batch sends again.
    pub(super) fn comes_again(&self, waiting: &import_reject::Model) -> bool {
        let number = u32::try_from(waiting.record);
        number.is_ok_and(|number| self.waiting.contains_key(&number))
    }

    /// Removes a record that waited with a corrected reject.
    pub(super) fn remove_waiting(&mut self, record: i32) {
        self.waited.push(record);
    }

    /// Adds a row that can't be imported, and returns the number of its reject. `corrected` is the
    /// reject that the row was to correct.
    pub(super) fn add(
        &mut self,
        row: RowInput,
        code: ProblemCode,
        corrected: Option<import_reject::Model>,
    ) -> Result<u32> {
        self.rejected_again += u32::from(corrected.is_some());
        let (record, line, cells) = self.listed(row, corrected)?;
        self.push((record, line, cells), code, None)?;
        count(record)
    }

    /// Returns the number, the line and the cells under which a row is listed among the rejects:
    /// those of the import's own file when the row corrects a reject.
    fn listed(
        &mut self,
        row: RowInput,
        corrected: Option<import_reject::Model>,
    ) -> Result<(i32, i32, Vec<String>)> {
        let number = |value: u32| i32::try_from(value).map_err(|_| ErrorCode::BadBatch);
        let cells = row
            .rejected
            .unwrap_or_else(|| cells_of_file(&self.plans.current, row.cells, row.left_out));
        let plans = self.plans;
        Ok(
            match (corrected.or(self.replaced.take()), &plans.original) {
                (Some(reject), Some(original)) => {
                    let cells = if self.has_columns_of(original) {
                        original_cells(original, cells)
                    } else {
                        serde_json::from_value(reject.cells)?
                    };
                    (reject.record, reject.line, cells)
                }
                // The new number is above all numbers of the import, so no other reject has it.
                (_, Some(original)) => (
                    self.last,
                    number(row.line)?,
                    original_cells(original, cells),
                ),
                _ => (number(row.record)?, number(row.line)?, cells),
            },
        )
    }

    /// Adds a reject. A reject that `joins` another one waits with that reject.
    fn push(
        &mut self,
        (record, line, cells): (i32, i32, Vec<String>),
        code: ProblemCode,
        joins: Option<i32>,
    ) -> Result<()> {
        let cells: Vec<String> = cells.into_iter().map(storable).collect();
        self.new.push(import_reject::ActiveModel {
            import_id: Set(self.import.id),
            record: Set(record),
            line: Set(line),
            code: Set(code.as_str().to_owned()),
            cells: Set(serde_json::to_value(cells)?),
            joins: Set(joins),
        });
        Ok(())
    }

    /// Adds a later record of a person that was rejected: it waits with the reject number `reject`.
    /// With `has_waiting`, the records that waited with the reject which the record corrects wait
    /// with that reject too.
    pub(super) fn join(
        &mut self,
        row: RowInput,
        reject: u32,
        (corrected, has_waiting): (Option<import_reject::Model>, bool),
    ) -> Result<()> {
        let reject = i32::try_from(reject).map_err(|_| ErrorCode::BadBatch)?;
        if let Some(corrected) = corrected.as_ref().filter(|_| has_waiting) {
            self.moved.push((corrected.record, reject));
        }
        let listed = self.listed(row, corrected)?;
        self.push(listed, ProblemCode::Duplicate, Some(reject))
    }

    /// Returns true when the file that is received now begins with the columns of the original
    /// file.
    fn has_columns_of(&self, original: &ImportPlan) -> bool {
        let columns = &self.plans.current.mapping.columns;
        original
            .mapping
            .columns
            .iter()
            .zip(columns)
            .all(|(column, other)| column.header == other.header)
            && columns.len() >= original.mapping.columns.len()
    }

    /// Writes the rejects, and returns the number of rejects that were corrected.
    pub(super) async fn write(self, transaction: &DatabaseTransaction) -> Result<u32> {
        let gone: Vec<i32> = self.corrected.iter().chain(&self.waited).copied().collect();
        for records in gone.chunks(RECORDS) {
            import_reject::Entity::delete_many()
                .filter(import_reject::Column::ImportId.eq(self.import.id))
                .filter(import_reject::Column::Record.is_in(records.iter().copied()))
                .exec(transaction)
                .await?;
        }
        for (from, to) in &self.moved {
            import_reject::Entity::update_many()
                .col_expr(import_reject::Column::Joins, Expr::value(*to))
                .filter(import_reject::Column::ImportId.eq(self.import.id))
                .filter(import_reject::Column::Joins.eq(*from))
                .exec(transaction)
                .await?;
        }
        for rows in parts(self.new, ROWS) {
            import_reject::Entity::insert_many(rows)
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(u32::try_from(self.corrected.len()).unwrap_or(u32::MAX) - self.rejected_again)
    }
}

/// Returns the cells of the columns that the original file has. A list of rejects has two more
/// columns after them: the reason and the way back.
fn original_cells(original: &ImportPlan, mut cells: Vec<String>) -> Vec<String> {
    cells.truncate(original.mapping.columns.len());
    cells
}

/// Returns one cell for each column of the file, put together from the cells of the columns that
/// have a target, and the cells of the other columns.
fn cells_of_file(
    plan: &ImportPlan,
    cells: Vec<String>,
    left_out: Vec<(u32, String)>,
) -> Vec<String> {
    let mut cells = cells.into_iter();
    let mut whole: Vec<String> = plan
        .mapping
        .columns
        .iter()
        .map(|column| {
            let picked = column.target.and_then(|_| cells.next());
            picked.unwrap_or_default()
        })
        .collect();
    for (column, cell) in left_out {
        if let Some(empty) = whole.get_mut(column as usize) {
            *empty = cell;
        }
    }
    whole
}
