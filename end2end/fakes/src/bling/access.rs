//! Checks who may send requests to Bling, and how many.

use std::time::Instant;

use axum::Json;
use axum::extract::{Form, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::{CLIENT_ID, CLIENT_SECRET, error};
use crate::limits::Rate;
use crate::oauth::{self, Consent, Denied};
use crate::query::Parameters;
use crate::system::{Shared, System};

/// A limit on the requests of an account, with the words for it in answers.
pub(super) struct Limit {
    requests: usize,
    seconds: u64,
    period: &'static str,
    words: &'static str,
}

pub(super) const PER_SECOND: Limit = Limit {
    requests: 3,
    seconds: 1,
    period: "second",
    words: "O limite de requisições por segundo foi atingido, tente novamente mais tarde.",
};
const PER_DAY: Limit = Limit {
    requests: 120_000,
    seconds: 86_400,
    period: "day",
    words: "O limite de requisições por dia foi atingido, tente novamente amanhã.",
};

/// The limits above which an address is shut out: requests or errors in ten seconds, tokens in a
/// minute.
const BLOCKS: [(&str, usize, u64); 3] = [
    ("requests", 600, 10),
    ("errors", 300, 10),
    ("tokens", 20, 60),
];

pub(super) fn too_many(limit: &Limit) -> Response {
    let error = json!({
        "type": "TOO_MANY_REQUESTS",
        "message": "Limite de requisições atingido.",
        "description": limit.words,
        "limit": limit.requests,
        "period": limit.period,
    });
    (StatusCode::TOO_MANY_REQUESTS, Json(json!({"error": error}))).into_response()
}

/// Lets a request through when its token is valid and the limits of the account are kept.
pub(super) async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    if blocked(&system, "address") {
        return shut_out();
    }
    count(&system, "requests", "address", 600);
    let response = checked(&system, request, next).await;
    if !response.status().is_success() {
        count(&system, "errors", "address", 600);
    }
    response
}

async fn checked(system: &Shared, request: Request, next: Next) -> Response {
    let authorization = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let is_allowed = system.state().oauth.allows(authorization);
    if !is_allowed || !asks_for_jwt(request.headers()) {
        let error = json!({"type": "invalid_token", "message": "invalid_token",
                "description": "The access token provided is invalid"});
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": error}))).into_response();
    }
    if system
        .admit_main("account", PER_SECOND.requests, PER_SECOND.seconds)
        .is_err()
    {
        return too_many(&PER_SECOND);
    }
    if system
        .admit("day", PER_DAY.requests, PER_DAY.seconds)
        .is_err()
    {
        return too_many(&PER_DAY);
    }
    next.run(request).await
}

fn blocked(system: &System, what: &str) -> bool {
    system.state().limits.locked(what, Instant::now()).is_some()
}

fn shut_out() -> Response {
    error(
        StatusCode::FORBIDDEN,
        "FORBIDDEN",
        "O endereço IP está bloqueado temporariamente.",
    )
}

/// Counts an event of this kind, and sets a block when there were too many.
fn count(system: &System, kind: &str, what: &str, seconds: u64) {
    let Some((_, requests, window)) = BLOCKS.into_iter().find(|(name, ..)| *name == kind) else {
        return;
    };
    let (now, rate) = (
        Instant::now(),
        Rate {
            requests,
            period: system.period(window),
        },
    );
    let mut state = system.state();
    if state.limits.admit(kind, rate, now).is_err() {
        state.limits.lock(what, now + system.period(seconds));
    }
}

/// The consent at Bling. Requests name no address to go back to. Bling sends back a state whether
/// or not there was one.
pub(super) static CONSENT: Consent = Consent {
    title: "Bling",
    client: CLIENT_ID,
    wrong: [
        "Aplicativo não encontrado.",
        "Aplicativo não encontrado.",
        "O aplicativo não tem link de redirecionamento.",
    ],
    implied: false,
    registered: true,
    shown: |code| code,
    back: |outcome, state| vec![outcome, ("state", state.unwrap_or_default())],
};

/// Exchanges a code or a refresh token for tokens.
pub(super) async fn token(
    State(system): State<Shared>,
    headers: HeaderMap,
    Form(given): Form<Parameters>,
) -> Response {
    if blocked(&system, "tokens") {
        return shut_out();
    }
    count(&system, "tokens", "tokens", 3600);
    if !is_app(&headers) {
        return refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client credentials are invalid",
        );
    }
    if !asks_for_jwt(&headers) {
        return refused(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Opaque tokens are discontinued: send the header enable-jwt",
        );
    }
    let grant = match system
        .state()
        .oauth
        .exchange(&given, None, true, |word| word)
    {
        Ok(grant) => grant,
        Err(Denied::Code | Denied::Refresh) => {
            return refused(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The code or refresh token is invalid or has expired",
            );
        }
        Err(_) => {
            return refused(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "The grant type is not supported",
            );
        }
    };
    Json(json!({
        "access_token": oauth::as_jwt(&grant.access),
        "expires_in": grant.access_seconds,
        "token_type": "Bearer",
        "scope": "98309 318257570",
        "refresh_token": grant.refresh,
    }))
    .into_response()
}

/// Revokes all tokens of the user.
pub(super) async fn revoke(State(system): State<Shared>, headers: HeaderMap) -> Response {
    if !is_app(&headers) {
        return refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client credentials are invalid",
        );
    }
    system.state().oauth.revoke_all();
    StatusCode::OK.into_response()
}

/// Bling has discontinued its tokens without JWT (developer.bling.com.br/migracao-jwt).
fn asks_for_jwt(headers: &HeaderMap) -> bool {
    headers.get("enable-jwt").is_some_and(|value| value == "1")
}

fn is_app(headers: &HeaderMap) -> bool {
    let wanted = format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"))
    );
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes() == wanted.as_bytes())
}

fn refused(status: StatusCode, kind: &str, description: &str) -> Response {
    (
        status,
        Json(json!({"error": {"type": kind, "message": kind, "description": description}})),
    )
        .into_response()
}
