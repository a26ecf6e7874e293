//! Notices of changes that systems send by themselves (webhooks). They are hints: one that is
//! genuine lets its connection be read soon, and nothing in it is believed. The same notice again
//! does no more than the first.

use alta_app::api::caller::Settings;
use alta_connect::Credentials;
use alta_store::{Store, StoreError, systems};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Takes one in. A word that nobody has and a signature that is none are answered alike.
pub(crate) async fn take(
    State(store): State<Store>,
    State(settings): State<Settings>,
    Path(word): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match believed(&store, &settings, &word, &headers, &body).await {
        // Omie asks for such an answer when an address is registered.
        Ok(true) => Json(json!({ "ping": "success" })).into_response(),
        Ok(false) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::error!(%error, "a notice could not be taken");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn believed(
    store: &Store,
    settings: &Settings,
    word: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<bool, StoreError> {
    let Some(noticed) = systems::noticed(store, word).await? else {
        return Ok(false);
    };
    let Some(manifest) = settings.catalogue.manifest(&noticed.slug) else {
        return Ok(false);
    };
    let credentials: Credentials = serde_json::from_slice(&noticed.credentials)
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    if !manifest.is_genuine(&credentials, |name| headers.get(name)?.to_str().ok(), body) {
        tracing::warn!(connection = %noticed.connection, system = noticed.slug, "a notice was not its system's");
        return Ok(false);
    }
    systems::hurry(store, noticed.connection).await?;
    Ok(true)
}
