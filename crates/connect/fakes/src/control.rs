//! What a test may do to the fakes and ask of them; no vendor has any of this.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Faults;
use crate::system::{Shared, System};
use crate::world::List;

type Systems = Arc<HashMap<&'static str, Shared>>;

/// The routes below `/control`.
pub(crate) fn router(systems: impl IntoIterator<Item = Shared>) -> Router {
    let systems: HashMap<&'static str, Shared> = systems.into_iter().map(|system| (system.vendor.name, system)).collect();
    Router::new()
        .route("/{system}/truth", get(truth))
        .route("/{system}/change", post(change))
        .route("/{system}/faults", post(faults))
        .route("/{system}/churn", post(churn))
        .route("/{system}/tokens", post(tokens))
        .route("/{system}/redirect", post(redirect))
        .route("/{system}/page", post(page))
        .route("/{system}/stats", get(stats))
        .with_state(Arc::new(systems))
}

/// Runs with the system of this name.
fn with(systems: &Systems, name: &str, run: impl FnOnce(&System) -> Value) -> Response {
    match systems.get(name) {
        Some(system) => Json(run(system)).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": format!("no system {name}")}))).into_response(),
    }
}

async fn truth(State(systems): State<Systems>, Path(name): Path<String>) -> Response {
    with(&systems, &name, |system| system.truth(&system.state().world))
}

async fn stats(State(systems): State<Systems>, Path(name): Path<String>) -> Response {
    with(&systems, &name, System::stats)
}

/// How many records of each list to change, and how many to add.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Change {
    contacts: usize,
    transactions: usize,
    products: usize,
}

async fn change(State(systems): State<Systems>, Path(name): Path<String>, Json(change): Json<Change>) -> Response {
    with(&systems, &name, |system| {
        let now = crate::clock::now();
        let mut state = system.state();
        let mut changed = |list, count| {
            let mut ids = state.world.change(list, count, now);
            ids.extend((0..count).map(|_| state.world.add(list, now, false)));
            ids
        };
        let (contacts, products) = (changed(List::Contacts, change.contacts), changed(List::Products, change.products));
        let sales = changed(List::Transactions, change.transactions);
        let world = &state.world;
        let truth = system.truth(world);
        let people = world.clients().map(|person| person.id);
        let goods = world.products.iter().map(|product| product.id);
        let sales: Vec<String> = world.sales.iter().filter(|sale| sales.contains(&sale.id)).map(system.vendor.telling.sale_id).collect();
        let (contacts, products) = (shown(&contacts, people, &truth["contacts"]), shown(&products, goods, &truth["products"]));
        json!({"contacts": contacts, "transactions": sales, "products": products})
    })
}

/// Ids as the vendor shows them: the truth lists the same records in the same order, or none of them.
fn shown(ids: &[u64], all: impl Iterator<Item = u64>, truth: &Value) -> Vec<String> {
    let names: HashMap<u64, &str> = all.zip(truth.as_array().into_iter().flatten().filter_map(|record| record["id"].as_str())).collect();
    ids.iter().map(|id| names.get(id).map_or_else(|| id.to_string(), |name| (*name).to_owned())).collect()
}

async fn faults(State(systems): State<Systems>, Path(name): Path<String>, Json(planned): Json<Faults>) -> Response {
    with(&systems, &name, |system| {
        system.state().faults.plan(&planned);
        json!({})
    })
}

#[derive(Deserialize)]
struct Churn {
    every: u64,
}

async fn churn(State(systems): State<Systems>, Path(name): Path<String>, Json(churn): Json<Churn>) -> Response {
    with(&systems, &name, |system| {
        system.set_churn(churn.every);
        json!({})
    })
}

/// Lifetimes of the tokens that are given out from now on.
#[derive(Deserialize)]
struct Tokens {
    access_seconds: Option<u64>,
    refresh_seconds: Option<u64>,
}

async fn tokens(State(systems): State<Systems>, Path(name): Path<String>, Json(tokens): Json<Tokens>) -> Response {
    with(&systems, &name, |system| {
        let oauth = &mut system.state().oauth;
        oauth.access_seconds = tokens.access_seconds.unwrap_or(oauth.access_seconds);
        oauth.refresh_seconds = tokens.refresh_seconds.unwrap_or(oauth.refresh_seconds);
        json!({"access_seconds": oauth.access_seconds, "refresh_seconds": oauth.refresh_seconds})
    })
}

#[derive(Deserialize)]
struct Redirect {
    uri: String,
}

async fn redirect(State(systems): State<Systems>, Path(name): Path<String>, Json(redirect): Json<Redirect>) -> Response {
    with(&systems, &name, |system| {
        system.state().oauth.registered = Some(redirect.uri);
        json!({})
    })
}

/// Microvix's pages: how many rows, and whether the cursor's own row comes again.
#[derive(Deserialize)]
struct Page {
    rows: Option<usize>,
    #[serde(default)]
    inclusive: bool,
}

async fn page(State(systems): State<Systems>, Path(name): Path<String>, Json(page): Json<Page>) -> Response {
    with(&systems, &name, |system| {
        system.state().page = (page.rows.unwrap_or(5000).max(1), page.inclusive);
        json!({})
    })
}
