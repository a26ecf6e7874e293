//! Reads the row of an import and its stored values, and adds to its ledger.

use alta_domain::{
    Country, ErrorCode, ImportId, ImportLedger, ImportPlan, ImportState, ProblemCode,
};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use crate::Store;
use crate::access::{Admin, Member, Own};
use crate::entity::{import, import_reject, organization};
use crate::error::{Result, StoreError};

/// Reads the row of an import.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import.
pub(super) async fn get(
    connection: &impl ConnectionTrait,
    member: &Member,
    id: ImportId,
) -> Result<import::Model> {
    let row = member
        .own::<import::Entity>()
        .filter(import::Column::Id.eq(id.0))
        .one(connection)
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Reads the plan that an import began with.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import.
pub async fn plan(store: &Store, admin: &Admin, id: ImportId) -> Result<ImportPlan> {
    let row = get(store.read(), admin, id).await?;
    Ok(serde_json::from_value(row.plan)?)
}

/// Returns the state of an import.
///
/// # Errors
/// When the stored word names no state.
pub(crate) fn state(row: &import::Model) -> Result<ImportState> {
    ImportState::parse(&row.state)
        .ok_or_else(|| StoreError::Broken(format!("import state {}", row.state)))
}

/// Returns the condition that an import is in this state.
pub(super) fn is(state: ImportState) -> Condition {
    Condition::all().add(import::Column::State.eq(state.as_str()))
}

/// The plans under which the batches of an import are checked and written.
pub(crate) struct Plans {
    /// The plan of the file that is received now.
    pub(crate) current: ImportPlan,
    /// The plan that the import began with; `None` while the import's own file is received, and not
    /// a corrected list of its rejects.
    pub(crate) original: Option<ImportPlan>,
}

impl Plans {
    /// Returns true for a correction whose channels, source or basis differ from those of the
    /// import that it corrects; false for the import's own file.
    pub(super) fn has_other_permission(&self) -> bool {
        let original = self.original.as_ref();
        original.is_some_and(|original| original.consent != self.current.consent)
    }

    /// Reads the plans of an import.
    ///
    /// # Errors
    /// When a stored plan can't be read.
    pub(crate) fn of(row: &import::Model) -> Result<Self> {
        let original = serde_json::from_value(row.plan.clone())?;
        Ok(match &row.correction {
            Some(correction) => Self {
                current: serde_json::from_value(correction.clone())?,
                original: Some(original),
            },
            None => Self {
                current: original,
                original: None,
            },
        })
    }
}

/// Returns a stored number of records or contacts.
///
/// # Errors
/// When the number is negative.
pub(super) fn count(stored: i32) -> Result<u32> {
    u32::try_from(stored).map_err(|_| StoreError::Broken(format!("{stored} as a count")))
}

/// Returns the ledger of an import, from its row.
///
/// # Errors
/// When a stored count is negative.
pub(super) fn ledger(row: &import::Model) -> Result<ImportLedger> {
    Ok(ImportLedger {
        records: count(row.records)?,
        new: count(row.created)?,
        updated: count(row.updated)?,
        unchanged: count(row.unchanged)?,
        merged: count(row.merged)?,
        rejected: count(row.rejected)?,
        dropped: count(row.dropped)?,
    })
}

/// The counts that a batch or a decision adds to an import.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The records that were written, by their results.
    pub(super) done: ImportLedger,
    /// The number of persons that an earlier batch counted as unchanged, and that this batch has
    /// changed.
    pub(super) changed_later: u32,
    /// The number of rejects that were corrected.
    pub(super) corrected: u32,
    /// The number of contacts for which the batch brought a permission, but that had refused
    /// before.
    pub(super) kept_out: u32,
}

/// Adds to the ledger of an import. Corrected rejects are subtracted from its rejects.
pub(super) async fn add_to_ledger(
    transaction: &DatabaseTransaction,
    id: ImportId,
    progress: Progress,
) -> Result<()> {
    let Progress {
        done,
        changed_later,
        corrected,
        kept_out,
    } = progress;
    let mut change = import::Entity::update_many();
    for (column, more, less) in [
        (import::Column::Records, done.records, 0),
        (import::Column::Created, done.new, 0),
        (import::Column::Updated, done.updated + changed_later, 0),
        (import::Column::Unchanged, done.unchanged, changed_later),
        (import::Column::Merged, done.merged, 0),
        (import::Column::Rejected, done.rejected, corrected),
        (import::Column::Dropped, done.dropped, 0),
        (import::Column::KeptOut, kept_out, 0),
    ] {
        let more =
            i32::try_from(i64::from(more) - i64::from(less)).map_err(|_| ErrorCode::BadBatch)?;
        change = change.col_expr(column, Expr::col(column).add(more));
    }
    change
        .filter(import::Column::Id.eq(id.0))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Returns the condition that a reject of an import is counted: a later record of a rejected person
/// is not.
pub(super) fn counts_as_reject() -> SimpleExpr {
    import_reject::Column::Joins.is_null()
}

/// Returns the condition that a reject of an import is a conflict: its person agrees with several
/// contacts.
pub(super) fn is_conflict_of(id: ImportId) -> Condition {
    Condition::all()
        .add(import_reject::Column::ImportId.eq(id.0))
        .add(import_reject::Column::Code.eq(ProblemCode::Conflict.as_str()))
        .add(counts_as_reject())
}

/// The condition, in SQL, that a part of a history belongs to a contact which the part's import did
/// not create.
pub(super) const WAS_THERE_BEFORE: &str = "NOT EXISTS (SELECT 1 FROM contact c \
    WHERE c.id = contact_change.contact_id AND c.created_import_id = contact_change.import_id)";

/// Returns [`WAS_THERE_BEFORE`] as a condition of a query.
pub(super) fn was_there_before() -> SimpleExpr {
    Expr::cust(WAS_THERE_BEFORE)
}

/// Reads the country of the organization of an import.
pub(super) async fn home(
    connection: &impl ConnectionTrait,
    import: &import::Model,
) -> Result<Country> {
    let row = organization::Entity::find_by_id(import.organization_id)
        .one(connection)
        .await?;
    Ok(row
        .and_then(|row| Country::parse(&row.country))
        .unwrap_or(Country::BRAZIL))
}

/// Stores the smallest and the largest id of the contacts that an import has created: its undo
/// looks between them.
pub(super) async fn note_created(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    created: &[i64],
) -> Result<()> {
    let (Some(first), Some(last)) = (created.iter().min(), created.iter().max()) else {
        return Ok(());
    };
    let (before, after) = (import.first_contact, import.last_contact);
    import::Entity::update_many()
        .col_expr(
            import::Column::FirstContact,
            Expr::value(std::cmp::min(before.unwrap_or(*first), *first)),
        )
        .col_expr(
            import::Column::LastContact,
            Expr::value(std::cmp::max(after.unwrap_or(*last), *last)),
        )
        .filter(import::Column::Id.eq(import.id))
        .exec(transaction)
        .await?;
    Ok(())
}
