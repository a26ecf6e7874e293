//! The fake of HubSpot, CRM API v3: every value is text, only the properties that were asked for
//! are returned, and associations need requests of their own.

mod associations;
mod pipelines;
mod records;
mod search;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::{Answer, Refusal, elsewhere};
use crate::crm;
use crate::faults::misbehave;
use crate::query::Parameters;
use crate::system::{Shared, System, Vendor};
use crate::truth::Telling;
use crate::world::List;
use records::{Kind, Record};

/// The access token of the private app that HubSpot knows.
pub const TOKEN: &str = "pat-na1-hubspot-token";

const REQUESTS: usize = 100;
const SECONDS: u64 = 10;
const DAILY: usize = 250_000;
const SEARCHES: usize = 5;
/// The most records of one batch.
const BATCH: usize = 100;

pub(crate) static VENDOR: Vendor = Vendor {
    name: "hubspot",
    rules: crm::rules((18_429_373_451, 1_295_877_003, 21_600_100_007), true),
    too_many: |system| tell(too_many("ten_secondly_rolling"), system, 0, DAILY),
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_ERROR",
            "internal error",
        )
    },
    telling: Telling {
        births: true,
        ..crm::TELLING
    },
    mend: records::mend,
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/crm/v3/objects/{kind}", get(list))
        .route("/crm/v3/objects/{kind}/{id}", get(detail))
        .route("/crm/v3/objects/{kind}/search", post(search::search))
        .route("/crm/v3/objects/{kind}/batch/read", post(batch))
        .route(
            "/crm/v3/associations/{from}/{to}/batch/read",
            post(associations::batch_v3),
        )
        .route(
            "/crm/v4/associations/{from}/{to}/batch/read",
            post(associations::batch_v4),
        )
        .route(
            "/crm/v3/pipelines/deals",
            get(|| async { Json(pipelines::pipelines()) }),
        )
        .route(
            "/account-info/v3/details",
            get(|| async { Json(records::account()) }),
        )
        .fallback(|| async {
            error(
                StatusCode::NOT_FOUND,
                "OBJECT_NOT_FOUND",
                "resource not found",
            )
        })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, category: &str, message: &str) -> Response {
    let body = json!({"status": "error", "message": message,
            "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf", "category": category});
    (status, Json(body)).into_response()
}

fn invalid(message: &str) -> Refusal {
    error(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message).into()
}

fn too_many(limit: &str) -> Response {
    let body = json!({
        "status": "error",
        "message": format!("You have reached your {limit} limit."),
        "errorType": "RATE_LIMIT",
        "correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
        "policyName": limit.to_uppercase(),
    });
    (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response()
}

/// Adds headers with what is left of the limits. HubSpot sends them on every answer but those of
/// the search.
fn tell(mut response: Response, system: &System, left: usize, daily: usize) -> Response {
    let headers = response.headers_mut();
    let interval = u64::try_from(system.period(SECONDS).as_millis()).unwrap_or(u64::MAX);
    headers.insert("x-hubspot-ratelimit-max", HeaderValue::from(REQUESTS));
    headers.insert("x-hubspot-ratelimit-remaining", HeaderValue::from(left));
    headers.insert(
        "x-hubspot-ratelimit-interval-milliseconds",
        HeaderValue::from(interval),
    );
    headers.insert("x-hubspot-ratelimit-daily", HeaderValue::from(DAILY));
    headers.insert(
        "x-hubspot-ratelimit-daily-remaining",
        HeaderValue::from(daily),
    );
    response
}

async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let wanted = format!("Bearer {TOKEN}");
    if request
        .headers()
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value.as_bytes() != wanted.as_bytes())
    {
        let message = "Authentication credentials not found. This API supports OAuth 2.0 \
            authentication and you can find more details at \
                       https://developers.hubspot.com/docs/methods/auth/oauth-overview";
        return error(StatusCode::UNAUTHORIZED, "INVALID_AUTHENTICATION", message);
    }
    // The search has a limit of its own, without such headers.
    if request.uri().path().ends_with("/search") {
        return match system.admit("search", SEARCHES, 1) {
            Ok(_) => next.run(request).await,
            Err(_) => too_many("secondly"),
        };
    }
    let Ok(day) = system.admit("day", DAILY, 86_400) else {
        return too_many("daily");
    };
    match system.admit_main("app", REQUESTS, SECONDS) {
        Ok(left) => tell(
            next.run(request).await,
            &system,
            left.requests,
            day.requests,
        ),
        Err(_) => tell(too_many("ten_secondly_rolling"), &system, 0, day.requests),
    }
}

/// Returns the kind of object that a path names.
fn kind(name: &str) -> Result<Kind, Refusal> {
    Kind::named(name).ok_or_else(|| invalid(&format!("Unable to infer object type from: {name}")))
}

/// Reads a body of JSON.
fn read<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|failed| {
        invalid(&format!(
            "Invalid input JSON on line {}, column {}",
            failed.line(),
            failed.column()
        ))
    })
}

/// Reads a number that may have come as text. Returns a default when it is missing.
fn number(given: Option<&str>, name: &str, default: usize) -> Result<usize, Refusal> {
    given.map_or(Ok(default), |text| {
        text.parse()
            .map_err(|_| invalid(&format!("Invalid integer '{text}' for '{name}'.")))
    })
}

type Given = Query<Vec<(String, String)>>;

async fn list(
    State(system): State<Shared>,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(given): Given,
) -> Answer {
    page(&system, &name, &uri, &headers, &crm::joined(given))
}

fn page(system: &System, name: &str, uri: &Uri, headers: &HeaderMap, given: &Parameters) -> Answer {
    let kind = kind(name)?;
    let limit = number(given.text("limit"), "limit", 10)?;
    if !(1..=100).contains(&limit) {
        return Err(invalid(&format!(
            "limit must be between 1 and 100, but was {limit}"
        )));
    }
    // The cursor is the lowest id that the page may begin with, so it stays right when records are
    // added in between.
    let after = number(given.text("after"), "after", 0)? as u64;
    if let Some(list) = list_of(kind) {
        system.before_list(list);
    }
    let partners = given
        .list("associations")
        .iter()
        .map(|name| self::kind(name))
        .collect::<Result<Vec<_>, _>>()?;
    let state = system.state();
    if given.text("archived") == Some("true") {
        return Ok(Json(json!({"results": []})).into_response());
    }
    let mut rows = Record::all(&state.world, kind);
    rows.retain(|row| row.id() >= after);
    let next = rows.get(limit).map(Record::id);
    rows.truncate(limit);
    let properties = given.list("properties");
    let results: Vec<Value> = rows
        .iter()
        .map(|row| associations::with(&state.world, *row, &partners, &properties))
        .collect();
    let mut body = json!({"results": results});
    if let Some(next) = next {
        body["paging"] = json!({"next": {"after": next.to_string(),
                    "link": elsewhere(uri, headers, "after", next, false)}});
    }
    Ok(Json(body).into_response())
}

fn list_of(kind: Kind) -> Option<List> {
    match kind {
        Kind::Contact => Some(List::Contacts),
        Kind::Deal => Some(List::Transactions),
        Kind::Product => Some(List::Products),
        Kind::LineItem => None,
    }
}

async fn detail(
    State(system): State<Shared>,
    Path((name, id)): Path<(String, String)>,
    Query(given): Given,
) -> Answer {
    let given = crm::joined(given);
    let kind = kind(&name)?;
    let partners = given
        .list("associations")
        .iter()
        .map(|name| self::kind(name))
        .collect::<Result<Vec<_>, _>>()?;
    let state = system.state();
    let found = id
        .parse()
        .ok()
        .and_then(|id| Record::find(&state.world, kind, id));
    let Some(row) = found else {
        return Ok(error(
            StatusCode::NOT_FOUND,
            "OBJECT_NOT_FOUND",
            "resource not found",
        ));
    };
    Ok(Json(associations::with(
        &state.world,
        row,
        &partners,
        &given.list("properties"),
    ))
    .into_response())
}

/// One of the ids of a batch.
#[derive(Deserialize)]
struct Input {
    id: Value,
}

impl Input {
    /// Returns the id as a number. Ids are text, but HubSpot accepts numbers too.
    fn number(&self) -> Option<u64> {
        self.id.as_u64().or_else(|| self.id.as_str()?.parse().ok())
    }

    fn text(&self) -> String {
        self.id
            .as_str()
            .map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

#[derive(Deserialize)]
struct Batch {
    inputs: Vec<Input>,
    #[serde(default)]
    properties: Vec<String>,
}

async fn batch(State(system): State<Shared>, Path(name): Path<String>, body: Bytes) -> Answer {
    let (kind, Batch { inputs, properties }) = (kind(&name)?, read(&body)?);
    if inputs.len() > BATCH {
        return Err(invalid(&format!(
            "The maximum batch size is {BATCH}, but {} inputs were sent.",
            inputs.len()
        )));
    }
    let state = system.state();
    let (mut results, mut missing) = (Vec::new(), Vec::new());
    for input in inputs {
        match input
            .number()
            .and_then(|id| Record::find(&state.world, kind, id))
        {
            Some(row) => results.push(row.shown(&state.world, &properties)),
            None => missing.push(input.text()),
        }
    }
    let message = format!(
        "Could not get some {} objects, they may be deleted or not exist. Check that ids are \
         valid.",
        kind.loud()
    );
    let failed = json!({"status": "error", "category": "OBJECT_NOT_FOUND", "message": message,
            "context": {"ids": missing}});
    Ok(complete(
        &results,
        if missing.is_empty() {
            Vec::new()
        } else {
            vec![failed]
        },
    ))
}

/// Returns the answer to a batch: 207 when a part of it failed.
fn complete(results: &[Value], errors: Vec<Value>) -> Response {
    let now = crate::clock::now().iso_utc();
    let mut body =
        json!({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now});
    if errors.is_empty() {
        return Json(body).into_response();
    }
    body["numErrors"] = json!(errors.len());
    body["errors"] = Value::Array(errors);
    (StatusCode::MULTI_STATUS, Json(body)).into_response()
}
