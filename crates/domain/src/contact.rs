//! A contact in lists and on its card.

use serde::{Deserialize, Serialize};

use crate::{
    BuiltInField, Channel, ContactId, Field, FieldTarget, HistoryEvent, ImportId, LegalBasis,
    TransactionStatus,
};

/// A contact as an entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEntry {
    /// The contact's id.
    pub id: ContactId,
    /// The name to show: the contact's name, or else a phone or e-mail address.
    pub name: String,
    /// The first phone and e-mail address, as far as the contact has them.
    pub known_by: Vec<String>,
}

/// The origin of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The name of the file, or of the account in the system.
    pub name: String,
    /// The system, by its slug or its name; `None` for a file.
    pub system: Option<String>,
    /// The time at which the import of the value began, in milliseconds since 1970.
    pub at: i64,
}

/// A value of a contact, with its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardValue {
    /// A built-in field, or the name of a custom field of the organization.
    pub field: Result<BuiltInField, String>,
    /// The field as the target of an edit; `None` for a custom field that no longer exists.
    pub target: Option<FieldTarget>,
    /// The text of the value.
    pub value: String,
    /// The origin of the value; `None` when it is not known.
    pub origin: Option<Origin>,
}

/// A transaction on a contact's card. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTransaction {
    /// The number by which people know the transaction; `None` when it has none.
    pub number: Option<String>,
    /// The time of the transaction, in milliseconds since 1970.
    pub made_at: i64,
    /// The status of the transaction.
    pub status: TransactionStatus,
    /// The amount to pay.
    pub total: i64,
    /// The currency of the amounts, an ISO 4217 code.
    pub currency: String,
    /// The system that the transaction comes from, by its slug or its name.
    pub system: String,
    /// The items: for each its quantity, its name and its total.
    pub items: Vec<(String, String, i64)>,
}

/// The answer to the question whether the organization may write to a contact by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionAnswer {
    /// True for a yes, false for a no.
    pub granted: bool,
    /// The legal basis of a yes; `None` for a no.
    pub basis: Option<LegalBasis>,
    /// The occasion on which the answer was given; empty when unknown.
    pub source: String,
    /// The time at which the answer was stored, in milliseconds since 1970.
    pub at: i64,
    /// The import that brought the answer, with the name of its file or account; `None` when no
    /// import did.
    pub import: Option<(ImportId, String)>,
    /// True for a refusal that was kept of a contact which was erased. An answer without an import
    /// that is not of this kind was noted by a member.
    pub is_of_erased: bool,
}

/// A channel with the answer that holds for it; `None` when nobody has answered.
pub type ChannelPermission = (Channel, Option<PermissionAnswer>);

/// The card of a contact: all that is known about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCard {
    /// The contact with its name, phone and e-mail address, as in a list.
    pub entry: ContactEntry,
    /// The values of the contact, built-in fields first.
    pub values: Vec<CardValue>,
    /// The answer about permission for each channel.
    pub permissions: Vec<ChannelPermission>,
    /// The last transactions of the contact, the newest first.
    pub transactions: Vec<CardTransaction>,
    /// The last events of the contact's history, the newest first.
    pub history: Vec<HistoryEvent>,
    /// The custom fields of the organization.
    pub fields: Vec<Field>,
    /// The time at which the contact was moved to the bin, in milliseconds since 1970; `None` when
    /// it is not there.
    pub deleted_at: Option<i64>,
    /// The time from which on the server erases the contact, in milliseconds since 1970; `None`
    /// when it is not in the bin.
    pub erased_from: Option<i64>,
}

/// The numbers of an organization's contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCounts {
    /// The contacts of the base.
    pub base: u64,
    /// The contacts in the bin.
    pub bin: u64,
    /// The days after which the server erases a contact in the bin.
    pub bin_days: u32,
}
