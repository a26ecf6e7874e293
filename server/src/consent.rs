//! Where systems send people back to after they agreed, or did not.

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

/// What a system sends back with the browser (RFC 6749, 4.1.2).
#[derive(Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
}

/// Takes the answer, and goes back to the page of the system.
pub(crate) async fn back(
    State(store): State<Store>,
    State(settings): State<Settings>,
    Extension(caller): Extension<Caller>,
    Query(answer): Query<Answer>,
) -> Response {
    let page = match taken(&store, &settings, caller, answer).await {
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

async fn taken(
    store: &Store,
    settings: &Settings,
    caller: Caller,
    answer: Answer,
) -> Result<(String, Connecting), StoreError> {
    let admin = caller
        .access
        .ok_or(alta_domain::ErrorCode::SignedOut)?
        .admin()?;
    take_consent(
        store,
        &admin,
        settings,
        answer.state.as_deref().unwrap_or_default(),
        answer.code.as_deref(),
    )
    .await
}
