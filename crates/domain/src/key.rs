//! Keys: the values that say which person a record, or a contact, is.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// The kind of a key. The keys of a record are looked up in this order.
    pub enum KeyKind {
        /// A mobile phone: E.164 digits without `+`.
        Phone = "phone",
        /// An e-mail address in lower case.
        Email = "email",
        /// A CPF: eleven digits, valid, of a contact in Brazil.
        Cpf = "cpf",
        /// A landline together with the name, for a record or contact that has no key of another
        /// kind.
        Landline = "landline",
    }
}

/// A key: a value that says who a contact is. In one organization no two contacts have the same
/// key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The kind of the key.
    pub kind: KeyKind,
    /// The value of the key, in its stored form.
    pub value: String,
}

impl Key {
    /// Returns a key of this kind and value.
    #[must_use]
    pub fn new(kind: KeyKind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
        }
    }
}

/// An exception for one key of a record. Without one, the key says who the record's person is, and
/// the person's contact gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// The key belongs to another person of the file: it does not say who this person is, and the
    /// contact does not get it.
    LeftOut,
    /// Different people of the file have the key: no contact gets it, and nobody is looked up by
    /// it.
    Nobodys,
    /// People are looked up by the key, but no contact gets it: the remedy 'leave it out
    /// everywhere' was chosen.
    AskedOnly,
    /// The contact gets the key, but the person is not looked up by it: the remedy 'leave it with
    /// the first' was chosen, and this record is the first.
    GivenOnly,
}

/// Facts about a record's identity that only a reading of the whole file shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIdentity {
    /// The keys of the record that do not simply belong to its person, each with its exception.
    pub roles: Vec<(Key, KeyRole)>,
    /// The cells, as indexes into [`RowInput::cells`](crate::RowInput::cells), whose value a later
    /// record of the same person replaces, under 'keep last'.
    pub yields: Vec<u32>,
    /// The identity facts that later records of the person add; `None` when there are none.
    pub later: Option<LaterRecords>,
}

/// What the later records of a person add to the person's identity. The sender attaches it to the
/// first record, because the person is looked up at the place of that record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterRecords {
    /// The keys that the later records add.
    pub keys: Vec<Key>,
    /// The person's name, by which it is compared with contacts, when it is not that of the first
    /// record: the name of the first record that has one, or of the last under 'keep last'.
    pub name: Option<String>,
    /// The person's CPF, by which it is compared with contacts, when it is not that of the first
    /// record: under 'keep last', that of the last record that has one.
    pub cpf: Option<String>,
    /// The landline of the person, when it differs from that of the first record: the landline of
    /// the first record that has one, or of the last under 'keep last'.
    pub landline: Option<String>,
}

/// A decision about a key that several people of a file share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedKeyRemedy {
    /// The first person that has the key keeps it. The default for a key that two people share.
    First,
    /// Nobody gets the key. The default for a key that more than two people share.
    LeaveOut,
    /// All records that have the key are one person, whatever their other values say.
    OnePerson,
}
