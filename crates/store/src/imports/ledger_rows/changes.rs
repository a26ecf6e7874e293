//! The changes that an import made to contacts: values, permissions and lists.

use std::collections::HashMap;

use alta_domain::{ChangedPart, Channel, ValueChange};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::Store;
use crate::access::{Member, Own};
use crate::contacts::bulk::integers;
use crate::contacts::changes::{field_names, value_changes};
use crate::contacts::history::{Entry, Part};
use crate::entity::consent::{self, BY_HAND};
use crate::entity::{contact_change, import, list, list_member};
use crate::error::Result;

/// The changes of contacts, by contact.
type Changes = HashMap<i64, Vec<ValueChange>>;

/// Reads the changes that an import made to these contacts: values first, then permissions, then
/// lists.
pub(super) async fn changes(
    store: &Store,
    member: &Member,
    import: &import::Model,
    contacts: &[i64],
) -> Result<Changes> {
    let mut changes = Changes::new();
    if contacts.is_empty() {
        return Ok(changes);
    }
    add_values(store, member, import, contacts, &mut changes).await?;
    add_permissions(store, import, contacts, &mut changes).await?;
    add_lists(store, member, import, contacts, &mut changes).await?;
    Ok(changes)
}

/// Adds the values that were changed and the elements that were added.
async fn add_values(
    store: &Store,
    member: &Member,
    import: &import::Model,
    contacts: &[i64],
    changes: &mut Changes,
) -> Result<()> {
    let names = field_names(store, member).await?;
    let backend = sea_orm::ConnectionTrait::get_database_backend(store.read());
    let rows = contact_change::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(contact_change::Column::ImportId.eq(import.id))
        .order_by_asc(contact_change::Column::ContactId)
        .order_by_asc(contact_change::Column::Write)
        .all(store.read())
        .await?;
    for of_contact in rows.chunk_by(|one, other| one.contact_id == other.contact_id) {
        let entries = of_contact.iter().map(|row| Ok(Part::read(row)?.entry));
        let entries: Vec<Entry> = entries.collect::<Result<_>>()?;
        if let Some(row) = of_contact.first() {
            let made = value_changes(entries.into_iter(), &names);
            changes.entry(row.contact_id).or_default().extend(made);
        }
    }
    Ok(())
}

/// Adds the answers about permissions that the import was the first to give.
async fn add_permissions(
    store: &Store,
    import: &import::Model,
    contacts: &[i64],
    changes: &mut Changes,
) -> Result<()> {
    let backend = sea_orm::ConnectionTrait::get_database_backend(store.read());
    let rows = consent::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(consent::Column::ImportId.lte(import.id))
        .all(store.read())
        .await?;
    for row in rows.iter().filter(|row| row.import_id == import.id) {
        let was_said = rows.iter().any(|other| {
            other.import_id < import.id
                && (other.import_id != BY_HAND || other.at < row.at)
                && (other.contact_id, &other.channel, other.granted)
                    == (row.contact_id, &row.channel, row.granted)
        });
        if let Some(channel) = Channel::parse(&row.channel).filter(|_| !was_said) {
            changes
                .entry(row.contact_id)
                .or_default()
                .push(ValueChange {
                    part: ChangedPart::Permission(channel, row.granted),
                    before: None,
                    after: None,
                });
        }
    }
    Ok(())
}

/// Adds the lists that the import was the first to add contacts to.
async fn add_lists(
    store: &Store,
    member: &Member,
    import: &import::Model,
    contacts: &[i64],
    changes: &mut Changes,
) -> Result<()> {
    let backend = sea_orm::ConnectionTrait::get_database_backend(store.read());
    let rows = list_member::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(list_member::Column::ImportId.lte(import.id))
        .all(store.read())
        .await?;
    let names: HashMap<i64, String> = member
        .own::<list::Entity>()
        .all(store.read())
        .await?
        .into_iter()
        .map(|list| (list.id, list.name))
        .collect();
    for row in rows.iter().filter(|row| row.import_id == import.id) {
        let was_there = rows.iter().any(|other| {
            other.import_id < import.id
                && (other.contact_id, other.list_id) == (row.contact_id, row.list_id)
        });
        if let Some(name) = names.get(&row.list_id).filter(|_| !was_there) {
            changes
                .entry(row.contact_id)
                .or_default()
                .push(ValueChange {
                    part: ChangedPart::List(name.clone()),
                    before: None,
                    after: None,
                });
        }
    }
    Ok(())
}
