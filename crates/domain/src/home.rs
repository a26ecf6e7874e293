//! What the home page shows, and the invitations.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{ImportId, ImportLedger, Invitation, ListId, OnboardingState, SystemEntry};

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

word_enum! {
    /// The state of an import.
    pub enum ImportState {
        /// Batches are still expected.
        Running = "running",
        /// The ledger is closed.
        Finished = "finished",
        /// Stopped by the admin; contacts that had been sent stay.
        Stopped = "stopped",
        /// Undone.
        Undone = "undone",
    }
}

/// One import, as listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// Whether it has ended.
    pub state: ImportState,
    /// What it did so far.
    pub ledger: ImportLedger,
    /// Records of its file; none for one that began before this was kept.
    pub of: Option<u32>,
    /// Records that point at two contacts, of those rejected: an admin may decide them.
    pub conflicts: u32,
    /// Contacts that its file would have let in by a channel, and that had said no before: they
    /// stay out.
    pub kept_out: u32,
    /// Until when it can be taken back, in milliseconds since 1970; none when it can't.
    pub undo_until: Option<i64>,
    /// What taking it back did.
    pub undone: Option<UndoLedger>,
}

/// An import that has begun, or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Its id.
    pub import: ImportId,
    /// The number of the batch it waits for.
    pub sequence: u32,
    /// Records of this file that it has already: it goes on behind them.
    pub records: u32,
}

/// What taking an import back does, or did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoLedger {
    /// Contacts that the import made and that go.
    pub removed: u32,
    /// Contacts that get their old values back.
    pub restored: u32,
    /// Contacts that were changed since: what was changed stays.
    pub spared: u32,
}

/// What became of one invited address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteOutcome {
    /// A pending invitation now exists.
    Invited,
    /// There was one already.
    AlreadyInvited,
    /// The address is a member's.
    AlreadyMember,
    /// Not an address.
    Invalid,
}

/// One address and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationResult {
    /// As it was typed, trimmed.
    pub email: String,
    /// What became of it.
    pub outcome: InviteOutcome,
}

/// Everything the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Contacts of the organization.
    pub contacts: u64,
    /// Its lists, the largest first.
    pub lists: Vec<ListSummary>,
    /// The last import.
    pub last_import: Option<ImportSummary>,
    /// Pending invitations, the newest first; empty for those who may not invite.
    pub invitations: Vec<Invitation>,
    /// Systems the organization said it uses.
    pub systems: Vec<SystemEntry>,
    /// What was done and what is left; none for those who may not do it.
    pub onboarding: Option<OnboardingState>,
}
