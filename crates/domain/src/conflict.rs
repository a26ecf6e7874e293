//! Records that point at two contacts, for an admin to decide one by one.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, ContactId};

/// A record of an import that was left alone because its keys point at several contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The record's number in the file, counted from 1.
    pub record: u32,
    /// The physical line where it starts.
    pub line: u32,
    /// Names of its columns and their cells; empty ones are left out.
    pub cells: Vec<(String, String)>,
    /// Whom it points at now; fewer than two when the base has changed since.
    pub candidates: Vec<Candidate>,
}

/// A contact that a record points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which.
    pub contact: ContactId,
    /// What it shares with the record: phone, e-mail or tax id.
    pub shares: Vec<BuiltInField>,
    /// Its values, as far as they tell who it is.
    pub values: Vec<(BuiltInField, String)>,
}
