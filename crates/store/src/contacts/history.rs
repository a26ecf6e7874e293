//! The history of a contact: what each import found, changed and confirmed, in the order of the
//! writes. An import confirms a value when it gives the value that the contact has already. Undoing
//! an import removes its part; what later imports changed or confirmed stays.
//!
//! A field has a chain of changes. A change is alive while its import was not undone, or while
//! another import that was not undone confirmed its value before the next change. The value of the
//! field is that of the last change that is alive, else the value before the first change. An
//! element (a further phone or e-mail, a tag) stays while an import that was not undone added or
//! confirmed it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::values::{MultiValueField, put_back, remove_elements, settle_first, value_of};
use crate::entity::{contact, contact_change};
use crate::error::Result;

/// A value before and after a change.
type OldAndNew = (Option<String>, Option<String>);

/// The changes and confirmations that a batch of an import adds to a contact's history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Changed values by the name of their field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) set: BTreeMap<String, OldAndNew>,
    /// Elements that were added.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) added: BTreeMap<MultiValueField, Vec<String>>,
    /// Fields whose value another import had changed, and that got the same value again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) confirmed: Vec<String>,
    /// Elements that another import had added, and that were given again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) again: BTreeMap<MultiValueField, Vec<String>>,
    /// The ids of the custom fields for which the reading has given a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) said_custom: Vec<i64>,
}

impl Entry {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns true when a value was changed or an element added.
    pub(crate) fn has_changes(&self) -> bool {
        !self.set.is_empty() || !self.added.is_empty()
    }
}

/// One part of a contact's history: the effect of one batch of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) write: i64,
    pub(crate) import: i64,
    pub(crate) reading: i32,
    pub(crate) said: i64,
    /// True when the batch changed a value, a permission or a list of the contact.
    pub(crate) changed: bool,
    pub(crate) entry: Entry,
}

impl Part {
    /// Reads a stored part.
    pub(crate) fn read(row: &contact_change::Model) -> Result<Self> {
        let entry = match &row.entry {
            Some(entry) => serde_json::from_str(entry)?,
            None => Entry::default(),
        };
        Ok(Self {
            write: row.write,
            import: row.import_id,
            reading: row.reading,
            said: row.said,
            changed: row.changed,
            entry,
        })
    }

    /// Returns the entry as it is stored; `None` for an empty entry.
    pub(crate) fn stored_entry(&self) -> Result<Option<String>> {
        if self.entry.is_empty() {
            return Ok(None);
        }
        Ok(Some(serde_json::to_string(&self.entry)?))
    }
}

/// The effects on a contact of taking an import out of its history.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own, and several hold at once"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenOut {
    /// True when a value has its old value again, or an element was removed.
    pub(crate) restored: bool,
    /// True when a value stays because it was changed after the import.
    pub(crate) changed_since: bool,
    /// True when a value or an element stays because another import gave it too.
    pub(crate) confirmed: bool,
    /// True when a value stays because the old value is a key that belongs to another contact now.
    pub(crate) key_taken: bool,
}

impl TakenOut {
    /// Returns true when something of the import stays.
    pub(crate) fn spares(self) -> bool {
        self.changed_since || self.confirmed || self.key_taken
    }
}

/// Takes an import out of the history of a contact. `parts` are the whole history in its order;
/// `undone` are the imports that were undone, this import included. `is_free` returns true for an
/// old value of a field that the contact may have again.
pub(crate) fn take_out(
    row: &mut contact::Model,
    parts: &mut Vec<Part>,
    import: i64,
    undone: &HashSet<i64>,
    is_free: impl Fn(&str, &str) -> bool,
) -> TakenOut {
    let mut taken = TakenOut::default();
    let fields: HashSet<String> = parts
        .iter()
        .flat_map(|part| part.entry.set.keys().cloned())
        .collect();
    for field in &fields {
        take_out_field(row, parts, (import, undone), field, &is_free, &mut taken);
    }
    for many in [
        MultiValueField::Phones,
        MultiValueField::Emails,
        MultiValueField::Tags,
    ] {
        take_out_elements(row, parts, (import, undone), many, &mut taken);
    }
    for many in [MultiValueField::Phones, MultiValueField::Emails] {
        settle_first(row, many);
    }
    for part in parts.iter_mut().filter(|part| part.import == import) {
        part.entry.confirmed.clear();
        part.entry.again.clear();
        part.entry.said_custom.clear();
        part.said = 0;
    }
    parts.retain(|part| part.import != import || part.entry.has_changes());
    taken
}

/// Removes the changes that are not alive from the chain of a field, from the last to the first.
fn take_out_field(
    row: &mut contact::Model,
    parts: &mut [Part],
    (import, undone): (i64, &HashSet<i64>),
    field: &str,
    is_free: &impl Fn(&str, &str) -> bool,
    taken: &mut TakenOut,
) {
    let is_stamp = is_stamp(field);
    let chain: Vec<usize> = (0..parts.len())
        .filter(|at| parts[*at].entry.set.contains_key(field))
        .collect();
    for (nth, at) in chain.iter().enumerate().rev() {
        let next = chain.get(nth + 1..).and_then(|rest| {
            rest.iter()
                .copied()
                .find(|at| parts[*at].entry.set.contains_key(field))
        });
        let until = next.unwrap_or(parts.len());
        let stands = |part: &Part| !undone.contains(&part.import);
        let is_confirmed = parts[at + 1..until]
            .iter()
            .any(|part| stands(part) && part.entry.confirmed.iter().any(|known| known == field));
        if stands(&parts[*at]) {
            continue;
        }
        let is_own = parts[*at].import == import && !is_stamp;
        if is_confirmed {
            taken.confirmed |= is_own;
            continue;
        }
        let Some((old, new)) = parts[*at].entry.set.get(field).cloned() else {
            continue;
        };
        if let Some(next) = next {
            taken.changed_since |= is_own;
            if let Some(change) = parts[next].entry.set.get_mut(field) {
                change.0 = old;
            }
        } else if value_of(row, field) != new {
            taken.changed_since |= is_own;
        } else if old.as_deref().is_some_and(|old| !is_free(field, old)) {
            taken.key_taken |= is_own;
        } else {
            put_back(row, field, old);
            taken.restored |= !is_stamp;
        }
        parts[*at].entry.set.remove(field);
    }
}

/// Returns true for the columns that hold the time and the import of a contact's last change.
fn is_stamp(field: &str) -> bool {
    matches!(field, "updated_at" | "last_import_id")
}

/// Removes the elements that only undone imports added or confirmed.
fn take_out_elements(
    row: &mut contact::Model,
    parts: &mut [Part],
    (import, undone): (i64, &HashSet<i64>),
    many: MultiValueField,
    taken: &mut TakenOut,
) {
    let mut holders: HashMap<String, (bool, bool)> = HashMap::new();
    for part in parts.iter() {
        let stands = !undone.contains(&part.import);
        for element in part.entry.added.get(&many).into_iter().flatten() {
            let (is_held, is_own) = holders.entry(element.clone()).or_default();
            *is_held |= stands;
            *is_own |= part.import == import;
        }
    }
    for part in parts.iter().filter(|part| !undone.contains(&part.import)) {
        for element in part.entry.again.get(&many).into_iter().flatten() {
            if let Some((is_held, _)) = holders.get_mut(element) {
                *is_held = true;
            }
        }
    }
    let gone: HashSet<String> = holders
        .iter()
        .filter(|(_, (is_held, _))| !is_held)
        .map(|(element, _)| element.clone())
        .collect();
    taken.confirmed |= holders
        .values()
        .any(|(is_held, is_own)| *is_held && *is_own);
    taken.restored |= !gone.is_empty();
    remove_elements(row, many, &gone);
    for part in parts.iter_mut() {
        if let Some(added) = part.entry.added.get_mut(&many) {
            added.retain(|element| !gone.contains(element));
        }
        part.entry.added.retain(|_, added| !added.is_empty());
    }
}

#[cfg(test)]
mod tests;
