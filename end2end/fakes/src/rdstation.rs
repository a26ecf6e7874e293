//! The fake of RD Station CRM, API v2: OAuth whose refresh tokens rotate, ids of 24 hexadecimal
//! digits, filters in RDQL, pages without a total.

mod access;
mod rdql;
mod records;

use axum::Json;
use axum::Router;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::cmp::Ordering;

use crate::answers::found;
use crate::crm;
use crate::faults::misbehave;
use crate::oauth::encoded;
use crate::query::{Given, Parameters};
use crate::system::{Shared, System, Vendor};
use crate::truth::Telling;
use crate::world::List;

/// The client id of the app that RD Station knows.
pub const CLIENT_ID: &str = "rd-client";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "rd-secret";

/// The most rows that a listing shows, whatever the page.
const REACH: usize = 10_000;

pub(crate) static VENDOR: Vendor = Vendor {
    name: "rd-station",
    rules: crm::rules((700_101, 31_007, 900_205), false),
    too_many: |_| access::too_many(60),
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            "Service temporarily unavailable.",
        )
    },
    telling: Telling {
        sale_id: |sale| records::deal_id(sale.id),
        ..crm::TELLING
    },
    mend: records::mend,
    lifetimes: (2 * 3600, 30 * 86_400),
    ..Vendor::PLAIN
};

/// Makes the routes of the API and of the OAuth pages. The OAuth pages count no requests and have
/// no planned faults.
pub(crate) fn router(system: Shared) -> Router {
    let api = Router::new()
        .route("/contacts", get(contacts))
        .route("/contacts/{id}", get(contact))
        .route("/deals", get(deals))
        .route("/deals/{id}", get(deal))
        .route("/deals/{id}/deal_products", get(deal_products))
        .route("/products", get(products))
        .route("/products/{id}", get(product))
        .fallback(|| async { not_found() })
        .layer(from_fn_with_state(system.clone(), access::guard))
        .layer(from_fn_with_state(system.clone(), misbehave));
    Router::new()
        .route("/oauth/authorize", access::CONSENT.routes())
        .route("/oauth2/token", post(access::token))
        .nest("/crm/v2", api)
        .fallback(|| async {
            (
                StatusCode::NOT_FOUND,
                Json(json!({"message": "no Route matched with those values"})),
            )
        })
        .with_state(system)
}

fn error(status: StatusCode, kind: &str, message: &str) -> Response {
    (
        status,
        Json(json!({"errors": [{"error_type": kind, "error_message": message}]})),
    )
        .into_response()
}

fn not_found() -> Response {
    error(
        StatusCode::NOT_FOUND,
        "RESOURCE_NOT_FOUND",
        "The resource couldn't be found.",
    )
}

fn detail(record: Option<Value>) -> Response {
    found(record.map(|record| json!({"data": record})), not_found)
}

/// The parameters of a request for a list, and the address with which its links begin.
struct Asked {
    given: Parameters,
    address: String,
}

impl Asked {
    fn new(given: Parameters, uri: &Uri, headers: &HeaderMap) -> Self {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("api.rd.services");
        // The links name a path of the vendor's own network, which nobody outside can call.
        Self {
            given,
            address: format!(
                "http://{host}{}",
                uri.path().replace("/crm/v2/", "/api/v2/")
            ),
        }
    }

    fn sort(&self) -> Option<(&str, bool)> {
        let sorts = self.given.0.iter().filter_map(|(name, direction)| {
            Some((name.strip_prefix("sort[")?.strip_suffix(']')?, direction))
        });
        sorts
            .map(|(field, direction)| (field, direction == "desc"))
            .next()
    }

    fn link(&self, page: usize, size: usize) -> String {
        let kept = self
            .given
            .0
            .iter()
            .filter(|(name, _)| !name.starts_with("page["));
        let kept = kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let query: Vec<String> = kept
            .chain([format!("page%5Bnumber%5D={page}&page%5Bsize%5D={size}")])
            .collect();
        format!("{}?{}", self.address, query.join("&"))
    }

    fn answer(&self, mut rows: Vec<Value>, reach: usize) -> Response {
        let filter = match self.given.text("filter").map(rdql::parse).transpose() {
            Ok(filter) => filter,
            Err(message) => return error(StatusCode::BAD_REQUEST, "BAD_REQUEST", &message),
        };
        if let Some(filter) = filter {
            rows.retain(|row| filter.fits(row));
        }
        if let Some((field, falling)) = self.sort() {
            rows.sort_by(|one, other| {
                let order = order(&one[field], &other[field]);
                if falling { order.reverse() } else { order }
            });
        }
        rows.truncate(reach);
        let size = self.given.number("page[size]").unwrap_or(25).clamp(1, 100);
        let page = self.given.number("page[number]").unwrap_or(1).max(1);
        let last = rows.len().div_ceil(size).max(1);
        let mut links = json!({"self": self.link(page, size), "first": self.link(1, size),
                "last": self.link(last, size)});
        if page > 1 {
            links["prev"] = json!(self.link(page - 1, size));
        }
        if page < last {
            links["next"] = json!(self.link(page + 1, size));
        }
        let data: Vec<Value> = rows
            .into_iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .collect();
        Json(json!({"data": data, "links": links})).into_response()
    }
}

fn order(one: &Value, other: &Value) -> Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one
            .as_str()
            .unwrap_or_default()
            .cmp(other.as_str().unwrap_or_default()),
    }
}

/// Returns rows as the copies of a search index have them: without a sort order, two requests may
/// see contacts and deals in different orders.
fn as_indexed(system: &System, mut rows: Vec<Value>) -> Vec<Value> {
    let far = if system.requests().is_multiple_of(2) {
        0
    } else {
        7
    };
    let far = far % rows.len().max(1);
    rows.rotate_left(far);
    rows
}

async fn contacts(
    State(system): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(given): Given,
) -> Response {
    system.before_list(List::Contacts);
    let rows = system
        .state()
        .world
        .people
        .iter()
        .map(records::contact)
        .collect();
    Asked::new(given, &uri, &headers).answer(as_indexed(&system, rows), REACH)
}

async fn contact(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    let state = system.state();
    detail(
        records::number(&id)
            .and_then(|id| state.world.person(id))
            .map(records::contact)
            .filter(|found| found["id"] == id),
    )
}

async fn deals(
    State(system): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(given): Given,
) -> Response {
    system.before_list(List::Transactions);
    let rows = {
        let state = system.state();
        state
            .world
            .sales
            .iter()
            .map(|sale| records::deal(&state.world, sale))
            .collect()
    };
    Asked::new(given, &uri, &headers).answer(as_indexed(&system, rows), REACH)
}

async fn deal(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    let state = system.state();
    let found = records::number(&id).and_then(|id| state.world.sale(id));
    detail(
        found
            .map(|sale| records::deal(&state.world, sale))
            .filter(|found| found["id"] == id),
    )
}

async fn deal_products(
    State(system): State<Shared>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(given): Given,
) -> Response {
    let rows = {
        let state = system.state();
        let found = records::number(&id)
            .and_then(|id| state.world.sale(id))
            .filter(|sale| records::deal_id(sale.id) == id);
        found.map(records::lines)
    };
    rows.map_or_else(not_found, |rows| {
        Asked::new(given, &uri, &headers).answer(rows, usize::MAX)
    })
}

async fn products(
    State(system): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(given): Given,
) -> Response {
    system.before_list(List::Products);
    let rows = system
        .state()
        .world
        .products
        .iter()
        .map(records::product)
        .collect();
    Asked::new(given, &uri, &headers).answer(rows, usize::MAX)
}

async fn product(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    let state = system.state();
    detail(
        records::number(&id)
            .and_then(|id| state.world.product(id))
            .map(records::product)
            .filter(|found| found["id"] == id),
    )
}
