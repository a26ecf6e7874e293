//! The fake of WooCommerce, REST API v3: Basic with a consumer key, `WordPress`'s own checks of
//! parameters, customers without a filter by change.

mod parameters;
mod records;

use axum::Json;
use axum::Router;
use axum::extract::{OriginalUri, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::answers::{Answer, elsewhere, found, with_headers};
use crate::clock::Moment;
use crate::data::{
    Person, Product, Sale,
    Status::{Approved, Cancelled, Delivered, Open, Returned},
};
use crate::faults::misbehave;
use crate::query::Given;
use crate::stores;
use crate::system::{Shared, Vendor};
use crate::truth::Telling;
use crate::world::{Anonymous, List, Rules};
use parameters::{Asked, Sorting};

/// The consumer key that the shop knows.
pub const CONSUMER_KEY: &str = "ck_0123456789abcdef0123456789abcdef01234567";
/// The consumer secret that belongs to that key.
pub const CONSUMER_SECRET: &str = "cs_fedcba9876543210fedcba9876543210fedcba98";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "woocommerce",
    rules: Rules {
        anonymous: Anonymous::NoId,
        // A deleted order stays in the trash for 30 days.
        tombstones: &[List::Transactions],
        ..Rules::new(
            (12, 31, 1187),
            &[
                Delivered, Open, Cancelled, Returned, Approved, Delivered, Delivered, Open,
                Approved, Delivered,
            ],
        )
    },
    // WooCommerce has no limit. The web server through which requests come may have one.
    too_many: |_| (StatusCode::TOO_MANY_REQUESTS, Html(NGINX_TOO_MANY)).into_response(),
    broken: || {
        let message = "<p>There has been a critical error on this website.</p>";
        let error = json!({"code": "internal_server_error", "message": message,
                "data": {"status": 500}, "additional_errors": []});
        (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response()
    },
    telling: Telling {
        phones: |person| {
            stores::phone(person)
                .map(|phone| phone.whole(" "))
                .into_iter()
                .collect()
        },
        // Without a plug-in the number of an order is its id.
        number: |sale| sale.id.to_string(),
        net_lines: true,
        ..Telling::PLAIN
    },
    mend: records::mend,
    ..Vendor::PLAIN
};

const NGINX_TOO_MANY: &str = "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n\
    <body>\r\n<center><h1>429 Too Many Requests</h1></center>\r\n\
    <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

pub(crate) fn router(system: Shared) -> Router {
    let closed = Router::new()
        .route("/customers", get(customers))
        .route("/customers/{id}", get(customer))
        .route("/orders", get(orders))
        .route("/orders/{id}", get(order))
        .route("/products", get(products))
        .route("/products/{id}", get(product))
        .route(
            "/system_status",
            get(|| async { Json(records::system_status()) }),
        )
        .route(
            "/settings/general",
            get(|| async { Json(records::settings()) }),
        )
        .route(
            "/data/currencies/current",
            get(|| async { Json(records::currency()) }),
        )
        .layer(from_fn_with_state(system.clone(), closed_to_strangers));
    Router::new()
        .route("/", get(|| async { Json(records::index()) }))
        .merge(closed)
        .fallback(|| async {
            error(
                StatusCode::NOT_FOUND,
                "rest_no_route",
                "No route was found matching the URL and request method.",
            )
        })
        .layer(from_fn_with_state(system.clone(), guard))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (
        status,
        Json(json!({"code": code, "message": message, "data": {"status": status.as_u16()}})),
    )
        .into_response()
}

/// The caller of a request. `WordPress` refuses wrong credentials everywhere, and missing ones only
/// for data that is not public.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    Known,
    Nobody,
    WrongKey,
    WrongSecret,
}

fn caller(request: &Request) -> Caller {
    let basic = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let pair = basic.and_then(|text| String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok());
    let given = pair
        .as_deref()
        .and_then(|pair| pair.split_once(':'))
        .map(|(key, secret)| (key.to_owned(), secret.to_owned()));
    let Some((key, secret)) =
        given.or_else(|| from_query(request.uri().query().unwrap_or_default()))
    else {
        return Caller::Nobody;
    };
    match (key.as_str(), secret.as_str()) {
        (CONSUMER_KEY, CONSUMER_SECRET) => Caller::Known,
        (CONSUMER_KEY, _) => Caller::WrongSecret,
        _ => Caller::WrongKey,
    }
}

/// Returns key and secret from the address, for servers that drop the header.
fn from_query(query: &str) -> Option<(String, String)> {
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    Some((value("consumer_key")?, value("consumer_secret")?))
}

async fn guard(State(system): State<Shared>, request: Request, next: Next) -> Response {
    let message = match caller(&request) {
        Caller::WrongKey => "Consumer key is invalid.",
        Caller::WrongSecret => "Consumer secret is invalid.",
        Caller::Known | Caller::Nobody => {
            // There is no limit, but the tests need the number of requests in a second.
            let _ = system.admit_main("shop", usize::MAX, 1);
            return next.run(request).await;
        }
    };
    let mut refused = error(
        StatusCode::UNAUTHORIZED,
        "woocommerce_rest_authentication_error",
        message,
    );
    let realm = "Basic realm=\"WooCommerce API. Use a consumer key in the username field and a \
        consumer secret in the password field.\"";
    refused
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(realm));
    refused
}

async fn closed_to_strangers(request: Request, next: Next) -> Response {
    if caller(&request) == Caller::Known {
        return next.run(request).await;
    }
    error(
        StatusCode::UNAUTHORIZED,
        "woocommerce_rest_cannot_view",
        "Sorry, you cannot list resources.",
    )
}

/// Answers with one page, and with the totals in headers. A page after the end is an empty list.
fn page<T>(
    asked: &Asked,
    uri: &OriginalUri,
    headers: &HeaderMap,
    rows: Vec<T>,
    record: impl Fn(T) -> Value,
) -> Response {
    let (total, start) = (
        rows.len(),
        asked
            .offset
            .unwrap_or((asked.page - 1).saturating_mul(asked.per_page)),
    );
    let pages = total.div_ceil(asked.per_page);
    let rows: Vec<Value> = rows
        .into_iter()
        .skip(start)
        .take(asked.per_page)
        .map(|row| asked.only_fields(record(row)))
        .collect();
    let link = |page: usize, rel: &str| {
        format!(
            "<{}>; rel=\"{rel}\"",
            elsewhere(uri, headers, "page", page, false)
        )
    };
    let previous = (asked.page > 1).then(|| link((asked.page - 1).min(pages.max(1)), "prev"));
    let next = (asked.page < pages).then(|| link(asked.page + 1, "next"));
    let links: Vec<String> = previous.into_iter().chain(next).collect();
    let told = [
        ("x-wp-total", total.to_string()),
        ("x-wp-totalpages", pages.to_string()),
        ("link", links.join(", ")),
    ];
    with_headers(Json(rows).into_response(), told)
}

async fn customers(
    State(system): State<Shared>,
    Query(given): Given,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let asked = Asked::read(&given, &parameters::CUSTOMERS)?;
    system.before_list(List::Contacts);
    let state = system.state();
    let fits = |person: &&Person| {
        let role = matches!(given.text("role").unwrap_or("customer"), "customer" | "all");
        let email = given
            .text("email")
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(&records::email(person)));
        role && email && asked.wants(person.id)
    };
    let mut rows: Vec<&Person> = state.world.people.iter().filter(fits).collect();
    match asked.sorting {
        Sorting::Name => rows.sort_by_key(|person| (person.name.to_lowercase(), person.id)),
        Sorting::Date => rows.sort_by_key(|person| (person.created, person.id)),
        _ => {}
    }
    asked.turn(&mut rows);
    let bought = stores::bought(&state.world);
    Ok(page(&asked, &uri, &headers, rows, |person| {
        records::customer(person, bought.contains_key(&person.id))
    }))
}

/// Returns true when a record is in the periods that were asked for. A time without an offset is of
/// the shop's clock. The digits are compared with the column as they are: the shop's own time or
/// UTC.
fn in_periods(asked: &Asked, created: Moment, modified: Moment) -> bool {
    let column = |moment: Moment| if asked.gmt { moment.utc() } else { moment };
    let (created, modified) = (column(created), column(modified));
    asked.after.is_none_or(|after| created > after)
        && asked.before.is_none_or(|before| created < before)
        && asked.modified_after.is_none_or(|after| modified > after)
        && asked.modified_before.is_none_or(|before| modified < before)
}

async fn orders(
    State(system): State<Shared>,
    Query(given): Given,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let asked = Asked::read(&given, &parameters::ORDERS)?;
    system.before_list(List::Transactions);
    let statuses = parameters::statuses(&given);
    let state = system.state();
    let fits = |sale: &&Sale| {
        let status = if sale.deleted {
            statuses.contains(&"trash")
        } else {
            statuses.contains(&"any") || statuses.contains(&records::status(sale))
        };
        let customer = given
            .text("customer")
            .is_none_or(|wanted| wanted == sale.contact.unwrap_or(0).to_string());
        status && customer && asked.wants(sale.id) && in_periods(&asked, sale.at, sale.updated)
    };
    let mut rows: Vec<&Sale> = state.world.sales.iter().filter(fits).collect();
    match asked.sorting {
        Sorting::Date => rows.sort_by_key(|sale| (sale.at, sale.id)),
        Sorting::Modified => rows.sort_by_key(|sale| (sale.updated, sale.id)),
        _ => {}
    }
    asked.turn(&mut rows);
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
    let asked = Asked::read(&given, &parameters::PRODUCTS)?;
    system.before_list(List::Products);
    let statuses = parameters::statuses(&given);
    let state = system.state();
    let fits = |product: &&Product| {
        let status =
            statuses.contains(&"any") || statuses.contains(&records::product_status(product));
        let sku = given
            .text("sku")
            .is_none_or(|wanted| wanted.split(',').any(|sku| sku.trim() == product.sku));
        let kind = given.text("type").is_none_or(|kind| kind == "simple");
        status
            && sku
            && kind
            && asked.wants(product.id)
            && in_periods(&asked, product.created, product.updated)
    };
    let mut rows: Vec<&Product> = state.world.products.iter().filter(fits).collect();
    match asked.sorting {
        Sorting::Date => rows.sort_by_key(|product| (product.created, product.id)),
        Sorting::Modified => rows.sort_by_key(|product| (product.updated, product.id)),
        Sorting::Name => rows.sort_by_key(|product| (product.name.to_lowercase(), product.id)),
        Sorting::Price => rows.sort_by_key(|product| (product.price, product.id)),
        Sorting::Id => {}
    }
    asked.turn(&mut rows);
    Ok(page(&asked, &uri, &headers, rows, records::product))
}

fn one(record: Option<Value>, code: &str, message: &str) -> Response {
    found(record, || error(StatusCode::NOT_FOUND, code, message))
}

async fn customer(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    let found = state.world.person(id).map(|person| {
        let paying = state
            .world
            .sales
            .iter()
            .any(|sale| sale.contact == Some(id));
        records::customer(person, paying)
    });
    one(found, "woocommerce_rest_invalid_id", "Invalid resource ID.")
}

async fn order(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    one(
        state
            .world
            .sale(id)
            .map(|sale| records::order(&state.world, sale)),
        "woocommerce_rest_shop_order_invalid_id",
        "Invalid ID.",
    )
}

async fn product(State(system): State<Shared>, Path(id): Path<u64>) -> Response {
    let state = system.state();
    one(
        state.world.product(id).map(records::product),
        "woocommerce_rest_product_invalid_id",
        "Invalid ID.",
    )
}
