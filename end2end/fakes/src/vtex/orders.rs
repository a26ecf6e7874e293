//! Answers requests for VTEX's orders: a list with at most thirty pages, and one order with
//! everything.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{error, records};
use crate::answers::found;
use crate::clock::Moment;
use crate::data::Sale;
use crate::instants::{self, Bare};
use crate::query::{Given, Parameters, fitting};
use crate::system::Shared;
use crate::world::List;

const MOST_PAGES: usize = 30;

/// A moment of an order by which the list can be filtered: its name, and the function that returns
/// it.
type Dated = (&'static str, fn(&Sale) -> Option<Moment>);

const DATED: [Dated; 3] = [
    ("creationDate", |sale| Some(sale.at)),
    ("authorizedDate", records::authorized),
    ("invoicedDate", records::invoiced),
];

/// Returns true when an order fits a filter such as `f_creationDate=creationDate:[A TO B]`. Both
/// ends are included.
fn fits(given: &Parameters, sale: &Sale, (name, moment): Dated) -> Result<bool, ()> {
    let Some(text) = given.text(&format!("f_{name}")) else {
        return Ok(true);
    };
    let range = text
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix(":["))
        .and_then(|rest| rest.strip_suffix(']'));
    let (from, until) = range.and_then(|range| range.split_once(" TO ")).ok_or(())?;
    let end = |text: &str| {
        if text == "*" {
            Ok(None)
        } else {
            instants::parse(text, Bare::Nothing).map(Some).ok_or(())
        }
    };
    let (from, until) = (end(from)?, end(until)?);
    let Some(moment) = moment(sale) else {
        return Ok(false);
    };
    Ok(moment.is_between(from, until))
}

fn wanted(given: &Parameters, sale: &Sale) -> Result<bool, ()> {
    let status = given
        .text("f_status")
        .is_none_or(|wanted| wanted.split(',').any(|one| one == records::status(sale).0));
    let text = given
        .text("q")
        .is_none_or(|wanted| wanted == records::order_id(sale) || wanted == sale.id.to_string());
    let mut fit = status && text;
    for dated in DATED {
        fit &= fits(given, sale, dated)?;
    }
    Ok(fit)
}

/// Answers with the page that is asked for. The newest orders come first unless the request asks
/// otherwise.
pub(super) async fn list(State(system): State<Shared>, Query(given): Given) -> Response {
    system.called("orders");
    system.before_list(List::Transactions);
    let (Some(page), Some(size)) = (given.number_or("page", 1), given.number_or("per_page", 15))
    else {
        return error(StatusCode::BAD_REQUEST, "OMS001", "Invalid paging");
    };
    let (page, size) = (page.max(1), size.clamp(1, 100));
    if page > MOST_PAGES {
        return error(StatusCode::BAD_REQUEST, "OMS002", "Max page exceed");
    }
    let state = system.state();
    let Some(mut sales) = fitting(&state.world.sales, |sale| wanted(&given, sale).ok()) else {
        return error(StatusCode::BAD_REQUEST, "OMS003", "Invalid filter");
    };
    match given.text("orderBy").unwrap_or("creationDate,desc") {
        "creationDate,asc" => sales.sort_by_key(|sale| (sale.at, sale.id)),
        "creationDate,desc" => sales.sort_by_key(|sale| std::cmp::Reverse((sale.at, sale.id))),
        "orderId,asc" => sales.sort_by_key(|sale| sale.id),
        "orderId,desc" => sales.sort_by_key(|sale| std::cmp::Reverse(sale.id)),
        _ => return error(StatusCode::BAD_REQUEST, "OMS003", "Invalid orderBy"),
    }
    let total = sales.len();
    let rows: Vec<Value> = sales
        .into_iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|sale| records::order_row(&state.world, sale))
        .collect();
    let paging = json!({"total": total, "pages": total.div_ceil(size), "currentPage": page,
            "perPage": size});
    let counted =
        json!({"stats": {"totalValue": {"Count": total}, "totalItems": {"Count": total}}});
    Json(
        json!({"list": rows, "facets": [], "paging": paging, "stats": counted,
                "reportRecordsLimit": 5000}),
    )
    .into_response()
}

/// Answers with one order by its id.
pub(super) async fn one(State(system): State<Shared>, Path(id): Path<String>) -> Response {
    system.called("order");
    let state = system.state();
    let sale = records::sale_of(&id).and_then(|id| state.world.sale(id));
    found(sale.map(|sale| records::order(&state.world, sale)), || {
        error(StatusCode::NOT_FOUND, "OMS007", "Order Not Found")
    })
}
