//! The fake of Nuvemshop, version 2025-03: an unusual header for the token, a leaky bucket, and no
//! page after the last.

mod paging;
mod records;

use std::collections::HashMap;

use axum::Json;
use axum::Router;
use axum::extract::{Form, OriginalUri, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::answers::{Answer, Refusal, found};
use crate::data::{
    Person, Product, Sale,
    Status::{Approved, Cancelled, Open, Returned, Shipped},
};
use crate::faults::misbehave;
use crate::limits::{Leak, Level};
use crate::oauth::{Consent, with_state};
use crate::query::{Given, Parameters};
use crate::stores;
use crate::system::{Shared, System, Vendor};
use crate::world::{List, Rules};
use paging::{Asked, page};

/// The id of the app that a store lets in.
pub const CLIENT_ID: &str = "9917";
/// The secret of that app.
pub const CLIENT_SECRET: &str = "nuvemshop0secret000000000000000000000009917";
/// The access token of the app in the store.
pub const TOKEN: &str = "nuvemshop0token0000000000000000000000001";
/// The id of the store that the token is for. It is a part of every address.
pub const STORE_ID: &str = "4512087";

/// The limit of a store on a plan without extras: a burst of 40 requests, and two in a second.
const LEAK: Leak = Leak {
    size: 40,
    per_second: 2,
};

pub(crate) static VENDOR: Vendor = Vendor {
    name: "nuvemshop",
    rules: Rules::new(
        (108_770_041, 211_334_785, 1_571_254_203),
        &[
            Shipped, Open, Cancelled, Returned, Approved, Shipped, Shipped, Approved, Open, Shipped,
        ],
    ),
    too_many: |system| {
        too_many(Level {
            room: 0,
            empty_in: system.period(LEAK.size / LEAK.per_second),
        })
    },
    broken: || {
        error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal Server Error",
            "An unexpected error occurred",
        )
    },
    telling: stores::TELLING,
    mend: records::mend,
    ..Vendor::PLAIN
};

/// Makes the routes of the page on which the owner of a store lets the app in, of the token for its
/// code, and of the API.
pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/apps/{app}/authorize", CONSENT.routes())
        .route("/apps/authorize/token", post(token))
        .with_state(system.clone())
        .nest("/2025-03/{store_id}", api(system))
}

static CONSENT: Consent = Consent {
    title: "Nuvemshop",
    client: CLIENT_ID,
    wrong: [
        "Aplicativo não encontrado.",
        "O tipo de resposta não é válido.",
        "O aplicativo não tem endereço de redirecionamento.",
    ],
    implied: true,
    registered: true,
    shown: |code| code,
    back: with_state,
};

/// Answers with a token that does not end, and with the id of its store.
async fn token(State(system): State<Shared>, Form(given): Form<Parameters>) -> Response {
    let refused = |word: &str| {
        (
            StatusCode::UNAUTHORIZED,
            Json(json!({"error": word, "error_description": word})),
        )
            .into_response()
    };
    if given.text("client_id") != Some(CLIENT_ID)
        || given.text("client_secret") != Some(CLIENT_SECRET)
    {
        return refused("invalid_client");
    }
    match system
        .state()
        .oauth
        .exchange(&given, None, false, |word| word)
    {
        Ok(_) => {
            let scope = "read_customers,read_orders,read_products";
            Json(
                json!({"access_token": TOKEN, "token_type": "bearer", "scope": scope,
                        "user_id": STORE_ID}),
            )
            .into_response()
        }
        Err(_) => refused("invalid_grant"),
    }
}

fn api(system: Shared) -> Router {
    Router::new()
        .route("/store", get(|| async { Json(records::store()) }))
        .route("/customers", get(customers))
        .route("/customers/{id}", get(customer))
        .route("/orders", get(orders))
        .route("/orders/{id}", get(order))
        .route("/products", get(products))
        .route("/products/{id}", get(product))
        .fallback(|| async { not_found("Resource not found") })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, message: &str, description: &str) -> Response {
    (
        status,
        Json(json!({"code": status.as_u16(), "message": message, "description": description})),
    )
        .into_response()
}

fn not_found(description: &str) -> Response {
    error(StatusCode::NOT_FOUND, "Not Found", description)
}

/// Returns the refusal of a parameter that can't be used, with the parameter's name.
fn unprocessable(name: &str, message: &str) -> Refusal {
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        Json(json!({name: [message]})),
    )
        .into_response()
        .into()
}

fn too_many(level: Level) -> Response {
    with_limits(
        error(
            StatusCode::TOO_MANY_REQUESTS,
            "Too Many Requests",
            "Too many requests",
        ),
        level,
    )
}

fn with_limits(mut response: Response, level: Level) -> Response {
    let millis = u64::try_from(level.empty_in.as_millis()).unwrap_or(u64::MAX);
    for (name, value) in [
        ("x-rate-limit-limit", LEAK.size),
        ("x-rate-limit-remaining", level.room),
        ("x-rate-limit-reset", millis),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from(value));
    }
    response
}

/// Returns the refusal of a request that is refused whatever it asks for. `None` for any other.
fn refused(headers: &HeaderMap, path: &str) -> Option<Response> {
    let value = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .trim()
    };
    if value("user-agent").is_empty() {
        return Some(error(
            StatusCode::BAD_REQUEST,
            "Bad Request",
            "The User-Agent header is required",
        ));
    }
    let (scheme, token) = value("authentication").split_once(' ').unwrap_or_default();
    let here = path.split('/').any(|part| part == STORE_ID);
    let known = scheme.eq_ignore_ascii_case("bearer") && token.trim() == TOKEN && here;
    (!known).then(|| {
        error(
            StatusCode::UNAUTHORIZED,
            "Unauthorized",
            "Invalid access token",
        )
    })
}

async fn guard(
    State(system): State<Shared>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    if let Some(refused) = refused(request.headers(), uri.path()) {
        return refused;
    }
    match system.pour_main("store and app", LEAK, 1) {
        Ok(level) => with_limits(next.run(request).await, level),
        Err(level) => too_many(level),
    }
}

async fn customers(
    State(system): State<Shared>,
    Query(given): Given,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let asked = Asked::read(&given)?;
    system.before_list(List::Contacts);
    let state = system.state();
    let fits = |person: &&Person| {
        let found = given.text("q").is_none_or(|text| {
            [&person.name, &person.email, &person.tax_id]
                .iter()
                .any(|field| field.contains(text))
        });
        found && asked.wants(person.id, person.created, person.updated)
    };
    let rows: Vec<&Person> = state.world.people.iter().rev().filter(fits).collect();
    let bought = stores::bought(&state.world);
    let record = |person: &Person| {
        records::customer(person, bought.get(&person.id).copied().unwrap_or_default())
    };
    Ok(page(&asked, &uri, &headers, rows, record))
}

async fn orders(
    State(system): State<Shared>,
    Query(given): Given,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let asked = Asked::read(&given)?;
    system.before_list(List::Transactions);
    let is = |name: &str, value: &str| {
        given
            .text(name)
            .is_none_or(|wanted| wanted == "any" || wanted == value)
    };
    let customers: Option<Vec<u64>> = given
        .text("customer_ids")
        .map(|text| text.split(',').filter_map(|id| id.parse().ok()).collect());
    let state = system.state();
    let fits = |sale: &&Sale| {
        let (status, payment, shipping) = records::statuses(sale.status);
        let customer = customers
            .as_ref()
            .is_none_or(|ids| sale.contact.is_some_and(|id| ids.contains(&id)));
        let standing = is("status", status)
            && is("payment_status", payment)
            && is("shipping_status", shipping);
        let found = given
            .text("q")
            .is_none_or(|text| text == sale.number.to_string());
        standing && customer && found && asked.wants(sale.id, sale.at, sale.updated)
    };
    let rows: Vec<&Sale> = state.world.sales.iter().rev().filter(fits).collect();
    Ok(page(&asked, &uri, &headers, rows, |sale| {
        records::order(&state.world, sale)
    }))
}

async fn products(
    State(system): State<Shared>,
    Query(given): Given,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let asked = Asked::read(&given)?;
    system.before_list(List::Products);
    let state = system.state();
    let fits = |product: &&Product| {
        let published = given.allows(
            "published",
            if product.standing.is_active() {
                "true"
            } else {
                "false"
            },
        );
        let found = given
            .text("q")
            .is_none_or(|text| product.name.contains(text) || product.sku.contains(text));
        published && found && asked.wants(product.id, product.created, product.updated)
    };
    let mut rows: Vec<&Product> = state.world.products.iter().filter(fits).collect();
    match given.text("sort_by") {
        Some("created-at-ascending") => rows.sort_by_key(|product| (product.created, product.id)),
        Some("created-at-descending") => {
            rows.sort_by_key(|product| std::cmp::Reverse((product.created, product.id)));
        }
        Some("alpha-ascending" | "name-ascending") => {
            rows.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Some("price-ascending") => rows.sort_by_key(|product| (product.price, product.id)),
        _ => {}
    }
    Ok(page(&asked, &uri, &headers, rows, records::product))
}

/// The ids in a path: that of the store, and that of a record at its end.
type Ids = Path<HashMap<String, String>>;

fn one(
    system: &System,
    ids: &HashMap<String, String>,
    what: &str,
    find: impl Fn(&crate::world::World, u64) -> Option<Value>,
) -> Response {
    let state = system.state();
    let record = ids
        .get("id")
        .and_then(|id| id.parse().ok())
        .and_then(|id| find(&state.world, id));
    found(record, || {
        not_found(&format!("{what} with such id does not exist"))
    })
}

async fn customer(State(system): State<Shared>, Path(ids): Ids) -> Response {
    one(&system, &ids, "Customer", |world, id| {
        let bought = stores::bought(world).get(&id).copied().unwrap_or_default();
        world
            .person(id)
            .map(|person| records::customer(person, bought))
    })
}

async fn order(State(system): State<Shared>, Path(ids): Ids) -> Response {
    one(&system, &ids, "Order", |world, id| {
        world.sale(id).map(|sale| records::order(world, sale))
    })
}

async fn product(State(system): State<Shared>, Path(ids): Ids) -> Response {
    one(&system, &ids, "Product", |world, id| {
        world.product(id).map(records::product)
    })
}
