//! The permissions of an organization's members: a table of permission and role.

use crate::word::word_enum;

/// A permission: something that a page or a call allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the contacts, lists and imports of the organization.
    Home,
    /// Change contacts by hand.
    Contacts,
    /// Change one's own account.
    Account,
    /// Connect systems, import contacts, undo an import.
    Onboarding,
    /// Download and erase everything that is stored about one person.
    PersonalData,
    /// Invite, change and deactivate members, change the organization, read the audit log.
    Team,
}

/// The permissions of the roles; the columns are those of [`Role::ALL`].
const TABLE: [(Permission, [bool; 4]); 6] = [
    (Permission::Home, [true, true, true, true]),
    (Permission::Contacts, [true, true, true, false]),
    (Permission::Account, [true, true, true, true]),
    (Permission::Onboarding, [true, false, false, false]),
    (Permission::PersonalData, [true, false, false, false]),
    (Permission::Team, [true, false, false, false]),
];

word_enum! {
    /// The role of a member. Only the Admin does the onboarding.
    pub enum Role {
        /// Has every permission.
        Admin = "admin",
        /// Changes contacts by hand.
        Operator = "operator",
        /// Serves customers, and changes contacts by hand.
        Agent = "agent",
        /// Sees everything that members may see, and changes no contacts.
        Viewer = "viewer",
    }
}

impl Role {
    /// Returns true when the role has a permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        let column = self as usize;
        TABLE
            .iter()
            .any(|(row, profiles)| *row == permission && profiles[column])
    }
}
