//! Conflicts: rejected records whose person agrees with several contacts. An Admin decides them one
//! by one after the import.

use alta_domain::{
    BuiltInField, Candidate, Conflict, ContactId, ErrorCode, FieldTarget, ImportId, ImportLedger,
    ImportPlan, ImportState, ImportSummary, Key, KeyKind, OrganizationId, Repeated,
};
use alta_intake::{Checker, Incoming};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::batch::MOST_KEYS;
use super::from_system::{RefusedRecord, assign_contact};
use super::members::Members;
use super::merged::MergedRecords;
use super::row::{Progress, add_to_ledger, count, get, home, is_conflict_of, state};
use super::summary::summary;
use super::waiting::{CheckedReject, waiting, without_nobodys};
use crate::access::Admin;
use crate::contacts::consents::Consents;
use crate::contacts::people::{People, Reader, next_write};
use crate::contacts::state::Given;
use crate::contacts::values::value_in;
use crate::db::lock_organization;
use crate::entity::{import, import_reject};
use crate::error::Result;
use crate::vault::Vault;
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

/// Lists the conflicts of an import in the file's order: at most `most`, beginning with the first
/// one whose record has a number above `after`.
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
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let rows = import_reject::Entity::find()
        .filter(is_conflict_of(id))
        .filter(import_reject::Column::Record.gt(i32::try_from(after).unwrap_or(i32::MAX)))
        .order_by_asc(import_reject::Column::Record)
        .limit(most)
        .all(store.read())
        .await?;
    let checker = Checker::new(&plan.mapping);
    let mut rejects: Vec<CheckedReject> = rows
        .into_iter()
        .map(|row| CheckedReject::read(&checker, row))
        .collect::<Result<_>>()?;
    without_nobodys(store.read(), &import, &mut rejects).await?;
    let firsts = rejects.iter().map(|reject| reject.row.record);
    let joined = waiting(store.read(), &checker, &import, firsts).await?;
    let keys = rejects
        .iter()
        .chain(joined.values().flatten())
        .flat_map(CheckedReject::keys);
    let reader = reader(store.read(), &import).await?;
    let people = People::load(store.read(), reader, keys, std::iter::empty()).await?;
    rejects
        .into_iter()
        .map(|reject| {
            let later = joined
                .get(&reject.row.record)
                .map_or(&[][..], Vec::as_slice);
            conflict(&plan, &people, reject, later)
        })
        .collect()
}

/// Returns the organization whose contacts are read, with the import that reads them.
async fn reader(connection: &impl ConnectionTrait, import: &import::Model) -> Result<Reader> {
    Ok(Reader {
        organization: OrganizationId(import.organization_id),
        home: home(connection, import).await?,
        import: import.id,
        reading: import.reading,
    })
}

/// Returns a conflict as it is shown: the record's cells with their headers, and the contacts that
/// the keys of its person belong to now.
fn conflict(
    plan: &ImportPlan,
    people: &People,
    reject: CheckedReject,
    later: &[CheckedReject],
) -> Result<Conflict> {
    let keys: Vec<Key> = std::iter::once(&reject)
        .chain(later)
        .flat_map(CheckedReject::keys)
        .collect();
    let headers = plan.mapping.columns.iter().map(|column| &column.header);
    let candidates = candidates(people, &keys);
    let cells = headers.cloned().zip(reject.cells);
    Ok(Conflict {
        record: count(reject.row.record)?,
        line: count(reject.row.line)?,
        cells: cells.filter(|(_, cell)| !cell.trim().is_empty()).collect(),
        candidates,
    })
}

/// Returns the contacts that keys belong to, each once.
fn candidates(people: &People, keys: &[Key]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for key in keys {
        let owner = people.owner(key).and_then(|id| people.get(id));
        let Some(contact) = owner.map(|state| &state.row) else {
            continue;
        };
        let shared = match key.kind {
            KeyKind::Phone | KeyKind::Landline => BuiltInField::Phone,
            KeyKind::Email => BuiltInField::Email,
            KeyKind::Cpf => BuiltInField::TaxId,
        };
        let id = ContactId(contact.id);
        let known = candidates
            .iter_mut()
            .find(|candidate| candidate.contact == id);
        if let Some(known) = known {
            if !known.shares.contains(&shared) {
                known.shares.push(shared);
            }
            continue;
        }
        let value = |field: &BuiltInField| {
            let value = value_in(contact, FieldTarget::BuiltIn(*field))?;
            Some((*field, value.to_owned()))
        };
        candidates.push(Candidate {
            contact: id,
            shares: vec![shared],
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
    let progress = write_to_contact(&transaction, &store.vault, &row, reject, into).await?;
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

/// Writes a rejected person to a contact, as one more batch of its import: its first record, and
/// the records that wait with it.
async fn write_to_contact(
    transaction: &DatabaseTransaction,
    vault: &Vault,
    import: &import::Model,
    reject: import_reject::Model,
    into: ContactId,
) -> Result<Progress> {
    let plan: ImportPlan = serde_json::from_value(import.plan.clone())?;
    let checker = Checker::new(&plan.mapping);
    let record = reject.record;
    let mut rejects = vec![CheckedReject::read(&checker, reject)?];
    without_nobodys(transaction, import, &mut rejects).await?;
    let mut later = waiting(transaction, &checker, import, [record].into_iter()).await?;
    rejects.extend(later.remove(&record).unwrap_or_default());
    let reader = reader(transaction, import).await?;
    let keys: Vec<Key> = rejects.iter().flat_map(CheckedReject::keys).collect();
    let known = std::iter::empty();
    let mut people = People::load(transaction, reader, keys.iter().cloned(), known).await?;
    if !keys.iter().any(|key| people.owner(key) == Some(into.0)) {
        return Err(ErrorCode::NotFound.into());
    }
    people.find(into.0);
    let mut merged = MergedRecords::default();
    let mut consents = Consents::load(transaction, (&plan, None), &[into.0]).await?;
    let mut members = Members::load(transaction, import, &[into.0]).await?;
    let mut changed = people.restore(into.0) | members.add(into.0);
    for reject in rejects.iter().skip(1) {
        merged.add(reject.merged_into(into.0)?);
    }
    // The first record that has a value for a field gives it.
    if plan.mapping.repeated() == Repeated::Last {
        rejects.reverse();
    }
    for (nth, reject) in rejects.iter().enumerate() {
        if let Some(incoming) = &reject.incoming {
            changed |= give(&plan, &mut people, &mut consents, (into.0, nth), incoming);
        }
    }
    if changed {
        people.note_changed(into.0);
    }
    let write = next_write(transaction, reader.organization).await?;
    let refused = people.write(transaction, vault, write, now()).await?;
    consents.refuse(&refused);
    members.write(transaction, import).await?;
    merged.write(transaction, import.id).await?;
    import_reject::Entity::delete_many()
        .filter(import_reject::Column::ImportId.eq(import.id))
        .filter(import_reject::Column::Joins.eq(record))
        .exec(transaction)
        .await?;
    for reject in &rejects {
        assign_refused(transaction, import, reject.row.record, into).await?;
    }
    Ok(Progress {
        done: ImportLedger {
            updated: u32::from(changed),
            unchanged: u32::from(!changed),
            ..ImportLedger::default()
        },
        corrected: 1,
        kept_out: consents.write(transaction, import.id).await?,
        ..Progress::default()
    })
}

/// Assigns the system's contact that an import refused to the contact that the decision has written
/// it to. Does nothing for an import of a file.
async fn assign_refused(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    record: i32,
    into: ContactId,
) -> Result<()> {
    let Some(connection) = import.connection_id else {
        return Ok(());
    };
    let refused = RefusedRecord {
        connection,
        import: import.id,
        record,
    };
    assign_contact(transaction, refused, into.0).await
}

/// Gives the values of one of a person's records to a contact. `nth` is 0 for the record that gives
/// first. Returns true when something changed.
fn give(
    plan: &ImportPlan,
    people: &mut People,
    consents: &mut Consents<'_>,
    (into, nth): (i64, usize),
    incoming: &Incoming,
) -> bool {
    let only_noes = nth > 0 && plan.mapping.repeated() == Repeated::First;
    let answered = consents.add(into, incoming, only_noes);
    if only_noes {
        return answered;
    }
    let given = Given {
        phones: incoming.phones.clone(),
        emails: incoming.emails.clone(),
        values: incoming.values.clone(),
        yields: Vec::new(),
    };
    let policy = |target| plan.policy_of(target);
    people.give(into, given, policy, MOST_KEYS).0 | answered
}
