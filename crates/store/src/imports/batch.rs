//! One batch: checked again by the same engine, applied and accounted for in one transaction.

use alta_domain::{Batch, BuiltInField, ErrorCode, ExistingPolicy, FieldTarget, ImportId, ImportLedger, ImportPlan, ProblemCode, RowInput};
use alta_intake::phone::{Phone, PhoneKind};
use alta_intake::{Checker, Clean, RowVerdict, Verdict};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::contact_state::{ContactState, Incoming};
use super::people::{Match, People, add_to_list, new_ids};
use super::{get, ledger};
use crate::access::Admin;
use crate::entity::{import, import_batch, import_reject};
use crate::error::Result;
use crate::{Store, now};

/// A record that goes in, or the reason why not.
struct Judged {
    row: RowInput,
    incoming: std::result::Result<Incoming, ProblemCode>,
}

/// Takes a batch. Answers with the ledger of the whole import so far; a batch that was received already changes nothing.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when it is not the next one, its rows do not fit the plan, or the import has ended.
pub async fn receive(store: &Store, admin: &Admin, id: ImportId, sequence: u32, batch: Batch) -> Result<ImportLedger> {
    let row = get(store.write(), admin, id).await?;
    let sequence = i32::try_from(sequence).map_err(|_| ErrorCode::BadBatch)?;
    if sequence < row.next_sequence {
        return Ok(ledger(&row));
    }
    if sequence > row.next_sequence || row.state != "running" {
        return Err(ErrorCode::BadBatch.into());
    }
    let plan: ImportPlan = serde_json::from_value(row.plan.clone())?;
    let judged = judge(&plan, batch)?;
    let transaction = store.begin().await?;
    // Of two requests with the same batch one gets past this line; it also takes SQLite's write lock.
    let gate = import::Entity::update_many()
        .col_expr(import::Column::NextSequence, Expr::value(sequence + 1))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::NextSequence.eq(sequence))
        .filter(import::Column::State.eq("running"))
        .exec(&transaction)
        .await?;
    if gate.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(ledger(&get(store.write(), admin, id).await?));
    }
    let done = apply(&transaction, &row, &plan, judged).await?;
    let receipt = import_batch::ActiveModel { import_id: Set(id.0), sequence: Set(sequence), ledger: Set(serde_json::to_value(done)?) };
    import_batch::Entity::insert(receipt).exec_without_returning(&transaction).await?;
    count(&transaction, id, done).await?;
    transaction.commit().await?;
    Ok(ledger(&get(store.write(), admin, id).await?))
}

async fn count(transaction: &DatabaseTransaction, id: ImportId, done: ImportLedger) -> Result<()> {
    let mut change = import::Entity::update_many();
    for (column, more) in [
        (import::Column::Records, done.records),
        (import::Column::Created, done.new),
        (import::Column::Updated, done.updated),
        (import::Column::Unchanged, done.unchanged),
        (import::Column::Merged, done.merged),
        (import::Column::Rejected, done.rejected),
    ] {
        let more = i32::try_from(more).map_err(|_| ErrorCode::BadBatch)?;
        change = change.col_expr(column, Expr::col(column).add(more));
    }
    change.filter(import::Column::Id.eq(id.0)).exec(transaction).await?;
    Ok(())
}

/// The engine's verdict on every row; a row of another shape than the plan's spoils the batch.
fn judge(plan: &ImportPlan, batch: Batch) -> Result<Vec<Judged>> {
    let checker = Checker::new(&plan.mapping);
    let targets: Vec<FieldTarget> = checker.targets().map(|(_, target)| target).collect();
    let mut judged = Vec::with_capacity(batch.rows.len());
    let mut last = 0;
    for row in batch.rows {
        if row.cells.len() != targets.len() || row.record <= last || row.same_as.is_some_and(|first| first >= row.record) {
            return Err(ErrorCode::BadBatch.into());
        }
        last = row.record;
        let verdict = checker.row(&row.cells);
        let incoming = match verdict.verdict {
            Verdict::Ready => Ok(incoming(&targets, &verdict)),
            Verdict::Rejected(code) => Err(code),
        };
        judged.push(Judged { row, incoming });
    }
    Ok(judged)
}

fn incoming(targets: &[FieldTarget], verdict: &RowVerdict<'_>) -> Incoming {
    let mut incoming = Incoming::default();
    let mut landline = None;
    for (target, outcome) in targets.iter().zip(&verdict.cells) {
        let Some(value) = &outcome.value else { continue };
        match target {
            FieldTarget::BuiltIn(field) => {
                match (field, value) {
                    (BuiltInField::Phone, Clean::Phone(Phone { digits, kind: PhoneKind::Mobile, .. })) => {
                        incoming.phone_key = Some(digits.to_string());
                    }
                    (_, Clean::Phone(phone)) => landline = Some(phone.digits),
                    _ => {}
                }
                incoming.values.push((*field, value.stored()));
            }
            FieldTarget::Custom { id, .. } => incoming.custom.push((id.to_string(), value.stored())),
        }
    }
    // Without mobile, e-mail and tax id a landline is shared by a household: it stands for one person only together with the name.
    let keyless =
        incoming.phone_key.is_none() && incoming.value(BuiltInField::Email).is_none() && incoming.value(BuiltInField::TaxId).is_none();
    if let (true, Some(digits)) = (keyless, landline) {
        let names = [BuiltInField::Name, BuiltInField::FirstName, BuiltInField::LastName]
            .map(|field| incoming.value(field).unwrap_or_default().to_lowercase());
        incoming.phone_key = Some(format!("{digits}/{}", names.join(" ").trim()));
    }
    incoming
}

async fn apply(transaction: &DatabaseTransaction, import: &import::Model, plan: &ImportPlan, judged: Vec<Judged>) -> Result<ImportLedger> {
    let now = now();
    let wanted: Vec<Incoming> = judged.iter().filter_map(|judged| judged.incoming.as_ref().ok().cloned()).collect();
    let mut people = People::load(transaction, import.organization_id, &wanted).await?;
    let mut ids = new_ids(transaction, wanted.len()).await?.into_iter();
    let mut ledger = ImportLedger::default();
    let mut rejects = Vec::new();
    let mut members = Vec::with_capacity(wanted.len());
    for Judged { row, incoming } in judged {
        ledger.records += 1;
        let incoming = match incoming {
            Ok(incoming) => incoming,
            Err(code) => {
                ledger.rejected += 1;
                rejects.push((row, code));
                continue;
            }
        };
        match (people.find(&incoming), row.same_as) {
            (Match::One(id) | Match::Several(id), Some(_)) => {
                // The first record of a person stands; a later one gives what it lacks.
                people.change(id, &incoming, ExistingPolicy::Fill);
                ledger.merged += 1;
                members.push(id);
            }
            (Match::Nobody, Some(_)) => ledger.merged += 1,
            (Match::Several(_), None) => {
                ledger.rejected += 1;
                rejects.push((row, ProblemCode::Conflict));
            }
            (Match::One(id), None) => {
                if people.change(id, &incoming, plan.policy) {
                    ledger.updated += 1;
                } else {
                    ledger.unchanged += 1;
                }
                members.push(id);
            }
            (Match::Nobody, None) => {
                let id = ids.next().ok_or(ErrorCode::BadBatch)?;
                people.add(ContactState::new(id, import.organization_id, import.id, now, &incoming));
                ledger.new += 1;
                members.push(id);
            }
        }
    }
    people.write(transaction, import.id, now).await?;
    if let Some(list) = import.list_id {
        members.sort_unstable();
        members.dedup();
        add_to_list(transaction, list, &members).await?;
    }
    keep_rejects(transaction, import.id, plan, rejects).await?;
    Ok(ledger)
}

async fn keep_rejects(
    transaction: &DatabaseTransaction,
    import: i64,
    plan: &ImportPlan,
    rejects: Vec<(RowInput, ProblemCode)>,
) -> Result<()> {
    let mut rows = Vec::with_capacity(rejects.len());
    for (row, code) in rejects {
        let cells = row.rejected.unwrap_or_else(|| whole(plan, row.cells));
        rows.push(import_reject::ActiveModel {
            import_id: Set(import),
            record: Set(i32::try_from(row.record).map_err(|_| ErrorCode::BadBatch)?),
            line: Set(i32::try_from(row.line).map_err(|_| ErrorCode::BadBatch)?),
            code: Set(code.as_str().to_owned()),
            cells: Set(serde_json::to_value(cells)?),
        });
    }
    for rows in rows.chunks(4000) {
        import_reject::Entity::insert_many(rows.iter().cloned()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// The cells at their places in the file; the columns left out are empty.
fn whole(plan: &ImportPlan, cells: Vec<String>) -> Vec<String> {
    let mut cells = cells.into_iter();
    plan.mapping
        .columns
        .iter()
        .map(|column| if column.target.is_some() { cells.next().unwrap_or_default() } else { String::new() })
        .collect()
}
