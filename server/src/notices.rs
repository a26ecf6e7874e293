//! Receives notices of changes from connected systems (webhooks). A genuine notice makes its
//! connection due soon; its content is not used. Receiving the same notice again has no further
//! effect.

use alta_app::api::caller::Settings;
use alta_connect::Credentials;
use alta_store::{Store, StoreError, systems};
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The largest size of a notice in bytes.
const MAX_NOTICE_BYTES: usize = 512 * 1024;

/// Receives a notice. `word` is the secret word in the connection's address. An unknown word and a
/// wrong signature get the same response.
pub(crate) async fn receive(
    State(store): State<Store>,
    State(settings): State<Settings>,
    Path(word): Path<String>,
    request: Request,
) -> Response {
    match schedule_run(&store, &settings, &word, request).await {
        // Omie expects this answer when an address is registered.
        Ok(true) => Json(json!({ "ping": "success" })).into_response(),
        Ok(false) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::error!(%error, "a notice could not be taken");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Makes the connection of a genuine notice due soon. A ping is answered like a notice and has no
/// effect. Returns false for anything else.
async fn schedule_run(
    store: &Store,
    settings: &Settings,
    word: &str,
    request: Request,
) -> Result<bool, StoreError> {
    // The body of a request with an unknown word is not read.
    let Some(noticed) = systems::find_by_notice_word(store, word).await? else {
        return Ok(false);
    };
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_NOTICE_BYTES).await else {
        return Ok(false);
    };
    if is_ping(&body) {
        return Ok(true);
    }
    let Some(manifest) = settings.catalogue.manifest(&noticed.slug) else {
        return Ok(false);
    };
    let credentials: Credentials = serde_json::from_slice(&noticed.credentials)
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    if !manifest.is_genuine(
        &credentials,
        |name| head.headers.get(name)?.to_str().ok(),
        &body,
    ) {
        tracing::warn!(
            connection = %noticed.connection,
            system = noticed.slug,
            "a notice was not its system's"
        );
        return Ok(false);
    }
    systems::run_soon(store, noticed.connection).await?;
    Ok(true)
}

/// Returns true for the unsigned form that WooCommerce sends when somebody saves a webhook: its
/// only field is the webhook's number. Without a good answer the shop's page says that the address
/// is wrong.
fn is_ping(body: &[u8]) -> bool {
    let number = body.strip_prefix(b"webhook_id=").unwrap_or_default();
    !number.is_empty() && number.iter().all(u8::is_ascii_digit)
}
