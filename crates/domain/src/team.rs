//! The team: members, invitations, and who did what.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{Country, InvitationId, Language, Role, UserId};

/// A member of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Those who are not can't sign in.
    pub active: bool,
    /// The one who asks.
    pub is_you: bool,
}

/// What became of the mail of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailState {
    /// There is none: a link was handed over in its place.
    NotSent,
    /// It waits to be sent, the first time or again.
    Waiting,
    /// The mail server took it, in milliseconds since 1970.
    Sent(i64),
    /// The mail server refused it, with these words.
    Refused(String),
}

/// A pending invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// When it stops being valid, in milliseconds since 1970.
    pub expires_at: i64,
    /// It is not valid any more.
    pub expired: bool,
    /// What became of its mail.
    pub mail: MailState,
}

/// The team as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// By name.
    pub members: Vec<Member>,
    /// The newest first.
    pub invitations: Vec<Invitation>,
    /// A mail server is set up; else links are handed over.
    pub sends_mail: bool,
}

/// What the holder of an invitation's link is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationOffer {
    /// The organization's name.
    pub organization: String,
    /// Who is invited.
    pub email: String,
    /// What they will be able to do.
    pub role: Role,
    /// The address has an account already: signing in is enough.
    pub has_account: bool,
}

/// What an organization is called and how it reads its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSettings {
    /// Its name.
    pub name: String,
    /// How national numbers are read.
    pub country: Country,
    /// The language of its mails to people whose own is not known.
    pub language: Language,
    /// Admins work only with a second factor.
    pub requires_second_factor: bool,
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

word_enum! {
    /// What somebody did, as the audit log names it.
    pub enum AuditAction {
        /// Signed in.
        SignedIn = "signed_in",
        /// Invited an address.
        Invited = "invited",
        /// Sent an invitation again, or made a new link of it.
        InvitedAgain = "invited_again",
        /// Took an invitation back.
        InvitationRevoked = "invitation_revoked",
        /// Took an invitation up.
        Joined = "joined",
        /// Gave a member another profile.
        RoleChanged = "role_changed",
        /// Shut a member out.
        Deactivated = "deactivated",
        /// Let a member in again.
        Reactivated = "reactivated",
        /// Deleted a member.
        Deleted = "deleted",
        /// Changed the organization.
        OrganizationChanged = "organization_changed",
        /// Turned the own second factor on.
        SecondFactorOn = "second_factor_on",
        /// Turned it off.
        SecondFactorOff = "second_factor_off",
        /// Made new recovery codes.
        RecoveryCodesRenewed = "recovery_codes_renewed",
        /// Added a passkey to the own account.
        PasskeyAdded = "passkey_added",
        /// Removed one.
        PasskeyRemoved = "passkey_removed",
        /// Changed the own e-mail address.
        EmailChanged = "email_changed",
        /// Changed the own password.
        PasswordChanged = "password_changed",
        /// Connected a system.
        SystemConnected = "system_connected",
        /// Paused its sync.
        SystemPaused = "system_paused",
        /// Let it go on.
        SystemResumed = "system_resumed",
        /// Ended a connection.
        SystemDisconnected = "system_disconnected",
        /// Began an import.
        ImportBegun = "import_begun",
        /// Took an import back.
        ImportUndone = "import_undone",
        /// Noted by hand whether a contact may be written to by a channel.
        PermissionNoted = "permission_noted",
    }
}

/// One entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from which the next page goes on.
    pub id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who, by the name they had then.
    pub actor: String,
    /// What.
    pub action: AuditAction,
    /// To whom or what: a name, an address, a file.
    pub subject: String,
    /// From which network address.
    pub from: Option<String>,
}
