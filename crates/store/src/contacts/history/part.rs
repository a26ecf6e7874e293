//! The parts of a contact's history, as they are stored, and the effects of taking one out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contacts::values::MultiValueField;
use crate::entity::contact_change;
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
    /// Elements that a member removed by hand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) removed: BTreeMap<MultiValueField, Vec<String>>,
    /// Fields whose value another import had changed, and that got the same value again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) confirmed: Vec<String>,
    /// Elements that another import had added, and that were given again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) again: BTreeMap<MultiValueField, Vec<String>>,
    /// The phone and the e-mail address that a record offered as the first one, and that did not
    /// become it because the contact had one already. An undo makes it the first when that one
    /// goes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) offered: BTreeMap<MultiValueField, String>,
    /// The ids of the custom fields for which the reading has given a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) said_custom: Vec<i64>,
}

impl Entry {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns true when a value was changed, or an element added or removed.
    pub(crate) fn has_changes(&self) -> bool {
        !self.set.is_empty() || !self.added.is_empty() || !self.removed.is_empty()
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

/// What became of a contact when an import was taken out of its history: whether anything was
/// restored, and the reasons why something stays. It sums up all values of the contact.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own, and several hold at once"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenOut {
    /// True when a value has its old value again, an element was removed, or a removed element is
    /// back.
    pub(crate) restored: bool,
    /// True when a value stays because it was changed after the import.
    pub(crate) changed_since: bool,
    /// True when a value or an element stays because another import gave it too.
    pub(crate) confirmed: bool,
    /// True when a value stays because the old value is a key that belongs to another contact now.
    pub(crate) key_taken: bool,
}

impl TakenOut {
    /// Returns true when one of the reasons holds, so that something of the import stays with the
    /// contact.
    pub(crate) fn spares(self) -> bool {
        self.changed_since || self.confirmed || self.key_taken
    }
}
