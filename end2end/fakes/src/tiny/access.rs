//! Checks who may send requests to Tiny, and how many.

use std::time::Duration;

use axum::Json;
use axum::extract::{Form, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{CLIENT_ID, CLIENT_SECRET};
use crate::limits::{Left, Over};
use crate::oauth::{Consent, Denied};
use crate::query::Parameters;
use crate::system::{Shared, System};

/// The most reads a minute on the smallest plan.
const READS: usize = 60;

/// Returns the answer above the limit, with the seconds after which to try again.
pub(super) fn too_many(seconds: u64) -> Response {
    let mut response = (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, HeaderValue::from(seconds))],
    )
        .into_response();
    tell(&mut response, 0, seconds);
    response
}

/// Adds headers with what is left of the limit, which every answer has.
fn tell(response: &mut Response, left: usize, reset: u64) {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(READS));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
}

/// Lets a request through when its token is valid and the limit of the account is kept.
pub(super) async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let authorization = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if !system.state().oauth.allows(authorization) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match system.admit_main("account", READS, 60) {
        Ok(Left { requests, reset }) => {
            let mut response = next.run(request).await;
            tell(&mut response, requests, System::seconds(reset));
            response
        }
        Err(Over(wait)) => too_many(System::seconds(wait.max(Duration::from_secs(1)))),
    }
}

/// The id of the user's session at Keycloak.
const SESSION: &str = "6c1f0a52-3f0e-4c55-9a51-2f1b7d3e9a10";

/// The consent at Keycloak, which sends back a state whether or not there was one, and puts it
/// before the code.
pub(super) static CONSENT: Consent = Consent {
    title: "Olist Tiny",
    client: CLIENT_ID,
    wrong: [
        "Client not found.",
        "Missing parameter: response_type",
        "Invalid parameter: redirect_uri",
    ],
    implied: false,
    registered: false,
    shown: |code| code,
    back: |outcome, state| {
        let state = ("state", state.unwrap_or_default());
        if outcome.0 == "code" {
            vec![state, ("session_state", SESSION), outcome]
        } else {
            vec![outcome, state]
        }
    },
};

/// Exchanges a code or a refresh token for tokens.
pub(super) async fn token(State(system): State<Shared>, Form(given): Form<Parameters>) -> Response {
    if given.text("client_id") != Some(CLIENT_ID)
        || given.text("client_secret") != Some(CLIENT_SECRET)
    {
        return refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Invalid client or Invalid client credentials",
        );
    }
    let grant = match system.state().oauth.exchange(
        &given,
        given.text("redirect_uri").or(Some("")),
        false,
        |word| word,
    ) {
        Ok(grant) => grant,
        Err(Denied::Code) => {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant", "Code not valid");
        }
        Err(Denied::Refresh) => {
            return refused(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "Token is not active",
            );
        }
        Err(_) => {
            return refused(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Unsupported grant_type",
            );
        }
    };
    Json(json!({
        "access_token": grant.access,
        "expires_in": grant.access_seconds,
        "refresh_expires_in": grant.refresh_seconds,
        "refresh_token": grant.refresh,
        "token_type": "Bearer",
        "id_token": "eyJhbGciOiJSUzI1NiJ9.e30.invented",
        "not-before-policy": 0,
        "session_state": SESSION,
        "scope": "openid email profile",
    }))
    .into_response()
}

fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    (
        status,
        Json(json!({"error": error, "error_description": description})),
    )
        .into_response()
}
