//! Records that point at two contacts, decided one by one after the import.

use alta_domain::{
    BuiltInField, Candidate, Conflict, ContactId, ErrorCode, FieldTarget, ImportId, ImportLedger,
    ImportPlan, ImportSummary, ProblemCode,
};
use alta_intake::{Checker, Incoming, Verdict};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::batch::{count, one_at_a_time};
use super::bulk::add_to_list;
use super::consents::Consents;
use super::contact_state::value_in;
use super::people::People;
use super::{get, source, summary};
use crate::access::Admin;
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::{Store, now};

/// Fields that tell who a contact is, in the order they are shown.
const TELLING: [BuiltInField; 7] = [
    BuiltInField::Name,
    BuiltInField::FirstName,
    BuiltInField::LastName,
    BuiltInField::Phone,
    BuiltInField::Email,
    BuiltInField::TaxId,
    BuiltInField::Company,
];
/// What a record may share with a contact, in the order of its keys.
const KEYS: [BuiltInField; 3] = [
    BuiltInField::Phone,
    BuiltInField::Email,
    BuiltInField::TaxId,
];

/// Up to `most` records behind one that point at several contacts, in the file's order.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import.
pub async fn conflicts(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    behind: u32,
    most: u64,
) -> Result<Vec<Conflict>> {
    let row = get(store.read(), admin, id).await?;
    let plan: ImportPlan = serde_json::from_value(row.plan.clone())?;
    let rejects = import_reject::Entity::find()
        .filter(of_conflict(id))
        .filter(import_reject::Column::Record.gt(i32::try_from(behind).unwrap_or(i32::MAX)))
        .order_by_asc(import_reject::Column::Record)
        .limit(most)
        .all(store.read())
        .await?;
    let checker = Checker::new(&plan.mapping);
    let mut records = Vec::with_capacity(rejects.len());
    for reject in rejects {
        let cells: Vec<String> = serde_json::from_value(reject.cells.clone())?;
        records.push((reject, incoming(&checker, &cells), cells));
    }
    let people = People::load(
        store.read(),
        row.organization_id,
        records
            .iter()
            .filter_map(|(_, incoming, _)| incoming.as_ref()),
        std::iter::empty(),
    )
    .await?;
    let mut found = Vec::with_capacity(records.len());
    for (reject, incoming, cells) in records {
        let named = plan
            .mapping
            .columns
            .iter()
            .map(|column| column.header.clone())
            .zip(cells);
        found.push(Conflict {
            record: u32::try_from(reject.record).unwrap_or(0),
            line: u32::try_from(reject.line).unwrap_or(0),
            cells: named.filter(|(_, cell)| !cell.trim().is_empty()).collect(),
            candidates: incoming
                .map(|incoming| candidates(&people, &incoming))
                .unwrap_or_default(),
        });
    }
    Ok(found)
}

/// How many records of an import point at several contacts.
pub(super) async fn how_many(store: &Store, id: ImportId) -> Result<u32> {
    let count = import_reject::Entity::find()
        .filter(of_conflict(id))
        .count(store.read())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn of_conflict(id: ImportId) -> sea_orm::Condition {
    let code = import_reject::Column::Code.eq(ProblemCode::Conflict.as_str());
    sea_orm::Condition::all()
        .add(import_reject::Column::ImportId.eq(id.0))
        .add(code)
}

/// What a record brings, judged again under its plan; none when it is not usable under that.
fn incoming(checker: &Checker, cells: &[String]) -> Option<Incoming> {
    let wanted: Vec<&str> = checker
        .targets()
        .map(|(index, _)| cells.get(index as usize).map_or("", String::as_str))
        .collect();
    let verdict = checker.row(&wanted);
    (verdict.verdict == Verdict::Ready).then(|| Incoming::of(checker, &verdict))
}

fn candidates(people: &People, incoming: &Incoming) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (key, contact) in KEYS.into_iter().zip(people.by_key(incoming)) {
        let Some(contact) = contact else { continue };
        let id = ContactId(contact.id);
        if let Some(known) = candidates
            .iter_mut()
            .find(|candidate| candidate.contact == id)
        {
            known.shares.push(key);
            continue;
        }
        let value = |field: &BuiltInField| {
            Some((
                *field,
                value_in(contact, FieldTarget::BuiltIn(*field))?.to_owned(),
            ))
        };
        candidates.push(Candidate {
            contact: id,
            shares: vec![key],
            values: TELLING.iter().filter_map(value).collect(),
        });
    }
    candidates
}

/// Gives a record that points at several contacts to one of them, under the import's own plan; what
/// belongs to the others stays theirs. Decided twice, the first time counts.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or the record does not point
/// at that contact; [`ErrorCode::BadBatch`] while the import still runs, or when it was taken back.
pub async fn resolve(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    record: u32,
    into: ContactId,
) -> Result<ImportSummary> {
    let organization = get(store.write(), admin, id).await?.organization_id;
    let at = i32::try_from(record).map_err(|_| ErrorCode::NotFound)?;
    let one = import_reject::Column::Record.eq(at);
    let reject = import_reject::Entity::find()
        .filter(of_conflict(id))
        .filter(one.clone())
        .one(store.write())
        .await?;
    let transaction = store.begin().await?;
    one_at_a_time(&transaction, organization).await?;
    // Of two requests one gets past this line; it also takes SQLite's write lock.
    let gate = import_reject::Entity::delete_many()
        .filter(of_conflict(id))
        .filter(one)
        .exec(&transaction)
        .await?;
    let row = get(&transaction, admin, id).await?;
    let (Some(reject), 1) = (reject, gate.rows_affected) else {
        return summary(store, &row).await;
    };
    if !matches!(row.state.as_str(), "finished" | "stopped") {
        return Err(ErrorCode::BadBatch.into());
    }
    let done = give(&transaction, &row, &reject, into).await?;
    let now = now();
    import::Entity::update_many()
        .col_expr(
            import::Column::NextSequence,
            Expr::value(row.next_sequence + 1),
        )
        .col_expr(import::Column::EndedAt, Expr::value(now))
        .filter(import::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    count(&transaction, id, done.0, (1, done.1)).await?;
    transaction.commit().await?;
    summary(store, &get(store.write(), admin, id).await?).await
}

/// What it adds to the ledger, and the contacts kept out of a channel.
async fn give(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    reject: &import_reject::Model,
    into: ContactId,
) -> Result<(ImportLedger, u32)> {
    let plan: ImportPlan = serde_json::from_value(row.plan.clone())?;
    let cells: Vec<String> = serde_json::from_value(reject.cells.clone())?;
    let incoming = incoming(&Checker::new(&plan.mapping), &cells).ok_or(ErrorCode::NotFound)?;
    let mut people = People::load(
        transaction,
        row.organization_id,
        std::iter::once(&incoming),
        std::iter::empty(),
    )
    .await?;
    if !people
        .by_key(&incoming)
        .into_iter()
        .flatten()
        .any(|contact| contact.id == into.0)
    {
        return Err(ErrorCode::NotFound.into());
    }
    let changed = people.change(into.0, &incoming, |target| plan.policy_of(target));
    people
        .write(transaction, (row.id, row.next_sequence), now())
        .await?;
    if let Some(connection) = row.connection_id {
        source::settle(transaction, connection, (row.id, reject.record), into.0).await?;
    }
    if let Some(list) = row.list_id {
        add_to_list(transaction, row.id, list, &[into.0]).await?;
    }
    let mut consents = Consents::of(&plan);
    consents.add(into.0, &incoming);
    let kept_out = consents.write(transaction, row.id).await?;
    Ok((
        ImportLedger {
            updated: u32::from(changed),
            unchanged: u32::from(!changed),
            ..ImportLedger::default()
        },
        kept_out,
    ))
}
