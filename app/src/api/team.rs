//! Invitations.

use alta_domain::{InvitationId, InvitationResult};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::AppError;

/// Invites addresses as Admins; one result per address.
///
/// # Errors
/// `TooLarge` for more than 200 at once.
#[server(prefix = "/api", endpoint = "onboarding/invite", input = Json)]
pub async fn invite(addresses: Vec<String>) -> Result<Vec<InvitationResult>, AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::invitations::invite(&store(), &admin()?, &addresses).await?)
}

/// Takes an invitation back.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "onboarding/revoke_invitation", input = Json)]
pub async fn revoke_invitation(id: InvitationId) -> Result<(), AppError> {
    use super::caller::{admin, store};
    Ok(alta_store::invitations::revoke(&store(), &admin()?, id).await?)
}
