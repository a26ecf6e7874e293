//! The fake of Omie: one POST a call, the credential in the body, errors as SOAP faults in JSON.

mod answers;
mod calls;
mod records;

use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::post;
use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::data::{
    Person,
    Status::{Cancelled, Invoiced, Open, Returned},
};
use crate::faults::misbehave;
use crate::system::{Shared, System, Vendor};
use crate::truth::Telling;
use crate::world::{List, Rules};
use answers::{Fault, answer, fault};
use calls::{CALLS, PAGING};

/// The app key that this Omie knows.
pub const APP_KEY: &str = "1234567890123";
/// The secret of that key.
pub const APP_SECRET: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

const CALLS_PER_IP: usize = 960;
const CALLS_PER_METHOD: usize = 240;
const AT_ONCE: usize = 4;
const ERRORS_BEFORE_LOCK: usize = 10;
const REDUNDANT_SECONDS: u64 = 60;
const LOCK_SECONDS: u64 = 1800;
/// The part of a second that a call takes, so that simultaneous calls overlap: 1/25.
const PART_OF_A_SECOND: u32 = 25;

pub(crate) static VENDOR: Vendor = Vendor {
    name: "omie",
    rules: Rules {
        suppliers: true,
        ..Rules::new(
            (2_485_730_011, 640_500_027, 915_600_042),
            &[
                Invoiced, Open, Cancelled, Returned, Invoiced, Invoiced, Open, Invoiced, Invoiced,
            ],
        )
    },
    too_many: |_| answers::too_many(),
    broken: || fault(&Fault::Broken),
    telling: Telling {
        contact_name: Person::shown_name,
        phones: records::phone_numbers,
        number: records::number,
        net_lines: true,
        ..Telling::PLAIN
    },
    path_is_call: false,
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/{module}/{service}/", post(call))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

async fn call(
    State(system): State<Shared>,
    Path((module, service)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    match serve(&system, &format!("{module}/{service}/"), &body).await {
        Ok(found) => answer(&found),
        Err(refused) => fault(&refused),
    }
}

async fn serve(system: &Shared, endpoint: &str, body: &[u8]) -> Result<Value, Fault> {
    let request: Value = serde_json::from_slice(body).map_err(|_| Fault::NotJson)?;
    let method = request["call"].as_str().unwrap_or_default();
    system.called(method);
    if request["app_key"].as_str() != Some(APP_KEY)
        || request["app_secret"].as_str() != Some(APP_SECRET)
    {
        return Err(Fault::BadKey);
    }
    let lock = format!("lock {method}");
    if system
        .state()
        .limits
        .locked(&lock, Instant::now())
        .is_some()
    {
        // A retry during the lock starts the lock anew.
        return Err(locked(system, &lock));
    }
    system
        .admit("ip", CALLS_PER_IP, 60)
        .map_err(|_| Fault::TooMany)?;
    system
        .admit_main(method, CALLS_PER_METHOD, 60)
        .map_err(|_| Fault::TooMany)?;
    let answer = match Place::take(system, method) {
        Some(_place) => {
            tokio::time::sleep(system.period(1) / PART_OF_A_SECOND).await;
            answer_call(system, endpoint, method, &request["param"])
        }
        None => Err(Fault::Concurrent),
    };
    if answer.as_ref().is_err_and(Fault::is_misuse) && misused(system, method) {
        return Err(locked(system, &lock));
    }
    answer
}

fn locked(system: &System, lock: &str) -> Fault {
    let left = system.period(LOCK_SECONDS);
    system.state().limits.lock(lock, Instant::now() + left);
    Fault::Locked(System::seconds(left))
}

/// Counts an error of a method. Returns true for the tenth within the lock's time, which locks the
/// method.
fn misused(system: &System, method: &str) -> bool {
    let mut state = system.state();
    let key = format!("errors {method}");
    let rate = crate::limits::Rate {
        requests: ERRORS_BEFORE_LOCK - 1,
        period: system.period(LOCK_SECONDS),
    };
    state.limits.admit(&key, rate, Instant::now()).is_err()
}

/// A place among the calls of a method that run at the same time. Dropping this value frees the
/// place.
struct Place {
    system: Shared,
    method: String,
}

impl Place {
    fn take(system: &Shared, method: &str) -> Option<Self> {
        let free = system.state().limits.enter(method, AT_ONCE);
        free.then(|| Self {
            system: system.clone(),
            method: method.to_owned(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.system.state().limits.leave(&self.method);
    }
}

fn answer_call(
    system: &System,
    endpoint: &str,
    method: &str,
    param: &Value,
) -> Result<Value, Fault> {
    let known = CALLS
        .iter()
        .find(|call| call.endpoint == endpoint && call.name == method);
    let call = known.ok_or_else(|| Fault::UnknownCall(method.to_owned()))?;
    let empty = Map::new();
    let given = param.get(0).and_then(Value::as_object).unwrap_or(&empty);
    let fits = |name: &str| {
        call.parameters.contains(&name) || method.starts_with("Listar") && PAGING.contains(&name)
    };
    if let Some(tag) = given.keys().find(|name| !fits(name)) {
        return Err(Fault::UnknownTag(tag.to_uppercase(), call.kind));
    }
    let key = format!("{method} {param}");
    if let Some(left) =
        system
            .state()
            .limits
            .repeated(&key, system.period(REDUNDANT_SECONDS), Instant::now())
    {
        return Err(Fault::Redundant(System::seconds(left)));
    }
    match method {
        "ListarClientes" => list(system, given, List::Contacts, "clientes_cadastro"),
        "ListarPedidos" => list(system, given, List::Transactions, "pedido_venda_produto"),
        "ListarProdutos" => list(system, given, List::Products, "produto_servico_cadastro"),
        "ListarEmpresas" => paged(given, vec![()], 500, "empresas_cadastro", |()| {
            records::company()
        }),
        _ => one(system, method, given),
    }
}

fn one(system: &System, method: &str, given: &Map<String, Value>) -> Result<Value, Fault> {
    let state = system.state();
    let world = &state.world;
    let id = |name: &str| given.get(name).and_then(Value::as_u64).unwrap_or(0);
    match method {
        "ConsultarCliente" => {
            let id = id("codigo_cliente_omie");
            let person = world.person(id).ok_or(Fault::NoClient(id))?;
            Ok(records::client(person))
        }
        "ConsultarPedido" => {
            let id = id("codigo_pedido");
            let sale = world.sale(id).ok_or(Fault::NoOrder(id))?;
            Ok(json!({"pedido_venda_produto": records::order(sale)}))
        }
        _ => {
            let id = id("codigo_produto");
            let product = world.product(id).ok_or(Fault::NoProduct(id))?;
            Ok(records::product(product))
        }
    }
}

fn list(
    system: &System,
    given: &Map<String, Value>,
    list: List,
    key: &str,
) -> Result<Value, Fault> {
    system.before_list(list);
    let range = Range::read(given, crate::clock::now())?;
    let state = system.state();
    let world = &state.world;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    // All records of this fake were typed in. None came by the API or from the cash register.
    let none = text("apenas_importado_api") == "S" || text("filtrar_apenas_omiepdv") == "S";
    let wanted = |created: Moment, updated: Moment| !none && range.holds(created, updated);
    match list {
        List::Contacts => {
            let rows = world
                .people
                .iter()
                .filter(|one| wanted(one.created, one.updated))
                .collect();
            paged(given, rows, 500, key, records::client)
        }
        // Orders are large because of their items, so Omie gives fewer of them than asked.
        List::Transactions => {
            let fits = |stage: &str| text("etapa").is_empty() || text("etapa") == stage;
            let rows = world
                .sales
                .iter()
                .filter(|one| wanted(one.at, one.updated) && fits(records::stage(one.status)))
                .collect();
            paged(given, rows, 100, key, records::order)
        }
        List::Products => {
            let fits =
                |active: bool| text("inativo").is_empty() || (text("inativo") == "N") == active;
            let rows = world
                .products
                .iter()
                .filter(|one| wanted(one.created, one.updated) && fits(one.standing.is_active()))
                .collect();
            paged(given, rows, 500, key, records::product)
        }
    }
}

fn paged<T>(
    given: &Map<String, Value>,
    rows: Vec<T>,
    cap: usize,
    key: &str,
    record: impl Fn(T) -> Value,
) -> Result<Value, Fault> {
    let number = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| *number > 0)
    };
    let page = number("pagina").unwrap_or(1);
    let size = number("registros_por_pagina").unwrap_or(20).min(cap);
    let all = rows.len();
    let found: Vec<Value> = rows
        .into_iter()
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .map(record)
        .collect();
    if found.is_empty() {
        return Err(Fault::NoRows(page));
    }
    Ok(json!({
        "pagina": page,
        "total_de_paginas": all.div_ceil(size),
        "registros": found.len(),
        "total_de_registros": all,
        key: found,
    }))
}

/// The filter by time: records that were included or altered between two moments.
struct Range {
    from: Option<Moment>,
    until: Option<Moment>,
    inclusion: bool,
    alteration: bool,
}

impl Range {
    fn read(given: &Map<String, Value>, now: Moment) -> Result<Self, Fault> {
        let text = |name: &str| {
            given
                .get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let moment = |day: &str, time: &str, missing: &str| -> Result<Option<Moment>, Fault> {
            let Some(day) = text(day) else {
                return Ok(None);
            };
            let moment = Moment::parse_br_day(day)
                .and_then(|day| day.with_time(text(time).unwrap_or(missing)));
            moment
                .map(Some)
                .ok_or_else(|| Fault::BadDate(day.to_owned()))
        };
        let mut from = moment("filtrar_por_data_de", "filtrar_por_hora_de", "00:00:00")?;
        let until = moment("filtrar_por_data_ate", "filtrar_por_hora_ate", "23:59:59")?;
        if until.is_some() && from.is_none() {
            // Without a beginning, the period begins today.
            from = Some(now.start_of_day());
        }
        let (inclusion, alteration) = (
            text("filtrar_apenas_inclusao") == Some("S"),
            text("filtrar_apenas_alteracao") == Some("S"),
        );
        Ok(Self {
            from,
            until,
            inclusion,
            alteration,
        })
    }

    fn holds(&self, created: Moment, updated: Moment) -> bool {
        let inside = |moment: Moment| moment.is_between(self.from, self.until);
        inside(created) && !self.alteration || inside(updated) && !self.inclusion
    }
}
