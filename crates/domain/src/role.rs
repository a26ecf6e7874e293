//! What a member of an organization may do.

use serde::{Deserialize, Serialize};

/// The profile of a member, as the guide names them. The onboarding is the Admin's alone (G1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    Admin,
    /// Contacts, lists, imports, fields, segments and reports.
    Operator,
    /// Serves customers.
    Agent,
    /// Looks.
    Viewer,
}

impl Role {
    /// All roles, from the one that may do most.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Operator, Self::Agent, Self::Viewer];

    /// The word used in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    /// The role of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}
