//! The ledgers of an import: each record counts in exactly one of their numbers.

use serde::{Deserialize, Serialize};

use crate::{ContactId, FieldTarget};

/// The ledger of a check: `records = ready + merged + rejected + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLedger {
    /// The number of data records; blank lines do not count.
    pub records: u32,
    /// The number of records that can be imported as they are.
    pub ready: u32,
    /// The number of records that are the same person as an earlier record of the file.
    pub merged: u32,
    /// The number of records without a usable identity.
    pub rejected: u32,
    /// The number of records that the Admin leaves out.
    pub dropped: u32,
}

impl CheckLedger {
    /// Returns true when every record counts exactly once.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.records == self.ready + self.merged + self.rejected + self.dropped
    }
}

/// The ledger of an import: `records = new + updated + unchanged + merged + rejected + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLedger {
    /// The number of records received.
    pub records: u32,
    /// The number of contacts that the import created.
    pub new: u32,
    /// The number of contacts that existed and got at least one other value.
    pub updated: u32,
    /// The number of contacts that existed and did not change.
    pub unchanged: u32,
    /// The number of records that are the same person as an earlier record of the file.
    pub merged: u32,
    /// The number of records that could not be imported; each is kept with its reason.
    pub rejected: u32,
    /// The number of records that the Admin left out.
    #[serde(default)]
    pub dropped: u32,
}

impl ImportLedger {
    /// Returns true when every record counts exactly once.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.records
            == self.new + self.updated + self.unchanged + self.merged + self.rejected + self.dropped
    }

    /// Returns the sum of both ledgers, number by number.
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

/// The effect of an import: what it would change in the contact base of this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The ledger that the import would have.
    pub ledger: ImportLedger,
    /// The number of rejected records that agree with several contacts.
    pub conflicts: u32,
    /// The number of contacts that would get another value, for each field.
    pub fields: Vec<(FieldTarget, u32)>,
    /// Examples of the changes.
    pub samples: Vec<EffectSample>,
}

/// A change that an import would make: one example of its effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectSample {
    /// The physical line of the record that brings the value.
    pub line: u32,
    /// The contact that would get the value.
    pub contact: ContactId,
    /// The field of the value.
    pub target: FieldTarget,
    /// The value in the file.
    pub value: String,
}
