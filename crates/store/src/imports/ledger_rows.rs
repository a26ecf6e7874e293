//! Lists what the numbers of an import's ledger count: the contacts that the import created,
//! updated or left as they were, and the records that it merged, rejected or left out.

mod changes;

use std::collections::HashMap;

use alta_domain::{
    ContactEntry, ErrorCode, ImportId, ImportPlan, LedgerPlace, LedgerRow, ProblemCode,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use self::changes::changes;
use super::row::{count, counts_as_reject, get, was_there_before};
use crate::Store;
use crate::access::{Admin, Member, Own};
use crate::contacts::entries;
use crate::entity::{
    contact, contact_change, import, import_dropped, import_merged, import_reject,
};
use crate::error::{Result, StoreError};

/// The largest number of rows in one answer.
pub const LEDGER_ROWS: u64 = 50;

/// Lists contacts in a place of an import's ledger, the newest first. `after` is the cursor of the
/// last row of the answer before. A contact that an undo has removed is not listed.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, and for the places that hold
/// records, not contacts.
pub async fn contacts_of(
    store: &Store,
    member: &Member,
    id: ImportId,
    place: LedgerPlace,
    after: Option<i64>,
) -> Result<Vec<LedgerRow>> {
    let import = get(store.read(), member, id).await?;
    let before = after.unwrap_or(i64::MAX);
    let ids = match place {
        LedgerPlace::New => created(store, member, &import, before).await?,
        LedgerPlace::Updated => found(store, &import, before, true).await?,
        LedgerPlace::Unchanged => found(store, &import, before, false).await?,
        LedgerPlace::Merged | LedgerPlace::Rejected | LedgerPlace::Dropped => {
            return Err(ErrorCode::NotFound.into());
        }
    };
    let mut known = entries(store, member, &ids).await?;
    let mut changed = match place {
        LedgerPlace::Updated => changes(store, member, &import, &ids).await?,
        _ => HashMap::new(),
    };
    let row = |id: i64| LedgerRow {
        cursor: id,
        line: None,
        contact: known.remove(&id),
        changes: changed.remove(&id).unwrap_or_default(),
        reason: None,
        cells: Vec::new(),
    };
    Ok(ids.into_iter().map(row).collect())
}

/// Reads the next contacts that an import created, in falling order of their ids.
async fn created(
    store: &Store,
    member: &Member,
    import: &import::Model,
    before: i64,
) -> Result<Vec<i64>> {
    let (Some(first), Some(last)) = (import.first_contact, import.last_contact) else {
        return Ok(Vec::new());
    };
    Ok(member
        .own::<contact::Entity>()
        .select_only()
        .column(contact::Column::Id)
        .filter(contact::Column::Id.gte(first))
        .filter(contact::Column::Id.lte(last))
        .filter(contact::Column::Id.lt(before))
        .filter(contact::Column::CreatedImportId.eq(import.id))
        .order_by_desc(contact::Column::Id)
        .limit(LEDGER_ROWS)
        .into_tuple()
        .all(store.read())
        .await?)
}

/// Reads the next contacts that an import found and changed, or found and left as they were, in
/// falling order of their ids.
async fn found(
    store: &Store,
    import: &import::Model,
    before: i64,
    changed: bool,
) -> Result<Vec<i64>> {
    let most = Expr::cust("MAX(CASE WHEN changed THEN 1 ELSE 0 END)");
    Ok(contact_change::Entity::find()
        .select_only()
        .column(contact_change::Column::ContactId)
        .filter(contact_change::Column::ImportId.eq(import.id))
        .filter(contact_change::Column::ContactId.lt(before))
        .filter(was_there_before())
        .group_by(contact_change::Column::ContactId)
        .having(most.eq(i32::from(changed)))
        .order_by_desc(contact_change::Column::ContactId)
        .limit(LEDGER_ROWS)
        .into_tuple()
        .all(store.read())
        .await?)
}

/// Lists records in a place of an import's ledger, in the file's order: merged records, each with
/// the contact that it joined; rejected records, each with its reason and its cells; or records
/// that were left out, of which only the line is stored. `problem` limits the rejected records to
/// one reason. `after` is the cursor of the last row of the answer before.
///
/// # Errors
/// As [`contacts_of`], for the places that hold contacts.
pub async fn records_of(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    (place, problem): (LedgerPlace, Option<ProblemCode>),
    after: Option<i64>,
) -> Result<Vec<LedgerRow>> {
    let import = get(store.read(), admin, id).await?;
    let after = after.unwrap_or(0);
    match place {
        LedgerPlace::Rejected => {
            let of_problem = problem.map(|code| import_reject::Column::Code.eq(code.as_str()));
            let condition = Condition::all()
                .add(counts_as_reject())
                .add_option(of_problem);
            rejected(store, &import, after, condition).await
        }
        LedgerPlace::Merged => {
            let later = Condition::all().add(import_reject::Column::Joins.is_not_null());
            let mut rows = merged(store, admin, &import, after).await?;
            // Later records of a person whose first record was rejected wait with that record.
            rows.extend(rejected(store, &import, after, later).await?);
            rows.sort_by_key(|row| row.cursor);
            rows.truncate(usize::try_from(LEDGER_ROWS).unwrap_or(usize::MAX));
            Ok(rows)
        }
        LedgerPlace::Dropped => dropped(store, &import, after).await,
        LedgerPlace::New | LedgerPlace::Updated | LedgerPlace::Unchanged => {
            Err(ErrorCode::NotFound.into())
        }
    }
}

/// Reads the next records that were left out of an import.
async fn dropped(store: &Store, import: &import::Model, after: i64) -> Result<Vec<LedgerRow>> {
    let rows = import_dropped::Entity::find()
        .filter(import_dropped::Column::ImportId.eq(import.id))
        .filter(import_dropped::Column::Line.gt(after))
        .order_by_asc(import_dropped::Column::Line)
        .limit(LEDGER_ROWS)
        .all(store.read())
        .await?;
    let read = |row: import_dropped::Model| {
        Ok(LedgerRow {
            cursor: i64::from(row.line),
            line: Some(count(row.line)?),
            contact: None,
            changes: Vec::new(),
            reason: None,
            cells: Vec::new(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Reads the next rejects of an import that meet a condition.
async fn rejected(
    store: &Store,
    import: &import::Model,
    after: i64,
    condition: Condition,
) -> Result<Vec<LedgerRow>> {
    let Ok(after) = i32::try_from(after) else {
        // The cursor is a record of a correction, and all records of the file come before it.
        return Ok(Vec::new());
    };
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let rows = import_reject::Entity::find()
        .filter(import_reject::Column::ImportId.eq(import.id))
        .filter(condition)
        .filter(import_reject::Column::Record.gt(after))
        .order_by_asc(import_reject::Column::Record)
        .limit(LEDGER_ROWS)
        .all(store.read())
        .await?;
    let read = |row: import_reject::Model| {
        let code = ProblemCode::parse(&row.code)
            .ok_or_else(|| StoreError::Broken(format!("problem code {}", row.code)))?;
        let cells: Vec<String> = serde_json::from_value(row.cells)?;
        let headers = plan.mapping.columns.iter().map(|column| &column.header);
        let named = headers.cloned().zip(cells);
        Ok(LedgerRow {
            cursor: i64::from(row.record),
            line: Some(count(row.line)?),
            contact: None,
            changes: Vec::new(),
            reason: Some(code),
            cells: named.filter(|(_, cell)| !cell.trim().is_empty()).collect(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Reads the next merged records of an import. Their cursors count the records of the file first,
/// and then those of each correction.
async fn merged(
    store: &Store,
    member: &Member,
    import: &import::Model,
    after: i64,
) -> Result<Vec<LedgerRow>> {
    let (reading, record) = (after >> 32, after & i64::from(u32::MAX));
    let is_later = Condition::any()
        .add(import_merged::Column::Reading.gt(reading))
        .add(
            import_merged::Column::Reading
                .eq(reading)
                .and(import_merged::Column::Record.gt(record)),
        );
    let rows = import_merged::Entity::find()
        .filter(import_merged::Column::ImportId.eq(import.id))
        .filter(is_later)
        .order_by_asc(import_merged::Column::Reading)
        .order_by_asc(import_merged::Column::Record)
        .limit(LEDGER_ROWS)
        .all(store.read())
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.contact_id).collect();
    let known: HashMap<i64, ContactEntry> = entries(store, member, &ids).await?;
    let read = |row: import_merged::Model| {
        Ok(LedgerRow {
            cursor: i64::from(row.reading) << 32 | i64::from(row.record),
            line: Some(count(row.line)?),
            contact: known.get(&row.contact_id).cloned(),
            changes: Vec::new(),
            reason: None,
            cells: Vec::new(),
        })
    };
    rows.into_iter().map(read).collect()
}
