//! Checks who may send requests to RD Station, and how many.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{CLIENT_ID, CLIENT_SECRET, error};
use crate::limits::Over;
use crate::oauth::{Consent, Denied, with_state};
use crate::query::Parameters;
use crate::system::{Shared, System};

/// The most requests of a minute.
const REQUESTS: usize = 120;

/// Returns the answer above the limit, with the seconds after which to try again.
pub(super) fn too_many(seconds: u64) -> Response {
    let mut response = error(
        StatusCode::TOO_MANY_REQUESTS,
        "TOO_MANY_REQUESTS",
        "API usage limit exceeded",
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Lets a request through when its token is valid and the limit of the account is kept.
pub(super) async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let authorization = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if !system.state().oauth.allows(authorization) {
        return error(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Invalid token.");
    }
    match system.admit_main("account", REQUESTS, 60) {
        Ok(_) => next.run(request).await,
        Err(Over(wait)) => too_many(System::seconds(wait.max(Duration::from_secs(1)))),
    }
}

pub(super) static CONSENT: Consent = Consent {
    title: "RD Station",
    client: CLIENT_ID,
    wrong: [
        "Aplicativo não encontrado.",
        "O parâmetro response_type é inválido.",
        "O parâmetro redirect_uri é obrigatório.",
    ],
    implied: true,
    registered: false,
    shown: |code| code,
    back: with_state,
};

/// Exchanges a code or a refresh token for tokens. The body is JSON or a form.
pub(super) async fn token(State(system): State<Shared>, request: Request) -> Response {
    let Some(mut given) = body(request).await else {
        let message =
            "Could not parse the body of the request according to the provided Content-Type.";
        return error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message);
    };
    if given.text("client_id") != Some(CLIENT_ID)
        || given.text("client_secret") != Some(CLIENT_SECRET)
    {
        return error(
            StatusCode::UNAUTHORIZED,
            "ACCESS_DENIED",
            "Wrong credentials provided.",
        );
    }
    // The older form of the call names no grant type: its field shows the type.
    let renews = given.text("grant_type").map_or_else(
        || given.has("refresh_token"),
        |kind| kind == "refresh_token",
    );
    let kind = if renews {
        "refresh_token"
    } else {
        "authorization_code"
    };
    given.0.insert("grant_type".to_owned(), kind.to_owned());
    match system
        .state()
        .oauth
        .exchange(&given, given.text("redirect_uri"), true, |word| word)
    {
        Ok(grant) => {
            let body = json!({"access_token": grant.access, "expires_in": grant.access_seconds,
                    "refresh_token": grant.refresh,
                "token_type": "Bearer"});
            Json(body).into_response()
        }
        Err(Denied::Refresh) => error(
            StatusCode::UNAUTHORIZED,
            "INVALID_REFRESH_TOKEN",
            "The provided refresh token is invalid or was revoked.",
        ),
        Err(_) => error(
            StatusCode::UNAUTHORIZED,
            "EXPIRED_CODE_GRANT",
            "The authorization code grant has expired.",
        ),
    }
}

async fn body(request: Request) -> Option<Parameters> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Form::from_request(request, &())
            .await
            .ok()
            .map(|Form(given)| given);
    }
    let bytes = Bytes::from_request(request, &()).await.ok()?;
    let given: HashMap<String, Value> = serde_json::from_slice(&bytes).ok()?;
    Some(Parameters(
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect(),
    ))
}
