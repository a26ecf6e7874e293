//! Everything that is stored about one person.

use serde::{Deserialize, Serialize};

use crate::{Channel, ContactCard, PermissionAnswer};

/// A record as a connected system has sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemRecord {
    /// The system, by its slug or its name.
    pub system: String,
    /// The name of the account in the system.
    pub account: String,
    /// The id of the record in the system.
    pub id: String,
    /// The record, as JSON.
    pub raw: String,
}

/// Everything that is stored about a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonData {
    /// The card of the contact, with its whole history and all its transactions.
    pub card: ContactCard,
    /// The names of the lists that the contact is on.
    pub lists: Vec<String>,
    /// All answers about permission, the newest first.
    pub answers: Vec<(Channel, PermissionAnswer)>,
    /// The records of connected systems: of the contact, and of what it has bought.
    pub records: Vec<SystemRecord>,
    /// The cells of rejected records of imports that are about the contact.
    pub rejects: Vec<Vec<String>>,
}
