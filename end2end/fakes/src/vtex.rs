//! The fake of VTEX: two keys in headers, a list of orders without lines or changes, contacts in
//! Master Data, products one by one.

mod filter;
mod master_data;
mod orders;
mod records;

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::answers::found;
use crate::data::{
    Sale,
    Status::{Approved, Cancelled, Invoiced, Open},
};
use crate::faults::misbehave;
use crate::limits::Over;
use crate::query::Given;
use crate::system::{Shared, System, Vendor};
use crate::truth::Telling;
use crate::world::{List, Rules};

/// The name of the account, which is part of the host.
pub const ACCOUNT: &str = "lojax";
/// The application key that VTEX knows.
pub const APP_KEY: &str = "vtexappkey-lojax-ABCDEF";
/// The token of that key.
pub const APP_TOKEN: &str = "VTEXTOKENINVENTEDFORTHEFAKES";

const REQUESTS: usize = 5000;
const SECONDS: u64 = 60;

/// The time after which a scroll of Master Data that nobody continues is forgotten.
const SCROLL: Duration = Duration::from_mins(20);

pub(crate) static VENDOR: Vendor = Vendor {
    name: "vtex",
    rules: Rules::new(
        (30_001, 1201, 502_001),
        &[
            Invoiced, Open, Cancelled, Approved, Invoiced, Invoiced, Approved, Invoiced,
        ],
    ),
    too_many: |_| too_many(1),
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "500",
            "Internal Server Error",
        )
    },
    telling: Telling {
        phones: records::phones,
        births: true,
        sale_id: records::order_id,
        number: |sale| sale.id.to_string(),
        sold: Sale::in_whole_pieces,
        ..Telling::PLAIN
    },
    mend: records::mend,
    // Ids of orders hold letters, so that each path would count as a call of its own.
    path_is_call: false,
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route(
            "/api/license-manager/account",
            get(|| async { Json(records::account()) }),
        )
        .route("/api/oms/pvt/orders", get(orders::list))
        .route("/api/oms/pvt/orders/{id}", get(orders::one))
        .route(
            "/api/dataentities/{entity}/scroll",
            get(master_data::scroll),
        )
        .route(
            "/api/dataentities/{entity}/search",
            get(master_data::search),
        )
        .route(
            "/api/dataentities/{entity}/documents/{id}",
            get(master_data::document),
        )
        .route(
            "/api/catalog_system/pvt/products/GetProductAndSkuIds",
            get(product_ids),
        )
        .route(
            "/api/catalog_system/pvt/sku/stockkeepingunitids",
            get(sku_ids),
        )
        .route(
            "/api/catalog_system/pvt/sku/stockkeepingunitbyid/{id}",
            get(sku),
        )
        .route("/api/pricing/prices/{id}", get(price))
        .fallback(|| async { (StatusCode::NOT_FOUND, "Not Found") })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (
        status,
        Json(json!({"error": {"code": code, "message": message, "exception": null}})),
    )
        .into_response()
}

/// Returns a refusal in the form that only Master Data has.
fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"Message": message}))).into_response()
}

fn too_many(seconds: u64) -> Response {
    let mut response = error(StatusCode::TOO_MANY_REQUESTS, "429", "Too Many Requests");
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    if let Some(refused) = stranger(&request) {
        return refused;
    }
    match system.admit_main("account", REQUESTS, SECONDS) {
        Ok(_) => next.run(request).await,
        Err(Over(wait)) => too_many(System::seconds(wait).max(1)),
    }
}

/// Returns the refusal of a request without the right keys. `None` when the keys are right.
fn stranger(request: &Request) -> Option<Response> {
    let sent = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let (key, token) = (sent("x-vtex-api-appkey"), sent("x-vtex-api-apptoken"));
    if (key, token) == (Some(APP_KEY), Some(APP_TOKEN)) {
        return None;
    }
    Some(
        match (
            request.uri().path().starts_with("/api/dataentities/"),
            key.is_none() && token.is_none(),
        ) {
            // Without keys the caller is a visitor of the shop, who may not read these fields.
            (true, true) => refused(StatusCode::FORBIDDEN, "Cannot read private fields"),
            (true, false) => refused(StatusCode::FORBIDDEN, "Unauthorized"),
            (false, _) => error(StatusCode::UNAUTHORIZED, "1", "Acesso não autorizado"),
        },
    )
}

async fn sku_ids(State(system): State<Shared>, Query(given): Given) -> Response {
    system.called("stockkeepingunitids");
    system.before_list(List::Products);
    let (Some(page), Some(size)) = (given.number("page"), given.number("pagesize")) else {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({"Message": "The request is invalid."})),
        )
            .into_response();
    };
    let state = system.state();
    let ids = state.world.products.iter().map(|product| product.id);
    Json(
        ids.skip(page.saturating_sub(1).saturating_mul(size))
            .take(size.min(1000))
            .collect::<Vec<_>>(),
    )
    .into_response()
}

async fn product_ids(State(system): State<Shared>, Query(given): Given) -> Response {
    system.called("GetProductAndSkuIds");
    system.before_list(List::Products);
    let (from, until) = (
        given.number("_from").unwrap_or(1).max(1),
        given.number("_to").unwrap_or(20),
    );
    if until < from || until - from >= 250 {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!("The maximum number of products is 250")),
        )
            .into_response();
    }
    let state = system.state();
    let products = &state.world.products;
    let part = products.iter().skip(from - 1).take(until - from + 1);
    let data: serde_json::Map<String, Value> = part
        .map(|product| {
            (
                records::product_id(product.id).to_string(),
                json!([product.id]),
            )
        })
        .collect();
    Json(json!({"data": data, "range": {"total": products.len(), "from": from, "to": until}}))
        .into_response()
}

async fn sku(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    system.called("stockkeepingunitbyid");
    let state = system.state();
    let product = id.parse().ok().and_then(|id| state.world.product(id));
    found(product.map(records::sku), || {
        (StatusCode::NOT_FOUND, Json(json!("SKU not found"))).into_response()
    })
}

async fn price(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    system.called("prices");
    let state = system.state();
    let product = id.parse().ok().and_then(|id| state.world.product(id));
    found(product.map(records::price), || {
        (StatusCode::NOT_FOUND, "Price not found").into_response()
    })
}
