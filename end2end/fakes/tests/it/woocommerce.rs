//! The fake of WooCommerce behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, by_id, cents, header, ids, json_of, text};
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The moment after which no seeded record was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00";

fn woocommerce(fakes: &Fakes, path: &str) -> RequestBuilder {
    let (key, secret) = (
        credentials::WOOCOMMERCE_CONSUMER_KEY,
        credentials::WOOCOMMERCE_CONSUMER_SECRET,
    );
    fakes
        .get(&format!("/woocommerce/wp-json/wc/v3{path}"))
        .basic_auth(key, Some(secret))
}

const WOOCOMMERCE: [(&str, &str); 3] = [
    ("contacts", "customers"),
    ("transactions", "orders"),
    ("products", "products"),
];

#[tokio::test]
async fn woocommerce_refuses_strangers_and_bad_parameters() {
    let fakes = Fakes::start(1).await;
    let open = |path: &str| fakes.get(&format!("/woocommerce/wp-json/wc/v3{path}"));
    let (status, body) = both(open("/orders")).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (
            StatusCode::UNAUTHORIZED,
            Some("woocommerce_rest_cannot_view")
        )
    );
    assert_eq!(both(open("")).await.1["namespace"], "wc/v3");
    let (status, body) = both(open("/orders").basic_auth("ck_other", Some("cs_other"))).await;
    assert_eq!(
        (status, body["message"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("Consumer key is invalid."))
    );
    let (_, body) =
        both(open("/orders").basic_auth(credentials::WOOCOMMERCE_CONSUMER_KEY, Some("cs_other")))
            .await;
    assert_eq!(
        (body["code"].as_str(), body["message"].as_str()),
        (
            Some("woocommerce_rest_authentication_error"),
            Some("Consumer secret is invalid.")
        )
    );
    assert_eq!(
        json_of(woocommerce(&fakes, "/system_status")).await["settings"]["currency"],
        "BRL"
    );
    for bad in [
        "per_page=101",
        "page=0",
        "per_page=x",
        "order=up",
        "orderby=total",
        "modified_after=2026-11-20",
        "status=lost",
    ] {
        let (status, body) = both(woocommerce(&fakes, &format!("/orders?{bad}"))).await;
        let name = bad.split('=').next().unwrap();
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("rest_invalid_param")),
            "{bad}"
        );
        assert!(body["data"]["details"][name]["code"].is_string(), "{body}");
    }
    assert_eq!(
        both(woocommerce(&fakes, "/orders/1")).await.1["code"],
        "woocommerce_rest_shop_order_invalid_id"
    );
    assert_eq!(
        both(woocommerce(&fakes, "/nothing")).await.1["code"],
        "rest_no_route"
    );
}

#[tokio::test]
async fn woocommerce_pages_hold_all_and_orders_and_products_know_what_changed() {
    let fakes = Fakes::start(1).await;
    for (list, path) in WOOCOMMERCE {
        let (mut found, mut page) = (Ids::new(), 1);
        loop {
            let response = woocommerce(
                &fakes,
                &format!("/{path}?per_page=60&page={page}&orderby=id&order=asc"),
            )
            .send()
            .await
            .unwrap();
            let (total, pages, link) = (
                header(&response, "x-wp-total"),
                header(&response, "x-wp-totalpages"),
                header(&response, "link"),
            );
            let rows: Value = response.json().await.unwrap();
            assert_eq!(
                pages.parse::<usize>().unwrap(),
                total.parse::<usize>().unwrap().div_ceil(60)
            );
            assert_eq!(link.contains("rel=\"next\""), page < pages.parse().unwrap());
            if rows.as_array().unwrap().is_empty() {
                break;
            }
            found.extend(ids(&rows, "id"));
            page += 1;
        }
        // No list of customers has guests.
        let told: Ids = fakes
            .truth("woocommerce", list)
            .await
            .into_iter()
            .filter(|id| !id.starts_with("guest:"))
            .collect();
        assert_eq!(found, told);
    }
    let changed = fakes.change("woocommerce").await;
    for (list, path) in &WOOCOMMERCE[1..] {
        for since in [
            format!("modified_after={SINCE}&dates_are_gmt=true"),
            "modified_after=2026-11-20T00:00:00".to_owned(),
        ] {
            let rows = json_of(woocommerce(
                &fakes,
                &format!("/{path}?per_page=100&{since}"),
            ))
            .await;
            assert_eq!(ids(&rows, "id"), ids(&changed[list], ""), "{path} {since}");
        }
    }
    let customers = json_of(woocommerce(
        &fakes,
        &format!("/customers?per_page=100&modified_after={SINCE}"),
    ))
    .await;
    assert_eq!(
        customers.as_array().unwrap().len(),
        100,
        "customers cannot be asked for by change"
    );
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn woocommerce_records_say_what_the_truth_says() {
    let fakes = Fakes::start(1).await;
    let told = fakes.whole_truth("woocommerce").await;
    let customers = json_of(woocommerce(&fakes, "/customers?per_page=100")).await;
    let never = customers
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["date_modified_gmt"].is_null())
        .count();
    assert!(never > 0 && never < 100);
    for row in customers.as_array().unwrap() {
        let told = by_id(&told["contacts"], &text(&row["id"]));
        assert_eq!(
            told["name"],
            format!("{} {}", text(&row["first_name"]), text(&row["last_name"]))
        );
        assert_eq!(told["email"], text(&row["email"]).to_lowercase());
        assert_eq!(
            told["address"].as_str().unwrap_or_default(),
            row["billing"]["address_1"]
        );
        assert_eq!(
            (&told["tax_id"], &told["birth_date"], &told["updated"]),
            (&Value::Null, &Value::Null, &row["date_modified"])
        );
    }
    let orders = json_of(woocommerce(&fakes, "/orders?per_page=100")).await;
    assert!(
        orders
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["customer_id"] == 0
                && text(&row["billing"]["email"]).starts_with("visitante"))
    );
    for row in orders.as_array().unwrap() {
        let told = by_id(&told["transactions"], &text(&row["id"]));
        assert_eq!(
            (told["total"].as_i64(), told["date"].as_str()),
            (
                Some(cents(&row["total"]) + partly_refunded(row)),
                row["date_created"].as_str()
            )
        );
        let guest = format!("guest:{}", text(&row["billing"]["email"]));
        let customer = Some(text(&row["customer_id"]))
            .filter(|id| id != "0")
            .unwrap_or(guest);
        assert_eq!(told["contact"].as_str(), Some(customer.as_str()));
        for (line, told) in row["line_items"]
            .as_array()
            .unwrap()
            .iter()
            .zip(told["items"].as_array().unwrap())
        {
            // Half a cent may be rounded either way.
            let off = (line["price"].as_f64().unwrap() * 100.0
                - told["unit_price"].as_f64().unwrap())
            .abs();
            assert!(
                told["total"] == cents(&line["total"]) && off < 0.51,
                "{line}"
            );
            assert_eq!(
                (&told["quantity"], &told["product"]),
                (
                    &json!(text(&line["quantity"])),
                    &json!(text(&line["product_id"]))
                )
            );
        }
    }
}

/// Returns what an order's buyer got back, as a negative number of cents. A wholly refunded order
/// keeps its total.
fn partly_refunded(order: &Value) -> i64 {
    if order["status"] == "refunded" {
        return 0;
    }
    let refunds = order["refunds"].as_array().into_iter().flatten();
    refunds.map(|refund| cents(&refund["total"])).sum()
}
