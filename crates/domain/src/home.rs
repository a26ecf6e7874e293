//! The data of the home page.

use serde::{Deserialize, Serialize};

use crate::{ImportEntry, ImportSummary, Invitation, ListId, OnboardingState, SystemEntry};

/// A list with its number of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSummary {
    /// The list's id.
    pub id: ListId,
    /// The name of the list, unique in the organization.
    pub name: String,
    /// The number of contacts in the list.
    pub contacts: u64,
}

/// All data of the home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The number of contacts of the organization.
    pub contacts: u64,
    /// The lists of the organization, the largest first.
    pub lists: Vec<ListSummary>,
    /// The last import of a file; `None` when there is none.
    pub last_import: Option<ImportSummary>,
    /// The last two imports besides the one above, of files or systems.
    pub earlier_imports: Vec<ImportEntry>,
    /// The pending invitations, the newest first; empty for members who may not invite.
    pub invitations: Vec<Invitation>,
    /// The systems that the organization says it uses.
    pub systems: Vec<SystemEntry>,
    /// The progress of the onboarding; `None` for members who may not do it.
    pub onboarding: Option<OnboardingState>,
}
