//! The fake of Mercado Libre behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, both, ids, json_of, pair, parameter, text};
use crate::requests::asked;
use alta_fakes::credentials;
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn ml_token(fakes: &Fakes, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut all = vec![
        ("client_id", credentials::MERCADO_LIBRE_CLIENT_ID),
        ("client_secret", credentials::MERCADO_LIBRE_CLIENT_SECRET),
    ];
    all.extend(form);
    both(fakes.post("/mercadolibre/oauth/token").form(&all)).await
}

/// Returns the access and the refresh token of a seller who gave consent.
async fn ml(fakes: &Fakes) -> (String, String) {
    let (redirect, client) = (
        "http://app.example/back",
        credentials::MERCADO_LIBRE_CLIENT_ID,
    );
    let asked = format!(
        "/mercadolibre/authorization?response_type=code&client_id={client}\
         &redirect_uri={redirect}&state=s%201"
    );
    assert!(
        fakes
            .decide(&asked, "deny")
            .await
            .contains("error=access_denied")
    );
    let code = parameter(&fakes.decide(&asked, "approve").await, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", redirect),
    ];
    let (status, tokens) = ml_token(fakes, &form).await;
    assert_eq!(
        (status, tokens["expires_in"].as_u64()),
        (StatusCode::OK, Some(21_600))
    );
    assert_eq!(tokens["user_id"], credentials::MERCADO_LIBRE_SELLER);
    pair(&tokens)
}

#[tokio::test]
async fn mercado_libre_takes_a_refresh_token_once() {
    let fakes = Fakes::start(1).await;
    let (access, refresh) = ml(&fakes).await;
    let me = |token: &str| both(fakes.get("/mercadolibre/users/me").bearer_auth(token));
    assert_eq!(
        both(fakes.get("/mercadolibre/users/me")).await.1["message"],
        "authorization value not present"
    );
    let (status, body) = me("APP_USR-1-1-other-1").await;
    assert_eq!(
        (status, &body["message"]),
        (StatusCode::UNAUTHORIZED, &json!("invalid access token"))
    );
    assert_eq!(me(&access).await.1["id"], credentials::MERCADO_LIBRE_SELLER);
    fakes
        .control("mercado-libre/faults", json!({"expired": 1}))
        .await;
    assert_eq!(me(&access).await.0, StatusCode::UNAUTHORIZED);
    let (status, renewed) = ml_token(
        &fakes,
        &[("grant_type", "refresh_token"), ("refresh_token", &refresh)],
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me(&pair(&renewed).0).await.0, StatusCode::OK);
    let (status, body) = ml_token(
        &fakes,
        &[("grant_type", "refresh_token"), ("refresh_token", &refresh)],
    )
    .await;
    assert_eq!(
        (status, &body["error"], &body["status"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("invalid_grant"),
            &json!(400)
        )
    );
    let wrong = fakes
        .post("/mercadolibre/oauth/token")
        .form(&[("client_id", "1"), ("grant_type", "refresh_token")]);
    assert_eq!(both(wrong).await.1["error"], "invalid_client");
}

const ALL: &str = "confirmed,payment_required,payment_in_process,paid,partially_refunded,cancelled";

async fn ml_orders(fakes: &Fakes, access: &str, query: &[(&str, &str)]) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let path = format!(
            "/mercadolibre/orders/search?seller={}&offset={}",
            credentials::MERCADO_LIBRE_SELLER,
            all.len()
        );
        let body = json_of(fakes.get(&asked(&path, query)).bearer_auth(access)).await;
        let rows = body["results"].as_array().unwrap().clone();
        if rows.is_empty() {
            assert_eq!(body["paging"]["total"], all.len());
            return all;
        }
        all.extend(rows);
    }
}

#[tokio::test]
async fn mercado_libre_hides_cancelled_orders_until_they_are_asked_for() {
    let fakes = Fakes::start(1).await;
    let (access, _) = ml(&fakes).await;
    let truth = fakes.whole_truth("mercado-libre").await;
    assert_eq!(truth["contacts"], json!([]));
    let orders = ml_orders(
        &fakes,
        &access,
        &[("order.status", ALL), ("sort", "date_asc"), ("limit", "50")],
    )
    .await;
    assert_eq!(ids(&json!(orders), "id"), ids(&truth["transactions"], "id"));
    let cancelled = truth["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|sale| sale["status"] == "cancelled")
        .count();
    assert_eq!(
        ml_orders(&fakes, &access, &[]).await.len(),
        orders.len() - cancelled
    );
    for sale in truth["transactions"].as_array().unwrap() {
        let order = orders
            .iter()
            .find(|order| text(&order["id"]) == text(&sale["id"]))
            .unwrap();
        let cents = |value: &Value| {
            format!("{:.2}", value.as_f64().unwrap())
                .replace('.', "")
                .parse::<i64>()
                .unwrap()
        };
        let lines: i64 = sale["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["total"].as_i64().unwrap())
            .sum();
        assert_eq!(
            (Some(cents(&order["total_amount"])), Some(lines)),
            (sale["total"].as_i64(), sale["total"].as_i64())
        );
        let first = (
            &order["order_items"][0]["item"]["id"],
            &order["order_items"][0]["item"]["seller_sku"],
        );
        assert_eq!(
            first,
            (&sale["items"][0]["product"], &sale["items"][0]["sku"])
        );
        assert!(text(&order["date_created"]).ends_with(".000-04:00") && sale["contact"].is_null());
    }
    let one = json_of(
        fakes
            .get(&format!("/mercadolibre/orders/{}", text(&orders[0]["id"])))
            .bearer_auth(&access),
    )
    .await;
    assert_eq!(one, orders[0]);
}

#[tokio::test]
async fn mercado_libre_finds_changed_orders_by_their_last_update() {
    let fakes = Fakes::start(1).await;
    let (access, _) = ml(&fakes).await;
    let since = "2026-11-19T23:00:00.000-04:00";
    assert_eq!(
        ml_orders(
            &fakes,
            &access,
            &[
                ("order.status", ALL),
                ("order.date_last_updated.from", since)
            ]
        )
        .await,
        [] as [Value; 0]
    );
    let changed = fakes.change("mercado-libre").await;
    let found = ml_orders(
        &fakes,
        &access,
        &[
            ("order.status", ALL),
            ("order.date_last_updated.from", since),
        ],
    )
    .await;
    assert_eq!(ids(&json!(found), "id"), ids(&changed["transactions"], ""));
    let nothing = [("order.status", ALL), ("order.last_updated.from", since)];
    assert_eq!(ml_orders(&fakes, &access, &nothing).await.len(), 253);
    let search = |query: &str| {
        both(
            fakes
                .get(&format!("/mercadolibre/orders/search?{query}"))
                .bearer_auth(&access),
        )
    };
    for (odd, wanted) in [
        ("limit=52", StatusCode::BAD_REQUEST),
        ("offset=9951&limit=50", StatusCode::BAD_REQUEST),
        (
            "order.date_created.from=2026-11-19",
            StatusCode::BAD_REQUEST,
        ),
        ("seller=1", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(search(odd).await.0, wanted, "{odd}");
    }
    assert_eq!(search("offset=9950&limit=50").await.0, StatusCode::OK);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn mercado_libre_scans_listings_and_shows_twenty_at_once() {
    let fakes = Fakes::start(1).await;
    let (access, _) = ml(&fakes).await;
    let path = format!(
        "/mercadolibre/users/{}/items/search?search_type=scan&limit=50",
        credentials::MERCADO_LIBRE_SELLER
    );
    let mut found: Vec<Value> = Vec::new();
    let mut scroll = String::new();
    loop {
        let body = json_of(
            fakes
                .get(&asked(&path, &[("scroll_id", &scroll)]))
                .bearer_auth(&access),
        )
        .await;
        if body["results"] == json!([]) {
            assert!(body["scroll_id"].is_null());
            break;
        }
        found.extend(body["results"].as_array().unwrap().clone());
        scroll = text(&body["scroll_id"]);
    }
    let truth = fakes.whole_truth("mercado-libre").await;
    assert_eq!(ids(&json!(found), ""), ids(&truth["products"], "id"));
    let items = |list: Vec<String>| {
        both(
            fakes
                .get(&asked("/mercadolibre/items", &[("ids", &list.join(","))]))
                .bearer_auth(&access),
        )
    };
    let known: Vec<String> = truth["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| text(&product["id"]))
        .collect();
    assert_eq!(items(known[..21].to_vec()).await.0, StatusCode::BAD_REQUEST);
    let (_, rows) = items([&known[..19], &["MLB1".to_owned()]].concat()).await;
    assert_eq!(
        (&rows[0]["code"], &rows[19]["code"]),
        (&json!(200), &json!(404))
    );
    for (row, product) in rows
        .as_array()
        .unwrap()
        .iter()
        .zip(truth["products"].as_array().unwrap())
        .take(19)
    {
        let body = &row["body"];
        assert_eq!(
            (&body["id"], &body["title"], body["status"] == "active"),
            (&product["id"], &product["name"], product["active"] == true)
        );
        assert_eq!(body["attributes"][1]["value_name"], product["sku"]);
    }
    let changed = ids(&fakes.change("mercado-libre").await["products"], "");
    assert!(changed.iter().all(|id| id.starts_with("MLB")));
    assert_eq!(
        both(
            fakes
                .get(&asked(&path, &[("scroll_id", "other")]))
                .bearer_auth(&access)
        )
        .await
        .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn mercado_libre_counts_by_app() {
    let fakes = Fakes::start(1).await;
    let (access, _) = ml(&fakes).await;
    let me = || fakes.get("/mercadolibre/users/me").bearer_auth(&access);
    for _ in 0..1500 {
        assert_eq!(me().send().await.unwrap().status(), StatusCode::OK);
    }
    let (status, body) = both(me()).await;
    assert_eq!(
        (status, &body["error"], &body["status"]),
        (
            StatusCode::TOO_MANY_REQUESTS,
            &json!("too_many_requests"),
            &json!(429)
        )
    );
}
