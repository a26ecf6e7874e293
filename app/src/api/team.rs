//! Server functions of the team and the organization, for Admins, and of the links of invitations,
//! for their holders.

use alta_domain::{
    AuditAction, AuditEntry, InvitationId, InvitationOffer, InvitationResult, OrganizationSettings,
    Role, Team, UserId,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// The largest number of entries of the audit log in one answer.
pub const AUDIT_PAGE: u64 = 50;

/// Invites addresses as Admins; returns one result for each address.
///
/// # Errors
/// `TooLarge` for more than 200 addresses at once.
#[server(prefix = "/api", endpoint = "onboarding/invite", input = Postcard, output = Postcard)]
pub async fn invite(addresses: Vec<String>) -> Result<Vec<InvitationResult>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::invitations::invite(&store(), &admin()?, &addresses).await?)
}

/// Revokes an invitation.
///
/// # Errors
/// `NotFound`.
#[server(
    prefix = "/api",
    endpoint = "onboarding/revoke_invitation",
    input = Postcard,
    output = Postcard,
)]
pub async fn revoke_invitation(id: InvitationId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::invitations::revoke(&store(), &admin()?, id).await?)
}

/// Lists the members and the pending invitations.
///
/// # Errors
/// `Forbidden`.
#[server(
    name = ReadTeam,
    prefix = "/api",
    endpoint = "team/read",
    input = Postcard,
    output = Postcard,
)]
pub async fn team() -> Result<Team, AppError> {
    use super::caller::{Settings, admin, store};
    // The context of a request can be read only before the first await.
    let Settings { sends_mail, .. } = expect_context();
    let (store, admin) = (store(), admin()?);
    let members = alta_store::account::team::members(&store, &admin).await?;
    let invitations = alta_store::account::invitations::pending(&store, &admin).await?;
    Ok(Team {
        members,
        invitations,
        sends_mail,
    })
}

/// Changes a member's role.
///
/// # Errors
/// `NotFound`, `LastAdmin`.
#[server(prefix = "/api", endpoint = "team/set_role", input = Postcard, output = Postcard)]
pub async fn set_role(member: UserId, role: Role) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::team::set_role(&store(), &admin()?, member, role).await?)
}

/// Deactivates a member, or activates them again.
///
/// # Errors
/// `NotFound`, `LastAdmin`.
#[server(prefix = "/api", endpoint = "team/set_active", input = Postcard, output = Postcard)]
pub async fn set_active(member: UserId, active: bool) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::team::set_active(&store(), &admin()?, member, active).await?)
}

/// Deletes a member.
///
/// # Errors
/// `NotFound`, `LastAdmin`.
#[server(prefix = "/api", endpoint = "team/remove", input = Postcard, output = Postcard)]
pub async fn remove_member(member: UserId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::team::remove(&store(), &admin()?, member).await?)
}

/// Sends an invitation again.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "team/resend", input = Postcard, output = Postcard)]
pub async fn resend_invitation(id: InvitationId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::invitations::resend(&store(), &admin()?, id).await?)
}

/// Makes a new link of an invitation, which an Admin can hand over without mail.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "team/link", input = Postcard, output = Postcard)]
pub async fn invitation_link(id: InvitationId) -> Result<String, AppError> {
    use super::caller::{Settings, admin, store};
    let Settings { base, .. } = expect_context();
    let token = alta_store::account::invitations::link(&store(), &admin()?, id).await?;
    Ok(format!("{base}/invitation?token={token}"))
}

/// Reads the settings of the organization.
///
/// # Errors
/// `Forbidden`.
#[server(
    name = ReadOrganization,
    prefix = "/api",
    endpoint = "team/organization",
    input = Postcard,
    output = Postcard,
)]
pub async fn organization_settings() -> Result<OrganizationSettings, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::team::settings(&store(), &admin()?).await?)
}

/// Changes the settings of the organization.
///
/// # Errors
/// `Missing`, `TooLong`.
#[server(prefix = "/api", endpoint = "team/set_organization", input = Postcard, output = Postcard)]
pub async fn set_organization_settings(settings: OrganizationSettings) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::account::team::set_settings(&store(), &admin()?, &settings).await?)
}

/// Lists entries of the audit log, the newest first: those with an id below `before` (0 for the
/// newest entries), and only those of `action` unless it is `None`.
///
/// # Errors
/// `Forbidden`.
#[server(prefix = "/api", endpoint = "team/audit", input = Postcard, output = Postcard)]
pub async fn audit_entries(
    action: Option<AuditAction>,
    before: i64,
) -> Result<Vec<AuditEntry>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::audit::entries(&store(), &admin()?, action, before, AUDIT_PAGE).await?)
}

/// Reads the invitation that a link belongs to.
///
/// # Errors
/// `BadLink`, `TooManyTries`.
#[server(
    name = ReadInvitation,
    prefix = "/api",
    endpoint = "invitation_offer",
    input = Postcard,
    output = Postcard,
)]
pub async fn invitation_offer(token: String) -> Result<InvitationOffer, AppError> {
    let store = super::caller::store();
    let offer = alta_store::account::invitations::offer(&store, &token);
    Ok(super::limit::link(offer).await?)
}

/// Accepts an invitation: with a name and a new password, or with the password of an existing
/// account.
///
/// # Errors
/// `BadLink`, `BadCredentials`, `TooManyTries`; `Missing`, `TooLong`, `InvalidPassword`,
/// `CommonPassword`.
#[server(prefix = "/api", endpoint = "accept_invitation", output = Postcard)]
pub async fn accept_invitation(
    token: String,
    name: String,
    password: String,
) -> Result<(), AppError> {
    use super::caller::{begin_session, redirect_forms, store};
    use super::limit::{link, sign_in};
    use alta_domain::AuditAction;
    let (store, language) = (store(), crate::reader::first_language());
    let offer = link(alta_store::account::invitations::offer(&store, &token)).await?;
    let session = if offer.has_account {
        // An Admin makes any number of links, but all of them lead to the same password, so its
        // tries are counted by the address.
        let join = alta_store::account::invitations::join(&store, &token, password);
        sign_in(&offer.email, Box::pin(join)).await?
    } else {
        alta_store::account::invitations::accept(&store, &token, &name, password, language).await?
    };
    begin_session(&store, &session, AuditAction::SignedIn).await?;
    redirect_forms("/");
    Ok(())
}
