//! The systems a company may already use.

use serde::{Deserialize, Serialize};

use crate::{Connection, ConnectionId, FaultNote, Stream};

/// One system of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemEntry {
    /// Its word in the database and the API, such as `omie`.
    pub slug: String,
    /// Its name, such as `Omie`.
    pub name: String,
    /// What it is for, a key of the screen's words: `erp`, `store`, `marketplace`, `crm` or
    /// `retail`.
    pub kind: String,
    /// One of the five of the guide, shown outright; the others are behind 'Others'.
    pub featured: bool,
    /// It can be connected; of the others the interest is kept.
    pub connects: bool,
    /// Its description was proved against the system itself, and not against what its vendor
    /// wrote.
    pub tested_real: bool,
}

/// What an organization said it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemChoice {
    /// Slugs of the catalogue.
    pub slugs: Vec<String>,
    /// Names typed by hand.
    pub others: Vec<String>,
}

/// One field of a system's form, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialField {
    /// Its name.
    pub name: String,
    /// What the form calls it.
    pub label: String,
    /// What stands below it; may be empty.
    pub help: String,
    /// It is masked.
    pub secret: bool,
    /// It may stay empty.
    pub optional: bool,
}

/// The page on which a system is connected, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectForm {
    /// The system.
    pub system: SystemEntry,
    /// What is read.
    pub streams: Vec<Stream>,
    /// How to get the credentials.
    pub steps: Vec<String>,
    /// How to bring its contacts as a file instead.
    pub export: Vec<String>,
    /// What is typed.
    pub fields: Vec<CredentialField>,
    /// The address that the system must send people back to, when it asks for their consent.
    pub back: Option<String>,
    /// The connection that is there already.
    pub connection: Option<Connection>,
    /// The system that comes next, of those ticked.
    pub next: Option<String>,
}

/// A description of a system that the server's owner has added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnManifest {
    /// The name of its file.
    pub file: String,
    /// The name of its system; or what is wrong with it, and on which line.
    pub read: Result<String, String>,
}

/// What became of an attempt to connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connecting {
    /// It is connected, and its first run begins.
    Connected(ConnectionId),
    /// The admin must agree at this address.
    Consent(String),
    /// It was refused.
    Refused(FaultNote),
}
