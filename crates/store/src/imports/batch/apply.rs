//! Writes a prepared batch within a transaction: contacts with their keys and histories, consents,
//! list members, rejects, and the counts of the import.

mod contact;
mod waiting;
mod whom;

use std::collections::HashMap;

use alta_domain::{
    FieldTarget, Fix, ImportId, ImportLedger, ImportPlan, ImportState, OrganizationId, ProblemCode,
    Repeated, RowInput, SharedKeyRemedy,
};
use alta_intake::Incoming;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::corrected::{CorrectedReject, assign_corrected};
use super::person::{Person, Persons};
use super::prepared::{CheckedRow, KnownRecord, Prepared, keys};
use crate::contacts::bulk::new_ids;
use crate::contacts::consents::Consents;
use crate::contacts::people::{People, Reader, next_write};
use crate::contacts::state::MostKeys;
use crate::db::lock_organization;
use crate::entity::{import, import_batch, import_reject};
use crate::error::Result;
use crate::imports::corrections::Rejects;
use crate::imports::members::Members;
use crate::imports::merged::MergedRecords;
use crate::imports::row::{Plans, Progress, add_to_ledger, home, is, note_created};
use crate::imports::waiting::CheckedReject;
use crate::now;
use crate::vault::Vault;

/// The most further phones, and the most further e-mails, of a contact.
pub(in crate::imports) const MOST_KEYS: MostKeys = MostKeys(100);

/// A record that was imported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportedRecord {
    /// The number of the record in its file or in its system's import, counted from 1.
    pub(crate) record: u32,
    /// The contact that it was written to.
    pub(crate) contact: i64,
}

/// Writes the batch that an import expects, with its counts, and returns its imported records.
/// Returns `None` when the import does not expect the batch any more: another request has written
/// it, or the import has ended. Locks the organization until the transaction ends.
pub(crate) async fn apply_within(
    transaction: &DatabaseTransaction,
    vault: &Vault,
    import: &import::Model,
    plans: &Plans,
    prepared: Prepared,
) -> Result<Option<Vec<ImportedRecord>>> {
    let (id, sequence) = (ImportId(import.id), import.next_sequence);
    lock_organization(transaction, OrganizationId(import.organization_id)).await?;
    // Of two requests with the same batch one gets past this update; it also takes SQLite's write
    // lock.
    let gate = import::Entity::update_many()
        .col_expr(import::Column::NextSequence, Expr::value(sequence + 1))
        .filter(import::Column::Id.eq(id.0))
        .filter(import::Column::NextSequence.eq(sequence))
        .filter(is(ImportState::Running))
        .exec(transaction)
        .await?;
    if gate.rows_affected == 0 {
        return Ok(None);
    }
    let mut prepared = prepared;
    if plans.original.is_some() {
        prepared.keep_nobodys(transaction, id).await?;
    } else {
        prepared.write_nobodys(transaction, id).await?;
    }
    let mut application = Application::load(transaction, import, plans, &prepared.rows).await?;
    for row in prepared.rows {
        application.apply(row)?;
    }
    let (mut progress, imported) = application.write(transaction, vault).await?;
    // Rows left out of a corrected list stay rejects of the import.
    if plans.original.is_none() {
        let dropped = prepared.dropped.write(transaction, id).await?;
        progress.done.records += dropped;
        progress.done.dropped = dropped;
    }
    let receipt = import_batch::ActiveModel {
        import_id: Set(id.0),
        sequence: Set(sequence),
        ledger: Set(serde_json::to_value(progress.done)?),
    };
    import_batch::Entity::insert(receipt)
        .exec_without_returning(transaction)
        .await?;
    add_to_ledger(transaction, id, progress).await?;
    Ok(Some(imported))
}

/// The rows of a batch, while they are applied one by one in memory.
struct Application<'a> {
    import: &'a import::Model,
    plan: &'a ImportPlan,
    repeated: Repeated,
    /// True when the plan has the remedy 'they are one person' for shared keys: then a shared key
    /// is enough to join two records.
    is_one_person: bool,
    /// The fields of the cells, in the order of the cells.
    targets: Vec<FieldTarget>,
    /// Milliseconds since 1970.
    now: i64,
    people: People,
    persons: Persons,
    /// Ids for contacts that the batch creates.
    ids: std::vec::IntoIter<i64>,
    created: Vec<i64>,
    consents: Consents<'a>,
    members: Members,
    merged: MergedRecords,
    rejects: Rejects<'a>,
    ledger: ImportLedger,
    /// The number of persons that were counted as unchanged at their first record, and that a later
    /// record has changed.
    changed_later: u32,
    imported: Vec<ImportedRecord>,
    corrected: Vec<CorrectedReject>,
    /// The records that wait with rejects which the batch corrects, by the number of the reject.
    waiting: HashMap<i32, Vec<CheckedReject>>,
    /// True for a correction whose permissions are not those of its import.
    has_other_permission: bool,
}

impl<'a> Application<'a> {
    /// Loads the contacts and the rejects that the rows are about.
    async fn load(
        transaction: &DatabaseTransaction,
        import: &'a import::Model,
        plans: &'a Plans,
        rows: &[CheckedRow],
    ) -> Result<Self> {
        let plan = &plans.current;
        let rejects =
            Rejects::load(transaction, import, plans, rows.iter().map(|row| &row.row)).await?;
        let firsts = rows.iter().filter_map(|row| row.row.same_as);
        let persons = Persons::load(transaction, import, firsts).await?;
        let known = rows.iter().filter_map(|row| row.known.as_ref()?.contact);
        let reader = Reader {
            organization: OrganizationId(import.organization_id),
            home: home(transaction, import).await?,
            import: import.id,
            reading: import.reading,
        };
        let ids = known.chain(persons.contacts());
        let waiting = Self::load_waiting(transaction, import, plans, &rejects).await?;
        let waiting_keys = waiting.values().flatten().flat_map(CheckedReject::keys);
        let keys = rows.iter().flat_map(keys).chain(waiting_keys);
        let people = People::load(transaction, reader, keys, ids).await?;
        let found = people.ids();
        let ready = rows.iter().filter(|row| row.incoming.is_ok()).count();
        let is_one_person = plan.mapping.fixes.iter().any(|fix| {
            matches!(
                fix,
                Fix::SharedKey {
                    remedy: SharedKeyRemedy::OnePerson,
                    ..
                }
            )
        });
        let targets = plan.mapping.columns.iter();
        Ok(Self {
            import,
            plan,
            repeated: plan.mapping.repeated(),
            is_one_person,
            targets: targets.filter_map(|column| column.target).collect(),
            now: now(),
            persons,
            ids: new_ids(transaction, ready).await?.into_iter(),
            created: Vec::new(),
            consents: Consents::load(transaction, (plan, plans.original.as_ref()), &found).await?,
            members: Members::load(transaction, import, &found).await?,
            merged: MergedRecords::default(),
            people,
            rejects,
            ledger: ImportLedger::default(),
            changed_later: 0,
            imported: Vec::with_capacity(rows.len()),
            corrected: Vec::new(),
            waiting,
            has_other_permission: plans.has_other_permission(),
        })
    }

    /// Applies a row: finds its contact and changes it, creates it, or rejects the row.
    fn apply(&mut self, checked: CheckedRow) -> Result<()> {
        let CheckedRow {
            row,
            incoming,
            known,
        } = checked;
        let was_counted = self.rejects.was_corrected_before(&row);
        let before = (self.ledger, self.changed_later, self.merged.len());
        let corrected = self.rejects.remove_corrected(&row);
        self.ledger.records += u32::from(corrected.is_none());
        let was_rejected = self.apply_row(row, incoming, known.as_ref(), corrected)?;
        // A list of rejects that was cut off and is sent again: the record is in the ledger.
        if was_counted && !was_rejected {
            (self.ledger, self.changed_later) = (before.0, before.1);
            self.merged.truncate(before.2);
        }
        Ok(())
    }

    /// Applies a row, and returns true when it is rejected.
    fn apply_row(
        &mut self,
        row: RowInput,
        incoming: std::result::Result<Incoming, ProblemCode>,
        known: Option<&KnownRecord>,
        corrected: Option<import_reject::Model>,
    ) -> Result<bool> {
        let incoming = match incoming {
            Ok(incoming) => incoming,
            Err(code) => {
                self.reject(row, code, corrected, known)?;
                return Ok(true);
            }
        };
        if let Some(first) = row.same_as
            && let Some(person) = self.persons.get(first)
            && person.accepts(&incoming, row.identity.as_deref(), self.is_one_person)
            && let Some(person) = self.persons.take(first)
        {
            self.join(row, first, &incoming, (person, corrected))?;
            return Ok(false);
        }
        // The contact may have been deleted since.
        let contact = known.and_then(|known| known.contact);
        let contact = contact.filter(|id| self.people.has(*id));
        let known_contact = contact.and(known);
        let found = match contact {
            Some(id) => Ok(Some(id)),
            // The record's other keys belong to other people of the file.
            None if row.rejected.is_some() => Err(ProblemCode::SharedKey),
            None => self.whom(&row, &incoming),
        };
        let found = match found {
            Ok(found) => found,
            Err(code) => {
                let first = row.record;
                let mut person = Person::new(&incoming, row.identity.as_deref());
                person.reject = self.reject(row, code, corrected, known)?;
                self.persons.set(first, person);
                return Ok(true);
            }
        };
        let contact = self.begin(&row, &incoming, found, known_contact)?;
        if let Some(reject) = &corrected
            && self.apply_waiting(reject.record, contact)?
        {
            self.note_changed_later(row.record);
        }
        self.corrected
            .extend(corrected.map(|reject| CorrectedReject {
                record: reject.record,
                contact,
            }));
        Ok(false)
    }

    /// Rejects a row, and returns the number under which it is listed. Returns `None` for a record
    /// that its system sends again as it was refused: such a record is not listed again.
    fn reject(
        &mut self,
        row: RowInput,
        code: ProblemCode,
        corrected: Option<import_reject::Model>,
        known: Option<&KnownRecord>,
    ) -> Result<Option<u32>> {
        if known.is_some_and(|known| known.is_refused) {
            self.ledger.unchanged += 1;
            return Ok(None);
        }
        self.ledger.rejected += u32::from(corrected.is_none());
        self.rejects.add(row, code, corrected).map(Some)
    }

    /// Writes to the database everything that the rows changed, and returns the counts and the
    /// imported records.
    async fn write(
        self,
        transaction: &DatabaseTransaction,
        vault: &Vault,
    ) -> Result<(Progress, Vec<ImportedRecord>)> {
        let import = self.import;
        let organization = OrganizationId(import.organization_id);
        let write = next_write(transaction, organization).await?;
        let refused = self
            .people
            .write(transaction, vault, write, self.now)
            .await?;
        let mut consents = self.consents;
        consents.refuse(&refused);
        note_created(transaction, import, &self.created).await?;
        assign_corrected(transaction, import, &self.corrected).await?;
        self.members.write(transaction, import).await?;
        self.merged.write(transaction, import.id).await?;
        self.persons.write(transaction, import).await?;
        let kept_out = consents.write(transaction, import.id).await?;
        let progress = Progress {
            done: self.ledger,
            changed_later: self.changed_later,
            corrected: self.rejects.write(transaction).await?,
            kept_out,
        };
        Ok((progress, self.imported))
    }
}
