//! What a member of an organization may do: a table of permission and profile.

use crate::word::word_enum;

/// What a page or a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See what the organization has.
    Home,
    /// Change contacts by hand.
    Contacts,
    /// Change the own account.
    Account,
    /// Connect systems, bring contacts in, take an import back.
    Onboarding,
    /// Invite, change and shut out members, change the organization, read the audit log.
    Team,
}

/// Who may what; the columns are those of [`Role::ALL`].
const TABLE: [(Permission, [bool; 4]); 5] = [
    (Permission::Home, [true, true, true, true]),
    (Permission::Contacts, [true, true, true, false]),
    (Permission::Account, [true, true, true, true]),
    (Permission::Onboarding, [true, false, false, false]),
    (Permission::Team, [true, false, false, false]),
];

word_enum! {
    /// The profile of a member, as the guide names them. The onboarding is the Admin's alone (G1).
    pub enum Role {
        /// May do everything.
        Admin = "admin",
        /// Contacts, lists, imports, fields, segments and reports.
        Operator = "operator",
        /// Serves customers.
        Agent = "agent",
        /// Looks.
        Viewer = "viewer",
    }
}

impl Role {
    /// Whether this profile has a permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        let column = self as usize;
        TABLE
            .iter()
            .any(|(row, profiles)| *row == permission && profiles[column])
    }
}
