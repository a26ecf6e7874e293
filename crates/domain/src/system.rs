//! The systems a company may already use.

use serde::{Deserialize, Serialize};

/// One system of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemEntry {
    /// Its word in the database and the API, such as `omie`.
    pub slug: String,
    /// Its name, such as `Omie`.
    pub name: String,
    /// What it is for, a key of the screen's words: `erp`, `store`, `marketplace`, `crm` or `retail`.
    pub kind: String,
    /// One of the five of the guide, shown outright; the others are behind 'Others'.
    pub featured: bool,
}

/// What an organization said it uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemChoice {
    /// Slugs of the catalogue.
    pub slugs: Vec<String>,
    /// Names typed by hand.
    pub others: Vec<String>,
}
