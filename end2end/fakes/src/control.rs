//! The control: routes by which a test changes the fakes and reads their state. No vendor has such
//! routes.

use std::collections::HashMap;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Faults;
use crate::system::Shared;
use crate::world::List;

/// Makes the routes below `/control` and the system's name.
pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/truth",
            get(|State(system): State<Shared>| async move {
                Json(system.truth(&system.state().world))
            }))
        .route("/change", post(change))
        .route("/delete", post(delete))
        .route("/faults", post(faults))
        .route("/churn", post(churn))
        .route("/tokens", post(tokens))
        .route("/redirect", post(redirect))
        .route("/page", post(page))
        .route("/stats", get(|State(system): State<Shared>| async move { Json(system.stats()) }))
        .with_state(system)
}

/// The number of records of each list to change, and as many to add; or the number to delete.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Change {
    contacts: usize,
    transactions: usize,
    products: usize,
}

async fn change(State(system): State<Shared>, Json(change): Json<Change>) -> Json<Value> {
    let now = crate::clock::now();
    let mut state = system.state();
    let mut changed = |list, count| {
        let mut ids = state.world.change(list, count, now);
        ids.extend((0..count).map(|_| state.world.add(list, now, false)));
        ids
    };
    let (contacts, products) = (
        changed(List::Contacts, change.contacts),
        changed(List::Products, change.products),
    );
    let sales = changed(List::Transactions, change.transactions);
    let world = &state.world;
    let truth = system.truth(world);
    let people = world.clients().map(|person| person.id);
    let goods = world.goods().map(|product| product.id);
    let sales: Vec<String> = world
        .sales
        .iter()
        .filter(|sale| sales.contains(&sale.id))
        .map(system.vendor.telling.sale_id)
        .collect();
    let (contacts, products) = (
        shown(&contacts, people, &truth["contacts"]),
        shown(&products, goods, &truth["products"]),
    );
    Json(json!({"contacts": contacts, "transactions": sales, "products": products}))
}

async fn delete(State(system): State<Shared>, Json(change): Json<Change>) -> Json<Value> {
    let now = crate::clock::now();
    let world = &mut system.state().world;
    world.delete(List::Contacts, change.contacts, now);
    world.delete(List::Transactions, change.transactions, now);
    world.delete(List::Products, change.products, now);
    Json(json!({}))
}

/// Returns ids as the vendor writes them. The truth lists the same records in the same order, or
/// none of them.
fn shown(ids: &[u64], all: impl Iterator<Item = u64>, truth: &Value) -> Vec<String> {
    let names: HashMap<u64, &str> = all
        .zip(
            truth
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|record| record["id"].as_str()),
        )
        .collect();
    ids.iter()
        .map(|id| {
            names
                .get(id)
                .map_or_else(|| id.to_string(), |name| (*name).to_owned())
        })
        .collect()
}

async fn faults(State(system): State<Shared>, Json(planned): Json<Faults>) -> Json<Value> {
    system.state().faults.plan(&planned);
    Json(json!({}))
}

#[derive(Deserialize)]
struct Churn {
    every: u64,
    /// True when records are deleted, instead of changed and added.
    #[serde(default)]
    deletes: bool,
}

async fn churn(State(system): State<Shared>, Json(churn): Json<Churn>) -> Json<Value> {
    system.set_churn(churn.every, churn.deletes);
    Json(json!({}))
}

/// The lifetimes of the tokens that are issued from now on. `None` leaves a lifetime unchanged.
#[derive(Deserialize)]
struct Tokens {
    access_seconds: Option<u64>,
    refresh_seconds: Option<u64>,
}

async fn tokens(State(system): State<Shared>, Json(tokens): Json<Tokens>) -> Json<Value> {
    let oauth = &mut system.state().oauth;
    oauth.access_seconds = tokens.access_seconds.unwrap_or(oauth.access_seconds);
    oauth.refresh_seconds = tokens.refresh_seconds.unwrap_or(oauth.refresh_seconds);
    Json(json!({"access_seconds": oauth.access_seconds, "refresh_seconds": oauth.refresh_seconds}))
}

#[derive(Deserialize)]
struct Redirect {
    uri: String,
}

async fn redirect(State(system): State<Shared>, Json(redirect): Json<Redirect>) -> Json<Value> {
    system.state().oauth.registered = Some(redirect.uri);
    Json(json!({}))
}

/// The pages of Microvix: the number of rows, and whether the row of the cursor comes again.
#[derive(Deserialize)]
struct Page {
    rows: Option<usize>,
    #[serde(default)]
    inclusive: bool,
}

async fn page(State(system): State<Shared>, Json(page): Json<Page>) -> Json<Value> {
    system.state().page = (page.rows.unwrap_or(5000).max(1), page.inclusive);
    Json(json!({}))
}
