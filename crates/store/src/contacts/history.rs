//! The history of a contact: what each import found, changed and confirmed, in the order of the
//! writes. Undoing an import takes its part out; what later imports changed or confirmed stays.
//!
//! A field has a chain of changes. A change is alive while its import stands, or while another
//! import that stands confirmed its value before the next change. The value of the field is that of
//! the last change that is alive, else the one before the first change. Elements (further phones
//! and e-mails, tags) are there while an import that stands added or confirmed them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::values::{Many, put_back, remove_elements, settle_first, value_of};
use crate::entity::{contact, contact_change};
use crate::error::Result;

/// A value before and after a change.
type OldAndNew = (Option<String>, Option<String>);

/// What an import changed and confirmed of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Changed values by the name of their field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) set: BTreeMap<String, OldAndNew>,
    /// Elements that were added.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) added: BTreeMap<Many, Vec<String>>,
    /// Fields whose value, which another import had changed, was said again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) confirmed: Vec<String>,
    /// Elements that another import had added and that were said again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) again: BTreeMap<Many, Vec<String>>,
    /// Custom fields that were said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) said_custom: Vec<i64>,
}

impl Entry {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns true when it changed a value or added an element.
    pub(crate) fn has_changes(&self) -> bool {
        !self.set.is_empty() || !self.added.is_empty()
    }
}

/// One part of a contact's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) write: i64,
    pub(crate) import: i64,
    pub(crate) reading: i32,
    pub(crate) said: i64,
    /// It changed something of the contact: a value, a permission or a list.
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

    /// The entry as it is stored.
    pub(crate) fn stored_entry(&self) -> Result<Option<String>> {
        if self.entry.is_empty() {
            return Ok(None);
        }
        Ok(Some(serde_json::to_string(&self.entry)?))
    }
}

/// What became of a contact when an import was taken out of its history.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own, and several hold at once"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenOut {
    /// A value has its old value again, or an element is gone.
    pub(crate) restored: bool,
    /// A value stays because it was changed since.
    pub(crate) changed_since: bool,
    /// A value or an element stays because another import said it too.
    pub(crate) confirmed: bool,
    /// A value stays because its old value is a key that belongs to somebody else now.
    pub(crate) key_taken: bool,
}

impl TakenOut {
    /// Returns true when something of the import stays.
    pub(crate) fn spares(self) -> bool {
        self.changed_since || self.confirmed || self.key_taken
    }
}

/// Takes an import out of the history of a contact. `parts` are the whole history in its order;
/// `undone` are the imports that were undone, that one included. `is_free` returns true for an old
/// value of a field that the contact may have again.
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
    for many in [Many::Phones, Many::Emails, Many::Tags] {
        take_out_elements(row, parts, (import, undone), many, &mut taken);
    }
    for many in [Many::Phones, Many::Emails] {
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

/// Takes the dead changes out of the chain of a field, from the last to the first.
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

/// Returns true for the columns that say when and by which import a contact was changed last.
fn is_stamp(field: &str) -> bool {
    matches!(field, "updated_at" | "last_import_id")
}

/// Takes elements off that no import that stands added or confirmed.
fn take_out_elements(
    row: &mut contact::Model,
    parts: &mut [Part],
    (import, undone): (i64, &HashSet<i64>),
    many: Many,
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
