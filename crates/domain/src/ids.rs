//! Identifiers: one type for each table, so that the compiler refuses a list's id in the place of
//! an import's.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// The id of an organization: a company that uses Alta. Every row of every other table belongs
    /// to one.
    OrganizationId;
    /// The id of a person who signs in.
    UserId;
    /// The id of a list of contacts.
    ListId;
    /// The id of a contact.
    ContactId;
    /// The id of a custom field.
    FieldId;
    /// The id of an import.
    ImportId;
    /// The id of an invitation to join an organization.
    InvitationId;
    /// The id of a connection: a system with an organization's credentials for it.
    ConnectionId;
    /// The id of a run of a connection.
    SyncRunId;
    /// The id of an edit: a change of a contact by hand.
    EditId;
}
