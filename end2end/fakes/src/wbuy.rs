//! The fake of wBuy: a Bearer token with the content of Basic, `limit=offset,count`, and every
//! number as text.

mod records;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::Status::{Approved, Cancelled, Delivered, Open, Returned, Shipped, Unknown};
use crate::faults::misbehave;
use crate::query::{Given, Parameters};
use crate::system::{Shared, Vendor};
use crate::truth::Telling;
use crate::world::{List, Rules};

/// The API user that wBuy knows.
pub const USER: &str = "wbuy-user";
/// The password of that user.
pub const PASSWORD: &str = "wbuy-password";

const REQUESTS: usize = 100;
const SECONDS: u64 = 60;

pub(crate) static VENDOR: Vendor = Vendor {
    name: "wbuy",
    rules: Rules::new(
        (88_001, 5501, 10_400_077),
        &[
            Delivered, Open, Cancelled, Returned, Approved, Shipped, Unknown, Delivered, Delivered,
            Approved,
        ],
    ),
    too_many: |_| error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
    broken: || {
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            Html("<html><body><h1>500 Internal Server Error</h1></body></html>"),
        )
            .into_response()
    },
    telling: Telling {
        phones: |person| person.phones(""),
        births: true,
        number: records::identification,
        ..Telling::PLAIN
    },
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/customer/", get(customers))
        .route("/order/", get(orders))
        .route("/order/{id}", get(order))
        .route("/product/", get(products))
        .route("/product/stock/", get(stock))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "not found") })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, message: &str) -> Response {
    (
        status,
        Json(
            json!({"code": "001", "message": message, "responseCode": status.as_u16().to_string()}),
        ),
    )
        .into_response()
}

async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let wanted = format!(
        "Bearer {}",
        BASE64_STANDARD.encode(format!("{USER}:{PASSWORD}"))
    );
    if request
        .headers()
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value.as_bytes() != wanted.as_bytes())
    {
        return error(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    if system.admit_main("credential", REQUESTS, SECONDS).is_err() {
        return (system.vendor.too_many)(&system);
    }
    next.run(request).await
}

/// Answers with the part of a list that `limit=offset,count` asks for.
fn part<T>(given: &Parameters, rows: Vec<T>, record: impl Fn(T) -> Value) -> Response {
    let (offset, count) = given
        .text("limit")
        .unwrap_or("0,100")
        .split_once(',')
        .unwrap_or(("0", "100"));
    let (Ok(offset), Ok(count)) = (
        offset.trim().parse::<usize>(),
        count.trim().parse::<usize>(),
    ) else {
        return error(StatusCode::BAD_REQUEST, "invalid limit");
    };
    let total = rows.len();
    envelope(
        &rows
            .into_iter()
            .skip(offset)
            .take(count)
            .map(record)
            .collect::<Vec<_>>(),
        total,
    )
}

fn envelope(data: &[Value], total: usize) -> Response {
    Json(
        json!({"code": "010", "message": "success", "responseCode": "200",
                "total": total.to_string(), "data": data}),
    )
    .into_response()
}

async fn customers(State(system): State<Shared>, Query(given): Given) -> Response {
    system.before_list(List::Contacts);
    let state = system.state();
    part(
        &given,
        state.world.people.iter().collect(),
        records::customer,
    )
}

async fn orders(State(system): State<Shared>, Query(given): Given) -> Response {
    system.before_list(List::Transactions);
    let day = |name: &str| {
        given
            .text(name)
            .map(|text| Moment::parse_iso_day(text).ok_or(()))
            .transpose()
    };
    let (Ok(from), Ok(until)) = (day("periodo_inicial"), day("periodo_final")) else {
        return error(StatusCode::BAD_REQUEST, "invalid period");
    };
    let state = system.state();
    let wanted = state.world.sales.iter().filter(|sale| {
        let day = sale.at.start_of_day();
        day.is_between(from, until) && given.allows("status", records::status(sale.status).0)
    });
    let mut rows: Vec<_> = wanted.collect();
    if given.text("order") == Some("data,desc") {
        rows.sort_by_key(|sale| std::cmp::Reverse((sale.at, sale.id)));
    }
    let complete = given.text("complete") == Some("1");
    part(&given, rows, |sale| {
        records::order(&state.world, sale, complete)
    })
}

async fn order(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    match state.world.sale(id) {
        Some(sale) => envelope(&[records::order(&state.world, sale, true)], 1),
        None => envelope(&[], 0),
    }
}

async fn products(State(system): State<Shared>, Query(given): Given) -> Response {
    system.before_list(List::Products);
    let state = system.state();
    let wanted = state.world.products.iter().filter(|product| {
        given.allows(
            "ativo",
            if product.standing.is_active() {
                "1"
            } else {
                "0"
            },
        )
    });
    let mut rows: Vec<_> = wanted.collect();
    if given.text("order") == Some("produto,asc") {
        rows.sort_by(|one, other| one.name.cmp(&other.name));
    }
    part(&given, rows, records::product)
}

async fn stock(State(system): State<Shared>, Query(given): Given) -> Response {
    system.before_list(List::Products);
    let state = system.state();
    part(
        &given,
        state.world.products.iter().collect(),
        records::stock,
    )
}
