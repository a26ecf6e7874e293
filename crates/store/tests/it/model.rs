//! A second model of who is the same person, written from the contract alone.
//!
//! It knows nothing of the engine: no database, no batches, no columns. Records come with valid,
//! normalised values. Clear code matters here, speed does not. Comments cite the sentences of the
//! contract (`identity.md`) that the code below them follows.

mod base;
mod examples;
mod file;
mod give;
mod laws;
mod names;
mod random;
mod settled;
mod undo;
mod waiting;

use std::collections::BTreeSet;

pub(crate) use base::Base;
pub(crate) use random::{Step, corrections, sequence};

/// A record of a file: valid values, mobile phones in E.164 without the plus, in Brazil.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) phones: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) landline: Option<String>,
    pub(crate) cpf: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) whatsapp: Option<bool>,
}

/// The policy of an import for the values of a contact that existed before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Policy {
    #[default]
    Update,
    Fill,
    Keep,
}

/// The fields that can have a policy of their own. The landline always follows the plan's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Phone,
    Email,
    Cpf,
    Name,
    City,
}

/// The rule of an import for several records of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Repeated {
    #[default]
    Merge,
    First,
    Last,
}

/// The remedy for every shared key of a file. Without one, a key shared by two stays with the
/// first, and a key that is nobody's is left out everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    First,
    LeaveOut,
    OnePerson,
}

/// The decisions under which a file is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) policy: Policy,
    pub(crate) by_field: Vec<(Field, Policy)>,
    pub(crate) repeated: Repeated,
    pub(crate) lists: Vec<String>,
    pub(crate) whatsapp_for_all: bool,
    pub(crate) shared: Option<Remedy>,
}

/// The numbers of an import: its persons by result, and the records that were merged into others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) new: usize,
    pub(crate) updated: usize,
    pub(crate) unchanged: usize,
    pub(crate) merged: usize,
    pub(crate) rejected: usize,
}

/// A contact of the base as it is shown. The first phone and the first e-mail address come first in
/// their lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) phones: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) landline: Option<String>,
    pub(crate) cpf: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) lists: BTreeSet<String>,
    pub(crate) whatsapp: Option<bool>,
}

/// The reason for which a record is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    SharedKey,
    NoIdentity,
    Conflict,
}
