//! A contact as its lists and its card show it.

use serde::{Deserialize, Serialize};

use crate::{BuiltInField, Channel, ContactId, ImportId, LegalBasis, TransactionStatus};

/// A contact in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEntry {
    /// Which.
    pub id: ContactId,
    /// What it is called by: its name, else what it is known by.
    pub name: String,
    /// Phone and e-mail, as far as there are.
    pub known_by: Vec<String>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file, or the account in its system.
    pub name: String,
    /// The system; none for a file.
    pub system: Option<String>,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// A value of a contact, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardValue {
    /// A field every contact has, or the name of one of the organization's.
    pub field: Result<BuiltInField, String>,
    /// What it holds.
    pub value: String,
    /// Where that came from, as far as it is known.
    pub origin: Option<Origin>,
}

/// A transaction on a contact's card. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTransaction {
    /// What people call it by.
    pub number: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub made_at: i64,
    /// Where it stands.
    pub status: TransactionStatus,
    /// What was to pay.
    pub total: i64,
    /// ISO 4217.
    pub currency: String,
    /// The system it is in.
    pub system: String,
    /// What was sold: how many, what, and for how much.
    pub items: Vec<(String, String, i64)>,
}

/// An answer to whether a contact may be written to by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionAnswer {
    /// Yes, or no.
    pub granted: bool,
    /// The legal basis of a yes.
    pub basis: Option<LegalBasis>,
    /// Where it was given; empty when that was not said.
    pub source: String,
    /// When it was stored, in milliseconds since 1970.
    pub at: i64,
    /// The import that brought it and the name of its file or account; none for an answer that was
    /// noted by hand.
    pub import: Option<(ImportId, String)>,
}

/// A channel and the answer that holds for it; none when nobody has answered.
pub type ChannelPermission = (Channel, Option<PermissionAnswer>);

/// All that is known of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCard {
    /// As in a list.
    pub entry: ContactEntry,
    /// Its values, the fields every contact has first.
    pub values: Vec<CardValue>,
    /// For each channel, whether it may be written to by it.
    pub permissions: Vec<ChannelPermission>,
    /// Its last transactions, the newest first.
    pub transactions: Vec<CardTransaction>,
}
