//! Who may ask Tiny, and how often.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{CLIENT_ID, CLIENT_SECRET};
use crate::limits::{Left, Over};
use crate::oauth::{self, Decision};
use crate::query::Parameters;
use crate::system::{Shared, System};

/// Reads a minute of the smallest plan.
const READS: usize = 60;

/// The answer above the limit, with the seconds until it is worth trying again.
pub(super) fn too_many(seconds: u64) -> Response {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, HeaderValue::from(seconds))]).into_response();
    tell(&mut response, 0, seconds);
    response
}

/// What is left of the limit, in headers on every answer.
fn tell(response: &mut Response, left: usize, reset: u64) {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(READS));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
}

/// Lets a request through when its token lives and the account's limit is kept.
pub(super) async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
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

/// The page on which the user allows the app in.
pub(super) async fn ask(Query(given): Query<HashMap<String, String>>) -> Response {
    match check(&Parameters(given)) {
        Ok(_) => oauth::page("Olist Tiny").into_response(),
        Err(message) => oauth::dead_end(message),
    }
}

/// What the user decided there.
pub(super) async fn decide(
    State(system): State<Shared>,
    Query(given): Query<HashMap<String, String>>,
    Form(decision): Form<Decision>,
) -> Response {
    let given = Parameters(given);
    let redirect = match check(&given) {
        Ok(redirect) => redirect,
        Err(message) => return oauth::dead_end(message),
    };
    let state = given.text("state").unwrap_or_default();
    if decision.decision != "approve" {
        return oauth::send_back(&redirect, &[("error", "access_denied"), ("state", state)]);
    }
    let code = system.state().oauth.code(&redirect);
    oauth::send_back(&redirect, &[("state", state), ("session_state", "6c1f0a52-3f0e-4c55-9a51-2f1b7d3e9a10"), ("code", &code)])
}

fn check(given: &Parameters) -> Result<String, &'static str> {
    if given.text("client_id") != Some(CLIENT_ID) {
        return Err("Client not found.");
    }
    if given.text("response_type") != Some("code") {
        return Err("Missing parameter: response_type");
    }
    given.text("redirect_uri").map(str::to_owned).ok_or("Invalid parameter: redirect_uri")
}

/// Exchanges a code or a refresh token.
pub(super) async fn token(State(system): State<Shared>, Form(given): Form<HashMap<String, String>>) -> Response {
    let given = Parameters(given);
    if given.text("client_id") != Some(CLIENT_ID) || given.text("client_secret") != Some(CLIENT_SECRET) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", "Invalid client or Invalid client credentials");
    }
    let (grant, why) = match given.text("grant_type") {
        Some("authorization_code") => {
            let redirect = given.text("redirect_uri").unwrap_or_default();
            (system.state().oauth.redeem(given.text("code").unwrap_or_default(), Some(redirect)), "Code not valid")
        }
        Some("refresh_token") => {
            (system.state().oauth.renew(given.text("refresh_token").unwrap_or_default(), false), "Token is not active")
        }
        _ => return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type"),
    };
    let Some(grant) = grant else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant", why);
    };
    Json(json!({
        "access_token": grant.access,
        "expires_in": grant.access_seconds,
        "refresh_expires_in": grant.refresh_seconds,
        "refresh_token": grant.refresh,
        "token_type": "Bearer",
        "id_token": "eyJhbGciOiJSUzI1NiJ9.e30.invented",
        "not-before-policy": 0,
        "session_state": "6c1f0a52-3f0e-4c55-9a51-2f1b7d3e9a10",
        "scope": "openid email profile",
    }))
    .into_response()
}

fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({"error": error, "error_description": description}))).into_response()
}
