//! Changes of contacts, as lists show them.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, Channel};

/// A part of a contact that an import or an edit can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangedPart {
    /// A built-in field.
    Field(BuiltInField),
    /// A custom field, by its name.
    Custom(String),
    /// The permission to write by a channel: true when the contact gave it, false when the contact
    /// refused.
    Permission(Channel, bool),
    /// A list that the contact was added to, by its name.
    List(String),
    /// The bin: true when the contact was moved to it, false when the contact came out of it.
    Bin(bool),
}

/// A change of a part of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// The part that was changed.
    pub part: ChangedPart,
    /// The value before the change; `None` when there was none.
    pub before: Option<String>,
    /// The value after the change; `None` when there is none.
    pub after: Option<String>,
}
