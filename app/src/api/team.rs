//! Invitations.

use alta_domain::{InvitationId, InvitationResult};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Invites addresses as Admins; one result per address.
///
/// # Errors
/// `TooLarge` for more than 200 at once.
#[server(prefix = "/api", endpoint = "onboarding/invite", input = Postcard, output = Postcard)]
pub async fn invite(addresses: Vec<String>) -> Result<Vec<InvitationResult>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::invitations::invite(&store(), &admin()?, &addresses).await?)
}

/// Takes an invitation back.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/revoke_invitation", input = Postcard, output = Postcard)]
pub async fn revoke_invitation(id: InvitationId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::invitations::revoke(&store(), &admin()?, id).await?)
}
