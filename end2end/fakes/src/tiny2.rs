//! The fake of Tiny, API v2: one token, form posts, and HTTP 200 whatever happens.

mod records;

use axum::Json;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::faults::misbehave;
use crate::query::{Given, Parameters};
use crate::system::{Shared, System, Vendor};
use crate::tiny::STATUSES;
use crate::truth::Telling;
use crate::world::{Anonymous, List, Rules};

/// The token that the fake knows.
pub const TOKEN: &str = "tiny-v2-token";

/// The most calls a minute on the smallest plan that has the API.
const CALLS: usize = 30;
const ROWS: usize = 100;
/// The answer to a request that does not ask for JSON. Tiny answers in XML then; the fake has only
/// this answer.
const XML_REFUSAL: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <retorno><status_processamento>1</status_processamento><status>Erro</status></retorno>";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "tiny2",
    rules: Rules {
        anonymous: Anonymous::NoId,
        suppliers: true,
        typed_items: true,
        tombstones: &[List::Contacts, List::Products],
        ..Rules::new((46_829_001, 46_829_062, 123_456), &STATUSES)
    },
    too_many: |_| answer(Err(TOO_MANY)),
    broken: || {
        answer(Err(Refusal(
            35,
            "Erro inesperado, tente novamente mais tarde",
        )))
    },
    telling: Telling::BY_DAY,
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/{service}", get(serve).post(serve))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

/// A code of Tiny's list of errors, and its text.
#[derive(Clone, Copy)]
struct Refusal(u32, &'static str);

const TOO_MANY: Refusal = Refusal(6, "API Bloqueada - Excedido o número de acessos a API");
const NO_ROWS: Refusal = Refusal(20, "A Consulta não retornou registros");
const NO_PAGE: Refusal = Refusal(23, "A página que você está tentando obter não existe");
const NOT_FOUND: Refusal = Refusal(32, "Registro não localizado");
const BAD_VALUE: Refusal = Refusal(31, "Parâmetro inválido");

fn answer(found: Result<Value, Refusal>) -> Response {
    let returned = match found {
        Ok(found) => found,
        Err(Refusal(code, text)) => {
            // 2 means processed with an error, 1 not processed at all.
            let processed = if matches!(code, 20 | 23 | 32) { 2 } else { 1 };
            json!({"status_processamento": processed, "status": "Erro", "codigo_erro": code,
                    "erros": [{"erro": text}]})
        }
    };
    let mut response = Json(json!({"retorno": returned})).into_response();
    response
        .headers_mut()
        .insert("x-limit-api", HeaderValue::from(CALLS));
    response
}

/// Answers a call. Parameters may be in the address and in the body.
async fn serve(
    State(system): State<Shared>,
    Path(service): Path<String>,
    Query(mut given): Given,
    body: Result<Form<Parameters>, FormRejection>,
) -> Response {
    given
        .0
        .extend(body.map(|Form(more)| more.0).unwrap_or_default());
    if given.text("formato") != Some("json") {
        return (
            [(header::CONTENT_TYPE, "text/xml; charset=utf-8")],
            XML_REFUSAL,
        )
            .into_response();
    }
    answer(allowed(&system, &given).and_then(|()| call(&system, &service, &given)))
}

fn allowed(system: &System, given: &Parameters) -> Result<(), Refusal> {
    match given.text("token") {
        None => return Err(Refusal(1, "token não informado")),
        Some(TOKEN) => {}
        Some(_) => return Err(Refusal(2, "token invalido")),
    }
    system
        .admit_main("account", CALLS, 60)
        .map(|_| ())
        .map_err(|_| TOO_MANY)
}

fn call(system: &System, service: &str, given: &Parameters) -> Result<Value, Refusal> {
    match service.strip_suffix(".php").unwrap_or(service) {
        "info" => {
            Ok(json!({"status_processamento": "3", "status": "OK", "conta": records::company()}))
        }
        "contatos.pesquisa" => contacts(system, given),
        "pedidos.pesquisa" => orders(system, given),
        "produtos.pesquisa" => products(system, given, false),
        "lista.atualizacoes.produtos" => products(system, given, true),
        "contato.obter" | "pedido.obter" | "produto.obter" => detail(system, service, given),
        _ => Err(Refusal(5, "API bloqueada ou sem acesso")),
    }
}

fn page<T>(
    given: &Parameters,
    list: &str,
    rows: Vec<T>,
    record: impl Fn(T) -> Value,
) -> Result<Value, Refusal> {
    if rows.is_empty() {
        return Err(NO_ROWS);
    }
    let page = given.number("pagina").unwrap_or(1).max(1);
    let pages = rows.len().div_ceil(ROWS);
    if page > pages {
        return Err(NO_PAGE);
    }
    let rows: Vec<Value> = rows
        .into_iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(record)
        .collect();
    Ok(
        json!({"status_processamento": 3, "status": "OK", "pagina": page.to_string(),
                "numero_paginas": pages.to_string(), list: rows}),
    )
}

/// Reads a filter by time. Some clients send only the day.
fn moment(given: &Parameters, name: &str) -> Result<Option<Moment>, Refusal> {
    let parse = |text| {
        Moment::parse_br(text)
            .or_else(|| Moment::parse_br_day(text))
            .ok_or(BAD_VALUE)
    };
    given.text(name).map(parse).transpose()
}

fn needed(given: &Parameters, name: &str) -> Result<(), Refusal> {
    given
        .has(name)
        .then_some(())
        .ok_or(Refusal(10, "Parâmetro obrigatório não informado"))
}

/// Returns true when the text that is searched for is part of a name, a code or a document.
fn found(given: &Parameters, fields: [&str; 3]) -> bool {
    let wanted = given.text("pesquisa").unwrap_or_default().to_lowercase();
    fields
        .into_iter()
        .any(|field| field.to_lowercase().contains(&wanted))
}

fn contacts(system: &System, given: &Parameters) -> Result<Value, Refusal> {
    needed(given, "pesquisa")?;
    system.before_list(List::Contacts);
    let (updated, created) = (
        moment(given, "dataMinimaAtualizacao")?,
        moment(given, "dataCriacao")?,
    );
    let state = system.state();
    let rows = state.world.people.iter().filter(|person| {
        let times = updated.is_none_or(|since| person.updated >= since)
            && created.is_none_or(|since| person.created >= since);
        times
            && found(given, [&person.name, &person.code(), &person.tax_id])
            && given.allows("situacao", records::situation(person))
    });
    page(given, "contatos", rows.collect(), records::contact_row)
}

fn orders(system: &System, given: &Parameters) -> Result<Value, Refusal> {
    system.before_list(List::Transactions);
    let updated = moment(given, "dataAtualizacao")?;
    let (from, until) = (moment(given, "dataInicial")?, moment(given, "dataFinal")?);
    let state = system.state();
    let rows = state.world.sales.iter().filter(|sale| {
        let day = sale.at.start_of_day();
        day.is_between(from, until)
            && updated.is_none_or(|since| sale.updated >= since)
            && given.allows("numero", &sale.number.to_string())
    });
    page(given, "pedidos", rows.collect(), |sale| {
        records::order_row(&state.world, sale)
    })
}

/// Returns products by a search, or those that changed when `changed` is set.
fn products(system: &System, given: &Parameters, changed: bool) -> Result<Value, Refusal> {
    needed(given, if changed { "dataAlteracao" } else { "pesquisa" })?;
    system.before_list(List::Products);
    let updated = if changed {
        moment(given, "dataAlteracao")?
    } else {
        None
    };
    let state = system.state();
    let rows = state.world.products.iter().filter(|product| {
        let active = given.allows("situacao", product.standing.letter());
        active
            && updated.is_none_or(|since| product.updated >= since)
            && found(given, [&product.name, &product.sku, ""])
    });
    page(given, "produtos", rows.collect(), records::product_row)
}

fn detail(system: &System, service: &str, given: &Parameters) -> Result<Value, Refusal> {
    needed(given, "id")?;
    let id = given
        .number("id")
        .and_then(|id| u64::try_from(id).ok())
        .ok_or(BAD_VALUE)?;
    let state = system.state();
    let world = &state.world;
    let (name, record) = match service.split('.').next() {
        Some("contato") => ("contato", world.person(id).map(records::contact)),
        Some("pedido") => (
            "pedido",
            world.sale(id).map(|sale| records::order(world, sale)),
        ),
        _ => ("produto", world.product(id).map(records::product)),
    };
    // In the answer about one record the status is text.
    record
        .map(|record| json!({"status_processamento": "3", "status": "OK", name: record}))
        .ok_or(NOT_FOUND)
}
