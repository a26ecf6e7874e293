//! Checks who may send requests to Mercado Libre, and how many.

use axum::Json;
use axum::extract::{Form, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{CLIENT_ID, CLIENT_SECRET, SELLER};
use crate::oauth::{Consent, Denied, with_state};
use crate::query::Parameters;
use crate::system::Shared;

/// The most requests of a minute. Mercado Libre publishes no limit; users pass this number around.
const REQUESTS: usize = 1500;
const SECONDS: u64 = 60;

/// Lets a request through when its token is valid and the limit of the app is kept.
pub(super) async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let Some(sent) = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    else {
        return unauthorized("authorization value not present");
    };
    // The token that was issued is between the app's number and the user's.
    let token = sent
        .strip_prefix("Bearer APP_USR-")
        .and_then(|token| token.split('-').nth(2))
        .unwrap_or_default();
    if !system
        .state()
        .oauth
        .allows(Some(&format!("Bearer {token}")))
    {
        return unauthorized("invalid access token");
    }
    if system.admit_main("client", REQUESTS, SECONDS).is_err() {
        return (system.vendor.too_many)(&system);
    }
    next.run(request).await
}

fn unauthorized(message: &str) -> Response {
    (
        StatusCode::UNAUTHORIZED,
        Json(json!({"code": "unauthorized", "message": message})),
    )
        .into_response()
}

/// Returns a code or a refresh token as the vendor writes it. Both have the same form.
fn shown(word: &str) -> String {
    format!("TG-{word}-{SELLER}")
}

fn word_of(shown: &str) -> &str {
    shown
        .strip_prefix("TG-")
        .and_then(|rest| rest.split('-').next())
        .unwrap_or_default()
}

pub(super) static CONSENT: Consent = Consent {
    title: "Mercado Livre",
    client: CLIENT_ID,
    wrong: [
        "Desculpe, o aplicativo não pode ser conectado à sua conta.",
        "O parâmetro response_type é obrigatório.",
        "O parâmetro redirect_uri é obrigatório e deve ser o do aplicativo.",
    ],
    implied: false,
    registered: false,
    shown: |code| shown(&code),
    back: with_state,
};

/// Exchanges a code or a refresh token for tokens. Each works once.
pub(super) async fn token(State(system): State<Shared>, Form(given): Form<Parameters>) -> Response {
    if given.text("client_id") != Some(CLIENT_ID)
        || given.text("client_secret") != Some(CLIENT_SECRET)
    {
        return refused("invalid_client", "invalid client_id or client_secret.");
    }
    let grant = match system.state().oauth.exchange(
        &given,
        given.text("redirect_uri").or(Some("")),
        true,
        word_of,
    ) {
        Ok(grant) => grant,
        Err(Denied::Code | Denied::Refresh) => {
            let why = "Error validating grant. Your authorization code or refresh token may be \
                expired or it was already used";
            return refused("invalid_grant", why);
        }
        Err(Denied::GrantType) => {
            return refused(
                "unsupported_grant_type",
                "grant_type must be authorization_code or refresh_token",
            );
        }
        Err(Denied::NoGrantType) => {
            return refused("invalid_request", "grant_type is a required parameter");
        }
    };
    Json(json!({
        "access_token": format!("APP_USR-{CLIENT_ID}-112607-{}-{SELLER}", grant.access),
        "token_type": "Bearer",
        "expires_in": grant.access_seconds,
        "scope": "offline_access read write",
        "user_id": SELLER,
        "refresh_token": shown(&grant.refresh),
    }))
    .into_response()
}

fn refused(word: &str, description: &str) -> Response {
    let body = json!({"error_description": description, "error": word, "status": 400, "cause": []});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
