//! Conflicts: rejected records whose identities belong to several contacts. An admin decides them
//! one by one after the import.

use alta_domain::{
    BuiltInField, Candidate, Conflict, ContactId, ErrorCode, FieldTarget, ImportId, ImportLedger,
    ImportPlan, ImportState, ImportSummary, OrganizationId,
};
use alta_intake::{Checker, Incoming, Verdict};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::from_system::{RefusedRecord, assign_contact};
use super::row::{Progress, add_to_ledger, count, get, is_conflict_of, state};
use super::summary::summary;
use crate::access::Admin;
use crate::contacts::bulk::add_to_list;
use crate::contacts::changes::BatchId;
use crate::contacts::consents::Consents;
use crate::contacts::people::People;
use crate::contacts::state::value_in;
use crate::db::lock_organization;
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::{Store, now};

/// The fields by which people recognize a contact, in the order in which they are shown.
const SHOWN: [BuiltInField; 7] = [
    BuiltInField::Name,
    BuiltInField::FirstName,
    BuiltInField::LastName,
    BuiltInField::Phone,
    BuiltInField::Email,
    BuiltInField::TaxId,
    BuiltInField::Company,
];
/// The identities of a record, in the order of [`People::by_key`].
const IDENTITIES: [BuiltInField; 3] = [
    BuiltInField::Phone,
    BuiltInField::Email,
    BuiltInField::TaxId,
];

/// A reject of an import, checked again under the import's plan.
struct CheckedReject {
    row: import_reject::Model,
    cells: Vec<String>,
    /// The values to import; none when the plan rejects the record.
    incoming: Option<Incoming>,
}

impl CheckedReject {
    fn read(checker: &Checker, row: import_reject::Model) -> Result<Self> {
        let cells: Vec<String> = serde_json::from_value(row.cells.clone())?;
        let wanted: Vec<&str> = checker
            .targets()
            .map(|(index, _)| cells.get(index as usize).map_or("", String::as_str))
            .collect();
        let verdict = checker.row(&wanted);
        let is_ready = verdict.verdict == Verdict::Ready;
        let incoming = is_ready.then(|| Incoming::of(checker, &verdict));
        Ok(Self {
            row,
            cells,
            incoming,
        })
    }
}

/// The conflicts of an import in the file's order: at most `most`, beginning with the first one
/// whose record has a number above `after`.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import.
pub async fn conflicts(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    after: u32,
    most: u64,
) -> Result<Vec<Conflict>> {
    let import = get(store.read(), admin, id).await?;
    let plan: ImportPlan = serde_json::from_value(import.plan)?;
    let rows = import_reject::Entity::find()
        .filter(is_conflict_of(id))
        .filter(import_reject::Column::Record.gt(i32::try_from(after).unwrap_or(i32::MAX)))
        .order_by_asc(import_reject::Column::Record)
        .limit(most)
        .all(store.read())
        .await?;
    let checker = Checker::new(&plan.mapping);
    let rejects: Vec<CheckedReject> = rows
        .into_iter()
        .map(|row| CheckedReject::read(&checker, row))
        .collect::<Result<_>>()?;
    let people = People::load(
        store.read(),
        OrganizationId(import.organization_id),
        rejects.iter().filter_map(|reject| reject.incoming.as_ref()),
        std::iter::empty(),
    )
    .await?;
    rejects
        .into_iter()
        .map(|reject| conflict(&plan, &people, reject))
        .collect()
}

/// A conflict as it is shown: the record's cells with their headers, and the contacts that its
/// identities belong to now.
fn conflict(plan: &ImportPlan, people: &People, reject: CheckedReject) -> Result<Conflict> {
    let headers = plan.mapping.columns.iter().map(|column| &column.header);
    let cells = headers.cloned().zip(reject.cells);
    Ok(Conflict {
        record: count(reject.row.record)?,
        line: count(reject.row.line)?,
        cells: cells.filter(|(_, cell)| !cell.trim().is_empty()).collect(),
        candidates: reject
            .incoming
            .map(|incoming| candidates(people, &incoming))
            .unwrap_or_default(),
    })
}

/// The contacts that the identities of a record belong to, each once.
fn candidates(people: &People, incoming: &Incoming) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (identity, contact) in IDENTITIES.into_iter().zip(people.by_key(incoming)) {
        let Some(contact) = contact else { continue };
        let id = ContactId(contact.id);
        if let Some(known) = candidates
            .iter_mut()
            .find(|candidate| candidate.contact == id)
        {
            known.shares.push(identity);
            continue;
        }
        let value = |field: &BuiltInField| {
            let value = value_in(contact, FieldTarget::BuiltIn(*field))?;
            Some((*field, value.to_owned()))
        };
        candidates.push(Candidate {
            contact: id,
            shares: vec![identity],
            values: SHOWN.iter().filter_map(value).collect(),
        });
    }
    candidates
}

/// Decides a conflict: writes the record to one of its contacts, under the import's own plan.
/// Identities that belong to the other contacts stay theirs. Of two decisions about one record the
/// first one counts.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such import, or no identity of the record
/// belongs to that contact; [`ErrorCode::BadBatch`] while the import runs, and when it was undone.
pub async fn resolve(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    record: u32,
    into: ContactId,
) -> Result<ImportSummary> {
    let organization = get(store.write(), admin, id).await?.organization_id;
    let record = i32::try_from(record).map_err(|_| ErrorCode::NotFound)?;
    let conflict = is_conflict_of(id).add(import_reject::Column::Record.eq(record));
    let reject = import_reject::Entity::find()
        .filter(conflict.clone())
        .one(store.write())
        .await?;
    let transaction = store.begin().await?;
    lock_organization(&transaction, OrganizationId(organization)).await?;
    // Of two requests one gets past this line; it also takes SQLite's write lock.
    let gate = import_reject::Entity::delete_many()
        .filter(conflict)
        .exec(&transaction)
        .await?;
    let row = get(&transaction, admin, id).await?;
    let (Some(reject), 1) = (reject, gate.rows_affected) else {
        return summary(store, &row).await;
    };
    if !matches!(state(&row)?, ImportState::Finished | ImportState::Stopped) {
        return Err(ErrorCode::BadBatch.into());
    }
    let progress = write_to_contact(&transaction, &row, reject, into).await?;
    import::Entity::update_many()
        .col_expr(
            import::Column::NextSequence,
            Expr::value(row.next_sequence + 1),
        )
        .col_expr(import::Column::EndedAt, Expr::value(now()))
        .filter(import::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    add_to_ledger(&transaction, id, progress).await?;
    transaction.commit().await?;
    summary(store, &get(store.write(), admin, id).await?).await
}

/// Writes a rejected record to a contact, as one more batch of its import.
async fn write_to_contact(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    reject: import_reject::Model,
    into: ContactId,
) -> Result<Progress> {
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let record = reject.record;
    let reject = CheckedReject::read(&Checker::new(&plan.mapping), reject)?;
    let incoming = reject.incoming.ok_or(ErrorCode::NotFound)?;
    let mut people = People::load(
        transaction,
        OrganizationId(import.organization_id),
        std::iter::once(&incoming),
        std::iter::empty(),
    )
    .await?;
    let candidates = people.by_key(&incoming);
    if !candidates
        .iter()
        .flatten()
        .any(|contact| contact.id == into.0)
    {
        return Err(ErrorCode::NotFound.into());
    }
    let changed = people.change(into.0, &incoming, |target| plan.policy_of(target));
    let batch = BatchId {
        import: import.id,
        sequence: import.next_sequence,
    };
    people.write(transaction, batch, now()).await?;
    if let Some(connection) = import.connection_id {
        let refused = RefusedRecord {
            connection,
            import: import.id,
            record,
        };
        assign_contact(transaction, refused, into.0).await?;
    }
    if let Some(list) = import.list_id {
        add_to_list(transaction, import.id, list, &[into.0]).await?;
    }
    let mut consents = Consents::of(&plan);
    consents.add(into.0, &incoming);
    Ok(Progress {
        done: ImportLedger {
            updated: u32::from(changed),
            unchanged: u32::from(!changed),
            ..ImportLedger::default()
        },
        corrected: 1,
        kept_out: consents.write(transaction, import.id).await?,
    })
}
