//! The fake of Bling, API v3: OAuth with a client in HTTP Basic, lists without details, no totals.

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
use crate::data::{
    Person, Role,
    Status::{Approved, Cancelled, Invoiced, Open, Returned, Unknown},
};
use crate::faults::misbehave;
use crate::query::{Given, Parameters};
use crate::system::{Shared, Vendor};
use crate::truth::Telling;
use crate::world::{Anonymous, List, Rules};

/// The client id of the app that Bling knows.
pub const CLIENT_ID: &str = "bling-client";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "bling-secret";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "bling",
    rules: Rules {
        anonymous: Anonymous::NoId,
        suppliers: true,
        typed_items: true,
        tombstones: &[List::Contacts, List::Products],
        ..Rules::new(
            (16_000_000_001, 16_200_000_055, 21_000_000_009),
            &[
                Invoiced, Open, Cancelled, Returned, Approved, Unknown, Invoiced, Invoiced,
                Invoiced, Approved, Open, Invoiced,
            ],
        )
    },
    too_many: |_| access::too_many(&access::PER_SECOND),
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "SERVER_ERROR",
            "Ocorreu um erro no servidor.",
        )
    },
    telling: Telling::BY_DAY,
    lifetimes: (6 * 3600, 30 * 86_400),
    ..Vendor::PLAIN
};

/// Makes the routes of the API and of the OAuth pages. The OAuth pages count no requests and have
/// no planned faults.
pub(crate) fn router(system: Shared) -> Router {
    let api = Router::new()
        .route("/contatos", get(contacts))
        .route(
            "/contatos/tipos",
            get(|| async { Json(json!({"data": records::contact_types()})) }),
        )
        .route("/contatos/{id}", get(contact))
        .route("/pedidos/vendas", get(orders))
        .route("/pedidos/vendas/{id}", get(order))
        .route("/produtos", get(products))
        .route("/produtos/{id}", get(product))
        .route(
            "/situacoes/modulos",
            get(|| async { Json(json!({"data": records::modules()})) }),
        )
        .route(
            "/situacoes/modulos/{id}",
            get(|| async { Json(json!({"data": records::situations()})) }),
        )
        .route(
            "/empresas/me/dados-basicos",
            get(|| async { Json(json!({"data": records::company()})) }),
        )
        .fallback(|| async { not_found() })
        .layer(from_fn_with_state(system.clone(), access::guard))
        .layer(from_fn_with_state(system.clone(), misbehave));
    Router::new()
        .route("/oauth/authorize", access::CONSENT.routes())
        .route("/oauth/token", post(access::token))
        .route("/oauth/revoke", post(access::revoke))
        .merge(api)
        .with_state(system)
}

fn error(status: StatusCode, kind: &str, message: &str) -> Response {
    (
        status,
        Json(json!({"error": {"type": kind, "message": message, "description": message}})),
    )
        .into_response()
}

fn not_found() -> Response {
    error(
        StatusCode::NOT_FOUND,
        "RESOURCE_NOT_FOUND",
        "O recurso requisitado não foi encontrado.",
    )
}

fn invalid(message: &str) -> Refusal {
    error(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message).into()
}

/// The two ends of a period. Bling refuses a period of more than a year.
struct Period {
    from: Option<Moment>,
    until: Option<Moment>,
}

impl Period {
    fn read(
        given: &Parameters,
        name: &str,
        now: Moment,
        parse: fn(&str) -> Option<Moment>,
    ) -> Result<Self, Refusal> {
        let end = |end: &str| match given.text(&format!("{name}{end}")) {
            Some(text) => parse(text)
                .map(Some)
                .ok_or_else(|| invalid(&format!("O parâmetro {name}{end} é inválido."))),
            None => Ok(None),
        };
        let (from, until) = (end("Inicial")?, end("Final")?);
        if from.is_some_and(|from| until.unwrap_or(now) > from.plus_days(366)) {
            return Err(invalid("O período não pode ser superior a 1 ano."));
        }
        Ok(Self { from, until })
    }

    fn holds(&self, moment: Moment) -> bool {
        moment.is_between(self.from, self.until)
    }
}

fn page<T>(
    given: &Parameters,
    rows: impl Iterator<Item = T>,
    record: impl Fn(T) -> Value,
) -> Response {
    let size = given.number("limite").unwrap_or(100).clamp(1, 100);
    let page = given.number("pagina").unwrap_or(1).max(1);
    let rows: Vec<Value> = rows
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .map(record)
        .collect();
    Json(json!({"data": rows})).into_response()
}

fn detail(record: Option<Value>) -> Response {
    found(record.map(|record| json!({"data": record})), not_found)
}

async fn contacts(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Contacts);
    let now = crate::clock::now();
    let changed = Period::read(&given, "dataAlteracao", now, Moment::parse_spaced)?;
    let created = Period::read(&given, "dataInclusao", now, Moment::parse_spaced)?;
    // Without a criterion Bling lists the contacts of the last 30 days. With a filter by time, that
    // limit does not apply.
    let (timed, criterion) = (
        given.has("dataAlteracaoInicial") || given.has("dataInclusaoInicial"),
        given.text("criterio").unwrap_or("3"),
    );
    let fits = |person: &Person| match criterion {
        "2" => person.standing.is_deleted(),
        "3" => timed || person.created >= now.plus_days(-30),
        "4" => false,
        _ => true,
    };
    let of_type = |role: Role| match given.text("idTipoContato") {
        Some(records::CLIENT_TYPE) => matches!(role, Role::Client | Role::Both),
        Some(records::SUPPLIER_TYPE) => matches!(role, Role::Supplier | Role::Both),
        Some(_) => false,
        None => true,
    };
    let state = system.state();
    let rows = state.world.people.iter().filter(|person| {
        let tax_id = given
            .text("numeroDocumento")
            .is_none_or(|wanted| wanted == person.tax_id || wanted == person.formatted_tax_id());
        let kind = given.allows("tipoPessoa", person.kind());
        changed.holds(person.updated)
            && created.holds(person.created)
            && fits(person)
            && of_type(person.role)
            && tax_id
            && kind
    });
    Ok(page(&given, rows, records::contact_row))
}

async fn contact(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    detail(state.world.person(id).map(records::contact))
}

async fn orders(State(system): State<Shared>, Query(given): Given) -> Answer {
    system.before_list(List::Transactions);
    let now = crate::clock::now();
    let changed = Period::read(&given, "dataAlteracao", now, Moment::parse_spaced)?;
    let made = Period::read(&given, "data", now, Moment::parse_iso_day)?;
    let state = system.state();
    let rows = state.world.sales.iter().filter(|sale| {
        let contact = given.allows("idContato", &sale.contact.unwrap_or(0).to_string());
        let situation = given.allows("idsSituacoes[]", &records::situation(sale).to_string());
        let number = given.allows("numero", &sale.number.to_string());
        changed.holds(sale.updated)
            && made.holds(sale.at.start_of_day())
            && contact
            && situation
            && number
    });
    Ok(page(&given, rows, |sale| {
        records::order_row(&state.world, sale)
    }))
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
    let now = crate::clock::now();
    let changed = Period::read(&given, "dataAlteracao", now, Moment::parse_spaced)?;
    let created = Period::read(&given, "dataInclusao", now, Moment::parse_spaced)?;
    let timed = given.has("dataAlteracaoInicial") || given.has("dataInclusaoInicial");
    let state = system.state();
    let rows = state.world.products.iter().filter(|product| {
        let fits = match given.text("criterio").unwrap_or("1") {
            "1" => timed || product.created >= now.plus_days(-30),
            "2" => product.standing.letter() == "A",
            "3" => product.standing.letter() == "I",
            "4" => product.standing.is_deleted(),
            _ => true,
        };
        fits && changed.holds(product.updated)
            && created.holds(product.created)
            && given.allows("codigos[]", &product.sku)
    });
    Ok(page(&given, rows, records::product))
}

async fn product(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    detail(state.world.product(id).map(records::product))
}
