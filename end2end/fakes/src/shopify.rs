//! The fake of Shopify's Admin API: GraphQL at one address, and a bucket of points from which a
//! query is paid before it runs.

mod cost;
mod lists;
mod records;
mod schema;
mod search;

use std::collections::HashMap;

use async_graphql::parser::parse_query;
use async_graphql::{Request as Asking, Variables};
use axum::Json;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answers::{Answer, Refusal};
use crate::data::Status::{Approved, Cancelled, Open, Returned, Shipped};
use crate::faults::misbehave;
use crate::limits::{Leak, Level};
use crate::stores;
use crate::system::{Shared, Vendor};
use crate::truth::Telling;
use crate::world::{Anonymous, Rules};

/// The access token of the app in the shop.
pub const ACCESS_TOKEN: &str = "shpat_fake00000000000000000000000000001";
/// The id of the app that may ask for tokens of the shop.
pub const CLIENT_ID: &str = "5e1f00000000000000000000000000c1";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "shpss_00000000000000000000000000000c1";
/// The first part of the shop's address at Shopify.
pub const SHOP: &str = "loja-de-exemplo";

/// The limit of a shop on a standard plan, in points.
const LEAK: Leak = Leak {
    size: 2000,
    per_second: 100,
};
/// The most points that a query may cost.
const MOST: u64 = 1000;
const VERSION: &str = "2026-10";
const LIMITS: &str = "https://shopify.dev/api/usage/rate-limits";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "shopify",
    rules: Rules {
        anonymous: Anonymous::NoId,
        typed_items: true,
        ..Rules::new(
            (7_410_000_000_123, 8_730_000_000_945, 5_780_000_000_077),
            &[
                Shipped, Open, Cancelled, Returned, Approved, Shipped, Shipped, Approved,
                Cancelled, Shipped,
            ],
        )
    },
    too_many: |_| {
        throttled(
            MOST,
            Level {
                room: 0,
                empty_in: std::time::Duration::from_secs(LEAK.size / LEAK.per_second),
            },
        )
    },
    broken: || {
        errors(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!("An unexpected error occurred"),
        )
    },
    telling: Telling {
        sale_id: |sale| records::gid("Order", sale.id),
        number: records::number,
        ..stores::TELLING
    },
    mend: records::mend,
    path_is_call: false,
    lifetimes: (86_399, 0),
};

/// Makes the routes below `/admin`.
pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/api/{version}/graphql.json", post(graphql))
        .fallback(|| async { errors(StatusCode::NOT_FOUND, &json!("Not Found")) })
        .layer(from_fn_with_state(system.clone(), guard))
        .route("/oauth/access_token", post(token))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn errors(status: StatusCode, errors: &Value) -> Response {
    (status, Json(json!({"errors": errors}))).into_response()
}

/// Answers with a token that is valid for a day, for an app of the shop's own: client credentials
/// (RFC 6749, 4.4).
async fn token(
    State(system): State<Shared>,
    Json(given): Json<HashMap<String, String>>,
) -> Response {
    let refused = |word: &str, words: &str| {
        (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": word, "error_description": words})),
        )
            .into_response()
    };
    let is = |name: &str, value: &str| given.get(name).is_some_and(|given| given == value);
    if !is("grant_type", "client_credentials") {
        return refused("unsupported_grant_type", "The grant type is not supported.");
    }
    if !is("client_id", CLIENT_ID) || !is("client_secret", CLIENT_SECRET) {
        return refused("invalid_client", "The client could not be authenticated.");
    }
    let grant = system.state().oauth.grant();
    let scope = "read_customers,read_orders,read_all_orders,read_products";
    Json(json!({"access_token": grant.access, "scope": scope, "expires_in": grant.access_seconds}))
        .into_response()
}

/// Lets a request through with the token of an older app, which does not end, or with a valid one
/// of a newer app.
async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let token = request
        .headers()
        .get("x-shopify-access-token")
        .and_then(|token| token.to_str().ok())
        .unwrap_or_default();
    if token != ACCESS_TOKEN
        && !system
            .state()
            .oauth
            .allows(Some(&format!("Bearer {token}")))
    {
        let words = "[API] Invalid API key or access token (unrecognized login or wrong password)";
        let mut refused = errors(StatusCode::UNAUTHORIZED, &json!(words));
        refused.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"Shopify API Authentication\""),
        );
        return refused;
    }
    next.run(request).await
}

/// The body of a request.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    query: Option<String>,
    variables: Option<Map<String, Value>>,
    operation_name: Option<String>,
}

fn read(headers: &HeaderMap, body: String) -> Result<Body, Refusal> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("application/graphql") {
        return Ok(Body {
            query: Some(body),
            ..Body::default()
        });
    }
    let refused = |words: Value| Refusal::from(errors(StatusCode::BAD_REQUEST, &words));
    let read: Body =
        serde_json::from_str(&body).map_err(|_| refused(json!("Unable to parse request")))?;
    if read.query.as_deref().is_none_or(str::is_empty) {
        return Err(refused(
            json!({"query": "Required parameter missing or invalid"}),
        ));
    }
    Ok(read)
}

fn cost(requested: u64, actual: Option<u64>, level: Level) -> Value {
    let status =
        json!({"maximumAvailable": 2000.0, "currentlyAvailable": level.room, "restoreRate": 100.0});
    json!({"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status})
}

/// Returns the answer for a query above the limit. Shopify reports that in an answer with the
/// status of success.
fn throttled(requested: u64, level: Level) -> Response {
    let error = json!({"message": "Throttled", "extensions": {"code": "THROTTLED",
                "documentation": LIMITS}});
    Json(json!({"errors": [error], "extensions": {"cost": cost(requested, None, level)}}))
        .into_response()
}

fn too_dear(requested: u64) -> Response {
    let message = format!(
        "Query cost is {requested}, which exceeds the single query max cost limit ({MOST})."
    );
    let extensions = json!({"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MOST,
            "documentation": LIMITS});
    Json(json!({"errors": [{"message": message, "extensions": extensions}]})).into_response()
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
async fn graphql(
    State(system): State<Shared>,
    Path(version): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Answer {
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !version
        .split_once('-')
        .is_some_and(|(year, month)| digits(year, 4) && digits(month, 2))
    {
        return Ok(errors(StatusCode::NOT_FOUND, &json!("Not Found")));
    }
    let admin = match &*schema::ADMIN {
        Ok(admin) => admin,
        Err(message) => return Ok(errors(StatusCode::INTERNAL_SERVER_ERROR, &json!(message))),
    };
    let body = read(&headers, body)?;
    let (text, variables) = (
        body.query.unwrap_or_default(),
        body.variables.unwrap_or_default(),
    );
    let document = parse_query(&text).ok();
    let operation = body.operation_name.as_deref();
    let query = document.as_ref().map(|document| cost::Query {
        document,
        operation,
        variables: &variables,
        types: &admin.types,
    });
    let requested = query.as_ref().map_or(0, cost::Query::requested);
    if requested > MOST {
        return Ok(too_dear(requested));
    }
    if let Err(level) = system.pour_main("app and shop", LEAK, requested) {
        return Ok(throttled(requested, level));
    }
    let mut asking =
        Asking::new(text).variables(Variables::from_json(Value::Object(variables.clone())));
    asking.operation_name = body.operation_name.clone();
    let warnings = schema::Warnings::default();
    let answer = admin
        .schema
        .execute(asking.data(system.clone()).data(warnings.clone()))
        .await;
    let data = serde_json::to_value(&answer.data).unwrap_or_default();
    let actual = query.map_or(0, |query| query.actual(&data)).min(requested);
    let level = system.take_back("app and shop", LEAK, requested - actual);
    let mut whole = Map::new();
    if !answer.errors.is_empty() {
        whole.insert(
            "errors".to_owned(),
            answer.errors.iter().map(told).collect(),
        );
    }
    // A refused query has neither data nor a cost.
    if !data.is_null() {
        whole.insert("data".to_owned(), data);
        whole.insert(
            "extensions".to_owned(),
            extensions(&cost(requested, Some(actual), level), &warnings),
        );
    }
    Ok(([("x-shopify-api-version", VERSION)], Json(whole)).into_response())
}

fn extensions(cost: &Value, warnings: &schema::Warnings) -> Value {
    let warnings = warnings.0.lock().map(|all| all.clone()).unwrap_or_default();
    if warnings.is_empty() {
        json!({"cost": cost})
    } else {
        json!({"cost": cost, "search": warnings})
    }
}

/// Returns an error in Shopify's words, as far as programs depend on them.
fn told(error: &async_graphql::ServerError) -> Value {
    let mut told = serde_json::to_value(error).unwrap_or_default();
    let words: Vec<&str> = error.message.split('"').collect();
    if let ["Unknown field ", field, " on type ", kind, ..] = words[..] {
        told["message"] = json!(format!("Field '{field}' doesn't exist on type '{kind}'"));
        told["extensions"] =
            json!({"code": "undefinedField", "typeName": kind, "fieldName": field});
    }
    told
}
