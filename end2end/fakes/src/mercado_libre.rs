//! The fake of Mercado Libre: OAuth whose refresh tokens work once, orders by offset up to ten
//! thousand, listings by scan and in groups of twenty.

mod access;
mod orders;
mod records;

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::answers::found;
use crate::data::Status::{Approved, Cancelled, Open};
use crate::faults::misbehave;
use crate::json::only;
use crate::query::Given;
use crate::system::{Shared, Vendor};
use crate::truth::Telling;
use crate::world::{List, Rules};

/// The client id of the app that Mercado Libre knows.
pub const CLIENT_ID: &str = "4934588586838432";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "mercado-libre-secret";
/// The id of the user whose account it is: the seller.
pub const SELLER: u64 = 239_432_672;

/// The time after which a scan that nobody continues is forgotten.
const SCAN: Duration = Duration::from_mins(5);

pub(crate) static VENDOR: Vendor = Vendor {
    name: "mercado-libre",
    rules: Rules::new(
        (89_660_613, 1_054_990_648, 2_000_003_508_419_013),
        &[
            Approved, Open, Cancelled, Approved, Approved, Approved, Open, Approved,
        ],
    ),
    too_many: |_| {
        error(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "Too many requests, please try again later",
        )
    },
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Internal server error",
        )
    },
    telling: Telling {
        phones: |_| Vec::new(),
        number: |sale| sale.id.to_string(),
        sold: records::sold,
        ..Telling::PLAIN
    },
    mend: records::mend,
    lifetimes: (6 * 3600, 180 * 86_400),
    ..Vendor::PLAIN
};

/// Makes the routes of the API and of the OAuth pages. The OAuth pages count no requests and have
/// no planned faults.
pub(crate) fn router(system: Shared) -> Router {
    let api = Router::new()
        .route("/users/me", get(|| async { Json(records::seller()) }))
        .route("/users/{id}", get(user))
        .route("/users/{id}/items/search", get(listings))
        .route("/items", get(items))
        .route("/items/{id}", get(item))
        .route("/orders/search", get(orders::search))
        .route("/orders/{id}", get(orders::one))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "not_found", "Resource not found") })
        .layer(from_fn_with_state(system.clone(), access::guard))
        .layer(from_fn_with_state(system.clone(), misbehave));
    Router::new()
        .route("/authorization", access::CONSENT.routes())
        .route("/oauth/token", post(access::token))
        .merge(api)
        .with_state(system)
}

fn error(status: StatusCode, word: &str, message: &str) -> Response {
    (status, Json(failure(status, word, message))).into_response()
}

fn failure(status: StatusCode, word: &str, message: &str) -> Value {
    json!({"message": message, "error": word, "status": status.as_u16(), "cause": []})
}

fn bad_request(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "bad_request", message)
}

async fn user(Path(id): Path<String>) -> Response {
    if id == SELLER.to_string() {
        return Json(records::seller()).into_response();
    }
    error(
        StatusCode::NOT_FOUND,
        "not_found",
        &format!("The user with id {id} was not found"),
    )
}

/// Answers with ids of the seller's listings: by offset up to a thousand, beyond that only by scan.
#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
async fn listings(
    State(system): State<Shared>,
    Path(id): Path<String>,
    Query(given): Given,
) -> Response {
    if id != SELLER.to_string() {
        return error(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The caller is not authorized to access this resource",
        );
    }
    system.before_list(List::Products);
    let (Some(offset), Some(limit)) = (given.number_or("offset", 0), given.number_or("limit", 50))
    else {
        return bad_request("Invalid offset or limit");
    };
    if limit == 0 || limit > 100 {
        return bad_request("Invalid limit: it must be between 1 and 100");
    }
    let ids: Vec<Value> = {
        let state = system.state();
        let wanted = state
            .world
            .products
            .iter()
            .filter(|product| given.allows("status", records::item_status(product)));
        wanted
            .map(|product| json!(records::item_id(product.id)))
            .collect()
    };
    let total = ids.len();
    let answer = |rows: Vec<Value>, scroll: Option<&str>| {
        let mut answer = json!({"seller_id": SELLER.to_string(), "query": null, "results": rows,
                "filters": [], "available_filters": [],
            "orders": [{"id": "stop_time_asc", "name": "Order by stop time ascending"}],
            "available_orders": []});
        answer["paging"] = json!({"limit": limit, "offset": offset, "total": total});
        if given.text("search_type") == Some("scan") {
            answer["scroll_id"] = json!(scroll.filter(|_| answer["results"] != json!([])));
        }
        Json(answer).into_response()
    };
    if given.text("search_type") != Some("scan") {
        return if offset + limit > 1000 {
            bad_request("Invalid limit and offset values: use search_type=scan beyond 1000 results")
        } else {
            answer(ids.into_iter().skip(offset).take(limit).collect(), None)
        };
    }
    if given.has("offset") {
        return bad_request("offset can not be used with search_type=scan");
    }
    let shown = given.text("scroll_id").map_or_else(
        || scroll_id(&system.state().scrolls.open(ids, limit, SCAN)),
        str::to_owned,
    );
    let part = token_of(&shown).and_then(|token| system.state().scrolls.next(&token));
    match part {
        Some(rows) => answer(rows, Some(&shown)),
        None => error(
            StatusCode::NOT_FOUND,
            "not_found",
            "The scroll_id is invalid or has expired",
        ),
    }
}

/// Returns the id of a scroll. Like the real ones, it has many characters with a meaning in a
/// query.
fn scroll_id(token: &str) -> String {
    format!(
        "YXBpY29yZS1pdGVtcw==:{}==:",
        BASE64_STANDARD.encode(format!("{token}/?>"))
    )
}

fn token_of(shown: &str) -> Option<String> {
    let body = shown
        .strip_prefix("YXBpY29yZS1pdGVtcw==:")?
        .strip_suffix("==:")?;
    let text = String::from_utf8(BASE64_STANDARD.decode(body).ok()?).ok()?;
    text.strip_suffix("/?>").map(str::to_owned)
}

/// Answers with up to twenty listings at once, each with a status of its own.
async fn items(State(system): State<Shared>, Query(given): Given) -> Response {
    let Some(ids) = given.text("ids") else {
        return bad_request("The ids parameter is required");
    };
    if ids.split(',').count() > 20 {
        return bad_request("The maximum number of ids is 20");
    }
    let state = system.state();
    let found = ids.split(',').map(|id| {
        match records::product_of(id).and_then(|id| state.world.product(id)) {
            Some(product) => json!({"code": 200, "body": chosen(records::item(product),
                    given.text("attributes"))}),
            None => json!({"code": 404, "body": failure(StatusCode::NOT_FOUND, "not_found",
                    &format!("Item with id {id} not found"))}),
        }
    });
    Json(found.collect::<Vec<_>>()).into_response()
}

async fn item(
    State(system): State<Shared>,
    Path(id): Path<String>,
    Query(given): Given,
) -> Response {
    let state = system.state();
    let product = records::product_of(&id).and_then(|id| state.world.product(id));
    let item = product.map(|product| chosen(records::item(product), given.text("attributes")));
    found(item, || {
        error(
            StatusCode::NOT_FOUND,
            "not_found",
            &format!("Item with id {id} not found"),
        )
    })
}

/// Keeps only these fields of a record, or all of them when `names` is `None`.
fn chosen(record: Value, names: Option<&str>) -> Value {
    only(record, |name| {
        names.is_none_or(|names| names.split(',').any(|one| one.trim() == name))
    })
}
