//! What a member of an organization may do: a table of permission and profile.

use serde::{Deserialize, Serialize};

/// What a page or a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See what the organization has.
    Home,
    /// Change the own account.
    Account,
    /// Connect systems, bring contacts in, take an import back.
    Onboarding,
    /// Invite, change and shut out members, change the organization, read the audit log.
    Team,
}

/// Who may what; the columns are those of [`Role::ALL`].
const TABLE: [(Permission, [bool; 4]); 4] = [
    (Permission::Home, [true, true, true, true]),
    (Permission::Account, [true, true, true, true]),
    (Permission::Onboarding, [true, false, false, false]),
    (Permission::Team, [true, false, false, false]),
];

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

    /// Whether this profile has a permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        let column = self as usize;
        TABLE
            .iter()
            .any(|(row, profiles)| *row == permission && profiles[column])
    }

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
