//! One batch: checked again by the same engine, applied and accounted for in one transaction.

use std::time::{Duration, Instant};

use alta_domain::{
    Batch, BuiltInField, ErrorCode, FieldPolicy, FieldTarget, ImportId, ImportLedger, ImportPlan,
    OrganizationId, ProblemCode, Repeated, RowInput,
};
use alta_intake::{Checker, Incoming, Verdict};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::bulk::{add_to_list, new_ids};
use super::consents::Consents;
use super::contact_state::ContactState;
use super::corrections::{self, Rejects};
use super::people::{Match, People};
use super::{get, ledger, source};
use crate::access::Admin;
use crate::db::lock_organization;
use crate::entity::{import, import_batch};
use crate::error::Result;
use crate::{Store, now};

/// Between two looks at whether the batch before has arrived.
const LONGEST_PAUSE: Duration = Duration::from_millis(30);

/// A batch with the engine's verdict on every row.
pub struct Prepared {
    rows: Vec<Judged>,
    dropped: u32,
    behind: u32,
}

/// A record that goes in, or the reason why not.
pub(super) struct Judged {
    row: RowInput,
    incoming: std::result::Result<Incoming, ProblemCode>,
    /// What is known of it from before, when it comes from a system.
    pub(super) known: Option<Known>,
}

/// A record that its system has sent before.
pub(super) struct Known {
    /// The contact that it became, if it became one.
    pub(super) contact: Option<i64>,
    /// What becomes of its fields.
    pub(super) policies: Vec<(FieldTarget, FieldPolicy)>,
    /// It was refused as it stands: that was said, and is not said again.
    pub(super) is_refused: bool,
}

/// Takes a batch. Answers with the ledger of the whole import so far; a batch that was received
/// already changes nothing. One that overtook the batch before it waits for it.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when it is not the next one, does not begin where the import is, its
/// rows do not fit the plan, or the import has ended.
pub async fn receive(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: u32,
    batch: Batch,
) -> Result<ImportLedger> {
    let row = get(store.read(), admin, id).await?;
    let sequence = i32::try_from(sequence).map_err(|_| ErrorCode::BadBatch)?;
    if sequence < row.next_sequence {
        return Ok(ledger(&row));
    }
    if sequence > row.next_sequence.saturating_add(1) || row.state != "running" {
        return Err(ErrorCode::BadBatch.into());
    }
    let (plan, _) = corrections::plans(&row)?;
    let prepared = prepare(&plan, batch)?;
    let row = its_turn(store, admin, id, sequence).await?;
    if sequence < row.next_sequence {
        return Ok(ledger(&row));
    }
    apply_next(store, admin, &row, corrections::plans(&row)?, prepared).await
}

/// The import, once it waits for the batch of this number or a later one. The one before is on its
/// way too: a sender may have two in flight, over two connections and to two servers.
async fn its_turn(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: i32,
) -> Result<import::Model> {
    let until = Instant::now() + Duration::from_millis(store.limits.batch_wait_ms);
    let mut pause = Duration::from_millis(1);
    loop {
        let row = get(store.write(), admin, id).await?;
        if row.state != "running" || Instant::now() >= until && row.next_sequence < sequence {
            return Err(ErrorCode::BadBatch.into());
        }
        if row.next_sequence >= sequence {
            return Ok(row);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Takes a batch that was prepared under the import's own plan, as [`receive`] does with any.
///
/// # Errors
/// As [`receive`].
pub async fn receive_prepared(
    store: &Store,
    admin: &Admin,
    id: ImportId,
    sequence: u32,
    prepared: Prepared,
) -> Result<ImportLedger> {
    let row = get(store.write(), admin, id).await?;
    if i32::try_from(sequence) != Ok(row.next_sequence) || row.state != "running" {
        return Err(ErrorCode::BadBatch.into());
    }
    let plans = corrections::plans(&row)?;
    apply_next(store, admin, &row, plans, prepared).await
}

/// Applies the batch that an import waits for.
async fn apply_next(
    store: &Store,
    admin: &Admin,
    row: &import::Model,
    (plan, first): (ImportPlan, Option<ImportPlan>),
    prepared: Prepared,
) -> Result<ImportLedger> {
    // A corrected list is another file than the one whose records are counted.
    if first.is_none() && i32::try_from(prepared.behind) != Ok(row.records) {
        return Err(ErrorCode::BadBatch.into());
    }
    let transaction = store.begin().await?;
    match apply_within(&transaction, row, (&plan, first.as_ref()), prepared).await? {
        Some(_) => transaction.commit().await?,
        None => transaction.rollback().await?,
    }
    Ok(ledger(&get(store.write(), admin, ImportId(row.id)).await?))
}

/// Applies the batch that an import waits for within a transaction, with all that is counted;
/// answers with the contact of each record that went in, and with nothing when somebody else has
/// applied it.
pub(super) async fn apply_within(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    (plan, first): (&ImportPlan, Option<&ImportPlan>),
    prepared: Prepared,
) -> Result<Option<Vec<(u32, i64)>>> {
    let (id, sequence) = (ImportId(row.id), row.next_sequence);
    let Prepared {
        rows: judged,
        dropped,
        ..
    } = prepared;
    // What is left out of a corrected list is rejected as before.
    let dropped = if first.is_some() { 0 } else { dropped };
    one_at_a_time(transaction, row.organization_id).await?;
    // Of two requests with the same batch one gets past this line; it also takes SQLite's write
    // lock.
    let gate = import::Entity::update_many()
        .col_expr(import::Column::NextSequence, Expr::value(sequence + 1))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::NextSequence.eq(sequence))
        .filter(import::Column::State.eq("running"))
        .exec(transaction)
        .await?;
    if gate.rows_affected == 0 {
        return Ok(None);
    }
    let rejects = Rejects::load(
        transaction,
        row,
        (plan, first),
        judged.iter().map(|judged| &judged.row),
    )
    .await?;
    let Applied {
        mut done,
        corrected,
        kept_out,
        contacts,
    } = apply(transaction, row, plan, judged, rejects).await?;
    done.records += dropped;
    done.dropped = dropped;
    let receipt = import_batch::ActiveModel {
        import_id: Set(id.0),
        sequence: Set(sequence),
        ledger: Set(serde_json::to_value(done)?),
    };
    import_batch::Entity::insert(receipt)
        .exec_without_returning(transaction)
        .await?;
    count(transaction, id, done, (corrected, kept_out)).await?;
    Ok(Some(contacts))
}

/// Locks the organization's contacts until the transaction ends.
pub(crate) async fn one_at_a_time(
    transaction: &DatabaseTransaction,
    organization: i64,
) -> Result<()> {
    lock_organization(transaction, OrganizationId(organization)).await
}

/// Adds to the ledger; rejects that were corrected go from it.
pub(super) async fn count(
    transaction: &DatabaseTransaction,
    id: ImportId,
    done: ImportLedger,
    (corrected, kept_out): (u32, u32),
) -> Result<()> {
    let mut change = import::Entity::update_many();
    for (column, more) in [
        (import::Column::Records, done.records),
        (import::Column::Created, done.new),
        (import::Column::Updated, done.updated),
        (import::Column::Unchanged, done.unchanged),
        (import::Column::Merged, done.merged),
        (import::Column::Rejected, done.rejected),
        (import::Column::Dropped, done.dropped),
        (import::Column::KeptOut, kept_out),
    ] {
        let more = i64::from(more)
            - if matches!(column, import::Column::Rejected) {
                i64::from(corrected)
            } else {
                0
            };
        let more = i32::try_from(more).map_err(|_| ErrorCode::BadBatch)?;
        change = change.col_expr(column, Expr::col(column).add(more));
    }
    change
        .filter(import::Column::Id.eq(id.0))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The engine's verdict on every row; a row of another shape than the plan's spoils the batch.
/// Needs no database.
///
/// # Errors
/// [`ErrorCode::BadBatch`] when its rows do not fit the plan.
pub fn prepare(plan: &ImportPlan, batch: Batch) -> Result<Prepared> {
    let checker = Checker::new(&plan.mapping);
    let width = checker.targets().count();
    let mut judged = Vec::with_capacity(batch.rows.len());
    let mut last = 0;
    for row in batch.rows {
        if row.cells.len() != width || row.record <= last || row.same_as == Some(row.record) {
            return Err(ErrorCode::BadBatch.into());
        }
        last = row.record;
        let verdict = checker.row(&row.cells);
        let incoming = match verdict.verdict {
            Verdict::Ready => Ok(Incoming::of(&checker, &verdict)),
            Verdict::Rejected(code) => Err(code),
        };
        judged.push(Judged {
            row,
            incoming,
            known: None,
        });
    }
    Ok(Prepared {
        rows: judged,
        dropped: batch.dropped,
        behind: batch.behind,
    })
}

impl Prepared {
    /// Says what is known of rows that their system has sent before.
    pub(super) fn knowing(mut self, known: impl Fn(&RowInput) -> Option<Known>) -> Self {
        for judged in &mut self.rows {
            judged.known = known(&judged.row);
        }
        self
    }
}

impl Known {
    fn policy_of(&self, target: FieldTarget) -> FieldPolicy {
        self.policies
            .iter()
            .find(|(known, _)| *known == target)
            .map_or(FieldPolicy::Keep, |(_, policy)| *policy)
    }
}

/// What a batch did.
struct Applied {
    /// What it adds to the ledger.
    done: ImportLedger,
    /// Rejects that it corrects.
    corrected: u32,
    /// Contacts that it would have let in by a channel, and that had said no.
    kept_out: u32,
    /// The contact of each record that went in.
    contacts: Vec<(u32, i64)>,
}

/// What becomes of a field of somebody who is there; another record of the same person gives what
/// the one used lacks.
fn policy_of(
    plan: &ImportPlan,
    known: Option<&Known>,
    repeats: bool,
    target: FieldTarget,
) -> FieldPolicy {
    match known {
        _ if repeats && target == FieldTarget::BuiltIn(BuiltInField::Tags) => FieldPolicy::Merge,
        _ if repeats => FieldPolicy::Fill,
        Some(known) => known.policy_of(target),
        None => plan.policy_of(target),
    }
}

/// Whom a record is about: one that its system has sent before is known by that, any other by its
/// keys.
fn whose(
    people: &People,
    row: &RowInput,
    incoming: Incoming,
    known: Option<&Known>,
) -> std::result::Result<(Incoming, Match), ProblemCode> {
    let found = known
        .and_then(|known| known.contact)
        .map_or_else(|| people.find(&incoming), Match::One);
    let conflicts = matches!(found, Match::Several(_)) && row.same_as.is_none();
    if conflicts {
        Err(ProblemCode::Conflict)
    } else {
        Ok((incoming, found))
    }
}

/// Adds the contacts to the import's list, where it has one.
async fn add_members(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    contacts: &[(u32, i64)],
) -> Result<()> {
    let Some(list) = import.list_id else {
        return Ok(());
    };
    let mut members: Vec<i64> = contacts.iter().map(|(_, contact)| *contact).collect();
    members.sort_unstable();
    members.dedup();
    add_to_list(transaction, import.id, list, &members).await
}

/// Rejects of a system that were corrected are these contacts from now on.
async fn settle(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    settled: &[(i32, i64)],
) -> Result<()> {
    let Some(connection) = import.connection_id else {
        return Ok(());
    };
    for (record, contact) in settled {
        source::settle(transaction, connection, (import.id, *record), *contact).await?;
    }
    Ok(())
}

/// Finds each row's contact, changes it or makes it, and writes everything.
async fn apply(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    plan: &ImportPlan,
    judged: Vec<Judged>,
    mut rejects: Rejects<'_>,
) -> Result<Applied> {
    let now = now();
    let wanted = judged
        .iter()
        .filter_map(|judged| judged.incoming.as_ref().ok());
    let known = judged
        .iter()
        .filter_map(|judged| judged.known.as_ref()?.contact);
    let mut people =
        People::load(transaction, import.organization_id, wanted.clone(), known).await?;
    let mut ids = new_ids(transaction, wanted.count()).await?.into_iter();
    let mut ledger = ImportLedger::default();
    let merges = plan.mapping.repeated() == Repeated::Merge;
    let (mut contacts, mut settled) = (Vec::with_capacity(judged.len()), Vec::new());
    let mut consents = Consents::of(plan);
    for Judged {
        row,
        incoming,
        known,
    } in judged
    {
        let (corrected, record) = (rejects.take(&row), row.record);
        ledger.records += u32::from(corrected.is_none());
        let is_refused = known.as_ref().is_some_and(|known| known.is_refused);
        let known = known.filter(|known| known.contact.is_some_and(|contact| people.has(contact)));
        let (incoming, found) =
            match incoming.and_then(|incoming| whose(&people, &row, incoming, known.as_ref())) {
                Ok(found) => found,
                Err(code) => {
                    if is_refused {
                        ledger.unchanged += 1;
                    } else {
                        ledger.rejected += u32::from(corrected.is_none());
                        rejects.keep(row, code, corrected)?;
                    }
                    continue;
                }
            };
        let contact = match (found, row.same_as.is_some()) {
            (Match::One(id) | Match::Several(id), repeats) => {
                let policy = |target| policy_of(plan, known.as_ref(), repeats, target);
                let changed = (merges || !repeats) && people.change(id, &incoming, policy);
                *match (repeats, changed) {
                    (true, _) => &mut ledger.merged,
                    (false, true) => &mut ledger.updated,
                    (false, false) => &mut ledger.unchanged,
                } += 1;
                id
            }
            (Match::Nobody, true) => {
                ledger.merged += 1;
                continue;
            }
            (Match::Nobody, false) => {
                let id = ids.next().ok_or(ErrorCode::BadBatch)?;
                people.add(ContactState::new(
                    id,
                    import.organization_id,
                    import.id,
                    now,
                    &incoming,
                ));
                ledger.new += 1;
                id
            }
        };
        consents.add(contact, &incoming);
        contacts.push((record, contact));
        settled.extend(corrected.map(|reject| (reject.record, contact)));
    }
    people
        .write(transaction, (import.id, import.next_sequence), now)
        .await?;
    settle(transaction, import, &settled).await?;
    add_members(transaction, import, &contacts).await?;
    let kept_out = consents.write(transaction, import.id).await?;
    Ok(Applied {
        done: ledger,
        corrected: rejects.write(transaction).await?,
        kept_out,
        contacts,
    })
}
