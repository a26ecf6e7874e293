//! What the home page shows.

use serde::{Deserialize, Serialize};

use crate::{ImportEntry, ImportSummary, Invitation, ListId, OnboardingState, SystemEntry};

/// A list and how many contacts are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSummary {
    /// Its id.
    pub id: ListId,
    /// Its name, unique in the organization.
    pub name: String,
    /// How many contacts are in it.
    pub contacts: u64,
}

/// Everything the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Contacts of the organization.
    pub contacts: u64,
    /// Its lists, the largest first.
    pub lists: Vec<ListSummary>,
    /// The last import of a file.
    pub last_import: Option<ImportSummary>,
    /// The two other imports that came last, of files or systems.
    pub earlier_imports: Vec<ImportEntry>,
    /// Pending invitations, the newest first; empty for those who may not invite.
    pub invitations: Vec<Invitation>,
    /// Systems the organization said it uses.
    pub systems: Vec<SystemEntry>,
    /// What was done and what is left; none for those who may not do it.
    pub onboarding: Option<OnboardingState>,
}
