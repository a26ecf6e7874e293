//! The fake of Tiny (Olist), API v3: OpenID Connect by Keycloak, limit and offset, limits in
//! headers.

mod access;
mod records;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::answers::{Answer, Refusal, found};
use crate::clock::Moment;
use crate::data::Status;
use crate::faults::misbehave;
use crate::query::{Given, Parameters};
use crate::system::{Shared, System, Vendor};
use crate::truth::Telling;
use crate::world::{Anonymous, List, Rules};

/// The client id of the customer's own app in Tiny.
pub const CLIENT_ID: &str = "tiny-client";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "tiny-secret";

/// The statuses of the sales of both of Tiny's APIs. Tiny has no word for a return.
pub(crate) const STATUSES: [Status; 11] = [
    Status::Invoiced,
    Status::Open,
    Status::Cancelled,
    Status::Approved,
    Status::Shipped,
    Status::Delivered,
    Status::Unknown,
    Status::Invoiced,
    Status::Delivered,
    Status::Delivered,
    Status::Approved,
];

pub(crate) static VENDOR: Vendor = Vendor {
    name: "tiny",
    rules: Rules {
        anonymous: Anonymous::NoId,
        suppliers: true,
        typed_items: true,
        tombstones: &[List::Contacts, List::Products],
        ..Rules::new((812_345_671, 349_000_027, 998_000_001), &STATUSES)
    },
    too_many: |system| access::too_many(System::seconds(system.period(60))),
    broken: || StatusCode::SERVICE_UNAVAILABLE.into_response(),
    telling: Telling::BY_DAY,
    lifetimes: (4 * 3600, 86_400),
    ..Vendor::PLAIN
};

/// Makes the routes of the API. The pages of Keycloak are on another host.
pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/contatos", get(contacts))
        .route("/contatos/{id}", get(contact))
        .route("/pedidos", get(orders))
        .route("/pedidos/{id}", get(order))
        .route("/produtos", get(products))
        .route("/produtos/{id}", get(product))
        .route("/info", get(|| async { Json(records::company()) }))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(system.clone(), access::guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

/// Makes the routes of the realm: the OpenID Connect endpoints.
pub(crate) fn realm(system: Shared) -> Router {
    Router::new()
        .route("/auth", access::CONSENT.routes())
        .route("/token", post(access::token))
        .with_state(system)
}

fn invalid(field: &str) -> Refusal {
    let detail = json!({"campo": field, "mensagem": format!("O campo {field} é inválido")});
    (
        StatusCode::BAD_REQUEST,
        Json(json!({"mensagem": "Ocorreram erros de validação", "detalhes": [detail]})),
    )
        .into_response()
        .into()
}

/// Reads a parameter that is a moment or a day.
fn moment(
    given: &Parameters,
    name: &str,
    parse: fn(&str) -> Option<Moment>,
) -> Result<Option<Moment>, Refusal> {
    given
        .text(name)
        .map(|text| parse(text).ok_or_else(|| invalid(name)))
        .transpose()
}

/// Answers with a page of the rows, or with the name of a wrong parameter. A request for more than
/// a hundred rows is refused: whether Tiny allows it is not known, so no client may depend on it.
fn page<T>(given: &Parameters, mut rows: Vec<T>, record: impl Fn(T) -> Value) -> Answer {
    let (limit, offset) = (
        given.number("limit").unwrap_or(100),
        given.number("offset").unwrap_or(0),
    );
    if !(1..=100).contains(&limit) || given.has("limit") && given.number("limit").is_none() {
        return Err(invalid("limit"));
    }
    if given.text("orderBy") == Some("desc") {
        rows.reverse();
    }
    let total = rows.len();
    let items: Vec<Value> = rows
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(record)
        .collect();
    Ok(Json(
        json!({"itens": items, "paginacao": {"limit": limit, "offset": offset, "total": total}}),
    )
    .into_response())
}

fn detail(record: Option<Value>) -> Response {
    found(record, || StatusCode::NOT_FOUND.into_response())
}

async fn contacts(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Contacts);
    let (updated, created) = (
        moment(&given, "dataAtualizacao", Moment::parse_spaced)?,
        moment(&given, "dataCriacao", Moment::parse_spaced)?,
    );
    let state = system.state();
    let rows = state.world.people.iter().filter(|person| {
        let times = updated.is_none_or(|since| person.updated >= since)
            && created.is_none_or(|since| person.created >= since);
        let tax_id = given
            .text("cpfCnpj")
            .is_none_or(|wanted| wanted == person.tax_id || wanted == person.formatted_tax_id());
        times
            && tax_id
            && given.allows("situacao", records::situation(person))
            && given.allows("codigo", &person.code())
    });
    page(&given, rows.collect(), records::contact_row)
}

async fn contact(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    detail(state.world.person(id).map(records::contact))
}

async fn orders(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Transactions);
    // Sales are filtered by their day, and by the moment of their last change.
    let updated = moment(&given, "dataAtualizacao", |text| {
        Moment::parse_spaced(text).or_else(|| Moment::parse_iso_day(text))
    })?;
    let from = moment(&given, "dataInicial", Moment::parse_iso_day)?;
    let until = moment(&given, "dataFinal", Moment::parse_iso_day)?;
    let state = system.state();
    let rows = state.world.sales.iter().filter(|sale| {
        let day = sale.at.start_of_day();
        let times =
            updated.is_none_or(|since| sale.updated >= since) && day.is_between(from, until);
        times
            && given.allows("situacao", &records::stage(sale).to_string())
            && given.allows("numero", &sale.number.to_string())
    });
    page(&given, rows.collect(), |sale| {
        records::order_row(&state.world, sale)
    })
}

async fn order(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    detail(
        state
            .world
            .sale(id)
            .map(|sale| records::order(&state.world, sale)),
    )
}

async fn products(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Products);
    let (updated, created) = (
        moment(&given, "dataAlteracao", Moment::parse_spaced)?,
        moment(&given, "dataCriacao", Moment::parse_spaced)?,
    );
    let state = system.state();
    let rows = state.world.products.iter().filter(|product| {
        let times = updated.is_none_or(|since| product.updated >= since)
            && created.is_none_or(|since| product.created >= since);
        times
            && given.allows("codigo", &product.sku)
            && given.allows("situacao", product.standing.letter())
    });
    page(&given, rows.collect(), records::product)
}

async fn product(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    detail(state.world.product(id).map(records::product))
}
