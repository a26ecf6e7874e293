//! Keys: the values by which a record, and a contact, is known.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;

word_enum! {
    /// What a key is. Of the keys of a record they are asked in this order.
    pub enum KeyKind {
        /// A mobile phone: E.164 digits without `+`.
        Phone = "phone",
        /// An e-mail address in lower case.
        Email = "email",
        /// A CPF: eleven digits, valid, in a record whose country is Brazil.
        Cpf = "cpf",
        /// A landline together with the name, of a record that has no other key.
        Landline = "landline",
    }
}

/// A key. In one organization it belongs to one contact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// What it is.
    pub kind: KeyKind,
    /// Its value, as it is stored.
    pub value: String,
}

impl Key {
    /// A key of this kind and value.
    #[must_use]
    pub fn new(kind: KeyKind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
        }
    }
}

/// What becomes of a key of a record that is not simply its person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// It belongs to somebody else of the file.
    LeftOut,
    /// It belongs to nobody: as if it did not stand there.
    Nobodys,
    /// It says who the person is, and its contact does not get it: a remedy leaves it out.
    AskedOnly,
    /// It says nothing of who the person is, and its contact gets it: a remedy gives it to the
    /// first record that has it.
    GivenOnly,
}

/// What the whole file says of who a record is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIdentity {
    /// Keys of the record that are not simply its person's.
    pub roles: Vec<(Key, KeyRole)>,
    /// Columns whose value gives way to a later record of the person, as places among the cells
    /// ('keep last').
    pub yields: Vec<u32>,
    /// What later records of the person add; none when there are none.
    pub later: Option<LaterRecords>,
}

/// What the later records of a person say of who it is. It goes ahead with the first record, at
/// whose place that is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterRecords {
    /// The keys that they add.
    pub keys: Vec<Key>,
    /// The name to compare when it is not the first record's: that of the first record which has
    /// one, or of the last under 'keep last'.
    pub name: Option<String>,
    /// The landline of the person when it is not the first record's: that of the first record which
    /// has one, or of the last under 'keep last'.
    pub landline: Option<String>,
}

/// What is decided about a key that several people of a file share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedKeyRemedy {
    /// The first person that has it keeps it. What happens to a key of two when nothing is decided.
    First,
    /// Nobody gets it. What happens to a key of more when nothing is decided.
    LeaveOut,
    /// All records that have it are one person, whatever else they say.
    OnePerson,
}
