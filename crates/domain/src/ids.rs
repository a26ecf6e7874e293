//! Identifiers: one type a table, so that a list's id can't be passed where an import's is asked
//! for.

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
    /// A company that uses Alta; every row of every other table belongs to one.
    OrganizationId;
    /// A person who signs in.
    UserId;
    /// A list of contacts.
    ListId;
    /// A contact.
    ContactId;
    /// A custom field of contacts.
    FieldId;
    /// One import of one file.
    ImportId;
    /// An invitation to join an organization.
    InvitationId;
    /// A system with an organization's credentials for it.
    ConnectionId;
    /// One run of a connection's sync.
    SyncRunId;
}
