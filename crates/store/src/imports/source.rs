//! Contacts that come from a system: the same engine, the same ledger and the same way back as
//! those of a file.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{
    Batch, BuiltInField, ColumnPlan, ContactShape, ErrorCode, ExistingPolicy, FieldPolicy,
    FieldTarget, FileShape, GUEST, ImportPlan, ListTarget, Mapping, RowInput,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::batch::{Known, apply_within, prepare};
use super::new_row;
use crate::entity::import;
use crate::entity::source_contact::{self, Column};
use crate::error::Result;
use crate::systems::Lease;
use crate::{now, parts};

/// Rows of one statement.
const ROWS: usize = 1000;
/// The values of a record of which nothing was taken, as JSON.
const NOTHING: &str = "{}";
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
    let column = |(field, index): (&BuiltInField, u32)| ColumnPlan {
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
pub(crate) async fn begin(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    shape: &ContactShape,
) -> Result<i64> {
    let row = import::ActiveModel {
        connection_id: Set(Some(lease.connection.0)),
        ..new_row(
            (lease.organization, lease.user),
            &plan(lease, shape),
            &lease.account,
        )?
    };
    Ok(import::Entity::insert(row)
        .exec(transaction)
        .await?
        .last_insert_id)
}

/// Whether an import goes on and its contacts are of this shape: a manifest may have changed since
/// it began.
pub(crate) async fn is_of(
    connection: &impl ConnectionTrait,
    id: i64,
    shape: &ContactShape,
) -> Result<bool> {
    let import = import::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let plan: ImportPlan = serde_json::from_value(import.plan)?;
    let fields = plan.mapping.columns.iter().map(|column| column.target);
    Ok(import.state == "running"
        && fields.eq(shape
            .fields
            .iter()
            .map(|field| Some(FieldTarget::BuiltIn(*field)))))
}

/// Closes it. One that changed nothing goes: a system is looked at often, and most of the time
/// there is nothing new.
pub(crate) async fn finish(connection: &impl ConnectionTrait, id: i64) -> Result<()> {
    let running = Condition::all()
        .add(import::Column::Id.eq(id))
        .add(import::Column::State.eq("running"));
    let changed = [
        import::Column::Created,
        import::Column::Updated,
        import::Column::Merged,
        import::Column::Rejected,
    ];
    let changed = changed
        .into_iter()
        .fold(Condition::any(), |any, column| any.add(column.gt(0)));
    import::Entity::delete_many()
        .filter(running.clone())
        .filter(changed.not())
        .exec(connection)
        .await?;
    import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value("finished"))
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(running)
        .exec(connection)
        .await?;
    Ok(())
}

/// Takes a page of contacts in; none is in it twice. Those that were refused as they still are, are
/// not refused once more.
pub(crate) async fn take(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    import: i64,
    rows: Vec<Row>,
) -> Result<()> {
    let import = import::Entity::find_by_id(import)
        .one(transaction)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let mut before = before(transaction, lease, &rows).await?;
    let fields: Vec<&str> = plan
        .mapping
        .columns
        .iter()
        .map(|column| column.header.as_str())
        .collect();
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
    let batch = Batch {
        rows: rows.iter().zip(first..).map(input).collect(),
        dropped: 0,
        behind: first - 1,
    };
    let told: Vec<String> = rows
        .iter()
        .map(|row| told(&fields, &row.cells))
        .collect::<Result<_>>()?;
    let prepared = prepare(&plan, batch)?.knowing(|row| {
        let at = (row.record - first) as usize;
        let (row, told) = (rows.get(at)?, told.get(at)?);
        Some(
            before
                .get(&row.external_id)?
                .known(row, told, (&fields, &targets)),
        )
    });
    let contacts = apply_within(transaction, &import, (&plan, None), prepared)
        .await?
        .ok_or(ErrorCode::BadBatch)?;
    let contacts: HashMap<u32, i64> = contacts.into_iter().collect();
    let mut kept = Vec::with_capacity(rows.len());
    for ((row, told), record) in rows.into_iter().zip(told).zip(first..) {
        let then = before.remove(&row.external_id).unwrap_or_default();
        let now = match contacts.get(&record) {
            Some(contact) => Before {
                contact: Some(*contact),
                cells: told,
                refused: None,
                refused_at: None,
                ..then
            },
            // What was not taken is still who it was, with what was taken then.
            None if then.is_refused(&row, &told) => then,
            None => Before {
                refused: Some(told),
                refused_at: Some((import.id, record)),
                ..then
            },
        };
        kept.push(now.row(lease, row));
    }
    keep(transaction, kept).await
}

/// A contact's values by the words of their fields, as they are kept.
fn told(fields: &[&str], cells: &[String]) -> Result<String> {
    let cells: BTreeMap<&str, &str> = fields
        .iter()
        .copied()
        .zip(cells.iter().map(String::as_str))
        .collect();
    Ok(serde_json::to_string(&cells)?)
}

/// What was refused as a record of an import is this contact's: it does not ask again.
pub(super) async fn settle(
    transaction: &DatabaseTransaction,
    connection: i64,
    (import, record): (i64, i32),
    contact: i64,
) -> Result<()> {
    source_contact::Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(contact))
        .col_expr(Column::Cells, Expr::col(Column::Refused))
        .col_expr(Column::Refused, Expr::value(None::<String>))
        .col_expr(Column::DecidedImportId, Expr::value(import))
        .filter(Column::ConnectionId.eq(connection))
        .filter(Column::RefusedImportId.eq(import))
        .filter(Column::RefusedRecord.eq(record))
        .filter(Column::Refused.is_not_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// What an import refused that is taken back can be decided there no more: it is refused anew when
/// it comes again. So is what was decided there.
pub(super) async fn forget_refused(
    transaction: &DatabaseTransaction,
    connection: i64,
    import: i64,
) -> Result<()> {
    source_contact::Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(None::<i64>))
        .col_expr(Column::Cells, Expr::value(NOTHING))
        .col_expr(Column::DecidedImportId, Expr::value(None::<i64>))
        .filter(Column::ConnectionId.eq(connection))
        .filter(Column::DecidedImportId.eq(import))
        .exec(transaction)
        .await?;
    source_contact::Entity::update_many()
        .col_expr(Column::Refused, Expr::value(None::<String>))
        .col_expr(Column::RefusedImportId, Expr::value(None::<i64>))
        .col_expr(Column::RefusedRecord, Expr::value(None::<i32>))
        .filter(Column::ConnectionId.eq(connection))
        .filter(Column::RefusedImportId.eq(import))
        .exec(transaction)
        .await?;
    Ok(())
}

/// What its system has changed since is taken over, and what it had not told then is filled in;
/// what stands still there does not fight with what somebody else wrote.
fn policy(now: &str, then: Option<&String>, changed: FieldPolicy) -> FieldPolicy {
    match then {
        None => FieldPolicy::Fill,
        Some(then) if then == now => FieldPolicy::Keep,
        Some(_) => changed,
    }
}

/// A record as its system sent it the last time. Values are JSON, by the words of their fields.
struct Before {
    /// The contact that it became.
    contact: Option<i64>,
    /// What was taken over.
    cells: String,
    /// What was refused as it came then.
    refused: Option<String>,
    /// The import that refused it last, and as which record.
    refused_at: Option<(i64, u32)>,
    /// The import in which somebody has said who it is.
    decided_in: Option<i64>,
}

impl Default for Before {
    fn default() -> Self {
        Self {
            contact: None,
            cells: NOTHING.to_owned(),
            refused: None,
            refused_at: None,
            decided_in: None,
        }
    }
}

impl Before {
    /// What that says about how it comes now.
    fn known(&self, row: &Row, told: &str, (fields, targets): (&[&str], &[FieldTarget])) -> Known {
        // Of a guest each order tells, an old one perhaps after a new one: what one told does not
        // give way to what another does.
        let changed = if row.external_id.starts_with(GUEST) {
            FieldPolicy::Fill
        } else {
            FieldPolicy::Update
        };
        let cells: BTreeMap<String, String> = serde_json::from_str(&self.cells).unwrap_or_default();
        let policy = |((target, field), now): ((&FieldTarget, &&str), &String)| {
            (*target, policy(now, cells.get(*field), changed))
        };
        Known {
            contact: self.contact,
            policies: targets
                .iter()
                .zip(fields)
                .zip(&row.cells)
                .map(policy)
                .collect(),
            is_refused: self.is_refused(row, told),
        }
    }

    /// It was refused as it stands; of a guest, with all that this order tells.
    fn is_refused(&self, row: &Row, told: &str) -> bool {
        let Some(refused) = &self.refused else {
            return false;
        };
        let cells =
            |text: &str| serde_json::from_str::<BTreeMap<String, String>>(text).unwrap_or_default();
        let holds = || {
            let refused = cells(refused);
            cells(told)
                .iter()
                .all(|(field, cell)| cell.is_empty() || refused.get(field) == Some(cell))
        };
        refused == told || row.external_id.starts_with(GUEST) && holds()
    }

    fn row(self, lease: &Lease, row: Row) -> source_contact::ActiveModel {
        source_contact::ActiveModel {
            connection_id: Set(lease.connection.0),
            external_id: Set(row.external_id),
            contact_id: Set(self.contact),
            cells: Set(self.cells),
            refused: Set(self.refused),
            refused_import_id: Set(self.refused_at.map(|(import, _)| import)),
            refused_record: Set(self
                .refused_at
                .and_then(|(_, record)| i32::try_from(record).ok())),
            decided_import_id: Set(self.decided_in),
            raw: Set(row.raw),
            updated_at: Set(now()),
            missed: NotSet,
        }
    }
}

/// Those of these that were there before.
async fn before(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    rows: &[Row],
) -> Result<HashMap<String, Before>> {
    let mut before = HashMap::new();
    for rows in rows.chunks(ROWS) {
        let found = source_contact::Entity::find()
            .filter(Column::ConnectionId.eq(lease.connection.0))
            .filter(Column::ExternalId.is_in(rows.iter().map(|row| row.external_id.as_str())))
            .all(transaction)
            .await?;
        for row in found {
            let record = row
                .refused_record
                .and_then(|record| u32::try_from(record).ok());
            let refused_at = row.refused_import_id.zip(record);
            let (contact, decided_in) = (row.contact_id, row.decided_import_id);
            before.insert(
                row.external_id,
                Before {
                    contact,
                    cells: row.cells,
                    refused: row.refused,
                    refused_at,
                    decided_in,
                },
            );
        }
    }
    Ok(before)
}

/// Keeps who they are, and what was taken over.
async fn keep(
    transaction: &DatabaseTransaction,
    rows: Vec<source_contact::ActiveModel>,
) -> Result<()> {
    let mut again = OnConflict::columns([Column::ConnectionId, Column::ExternalId]);
    again.update_columns([
        Column::ContactId,
        Column::Cells,
        Column::Refused,
        Column::RefusedImportId,
        Column::RefusedRecord,
        Column::DecidedImportId,
        Column::Raw,
        Column::UpdatedAt,
        Column::Missed,
    ]);
    for rows in parts(rows, ROWS) {
        source_contact::Entity::insert_many(rows)
            .on_conflict(again.clone())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
