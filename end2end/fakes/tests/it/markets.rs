//! The fakes of VTEX and Mercado Libre behave as the vendors do, seen over HTTP.

use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::fakes::{Fakes, Ids, both, ids, json_of, pair, parameter, text};

/// The moment from which on nothing seeded was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00Z";
const FAR: &str = "2100-01-01T00:00:00Z";

/// A path with parameters.
fn asked(path: &str, parameters: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    format!(
        "{path}{}{}",
        if path.contains('?') { '&' } else { '?' },
        pairs.join("&")
    )
}

fn vtex(fakes: &Fakes, path: &str) -> RequestBuilder {
    let request = fakes.get(&format!("/vtex/api/{path}"));
    request
        .header("X-VTEX-API-AppKey", credentials::VTEX_APP_KEY)
        .header("X-VTEX-API-AppToken", credentials::VTEX_APP_TOKEN)
}

/// All documents of a scroll.
async fn scrolled(fakes: &Fakes, entity: &str, query: &[(&str, &str)]) -> Vec<Value> {
    let mut response = vtex(
        fakes,
        &asked(&format!("dataentities/{entity}/scroll"), query),
    )
    .send()
    .await
    .unwrap();
    let mut all = Vec::new();
    loop {
        assert_eq!(response.status(), StatusCode::OK);
        let token = response.headers()["X-VTEX-MD-TOKEN"]
            .to_str()
            .unwrap()
            .to_owned();
        let rows: Vec<Value> = response.json().await.unwrap();
        if rows.is_empty() {
            return all;
        }
        all.extend(rows);
        response = vtex(
            fakes,
            &format!("dataentities/{entity}/scroll?_token={token}"),
        )
        .send()
        .await
        .unwrap();
    }
}

async fn vtex_orders(fakes: &Fakes, query: &[(&str, &str)]) -> Ids {
    let (mut found, mut page) = (Ids::new(), 1);
    loop {
        let body = json_of(vtex(
            fakes,
            &asked(&format!("oms/pvt/orders?page={page}"), query),
        ))
        .await;
        found.extend(ids(&body["list"], "orderId"));
        if page >= body["paging"]["pages"].as_i64().unwrap() {
            return found;
        }
        page += 1;
    }
}

#[tokio::test]
async fn vtex_refuses_strangers_in_the_way_of_each_part() {
    let fakes = Fakes::start(1).await;
    let (status, body) = both(
        fakes
            .get("/vtex/api/oms/pvt/orders")
            .header("X-VTEX-API-AppKey", "other"),
    )
    .await;
    assert_eq!(
        (status, text(&body["error"]["message"])),
        (StatusCode::UNAUTHORIZED, "Acesso não autorizado".into())
    );
    let (status, body) = both(fakes.get("/vtex/api/dataentities/CL/scroll?_fields=_all")).await;
    assert_eq!(
        (status, text(&body["Message"])),
        (StatusCode::FORBIDDEN, "Cannot read private fields".into())
    );
    assert_eq!(
        json_of(vtex(&fakes, "license-manager/account")).await["accountName"],
        credentials::VTEX_ACCOUNT
    );
}

#[tokio::test]
async fn vtex_lists_orders_newest_first_in_thirty_pages_at_most() {
    let fakes = Fakes::start(1).await;
    let first = json_of(vtex(&fakes, "oms/pvt/orders")).await;
    assert_eq!(
        (
            first["list"].as_array().unwrap().len(),
            first["paging"]["total"].as_u64()
        ),
        (15, Some(250))
    );
    assert!(first["list"][0]["creationDate"].as_str() > first["list"][1]["creationDate"].as_str());
    assert_eq!(
        (
            &first["list"][0]["items"],
            first["paging"]["pages"].as_u64()
        ),
        (&Value::Null, Some(17))
    );
    let (status, body) = both(vtex(&fakes, "oms/pvt/orders?page=31")).await;
    assert_eq!(
        (status, text(&body["error"]["message"])),
        (StatusCode::BAD_REQUEST, "Max page exceed".into())
    );
    let truth = fakes.truth("vtex", "transactions").await;
    assert_eq!(
        vtex_orders(
            &fakes,
            &[("per_page", "500"), ("orderBy", "creationDate,asc")]
        )
        .await,
        truth
    );
    let (half, whole) = (
        "creationDate:[2000-01-01T00:00:00.000Z TO 2025-11-01T00:00:00.000Z]",
        &format!("creationDate:[2025-11-01T00:00:00.000Z TO {FAR}]"),
    );
    let older = vtex_orders(&fakes, &[("per_page", "100"), ("f_creationDate", half)]).await;
    let younger = vtex_orders(&fakes, &[("per_page", "100"), ("f_creationDate", whole)]).await;
    assert!(
        !older.is_empty()
            && !younger.is_empty()
            && older.is_disjoint(&younger)
            && older.len() + younger.len() == 250
    );
    assert_eq!(
        both(vtex(&fakes, "oms/pvt/orders?f_creationDate=2025"))
            .await
            .0,
        StatusCode::BAD_REQUEST
    );
    let changed = fakes.change("vtex").await;
    let since = format!("invoicedDate:[{SINCE} TO {FAR}]");
    // Of the changed orders only those that were invoiced can be found.
    assert!(
        vtex_orders(&fakes, &[("f_invoicedDate", &since)])
            .await
            .is_subset(&ids(&changed["transactions"], ""))
    );
    assert_eq!(vtex_orders(&fakes, &[("per_page", "100")]).await.len(), 253);
}

#[tokio::test]
async fn vtex_orders_tell_the_truth() {
    let fakes = Fakes::start(1).await;
    let truth = fakes.whole_truth("vtex").await;
    for sale in truth["transactions"].as_array().unwrap().iter().take(60) {
        let order = json_of(vtex(
            &fakes,
            &format!("oms/pvt/orders/{}", text(&sale["id"])),
        ))
        .await;
        let total = |place: usize| order["totals"][place]["value"].as_i64().unwrap();
        assert_eq!(
            (&order["value"], total(0) + total(1) + total(2)),
            (&sale["total"], sale["total"].as_i64().unwrap())
        );
        assert_eq!(
            (-total(1), total(2)),
            (
                sale["discount"].as_i64().unwrap(),
                sale["freight"].as_i64().unwrap()
            )
        );
        let profile = &order["clientProfileData"];
        assert!(
            text(&profile["email"]).ends_with("@ct.vtex.com.br")
                && profile["userProfileId"] == sale["contact"]
        );
        let mut net = 0;
        for (line, item) in order["items"]
            .as_array()
            .unwrap()
            .iter()
            .zip(sale["items"].as_array().unwrap())
        {
            assert_eq!(
                (&line["id"], &line["refId"], &line["price"]),
                (&item["product"], &item["sku"], &item["unit_price"])
            );
            assert_eq!(text(&line["quantity"]), text(&item["quantity"]));
            let part =
                |part: &Value| part["value"].as_i64().unwrap() * part["quantity"].as_i64().unwrap();
            let parts: i64 = line["priceDefinition"]["sellingPrices"]
                .as_array()
                .unwrap()
                .iter()
                .map(part)
                .sum();
            assert_eq!(line["priceDefinition"]["total"], parts);
            net += parts;
        }
        assert_eq!(net, total(0) + total(1));
        assert_eq!(
            sale["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["total"].as_i64().unwrap())
                .sum::<i64>(),
            total(0)
        );
    }
    let (status, body) = both(vtex(&fakes, "oms/pvt/orders/v1lojx-01")).await;
    assert_eq!(
        (status, text(&body["error"]["code"])),
        (StatusCode::NOT_FOUND, "OMS007".into())
    );
}

#[tokio::test]
async fn vtex_clients_come_by_scroll_or_search_and_new_ones_were_never_updated() {
    let fakes = Fakes::start(1).await;
    let truth = fakes.truth("vtex", "contacts").await;
    let fields = "id,userId,email,updatedIn,createdIn";
    let rows = scrolled(
        &fakes,
        "CL",
        &[
            ("_size", "60"),
            ("_fields", fields),
            ("_sort", "createdIn ASC"),
        ],
    )
    .await;
    assert!(
        rows.iter()
            .all(|row| row.as_object().unwrap().len() == 5 && row["id"] != row["userId"])
    );
    assert!(
        rows.windows(2)
            .all(|two| two[0]["createdIn"].as_str() <= two[1]["createdIn"].as_str())
    );
    assert_eq!(ids(&json!(rows), "userId"), truth);
    let mut found = Ids::new();
    for from in [0, 100, 200] {
        let request = vtex(&fakes, "dataentities/CL/search?_fields=userId")
            .header("REST-Range", format!("resources={from}-{}", from + 100));
        let response = request.send().await.unwrap();
        assert_eq!(
            response.headers()["REST-Content-Range"].to_str().unwrap(),
            format!("resources {from}-{}/230", from + 100)
        );
        found.extend(ids(&response.json().await.unwrap(), "userId"));
    }
    assert_eq!(found, truth);
    let changed = ids(&fakes.change("vtex").await["contacts"], "");
    let updated = format!("updatedIn between {SINCE} AND {FAR}");
    let known = scrolled(&fakes, "CL", &[("_fields", "userId"), ("_where", &updated)]).await;
    let either = format!("({updated}) OR (createdIn between {SINCE} AND {FAR})");
    let all = scrolled(&fakes, "CL", &[("_fields", "_all"), ("_where", &either)]).await;
    assert!(known.len() == 4 && ids(&json!(known), "userId").is_subset(&changed));
    assert_eq!(ids(&json!(all), "userId"), changed);
    let addresses = scrolled(&fakes, "AD", &[("_fields", "_all"), ("_size", "1000")]).await;
    let clients = ids(&json!(scrolled(&fakes, "CL", &[]).await), "id");
    assert!(addresses.len() > 150 && ids(&json!(addresses), "userId").is_subset(&clients));
    for odd in [
        "scroll?_size=1001",
        "scroll?_token=none",
        "scroll?_where=nothing=1",
        "search?_sort=nothing",
    ] {
        assert_eq!(
            both(vtex(&fakes, &format!("dataentities/CL/{odd}")))
                .await
                .0,
            StatusCode::BAD_REQUEST,
            "{odd}"
        );
    }
}

#[tokio::test]
async fn vtex_products_are_asked_for_one_by_one() {
    let fakes = Fakes::start(1).await;
    let truth = fakes.whole_truth("vtex").await;
    let mut found = Vec::new();
    for page in [1, 2, 3, 4] {
        let path = format!("catalog_system/pvt/sku/stockkeepingunitids?page={page}&pagesize=50");
        found.extend(
            json_of(vtex(&fakes, &path))
                .await
                .as_array()
                .unwrap()
                .clone(),
        );
    }
    assert_eq!(ids(&json!(found), ""), ids(&truth["products"], "id"));
    for product in truth["products"].as_array().unwrap().iter().take(20) {
        let id = text(&product["id"]);
        let sku = json_of(vtex(
            &fakes,
            &format!("catalog_system/pvt/sku/stockkeepingunitbyid/{id}"),
        ))
        .await;
        assert_eq!(
            (&sku["NameComplete"], &sku["IsActive"]),
            (&product["name"], &product["active"])
        );
        assert_eq!(sku["AlternateIds"]["RefId"], product["sku"]);
        let price = json_of(vtex(&fakes, &format!("pricing/prices/{id}"))).await["basePrice"]
            .as_f64()
            .unwrap();
        assert_eq!(
            format!("{price:.2}").replace('.', ""),
            format!("{:03}", product["price"].as_i64().unwrap())
        );
    }
}

#[tokio::test]
async fn vtex_says_when_to_try_again() {
    let fakes = Fakes::start(1).await;
    for _ in 0..5000 {
        assert_eq!(
            vtex(&fakes, "license-manager/account")
                .send()
                .await
                .unwrap()
                .status(),
            StatusCode::OK
        );
    }
    let response = vtex(&fakes, "license-manager/account")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
}

async fn ml_token(fakes: &Fakes, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut all = vec![
        ("client_id", credentials::MERCADO_LIBRE_CLIENT_ID),
        ("client_secret", credentials::MERCADO_LIBRE_CLIENT_SECRET),
    ];
    all.extend(form);
    both(fakes.post("/mercadolibre/oauth/token").form(&all)).await
}

/// Access and refresh token of a seller who said yes.
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
