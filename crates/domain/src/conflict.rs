//! Conflicts: records that agree with several contacts. An Admin decides each one.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, ContactId};

/// A record of an import that was not written because its keys belong to several contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The record's number in the file, counted from 1.
    pub record: u32,
    /// The physical line on which the record starts.
    pub line: u32,
    /// The cells of the record, each with the name of its column; empty cells are left out.
    pub cells: Vec<(String, String)>,
    /// The contacts that share a key with the record when the conflict is read; fewer than two when
    /// they have changed since the import.
    pub candidates: Vec<Candidate>,
}

/// A contact that shares a key with the record of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The contact's id.
    pub contact: ContactId,
    /// The fields whose keys the contact shares with the record: phone, e-mail or tax id.
    pub shares: Vec<BuiltInField>,
    /// The values of the contact that help to recognize it.
    pub values: Vec<(BuiltInField, String)>,
}
