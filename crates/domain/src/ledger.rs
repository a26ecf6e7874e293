//! The accounts of an import: every record is in exactly one place.

use serde::{Deserialize, Serialize};

use crate::{ContactId, FieldTarget};

/// What a check found: `records = ready + merged + rejected + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLedger {
    /// Data records; blank lines are not counted.
    pub records: u32,
    /// Records that can be imported as they are.
    pub ready: u32,
    /// The same person as an earlier record of the file.
    pub merged: u32,
    /// Records without usable identity.
    pub rejected: u32,
    /// Records that the admin leaves out.
    pub dropped: u32,
}

impl CheckLedger {
    /// Whether every record is accounted for once.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.records == self.ready + self.merged + self.rejected + self.dropped
    }
}

/// What an import did: `records = new + updated + unchanged + merged + rejected + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLedger {
    /// Records received.
    pub records: u32,
    /// Contacts that did not exist.
    pub new: u32,
    /// Contacts that existed and got at least one other value.
    pub updated: u32,
    /// Contacts that existed and stayed as they were.
    pub unchanged: u32,
    /// The same person as an earlier record of the file.
    pub merged: u32,
    /// Records that could not be imported; each is kept with its reason.
    pub rejected: u32,
    /// Records that the admin left out.
    #[serde(default)]
    pub dropped: u32,
}

impl ImportLedger {
    /// Whether every record is accounted for once.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.records
            == self.new + self.updated + self.unchanged + self.merged + self.rejected + self.dropped
    }

    /// The sum of both, record by record.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            records: self.records + other.records,
            new: self.new + other.new,
            updated: self.updated + other.updated,
            unchanged: self.unchanged + other.unchanged,
            merged: self.merged + other.merged,
            rejected: self.rejected + other.rejected,
            dropped: self.dropped + other.dropped,
        }
    }
}

/// What an import would do to the base as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its ledger.
    pub ledger: ImportLedger,
    /// Records that point at two contacts, of those rejected.
    pub conflicts: u32,
    /// How many contacts get another value, by field.
    pub fields: Vec<(FieldTarget, u32)>,
    /// A few of the changes.
    pub samples: Vec<EffectSample>,
}

/// A change that an import would make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectSample {
    /// The physical line of its record.
    pub line: u32,
    /// Whose value.
    pub contact: ContactId,
    /// Of which field.
    pub target: FieldTarget,
    /// What the file has.
    pub value: String,
}
