//! The old values of contacts that an import changed, read from the change records and put back.

use std::collections::HashMap;

use alta_domain::{OrganizationId, UndoLedger};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::Own;
use crate::contacts::bulk::{is_one_of, replace};
use crate::contacts::changes::ChangeRecord;
use crate::contacts::state::{put_back, value_of};
use crate::entity::{contact, import, import_change};
use crate::error::Result;

/// Contacts that are restored at a time.
const PAGE: u64 = 1000;

/// The columns by which a contact is identified, with their names in change records.
const IDENTITIES: [(&str, contact::Column); 3] = [
    ("phone_key", contact::Column::PhoneKey),
    ("email", contact::Column::Email),
    ("tax_id", contact::Column::TaxId),
];

/// The effect of [`restore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Only counts.
    Count,
    /// Writes the restored contacts, and counts.
    Write,
}

/// The condition that the import created a contact and nobody has changed it since.
pub(super) fn is_untouched(row: &import::Model) -> Condition {
    let ended_at = row.ended_at.unwrap_or(i64::MAX);
    OrganizationId(row.organization_id)
        .is_own::<contact::Entity>()
        .add(contact::Column::CreatedImportId.eq(row.id))
        .add(contact::Column::LastImportId.eq(row.id))
        .add(contact::Column::UpdatedAt.lte(ended_at))
}

/// Puts the old values of the changed contacts back. Returns the counts of the whole undo, with the
/// created contacts that are to be removed.
pub(super) async fn restore(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    mode: Mode,
) -> Result<UndoLedger> {
    let mut ledger = count_created(transaction, row).await?;
    let mut after = 0;
    loop {
        let ids = changed_contacts(transaction, row.id, after).await?;
        let Some(last) = ids.last() else {
            return Ok(ledger);
        };
        after = *last;
        let mut restored = restored(transaction, row, &ids).await?;
        for contact in &restored {
            if contact.is_whole {
                ledger.restored += 1;
            } else {
                ledger.spared += 1;
            }
        }
        if mode == Mode::Write {
            restored.sort_unstable_by_key(|contact| contact.row.id);
            let rows: Vec<contact::Model> =
                restored.into_iter().map(|contact| contact.row).collect();
            replace(transaction, &rows).await?;
        }
    }
}

/// Counts the contacts that the import created: those that can be removed, and those that stay
/// because they were changed since.
async fn count_created(
    transaction: &DatabaseTransaction,
    row: &import::Model,
) -> Result<UndoLedger> {
    let created = OrganizationId(row.organization_id)
        .own::<contact::Entity>()
        .filter(contact::Column::CreatedImportId.eq(row.id))
        .count(transaction)
        .await?;
    let removed = contact::Entity::find()
        .filter(is_untouched(row))
        .count(transaction)
        .await?;
    let count = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    Ok(UndoLedger {
        removed: count(removed),
        restored: 0,
        spared: count(created - removed),
    })
}

/// The ids of the next contacts that an import changed, in their order, above the id `after`.
async fn changed_contacts(
    transaction: &DatabaseTransaction,
    import: i64,
    after: i64,
) -> Result<Vec<i64>> {
    Ok(import_change::Entity::find()
        .select_only()
        .column(import_change::Column::ContactId)
        .distinct()
        .filter(import_change::Column::ImportId.eq(import))
        .filter(import_change::Column::ContactId.gt(after))
        .order_by_asc(import_change::Column::ContactId)
        .limit(PAGE)
        .into_tuple()
        .all(transaction)
        .await?)
}

/// A contact with its old values.
struct Restored {
    row: contact::Model,
    /// True when every value that the import changed has its old value again.
    is_whole: bool,
}

impl Restored {
    /// Puts the values of a change record back. A value stays when it was changed after the import,
    /// and when its old value is an identity that another contact has now.
    fn put_back(&mut self, record: ChangeRecord, owners: &Owners, import: i64) {
        let was_changed_last_by_import = self.row.last_import_id == Some(import);
        for change in record.changes {
            let is_of_another = change
                .old
                .as_ref()
                .and_then(|old| owners.get(&(change.field.clone(), old.clone())))
                .is_some_and(|owner| *owner != self.row.id);
            if value_of(&self.row, &change.field) == change.new && !is_of_another {
                put_back(&mut self.row, &change.field, change.old);
            } else {
                self.is_whole = false;
            }
        }
        if self.is_whole && was_changed_last_by_import {
            self.row.last_import_id = record.last_import;
            self.row.updated_at = record.updated_at.unwrap_or(self.row.updated_at);
        }
    }
}

/// These contacts with the values that they had before the import.
async fn restored(
    transaction: &DatabaseTransaction,
    row: &import::Model,
    ids: &[i64],
) -> Result<Vec<Restored>> {
    let organization = OrganizationId(row.organization_id);
    // The newest change first: each leads back to the value that the change before it had written.
    let records: Vec<ChangeRecord> = import_change::Entity::find()
        .filter(import_change::Column::ImportId.eq(row.id))
        .filter(import_change::Column::ContactId.is_in(ids.iter().copied()))
        .order_by_desc(import_change::Column::Sequence)
        .all(transaction)
        .await?
        .iter()
        .map(ChangeRecord::read)
        .collect::<Result<_>>()?;
    let mut contacts: HashMap<i64, Restored> = organization
        .own::<contact::Entity>()
        .filter(contact::Column::Id.is_in(ids.iter().copied()))
        .all(transaction)
        .await?
        .into_iter()
        .map(|row| {
            let is_whole = true;
            (row.id, Restored { row, is_whole })
        })
        .collect();
    let owners = owners(transaction, organization, &records).await?;
    for record in records {
        if let Some(contact) = contacts.get_mut(&record.contact) {
            contact.put_back(record, &owners, row.id);
        }
    }
    Ok(contacts.into_values().collect())
}

/// The contacts that have an identity now, by the identity's name and value.
type Owners = HashMap<(String, String), i64>;

/// Finds the contacts that have the old identities of these changes now.
async fn owners(
    transaction: &DatabaseTransaction,
    organization: OrganizationId,
    records: &[ChangeRecord],
) -> Result<Owners> {
    let mut owners = Owners::new();
    for (field, column) in IDENTITIES {
        let keys: Vec<String> = records
            .iter()
            .flat_map(|record| &record.changes)
            .filter(|change| change.field == field)
            .filter_map(|change| change.old.clone())
            .collect();
        if keys.is_empty() {
            continue;
        }
        let found = organization
            .own::<contact::Entity>()
            .filter(is_one_of(transaction.get_database_backend(), column, keys)?)
            .all(transaction)
            .await?;
        owners.extend(found.into_iter().filter_map(|contact| {
            Some(((field.to_owned(), value_of(&contact, field)?), contact.id))
        }));
    }
    Ok(owners)
}
