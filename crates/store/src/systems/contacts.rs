//! The contacts of a system, written as an import: the same engine checks them, the same ledger
//! counts them, and the same undo removes them as with a file.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{
    Batch, BuiltInField, ColumnPlan, ContactShape, ErrorCode, ExistingPolicy, FieldPolicy,
    FieldTarget, FileShape, GUEST, ImportPlan, ImportState, ListTarget, Mapping, RowInput,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::lease::Lease;
use crate::entity::import;
use crate::entity::source_contact::{self, Column};
use crate::error::Result;
use crate::imports::from_system::NO_CELLS;
use crate::imports::{
    KnownRecord, Plans, SystemImport, apply_within, begin_of_system, prepare, state,
};
use crate::vault::Vault;
use crate::{now, parts};

/// The most rows of one statement.
const ROWS: usize = 1000;
/// Milliseconds of a mean year. The plan's year, by which two-digit years are read, needs no more
/// precision.
const YEAR: i64 = 31_556_952_000;

/// A contact as its system sends it.
pub(super) struct SystemContact {
    /// The id that it has in the system.
    pub(super) external_id: String,
    /// A text for each field of the system's [`ContactShape`], in its order.
    pub(super) cells: Vec<String>,
    /// The record in the system's own form.
    pub(super) raw: String,
}

/// Returns the plan of the imports of a system. Values that a contact has from elsewhere stay, and
/// empty fields are filled.
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

/// Begins the import of a run, and returns its id.
pub(super) async fn begin(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    shape: &ContactShape,
) -> Result<i64> {
    let import = SystemImport {
        organization: lease.organization,
        user: lease.user,
        connection: lease.connection,
        account: &lease.account,
    };
    begin_of_system(transaction, import, &plan(lease, shape)).await
}

/// Returns true when an import still runs and its contacts have these fields. The fields change
/// with the system's manifest, also between two pages of one run.
pub(super) async fn can_continue(
    connection: &impl ConnectionTrait,
    id: i64,
    shape: &ContactShape,
) -> Result<bool> {
    let import = find(connection, id).await?;
    let columns = Plans::of(&import)?.current.mapping.columns;
    let fields = columns.iter().map(|column| column.target);
    let wanted = shape.fields.iter().copied().map(FieldTarget::BuiltIn);
    Ok(state(&import)? == ImportState::Running && fields.eq(wanted.map(Some)))
}

async fn find(connection: &impl ConnectionTrait, id: i64) -> Result<import::Model> {
    let import = import::Entity::find_by_id(id).one(connection).await?;
    import.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Writes a page of contacts as a batch of an import. No contact is in the page twice. A contact
/// that was refused before and is sent unchanged is not refused again.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    vault: &Vault,
    (lease, import): (&Lease, i64),
    contacts: Vec<SystemContact>,
) -> Result<()> {
    let import = find(transaction, import).await?;
    let plans = Plans {
        current: serde_json::from_value(import.plan.clone())?,
        original: None,
    };
    let mut stored = load(transaction, lease, &contacts).await?;
    let fields = Fields::of(&plans.current);
    let first = u32::try_from(import.records).map_err(|_| ErrorCode::BadBatch)? + 1;
    let sent: Vec<String> = contacts
        .iter()
        .map(|contact| fields.to_json(&contact.cells))
        .collect::<Result<_>>()?;
    let prepared = prepare(&plans.current, batch(&contacts, first))?.with_known(|row| {
        let at = (row.record - first) as usize;
        let (Some(contact), Some(sent)) = (contacts.get(at), sent.get(at)) else {
            return Ok(None);
        };
        let stored = stored.get(&contact.external_id);
        stored
            .map(|stored| stored.known_record(contact, sent, &fields))
            .transpose()
    })?;
    let imported: HashMap<u32, i64> = apply_within(transaction, vault, &import, &plans, prepared)
        .await?
        .ok_or(ErrorCode::BadBatch)?
        .into_iter()
        .map(|imported| (imported.record, imported.contact))
        .collect();
    let mut rows = Vec::with_capacity(contacts.len());
    for ((contact, sent), record) in contacts.into_iter().zip(sent).zip(first..) {
        let before = stored.remove(&contact.external_id).unwrap_or_default();
        let now = match imported.get(&record) {
            Some(id) => before.written_to(*id, sent),
            None => before.refused_as(&contact, sent, (import.id, record))?,
        };
        rows.push(now.into_row(lease, contact));
    }
    save(transaction, rows).await
}

/// Returns the contacts of a page as a batch; `first` is the number of its first record.
fn batch(contacts: &[SystemContact], first: u32) -> Batch {
    let row = |(contact, record): (&SystemContact, u32)| RowInput {
        record,
        line: record,
        cells: contact.cells.clone(),
        rejected: None,
        left_out: Vec::new(),
        same_as: None,
        identity: None,
        corrects: None,
    };
    Batch {
        rows: contacts.iter().zip(first..).map(row).collect(),
        dropped: Vec::new(),
        records_before: first - 1,
    }
}

/// The fields of a system's contacts, in the order of their cells.
struct Fields {
    words: Vec<String>,
    targets: Vec<FieldTarget>,
}

impl Fields {
    fn of(plan: &ImportPlan) -> Self {
        let columns = plan.mapping.columns.iter();
        Self {
            words: columns.map(|column| column.header.clone()).collect(),
            targets: plan.mapping.value_fields(),
        }
    }

    /// Returns the cells of a contact as they are stored: a JSON object by the words of their
    /// fields.
    fn to_json(&self, cells: &[String]) -> Result<String> {
        let words = self.words.iter().map(String::as_str);
        let cells: BTreeMap<&str, &str> = words.zip(cells.iter().map(String::as_str)).collect();
        Ok(serde_json::to_string(&cells)?)
    }
}

/// Reads the cells of a contact from their JSON.
fn read_cells(json: &str) -> Result<BTreeMap<String, String>> {
    Ok(serde_json::from_str(json)?)
}

/// A contact as its system sent it the last time. Cells are JSON, as [`Fields::to_json`] makes it.
struct StoredContact {
    /// The organization's contact that it was written to.
    contact: Option<i64>,
    /// The cells that were written.
    cells: String,
    /// The cells that were refused; `None` when the last ones were written.
    refused: Option<String>,
    /// The import that refused the contact last, with the number of the record in that import.
    refused_at: Option<(i64, u32)>,
    /// The import in which an Admin has decided which contact this is.
    decided_in: Option<i64>,
}

impl Default for StoredContact {
    /// Makes the state of a contact that was never sent.
    fn default() -> Self {
        Self {
            contact: None,
            cells: NO_CELLS.to_owned(),
            refused: None,
            refused_at: None,
            decided_in: None,
        }
    }
}

impl StoredContact {
    /// Returns what is known of a system's contact that was sent before: the contact it was written
    /// to, the policies for its cells, and whether the same cells were refused before.
    fn known_record(
        &self,
        contact: &SystemContact,
        sent: &str,
        fields: &Fields,
    ) -> Result<KnownRecord> {
        // Each order of a guest describes the guest, and an old order may come after a new one. So
        // a value of one order does not replace that of another.
        let changed = if contact.external_id.starts_with(GUEST) {
            FieldPolicy::Fill
        } else {
            FieldPolicy::Update
        };
        let cells = read_cells(&self.cells)?;
        let columns = fields.targets.iter().zip(&fields.words);
        let policies = columns
            .zip(&contact.cells)
            .map(|((target, word), cell)| (*target, policy(cell, cells.get(word), changed)))
            .collect();
        Ok(KnownRecord {
            contact: self.contact,
            policies,
            is_refused: self.is_refused(contact, sent)?,
        })
    }

    /// Returns true when the system's contact was refused with the same cells before. A guest, who
    /// is known only from orders, counts as refused when each cell of the order in hand was refused
    /// before.
    fn is_refused(&self, contact: &SystemContact, sent: &str) -> Result<bool> {
        let Some(refused) = &self.refused else {
            return Ok(false);
        };
        if refused == sent {
            return Ok(true);
        }
        if !contact.external_id.starts_with(GUEST) {
            return Ok(false);
        }
        let refused = read_cells(refused)?;
        Ok(read_cells(sent)?
            .iter()
            .all(|(field, cell)| cell.is_empty() || refused.get(field) == Some(cell)))
    }

    /// Returns the state after these cells were written to a contact.
    fn written_to(self, contact: i64, sent: String) -> Self {
        Self {
            contact: Some(contact),
            cells: sent,
            refused: None,
            refused_at: None,
            ..self
        }
    }

    /// Returns the state after these cells were refused, as a record of an import. The contact and
    /// the cells that were written before stay.
    fn refused_as(
        self,
        contact: &SystemContact,
        sent: String,
        refused_at: (i64, u32),
    ) -> Result<Self> {
        if self.is_refused(contact, &sent)? {
            return Ok(self);
        }
        Ok(Self {
            refused: Some(sent),
            refused_at: Some(refused_at),
            ..self
        })
    }

    /// Returns the row to be stored.
    fn into_row(self, lease: &Lease, contact: SystemContact) -> source_contact::ActiveModel {
        source_contact::ActiveModel {
            connection_id: Set(lease.connection.0),
            external_id: Set(contact.external_id),
            contact_id: Set(self.contact),
            cells: Set(self.cells),
            refused: Set(self.refused),
            refused_import_id: Set(self.refused_at.map(|(import, _)| import)),
            refused_record: Set(self
                .refused_at
                .and_then(|(_, record)| i32::try_from(record).ok())),
            decided_import_id: Set(self.decided_in),
            raw: Set(contact.raw),
            updated_at: Set(now()),
            missed: NotSet,
        }
    }
}

/// Returns the policy for a cell of a system's contact that was written before. A cell that the
/// system did not have at that time only fills an empty field. A cell that the system has not
/// changed since keeps the contact's value, because somebody may have changed the value here. A
/// cell that the system has changed gets the policy `changed`.
fn policy(sent: &str, stored: Option<&String>, changed: FieldPolicy) -> FieldPolicy {
    match stored {
        None => FieldPolicy::Fill,
        Some(stored) if stored == sent => FieldPolicy::Keep,
        Some(_) => changed,
    }
}

/// Loads those of the contacts that the system has sent before, by their ids in the system.
async fn load(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    contacts: &[SystemContact],
) -> Result<HashMap<String, StoredContact>> {
    let mut stored = HashMap::new();
    for contacts in contacts.chunks(ROWS) {
        let ids = contacts.iter().map(|contact| contact.external_id.as_str());
        let found = source_contact::Entity::find()
            .filter(Column::ConnectionId.eq(lease.connection.0))
            .filter(Column::ExternalId.is_in(ids))
            .all(transaction)
            .await?;
        for row in found {
            let record = row
                .refused_record
                .and_then(|record| u32::try_from(record).ok());
            let contact = StoredContact {
                contact: row.contact_id,
                cells: row.cells,
                refused: row.refused,
                refused_at: row.refused_import_id.zip(record),
                decided_in: row.decided_import_id,
            };
            stored.insert(row.external_id, contact);
        }
    }
    Ok(stored)
}

/// Inserts the rows, or overwrites those that exist.
async fn save(
    transaction: &DatabaseTransaction,
    rows: Vec<source_contact::ActiveModel>,
) -> Result<()> {
    let mut on_conflict = OnConflict::columns([Column::ConnectionId, Column::ExternalId]);
    on_conflict.update_columns([
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
            .on_conflict(on_conflict.clone())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
