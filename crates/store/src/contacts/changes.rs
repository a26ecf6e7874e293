//! The changes in the histories of contacts, as lists show them.

use std::collections::{BTreeMap, HashMap};

use alta_domain::{BuiltInField, ChangedPart, ValueChange};

use super::history::Entry;
use super::values::DELETED_AT;
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::field;
use crate::error::Result;

/// The names of an organization's custom fields, by the name of their values in a history.
pub(crate) type FieldNames = HashMap<String, String>;

/// Reads the names of the organization's custom fields.
pub(crate) async fn field_names(store: &Store, member: &Member) -> Result<FieldNames> {
    let fields = member.own::<field::Entity>().all(store.read()).await?;
    let name = |field: field::Model| (format!("custom.{}", field.id), field.name);
    Ok(fields.into_iter().map(name).collect())
}

/// Returns the changes that entries of one contact's history make together, in their order:
/// elements first, then values. Of several changes of one value the first old value and the last
/// new value count.
pub(crate) fn value_changes(
    entries: impl Iterator<Item = Entry>,
    names: &FieldNames,
) -> Vec<ValueChange> {
    let mut values: BTreeMap<ChangedPart, (Option<String>, Option<String>)> = BTreeMap::new();
    let mut elements: Vec<ValueChange> = Vec::new();
    for entry in entries {
        for (name, (old, new)) in entry.set {
            if let Some(part) = part_of(&name, new.is_some(), names) {
                values.entry(part).or_insert((old, None)).1 = new;
            }
        }
        let change = |field: BuiltInField, before, after| ValueChange {
            part: ChangedPart::Field(field),
            before,
            after,
        };
        for (many, removed) in entry.removed {
            let removed = removed.into_iter();
            elements.extend(removed.map(|old| change(many.field(), Some(old), None)));
        }
        for (many, added) in entry.added {
            let added = added.into_iter();
            elements.extend(added.map(|new| change(many.field(), None, Some(new))));
        }
    }
    // An element that is the old or the new value of its field is named there.
    elements.retain(|element| {
        let of_field = values.get(&element.part);
        !of_field.is_some_and(|(old, new)| {
            (element.after.is_some() && *new == element.after)
                || (element.before.is_some() && *old == element.before)
        })
    });
    let bin = |part: &ChangedPart| matches!(part, ChangedPart::Bin(_));
    let values = values.into_iter().map(|(part, (before, after))| {
        let has_values = !bin(&part);
        ValueChange {
            part,
            before: before.filter(|_| has_values),
            after: after.filter(|_| has_values),
        }
    });
    elements.into_iter().chain(values).collect()
}

/// Returns the part of a contact that a change is shown for, by the value's name in a history.
/// `is_set` is true when the value is there after the change. Returns `None` for the time and the
/// import of the last change, which are not shown.
fn part_of(name: &str, is_set: bool, names: &FieldNames) -> Option<ChangedPart> {
    if name == DELETED_AT {
        return Some(ChangedPart::Bin(is_set));
    }
    match BuiltInField::parse(name) {
        Some(field) => Some(ChangedPart::Field(field)),
        None => names.get(name).cloned().map(ChangedPart::Custom),
    }
}
