//! The outside systems that a company may use.

use serde::{Deserialize, Serialize};

use crate::{Connection, ConnectionId, FaultNote, Stream};

/// A system of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemEntry {
    /// The word of the system in the database and the API, such as `omie`.
    pub slug: String,
    /// The name of the system, such as `Omie`.
    pub name: String,
    /// The kind of the system, as a key of the screen's texts: `erp`, `store`, `marketplace`, `crm`
    /// or `retail`.
    pub kind: String,
    /// True for the five systems of the guide, which the screen always shows. The other systems are
    /// listed under 'Others'.
    pub featured: bool,
    /// True when the system can be connected. For other systems only the organization's interest is
    /// stored.
    pub connects: bool,
    /// True when the manifest was tested against the system itself, and not only against the
    /// vendor's documentation.
    pub tested_real: bool,
}

/// The systems that an organization says it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemChoice {
    /// The slugs of systems of the catalogue.
    pub slugs: Vec<String>,
    /// The names of other systems, typed by hand.
    pub others: Vec<String>,
}

/// A field of the form that asks for a system's credentials, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialField {
    /// The name of the credential in the manifest.
    pub name: String,
    /// The label of the field.
    pub label: String,
    /// The help text below the field; may be empty.
    pub help: String,
    /// True when the screen masks the text.
    pub secret: bool,
    /// True when the field may stay empty.
    pub optional: bool,
}

/// The page that connects a system, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectForm {
    /// The system to connect.
    pub system: SystemEntry,
    /// The streams that Alta reads from the system.
    pub streams: Vec<Stream>,
    /// The instructions for getting the credentials, one text for each step.
    pub steps: Vec<String>,
    /// The instructions for exporting the contacts to a file instead, one text for each step.
    pub export: Vec<String>,
    /// The fields for the credentials.
    pub fields: Vec<CredentialField>,
    /// The address to which the system sends people back after their consent; `None` when the
    /// system does not ask for consent.
    pub back: Option<String>,
    /// The existing connection to the system; `None` when there is none.
    pub connection: Option<Connection>,
    /// The slug of the first of the chosen systems that can be connected and is not connected yet;
    /// `None` when there is none.
    pub next: Option<String>,
}

/// A manifest that the server's owner has added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnManifest {
    /// The name of the manifest's file.
    pub file: String,
    /// The name of the system, or an error message with the line of the error.
    pub read: Result<String, String>,
}

/// The result of an attempt to connect a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connecting {
    /// The system is connected, and its first run begins.
    Connected(ConnectionId),
    /// The Admin must give consent at this address.
    Consent(String),
    /// The system refused the connection.
    Refused(FaultNote),
}
