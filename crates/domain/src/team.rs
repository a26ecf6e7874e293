//! The team of an organization: members, invitations, and the audit log.

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{Country, InvitationId, Language, Role, UserId};

/// A member of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The user's id.
    pub user: UserId,
    /// The name of the member.
    pub name: String,
    /// The address that the member signs in with.
    pub email: String,
    /// The role of the member.
    pub role: Role,
    /// False for a deactivated member, who can't sign in.
    pub active: bool,
    /// True for the member who asks for the list.
    pub is_you: bool,
}

/// The state of an invitation's mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailState {
    /// No mail is sent: the Admin passes on the link.
    NotSent,
    /// The mail waits to be sent, for the first time or again.
    Waiting,
    /// The mail server accepted the mail at this time, in milliseconds since 1970.
    Sent(i64),
    /// The mail server refused the mail with this message.
    Refused(String),
}

/// A pending invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The invitation's id.
    pub id: InvitationId,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The time at which the invitation expires, in milliseconds since 1970.
    pub expires_at: i64,
    /// True when the invitation has expired.
    pub expired: bool,
    /// The state of the invitation's mail.
    pub mail: MailState,
}

/// The team with the details that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The members, by name.
    pub members: Vec<Member>,
    /// The pending invitations, the newest first.
    pub invitations: Vec<Invitation>,
    /// True when a mail server is set up; otherwise the Admin passes on the links.
    pub sends_mail: bool,
}

/// The invitation as the holder of its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationOffer {
    /// The organization's name.
    pub organization: String,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The role that the person will have.
    pub role: Role,
    /// True when the address has an account already, so that the person only has to sign in.
    pub has_account: bool,
}

/// The settings of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSettings {
    /// The name of the organization.
    pub name: String,
    /// The country by whose rules national phone numbers are read.
    pub country: Country,
    /// The language of mails to people whose own language is not known.
    pub language: Language,
    /// True when Admins may work only with a second factor.
    pub requires_second_factor: bool,
}

/// The result for one invited address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteOutcome {
    /// The address now has a pending invitation.
    Invited,
    /// The address already had a pending invitation.
    AlreadyInvited,
    /// The address belongs to a member.
    AlreadyMember,
    /// The text is not an e-mail address.
    Invalid,
}

/// One invited address with its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationResult {
    /// The address as it was typed, trimmed.
    pub email: String,
    /// The result for the address.
    pub outcome: InviteOutcome,
}

word_enum! {
    /// An action of a member, with the word that the audit log stores.
    pub enum AuditAction {
        /// Signed in with a password, or by a link that sets one.
        SignedIn = "signed_in",
        /// Signed in with a password and a code of the second factor.
        SignedInWithCode = "signed_in_with_code",
        /// Signed in with a passkey.
        SignedInByPasskey = "signed_in_by_passkey",
        /// Signed in with the company's account (single sign-on).
        SignedInByProvider = "signed_in_by_provider",
        /// Signed out.
        SignedOut = "signed_out",
        /// Invited an address.
        Invited = "invited",
        /// Sent an invitation again, or made a new link for it.
        InvitedAgain = "invited_again",
        /// Revoked an invitation.
        InvitationRevoked = "invitation_revoked",
        /// Accepted an invitation.
        Joined = "joined",
        /// Gave a member another role.
        RoleChanged = "role_changed",
        /// Deactivated a member.
        Deactivated = "deactivated",
        /// Reactivated a member.
        Reactivated = "reactivated",
        /// Deleted a member.
        Deleted = "deleted",
        /// Changed the settings of the organization.
        OrganizationChanged = "organization_changed",
        /// Turned on one's own second factor.
        SecondFactorOn = "second_factor_on",
        /// Turned off one's own second factor.
        SecondFactorOff = "second_factor_off",
        /// Made new recovery codes.
        RecoveryCodesRenewed = "recovery_codes_renewed",
        /// Added a passkey to one's own account.
        PasskeyAdded = "passkey_added",
        /// Removed a passkey from one's own account.
        PasskeyRemoved = "passkey_removed",
        /// Changed one's own e-mail address.
        EmailChanged = "email_changed",
        /// Changed one's own password.
        PasswordChanged = "password_changed",
        /// Connected a system.
        SystemConnected = "system_connected",
        /// Paused the sync of a system.
        SystemPaused = "system_paused",
        /// Resumed the sync of a system.
        SystemResumed = "system_resumed",
        /// Disconnected a system.
        SystemDisconnected = "system_disconnected",
        /// Began an import.
        ImportBegun = "import_begun",
        /// Undid an import.
        ImportUndone = "import_undone",
        /// Noted by hand whether the organization may write to a contact by a channel.
        PermissionNoted = "permission_noted",
        /// Added a contact by hand.
        ContactAdded = "contact_added",
        /// Changed a value of a contact by hand.
        ContactEdited = "contact_edited",
        /// Moved a contact to the bin.
        ContactDeleted = "contact_deleted",
        /// Took a contact out of the bin.
        ContactRestored = "contact_restored",
        /// Took back an edit of a contact.
        EditTakenBack = "edit_taken_back",
        /// Downloaded everything that is stored about a contact.
        ContactExported = "contact_exported",
        /// Downloaded contacts as a file.
        ContactsExported = "contacts_exported",
        /// Erased a contact for good.
        ContactErased = "contact_erased",
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The number of the entry; the next page begins after it.
    pub id: i64,
    /// The time of the action, in milliseconds since 1970.
    pub at: i64,
    /// The name that the acting member had at that time.
    pub actor: String,
    /// The action of the member.
    pub action: AuditAction,
    /// The person or thing that the action concerned: a name, an address, a file.
    pub subject: String,
    /// The network address that the action came from; `None` when unknown.
    pub from: Option<String>,
}
