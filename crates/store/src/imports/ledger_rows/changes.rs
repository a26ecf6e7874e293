//! The changes that an import made to contacts: values, permissions and lists.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{BuiltInField, ChangedPart, Channel, ValueChange};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::Store;
use crate::access::{Member, Own};
use crate::contacts::bulk::integers;
use crate::contacts::history::Part;
use crate::contacts::values::MultiValueField;
use crate::entity::consent::{self, BY_HAND};
use crate::entity::{contact_change, field, import, list, list_member};
use crate::error::Result;

/// The changes of contacts, by contact.
type Changes = HashMap<i64, Vec<ValueChange>>;

/// The changed values by contact and field, before and after the import.
type Values = BTreeMap<(i64, ChangedPart), (Option<String>, Option<String>)>;

/// A further phone or e-mail, or a tag, that a contact got.
type Added = (i64, BuiltInField, String);

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
    let names: HashMap<String, String> = member
        .own::<field::Entity>()
        .all(store.read())
        .await?
        .into_iter()
        .map(|field| (format!("custom.{}", field.id), field.name))
        .collect();
    let backend = sea_orm::ConnectionTrait::get_database_backend(store.read());
    let rows = contact_change::Entity::find()
        .filter(integers(backend, "contact_id", contacts)?)
        .filter(contact_change::Column::ImportId.eq(import.id))
        .order_by_asc(contact_change::Column::Write)
        .all(store.read())
        .await?;
    let mut values = Values::new();
    let mut added: Vec<Added> = Vec::new();
    for row in rows {
        let entry = Part::read(&row)?.entry;
        for (name, (old, new)) in entry.set {
            let part = match BuiltInField::parse(&name) {
                Some(field) => ChangedPart::Field(field),
                None => match names.get(&name) {
                    Some(own) => ChangedPart::Custom(own.clone()),
                    // The time and the import of the last change are no values of the contact.
                    None => continue,
                },
            };
            let value = values.entry((row.contact_id, part)).or_insert((old, None));
            value.1 = new;
        }
        for (many, elements) in entry.added {
            let field = match many {
                MultiValueField::Phones => BuiltInField::Phone,
                MultiValueField::Emails => BuiltInField::Email,
                MultiValueField::Tags => BuiltInField::Tags,
            };
            added.extend(elements.into_iter().map(|new| (row.contact_id, field, new)));
        }
    }
    push_values(values, added, changes);
    Ok(())
}

/// Adds the changed values, and the added elements that are not the new value of their field.
fn push_values(values: Values, added: Vec<Added>, changes: &mut Changes) {
    for (contact, field, element) in added {
        let first = values.get(&(contact, ChangedPart::Field(field)));
        if first.is_some_and(|(_, new)| new.as_ref() == Some(&element)) {
            continue;
        }
        changes.entry(contact).or_default().push(ValueChange {
            part: ChangedPart::Field(field),
            before: None,
            after: Some(element),
        });
    }
    for ((contact, part), (before, after)) in values {
        let change = ValueChange {
            part,
            before,
            after,
        };
        changes.entry(contact).or_default().push(change);
    }
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
