//! The fake of Pipedrive, API v2: a token in a header or in the query, cursors, moments in UTC, and
//! the lines of a hundred deals at once.

mod paging;
mod records;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::answers::{Answer, Refusal};
use crate::crm;
use crate::data::{Item, Sale};
use crate::faults::misbehave;
use crate::query::Parameters;
use crate::system::{Shared, System, Vendor};
use crate::world::{List, Rules};
use paging::{Page, Stamps};

/// The API token of the user that Pipedrive knows.
pub const TOKEN: &str = "pipedrive-token";

/// The most requests of a burst, as on the smallest plans.
const REQUESTS: usize = 40;
const SECONDS: u64 = 2;
/// The most ids of one request.
const IDS: usize = 100;

pub(crate) static VENDOR: Vendor = Vendor {
    name: "pipedrive",
    rules: Rules {
        tombstones: &[List::Transactions],
        ..crm::rules((2101, 37, 5003), false)
    },
    too_many: |system| {
        tell(
            old_error(StatusCode::TOO_MANY_REQUESTS, "request over limit"),
            0,
            System::seconds(system.period(SECONDS)),
        )
    },
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ERR_INTERNAL_SERVER_ERROR",
            "Internal server error",
        )
    },
    telling: crm::TELLING,
    // Addresses and birthdays come only with accounts that sync with an address book.
    mend: |truth, _| crm::mend(truth),
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/api/v2/persons", get(persons))
        .route("/api/v2/persons/{id}", get(person))
        .route("/api/v2/deals", get(deals))
        .route("/api/v2/deals/{id}", get(deal))
        .route("/api/v2/deals/{id}/products", get(deal_products))
        .route("/api/v2/deals/products", get(deals_products))
        .route("/api/v2/products", get(products))
        .route("/api/v2/products/{id}", get(product))
        .route(
            "/api/v1/users/me",
            get(|| async { Json(json!({"success": true, "data": records::user()})) }),
        )
        .fallback(|| async { error(StatusCode::NOT_FOUND, "ERR_NOT_FOUND", "Unknown method .") })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (
        status,
        Json(json!({"success": false, "error": message, "code": code})),
    )
        .into_response()
}

/// Returns an error in the form of API v1. The gateway of both versions answers in that form.
fn old_error(status: StatusCode, message: &str) -> Response {
    let info = "Please check developers.pipedrive.com for more information about Pipedrive API.";
    (
        status,
        Json(
            json!({"success": false, "error": message, "errorCode": status.as_u16(),
                    "error_info": info}),
        ),
    )
        .into_response()
}

fn invalid(message: &str) -> Refusal {
    error(
        StatusCode::BAD_REQUEST,
        "ERR_SCHEMA_VALIDATION_FAILED",
        &format!("Validation failed: {message}"),
    )
    .into()
}

fn missing(what: &str) -> Response {
    error(
        StatusCode::NOT_FOUND,
        "ERR_NOT_FOUND",
        &format!("{what} not found"),
    )
}

/// Adds headers with what is left of the burst, which every answer has.
fn tell(mut response: Response, left: usize, reset: u64) -> Response {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(REQUESTS));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
    response
}

async fn guard(
    State(system): State<Shared>,
    Query(given): Given,
    request: Request,
    next: Next,
) -> Response {
    let header = request
        .headers()
        .get("x-api-token")
        .is_some_and(|value| value.as_bytes() == TOKEN.as_bytes());
    if !header && crm::joined(given).text("api_token") != Some(TOKEN) {
        return old_error(StatusCode::UNAUTHORIZED, "unauthorized access");
    }
    match system.admit_main("token", REQUESTS, SECONDS) {
        Ok(left) => tell(
            next.run(request).await,
            left.requests,
            System::seconds(left.reset),
        ),
        Err(over) => tell(
            old_error(StatusCode::TOO_MANY_REQUESTS, "request over limit"),
            0,
            System::seconds(over.0),
        ),
    }
}

fn ids(given: &Parameters, name: &str) -> Result<Option<Vec<u64>>, Refusal> {
    let Some(text) = given.text(name) else {
        return Ok(None);
    };
    let ids = text
        .split(',')
        .map(|id| id.trim().parse::<u64>())
        .collect::<Result<Vec<_>, _>>();
    match ids {
        Ok(ids) if ids.len() <= IDS => Ok(Some(ids)),
        Ok(_) => Err(invalid(&format!(
            "{name}: must contain at most {IDS} items"
        ))),
        Err(_) => Err(invalid(&format!("{name}: must be a list of integers"))),
    }
}

/// The sort orders of the lists. Lines have one more, `deal_id`.
const SORTS: [&str; 4] = ["id", "add_time", "update_time", "deal_id"];

type Given = Query<Vec<(String, String)>>;

fn found(record: Option<Value>, what: &str) -> Response {
    record.map_or_else(
        || missing(what),
        |record| Json(json!({"success": true, "data": record})).into_response(),
    )
}

async fn persons(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Contacts);
    let page = Page::read(&crm::joined(given), &SORTS[..3]);
    let stamps = |person: &&_| records::person_stamps(person);
    page.map(|page| page.answer(system.state().world.people.iter(), stamps, records::person))
}

async fn person(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    found(
        system.state().world.person(id).map(records::person),
        "Person",
    )
}

async fn deals(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Transactions);
    let given = crm::joined(given);
    let statuses: Vec<&str> = given
        .text("status")
        .unwrap_or("open,won,lost")
        .split(',')
        .collect();
    if statuses
        .iter()
        .any(|status| !["open", "won", "lost", "deleted"].contains(status))
    {
        return Err(invalid("status: must be one of open, won, lost, deleted"));
    }
    let page = Page::read(&given, &SORTS[..3]);
    let state = system.state();
    let rows = state.world.sales.iter().filter(|sale| {
        let person = given.allows(
            "person_id",
            &sale.contact.map(|id| id.to_string()).unwrap_or_default(),
        );
        person && statuses.contains(&records::status(sale))
    });
    page.map(|page| {
        page.answer(
            rows,
            |sale| records::deal_stamps(sale),
            |sale| records::deal(&state.world, sale),
        )
    })
}

async fn deal(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    found(
        state
            .world
            .sale(id)
            .map(|sale| records::deal(&state.world, sale)),
        "Deal",
    )
}

async fn products(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Products);
    let page = Page::read(&crm::joined(given), &SORTS[..3]);
    let stamps = |product: &&_| records::product_stamps(product);
    page.map(|page| {
        page.answer(
            system.state().world.products.iter(),
            stamps,
            records::product,
        )
    })
}

async fn product(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    found(
        system.state().world.product(id).map(records::product),
        "Product",
    )
}

async fn deals_products(State(system): State<Shared>, Query(given): Given) -> Answer {
    let given = crm::joined(given);
    let deals = ids(&given, "deal_ids")?.ok_or_else(|| invalid("deal_ids: is required"))?;
    lines(&system, &given, &deals)
}

async fn deal_products(
    State(system): State<Shared>,
    Path(id): Path<u64>,
    Query(given): Given,
) -> Answer {
    if system.state().world.sale(id).is_none() {
        return Ok(missing("Deal"));
    }
    lines(&system, &crm::joined(given), &[id])
}

/// Answers with the lines of these deals.
fn lines(system: &System, given: &Parameters, deals: &[u64]) -> Answer {
    let page = Page::read(given, &SORTS)?;
    let state = system.state();
    let sales = state
        .world
        .sales
        .iter()
        .filter(|sale| deals.contains(&sale.id));
    let rows = sales.flat_map(|sale| sale.items.iter().map(move |item| (sale, item)));
    Ok(page.answer(
        rows,
        |(sale, item): &(&Sale, &Item)| records::line_stamps(sale, item),
        |(sale, item)| records::line(sale, item),
    ))
}
