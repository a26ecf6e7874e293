//! The words of users: roles, actions in the audit log, steps of the wizard.

use alta_domain::{AuditAction, Role, Step};

use crate::wording::enum_words;

enum_words! {
    /// Returns the name of a role.
    role(Role) {
        Role::Admin => role.admin,
        Role::Operator => role.operator,
        Role::Agent => role.agent,
        Role::Viewer => role.viewer,
    }
}

enum_words! {
    /// Returns the verb of an action in the audit log; it follows the name of the person.
    action(AuditAction) {
        AuditAction::SignedIn => audit.signed_in,
        AuditAction::Invited => audit.invited,
        AuditAction::InvitedAgain => audit.invited_again,
        AuditAction::InvitationRevoked => audit.invitation_revoked,
        AuditAction::Joined => audit.joined,
        AuditAction::RoleChanged => audit.role_changed,
        AuditAction::Deactivated => audit.deactivated,
        AuditAction::Reactivated => audit.reactivated,
        AuditAction::Deleted => audit.deleted,
        AuditAction::OrganizationChanged => audit.organization_changed,
        AuditAction::SecondFactorOn => audit.second_factor_on,
        AuditAction::SecondFactorOff => audit.second_factor_off,
        AuditAction::RecoveryCodesRenewed => audit.recovery_codes_renewed,
        AuditAction::SignedInWithCode => audit.signed_in_with_code,
        AuditAction::SignedInByPasskey => audit.signed_in_by_passkey,
        AuditAction::SignedInByProvider => audit.signed_in_by_provider,
        AuditAction::SignedOut => audit.signed_out,
        AuditAction::PasskeyAdded => audit.passkey_added,
        AuditAction::PasskeyRemoved => audit.passkey_removed,
        AuditAction::EmailChanged => audit.email_changed,
        AuditAction::PasswordChanged => audit.password_changed,
        AuditAction::SystemConnected => audit.system_connected,
        AuditAction::SystemPaused => audit.system_paused,
        AuditAction::SystemResumed => audit.system_resumed,
        AuditAction::SystemDisconnected => audit.system_disconnected,
        AuditAction::ImportBegun => audit.import_begun,
        AuditAction::ImportUndone => audit.import_undone,
        AuditAction::PermissionNoted => audit.permission_noted,
        AuditAction::ContactAdded => audit.contact_added,
        AuditAction::ContactEdited => audit.contact_edited,
        AuditAction::ContactDeleted => audit.contact_deleted,
        AuditAction::ContactRestored => audit.contact_restored,
        AuditAction::EditTakenBack => audit.edit_taken_back,
        AuditAction::ContactExported => audit.contact_exported,
        AuditAction::ContactsExported => audit.contacts_exported,
        AuditAction::ContactErased => audit.contact_erased,
    }
}

enum_words! {
    /// Returns the name of a step.
    step(Step) {
        Step::Systems => steps.systems,
        Step::File => steps.file,
        Step::Columns => steps.columns,
        Step::Import => steps.import,
        Step::Team => steps.team,
    }
}
