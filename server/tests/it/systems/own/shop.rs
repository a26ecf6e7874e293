//! A shop that makes the mistakes that real shops make.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

/// The state of the shop.
#[derive(Clone, Default)]
pub(super) struct Shop {
    /// The number of requests for customers.
    pub(super) asked: Arc<AtomicU32>,
    /// True when the shop has refused an old cursor.
    pub(super) late: Arc<AtomicBool>,
    /// The products that the shop sells, and the products with a price.
    pub(super) goods: Arc<Mutex<[Vec<u32>; 2]>>,
    /// The customers that the shop no longer has, those that it reports as deleted, and those whose
    /// details it cannot give.
    pub(super) away: Arc<Mutex<[Vec<u32>; 3]>>,
    /// The customers with more details, each with true when the shop fails to give them.
    pub(super) rich: Arc<Mutex<Vec<(u32, bool)>>>,
    /// The customers without an e-mail address.
    pub(super) mute: Arc<Mutex<Vec<u32>>>,
}

/// Responds with a page of customers. The key in the request says how the shop misbehaves.
async fn customers(
    State(shop): State<Shop>,
    headers: HeaderMap,
    Query(query): Query<Value>,
) -> Response {
    shop.asked.fetch_add(1, Ordering::Relaxed);
    let key = headers["authorization"]
        .to_str()
        .unwrap()
        .trim_start_matches("Bearer ")
        .to_owned();
    let page: u32 = query["cursor"]
        .as_str()
        .and_then(|cursor| cursor.parse().ok())
        .unwrap_or(0);
    let next = match key.as_str() {
        "circles" => json!("1"),
        "plan" if page == 1 => {
            return (
                StatusCode::IM_A_TEAPOT,
                Json(json!({ "message": "gold only" })),
            )
                .into_response();
        }
        "bare" if page == 1 => return Json(json!({ "ok": true })).into_response(),
        "lost" if page == 2 && !shop.late.swap(true, Ordering::Relaxed) => {
            return (StatusCode::NOT_FOUND, Html("<html>nginx")).into_response();
        }
        // The shop's cursors expire.
        "late" if page == 2 && !shop.late.swap(true, Ordering::Relaxed) => {
            return StatusCode::BAD_REQUEST.into_response();
        }
        _ if page < 3 => json!((page + 1).to_string()),
        _ => Value::Null,
    };
    let [missing, deleted, secret] = shop.away.lock().unwrap().clone();
    let mute = shop.mute.lock().unwrap().clone();
    let mail = |id: u32| {
        if mute.contains(&id) {
            String::new()
        } else {
            format!("c{id}@example.com")
        }
    };
    let rich = shop.rich.lock().unwrap().clone();
    let more = |id: u32| {
        key == "gone" && matches!(id, 10 | 11)
            || secret.contains(&id)
            || rich.iter().any(|(rich, _)| *rich == id)
    };
    let customer = |id: u32| {
        json!({ "id": id, "more": more(id), "deleted": deleted.contains(&id),
            "name": format!("Cliente {id}"), "mail": mail(id) })
    };
    let listed = (page * 10..page * 10 + 10).filter(|id| !missing.contains(id));
    Json(json!({ "customers": listed.map(customer).collect::<Vec<_>>(), "next": next }))
        .into_response()
}

/// Serves the shop; returns its address.
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
pub(super) async fn serve(shop: Shop) -> String {
    let name = get(
        async |headers: HeaderMap| match headers["authorization"].to_str().unwrap() {
            "Bearer closed" => StatusCode::UNAUTHORIZED.into_response(),
            "Bearer large" => "x".repeat(100_000).into_response(),
            "Bearer many" => format!("[{}]", vec!["{}"; 10_000].join(",")).into_response(),
            "Bearer away" => {
                (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response()
            }
            key => Json(json!({ "name": format!("Tienda {}", key.trim_start_matches("Bearer ")) }))
                .into_response(),
        },
    );
    // Of the two customers with details, one is deleted by now, and the details of the other cannot
    // be given.
    let one = get(async |State(shop): State<Shop>, Path(id): Path<u32>| {
        let rich = shop
            .rich
            .lock()
            .unwrap()
            .iter()
            .find(|(rich, _)| *rich == id)
            .copied();
        match rich {
            Some((id, false)) => Json(json!({ "id": id, "city": "Rosario" })).into_response(),
            Some((_, true)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            None if id == 10 => StatusCode::NOT_FOUND.into_response(),
            None => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        }
    });
    // Customer 17 always has more notes.
    let notes = get(async |Query(query): Query<Value>| {
        let ids: Vec<&str> = query["ids"].as_str().unwrap().split(',').collect();
        let row = |id: &&str| json!({ "of": id, "city": format!("Ciudad {id}") });
        Json(
            json!({ "more": ids.contains(&"17"), "rows": ids.iter().map(row).collect::<Vec<_>>() }),
        )
    });
    let goods = get(async |State(shop): State<Shop>| {
        let product = |id: &u32| json!({ "id": id, "title": format!("Mate {id}") });
        Json(json!(
            shop.goods.lock().unwrap()[0]
                .iter()
                .map(product)
                .collect::<Vec<_>>()
        ))
    });
    let prices = get(async |State(shop): State<Shop>| {
        let price = |id: &u32| json!({ "of": id, "price": format!("{id}99,5") });
        Json(json!(
            shop.goods.lock().unwrap()[1]
                .iter()
                .map(price)
                .collect::<Vec<_>>()
        ))
    });
    let router = Router::new()
        .route("/notes", notes)
        .route("/goods", goods)
        .route("/prices", prices)
        .route(
            "/closed",
            get(async || {
                (
                    StatusCode::IM_A_TEAPOT,
                    Json(json!({ "message": "gold only" })),
                )
            }),
        )
        .route("/shop", name)
        .route("/customers", get(customers))
        .route("/customers/{id}", one)
        .with_state(shop);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
