//! Answers Mercado Libre's search of orders, and requests for one order.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{SELLER, bad_request, error, records};
use crate::answers::found;
use crate::clock::Moment;
use crate::data::Sale;
use crate::instants::{self, Bare};
use crate::query::{Given, Parameters, fitting};
use crate::system::Shared;
use crate::world::List;

/// The number of orders that can be reached, however many there are.
const MOST: usize = 10_000;
/// The most orders of a page. The documentation says fifty; the vendor's refusal says 51.
const MOST_A_PAGE: usize = 51;

/// Returns a moment cut to its hour. Minutes and seconds of a filter by date are ignored: a whole
/// hour fits or does not.
fn hour(at: Moment) -> String {
    at.iso().chars().take(13).collect()
}

/// Returns true when a moment of an order lies between two parameters. `None` when one of them is
/// no date.
fn holds(given: &Parameters, name: &str, moment: Option<Moment>) -> Option<bool> {
    let end = |end: &str| match given.text(&format!("order.{name}.{end}")) {
        Some(text) => instants::parse(text, Bare::Nothing).map(|at| Some(hour(at))),
        None => Some(None),
    };
    let (from, until) = (end("from")?, end("to")?);
    if from.is_none() && until.is_none() {
        return Some(true);
    }
    let Some(at) = moment.map(hour) else {
        return Some(false);
    };
    Some(from.is_none_or(|from| at >= from) && until.is_none_or(|until| at <= until))
}

/// Returns true when an order fits the parameters. A seller sees cancelled orders only by asking
/// for that status. `None` when a parameter is no date.
fn wanted(given: &Parameters, sale: &Sale) -> Option<bool> {
    let status = records::status(sale);
    let fits = given
        .text("order.status")
        .map_or(status != "cancelled", |all| {
            all.split(',').any(|one| one.trim() == status)
        });
    let text = given
        .text("q")
        .is_none_or(|wanted| wanted == sale.id.to_string());
    let dates = [
        holds(given, "date_created", Some(sale.at))?,
        holds(given, "date_last_updated", Some(sale.updated))?,
        holds(given, "date_closed", records::closed(sale))?,
    ];
    Some(fits && text && dates.into_iter().all(|date| date))
}

/// Answers with orders of the seller, in the order in which they were closed.
#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(super) async fn search(State(system): State<Shared>, Query(given): Given) -> Response {
    system.before_list(List::Transactions);
    if given.0.is_empty() {
        return bad_request("At least one filter is required");
    }
    if !given.allows("seller", &SELLER.to_string()) {
        return error(
            StatusCode::FORBIDDEN,
            "caller.id.invalid",
            "Caller.id must match with seller or buyer",
        );
    }
    let (Some(offset), Some(limit)) = (given.number_or("offset", 0), given.number_or("limit", 50))
    else {
        return bad_request("Invalid offset or limit");
    };
    if limit > MOST_A_PAGE {
        return error(
            StatusCode::BAD_REQUEST,
            "limit.maximum_exceeded",
            "Limit must be a lower or equal than 51",
        );
    }
    if offset.saturating_add(limit) > MOST {
        return error(
            StatusCode::BAD_REQUEST,
            "offset.maximum_exceeded",
            "Offset plus limit must be a lower or equal than 10000",
        );
    }
    let state = system.state();
    let Some(mut sales) = fitting(&state.world.sales, |sale| wanted(&given, sale)) else {
        return bad_request("Invalid date format");
    };
    sales.sort_by_key(|sale| (records::closed(sale).unwrap_or(sale.at), sale.id));
    let (sort, other) = match given.text("sort") {
        None | Some("date_asc") => (
            ("date_asc", "Date ascending"),
            ("date_desc", "Date descending"),
        ),
        Some("date_desc") => (
            ("date_desc", "Date descending"),
            ("date_asc", "Date ascending"),
        ),
        Some(_) => return bad_request("Invalid sort"),
    };
    if sort.0 == "date_desc" {
        sales.reverse();
    }
    let total = sales.len();
    let results: Vec<Value> = sales
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|sale| records::order(&state.world, sale))
        .collect();
    Json(json!({
        "query": given.text("q").unwrap_or_default(),
        "results": results,
        "sort": {"id": sort.0, "name": sort.1},
        "available_sorts": [{"id": other.0, "name": other.1}],
        "filters": [],
        "available_filters": [],
        "paging": {"total": total, "offset": offset, "limit": limit},
        "display": "complete",
    }))
    .into_response()
}

/// Answers with one order, cancelled or not.
pub(super) async fn one(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    let Ok(number) = id.parse::<u64>() else {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_order_id",
            "Invalid order id",
        );
    };
    let state = system.state();
    let order = state
        .world
        .sale(number)
        .map(|sale| records::order(&state.world, sale));
    found(order, || {
        error(
            StatusCode::NOT_FOUND,
            "order_not_found",
            "Order do not exists",
        )
    })
}
