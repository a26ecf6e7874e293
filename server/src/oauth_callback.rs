//! The OAuth redirect URI of connected systems, to which they send people after asking for consent.

use alta_app::api::caller::{Caller, Settings};
use alta_app::api::systems::take_consent;
use alta_domain::{Connecting, FaultKind};
use alta_store::{Store, StoreError};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The parameters of an authorization response (RFC 6749, 4.1.2).
#[derive(Deserialize)]
pub(crate) struct AuthorizationResponse {
    code: Option<String>,
    state: Option<String>,
}

/// Finishes connecting the system, and redirects to its page, with the fault if there is one.
pub(crate) async fn callback(
    State(store): State<Store>,
    State(settings): State<Settings>,
    Extension(caller): Extension<Caller>,
    Query(response): Query<AuthorizationResponse>,
) -> Response {
    let page = match finish_connecting(&store, &settings, caller, response).await {
        Ok((slug, Connecting::Refused(note))) => {
            format!("/onboarding/connect/{slug}?refused={}", note.kind.as_str())
        }
        Ok((slug, _)) => format!("/onboarding/connect/{slug}"),
        Err(error) => {
            tracing::warn!(%error, "a consent could not be taken");
            format!(
                "/onboarding/systems?refused={}",
                FaultKind::Consent.as_str()
            )
        }
    };
    (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response()
}

/// Exchanges the code for tokens. Returns the system's slug and the result.
async fn finish_connecting(
    store: &Store,
    settings: &Settings,
    caller: Caller,
    response: AuthorizationResponse,
) -> Result<(String, Connecting), StoreError> {
    let admin = caller
        .account
        .ok_or(alta_domain::ErrorCode::SignedOut)?
        .admin()?;
    take_consent(
        store,
        &admin,
        settings,
        response.state.as_deref().unwrap_or_default(),
        response.code.as_deref(),
    )
    .await
}
