//! A prepared batch written within a transaction: contacts, consents, list members, rejects, change
//! records, and the counts of the import.

use alta_domain::{
    BuiltInField, ErrorCode, FieldPolicy, FieldTarget, ImportId, ImportLedger, ImportPlan,
    ImportState, OrganizationId, ProblemCode, Repeated, RowInput,
};
use alta_intake::Incoming;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::prepared::{CheckedRow, KnownRecord, Prepared};
use crate::contacts::bulk::{add_to_list, new_ids};
use crate::contacts::changes::BatchId;
use crate::contacts::consents::Consents;
use crate::contacts::people::{Match, People};
use crate::contacts::state::{ContactState, NewContact};
use crate::db::lock_organization;
use crate::entity::{import, import_batch};
use crate::error::Result;
use crate::imports::corrections::Rejects;
use crate::imports::from_system::{RefusedRecord, assign_contact};
use crate::imports::row::{Plans, Progress, add_to_ledger, is};
use crate::now;

/// A record that was imported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportedRecord {
    /// The number of the record in its file or in its system's import, counted from 1.
    pub(crate) record: u32,
    /// The contact that it was written to.
    pub(crate) contact: i64,
}

/// Writes the batch that an import expects, with its counts, and returns its imported records.
/// Returns none when the import does not expect it any more: another request has written it, or the
/// import has ended. Locks the organization until the transaction ends.
pub(crate) async fn apply_within(
    transaction: &DatabaseTransaction,
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
    let mut application = Application::load(transaction, import, plans, &prepared.rows).await?;
    for row in prepared.rows {
        application.apply(row)?;
    }
    let (mut progress, imported) = application.write(transaction).await?;
    // Rows left out of a corrected list stay rejects of the import.
    if plans.original.is_none() {
        progress.done.records += prepared.dropped;
        progress.done.dropped = prepared.dropped;
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

/// A reject of a system's import that a batch has corrected.
struct CorrectedReject {
    /// The number of the record in the import.
    record: i32,
    /// The contact that the correction was written to.
    contact: i64,
}

/// The rows of a batch, while they are applied one by one in memory.
struct Application<'a> {
    import: &'a import::Model,
    plan: &'a ImportPlan,
    /// True when a record that repeats another one fills what that one lacks.
    merges: bool,
    /// Milliseconds since 1970.
    now: i64,
    people: People,
    /// Ids for contacts that the batch creates.
    ids: std::vec::IntoIter<i64>,
    consents: Consents<'a>,
    rejects: Rejects<'a>,
    ledger: ImportLedger,
    imported: Vec<ImportedRecord>,
    corrected: Vec<CorrectedReject>,
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
        let incoming = rows.iter().filter_map(|row| row.incoming.as_ref().ok());
        let known = rows.iter().filter_map(|row| row.known.as_ref()?.contact);
        let organization = OrganizationId(import.organization_id);
        let people = People::load(transaction, organization, incoming.clone(), known).await?;
        Ok(Self {
            import,
            plan,
            merges: plan.mapping.repeated() == Repeated::Merge,
            now: now(),
            people,
            ids: new_ids(transaction, incoming.count()).await?.into_iter(),
            consents: Consents::of(plan),
            rejects,
            ledger: ImportLedger::default(),
            imported: Vec::with_capacity(rows.len()),
            corrected: Vec::new(),
        })
    }

    /// Applies a row: finds its contact and changes it, creates it, or rejects the row.
    fn apply(&mut self, checked: CheckedRow) -> Result<()> {
        let CheckedRow {
            row,
            incoming,
            known,
        } = checked;
        let corrected = self.rejects.remove_corrected(&row);
        self.ledger.records += u32::from(corrected.is_none());
        let is_refused = known.as_ref().is_some_and(|known| known.is_refused);
        // The contact may have been deleted since.
        let known = known.filter(|known| known.contact.is_some_and(|id| self.people.has(id)));
        let found = incoming.and_then(|incoming| {
            let found = self.find(&row, &incoming, known.as_ref())?;
            Ok((incoming, found))
        });
        let (incoming, found) = match found {
            Ok(found) => found,
            Err(_) if is_refused => {
                self.ledger.unchanged += 1;
                return Ok(());
            }
            Err(code) => {
                self.ledger.rejected += u32::from(corrected.is_none());
                return self.rejects.add(row, code, corrected);
            }
        };
        let Some(contact) = self.change(&row, &incoming, found, known.as_ref())? else {
            return Ok(());
        };
        self.consents.add(contact, &incoming);
        self.imported.push(ImportedRecord {
            record: row.record,
            contact,
        });
        self.corrected
            .extend(corrected.map(|reject| CorrectedReject {
                record: reject.record,
                contact,
            }));
        Ok(())
    }

    /// Finds the contact that a row is about. A record that its system has sent before belongs to
    /// the contact that it was written to then; any other to the contact of its identities.
    fn find(
        &self,
        row: &RowInput,
        incoming: &Incoming,
        known: Option<&KnownRecord>,
    ) -> std::result::Result<Match, ProblemCode> {
        let found = known
            .and_then(|known| known.contact)
            .map_or_else(|| self.people.find(incoming), Match::One);
        if matches!(found, Match::Several(_)) && row.same_as.is_none() {
            Err(ProblemCode::Conflict)
        } else {
            Ok(found)
        }
    }

    /// Changes the contact that was found, or creates it, and counts the row. Returns the contact;
    /// none for a row that repeats a record which was not imported.
    fn change(
        &mut self,
        row: &RowInput,
        incoming: &Incoming,
        found: Match,
        known: Option<&KnownRecord>,
    ) -> Result<Option<i64>> {
        let repeats = row.same_as.is_some();
        let id = match found {
            Match::One(id) | Match::Several(id) => {
                let plan = self.plan;
                let policy = |target| policy_of(plan, known, repeats, target);
                let changed = (self.merges || !repeats) && self.people.change(id, incoming, policy);
                *match (repeats, changed) {
                    (true, _) => &mut self.ledger.merged,
                    (false, true) => &mut self.ledger.updated,
                    (false, false) => &mut self.ledger.unchanged,
                } += 1;
                id
            }
            Match::Nobody if repeats => {
                self.ledger.merged += 1;
                return Ok(None);
            }
            Match::Nobody => {
                self.ledger.new += 1;
                self.create(incoming)?
            }
        };
        Ok(Some(id))
    }

    /// Creates a contact with the values of a record, and returns its id.
    fn create(&mut self, incoming: &Incoming) -> Result<i64> {
        let id = self.ids.next().ok_or(ErrorCode::BadBatch)?;
        let contact = NewContact {
            id,
            organization_id: self.import.organization_id,
            import_id: self.import.id,
            created_at: self.now,
        };
        self.people.add_new(ContactState::new(contact, incoming));
        Ok(id)
    }

    /// Writes everything that the rows changed, and returns the counts and the imported records.
    async fn write(
        self,
        transaction: &DatabaseTransaction,
    ) -> Result<(Progress, Vec<ImportedRecord>)> {
        let import = self.import;
        let batch = BatchId {
            import: import.id,
            sequence: import.next_sequence,
        };
        self.people.write(transaction, batch, self.now).await?;
        assign_corrected(transaction, import, &self.corrected).await?;
        add_members(transaction, import, &self.imported).await?;
        let kept_out = self.consents.write(transaction, import.id).await?;
        let progress = Progress {
            done: self.ledger,
            corrected: self.rejects.write(transaction).await?,
            kept_out,
        };
        Ok((progress, self.imported))
    }
}

/// The policy for a field of a contact that exists. A record that repeats another one of the file
/// only fills what that one lacks, and adds its tags. The policies of a record that its system has
/// sent before go before those of the plan.
fn policy_of(
    plan: &ImportPlan,
    known: Option<&KnownRecord>,
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

/// Adds the contacts of the imported records to the import's list, when it has one.
async fn add_members(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    imported: &[ImportedRecord],
) -> Result<()> {
    let Some(list) = import.list_id else {
        return Ok(());
    };
    let mut members: Vec<i64> = imported.iter().map(|record| record.contact).collect();
    members.sort_unstable();
    members.dedup();
    add_to_list(transaction, import.id, list, &members).await
}

/// Assigns the corrected rejects of a system's import to the contacts that they were written to.
async fn assign_corrected(
    transaction: &DatabaseTransaction,
    import: &import::Model,
    corrected: &[CorrectedReject],
) -> Result<()> {
    let Some(connection) = import.connection_id else {
        return Ok(());
    };
    for reject in corrected {
        let refused = RefusedRecord {
            connection,
            import: import.id,
            record: reject.record,
        };
        assign_contact(transaction, refused, reject.contact).await?;
    }
    Ok(())
}
