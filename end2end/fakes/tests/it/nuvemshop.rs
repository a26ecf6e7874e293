//! The fake of Nuvemshop behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, by_id, cents, header, ids, json_of, text};
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

/// The moment after which no seeded record was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00";

fn nuvemshop(fakes: &Fakes, path: &str) -> RequestBuilder {
    let request = fakes
        .get(&format!(
            "/nuvemshop/2025-03/{}{path}",
            credentials::NUVEMSHOP_STORE_ID
        ))
        .header("user-agent", "Alta (alta@example.com)");
    request.header(
        "authentication",
        format!("bearer {}", credentials::NUVEMSHOP_TOKEN),
    )
}

const NUVEMSHOP: [(&str, &str); 3] = [
    ("contacts", "customers"),
    ("transactions", "orders"),
    ("products", "products"),
];

#[tokio::test]
async fn nuvemshop_refuses_strangers_and_those_who_do_not_say_who_they_are() {
    let fakes = Fakes::start(1).await;
    let bare = || {
        fakes.get(&format!(
            "/nuvemshop/2025-03/{}/store",
            credentials::NUVEMSHOP_STORE_ID
        ))
    };
    let token = format!("bearer {}", credentials::NUVEMSHOP_TOKEN);
    assert_eq!(
        both(bare().header("authentication", &token)).await.0,
        StatusCode::BAD_REQUEST
    );
    for header in ["authentication", "authorization"] {
        let wrong = bare().header("user-agent", "Alta").header(
            header,
            if header == "authentication" {
                "bearer wrong"
            } else {
                &token
            },
        );
        let (status, body) = both(wrong).await;
        assert_eq!(
            (status, body["description"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("Invalid access token"))
        );
    }
    let other = fakes
        .get("/nuvemshop/2025-03/1/store")
        .header("user-agent", "Alta")
        .header("authentication", &token);
    assert_eq!(both(other).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        json_of(nuvemshop(&fakes, "/store")).await["main_currency"],
        "BRL"
    );
    assert_eq!(
        both(nuvemshop(&fakes, "/orders?per_page=201")).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        both(nuvemshop(&fakes, "/orders?updated_at_min=ontem"))
            .await
            .0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        both(nuvemshop(&fakes, "/orders/1")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn nuvemshop_pages_hold_all_and_end_with_a_404() {
    let fakes = Fakes::start(100).await;
    for (list, path) in NUVEMSHOP {
        let (mut found, mut page) = (Ids::new(), 1);
        loop {
            let response = nuvemshop(&fakes, &format!("/{path}?per_page=60&page={page}"))
                .send()
                .await
                .unwrap();
            let (status, total, link) = (
                response.status(),
                header(&response, "x-total-count"),
                header(&response, "link"),
            );
            let body: Value = response.json().await.unwrap();
            if status != StatusCode::OK {
                assert_eq!(
                    (status, text(&body["description"])),
                    (StatusCode::NOT_FOUND, format!("Last page is {}", page - 1))
                );
                break;
            }
            assert_eq!(
                link.contains("rel=\"next\""),
                page < total.parse::<usize>().unwrap().div_ceil(60)
            );
            found.extend(ids(&body, "id"));
            page += 1;
        }
        assert_eq!(found, fakes.truth("nuvemshop", list).await);
    }
    let since = |path: &str| {
        nuvemshop(
            &fakes,
            &format!("/{path}?per_page=200&updated_at_min={SINCE}Z"),
        )
    };
    assert_eq!(
        both(since("orders")).await.1["description"],
        "Last page is 0"
    );
    let changed = fakes.change("nuvemshop").await;
    for (list, path) in NUVEMSHOP {
        assert_eq!(
            ids(&json_of(since(path)).await, "id"),
            ids(&changed[list], "")
        );
    }
}

#[tokio::test]
async fn nuvemshop_records_say_what_the_truth_says() {
    let fakes = Fakes::start(1).await;
    let told = fakes.whole_truth("nuvemshop").await;
    for row in json_of(nuvemshop(&fakes, "/customers?per_page=200"))
        .await
        .as_array()
        .unwrap()
    {
        let told = by_id(&told["contacts"], &text(&row["id"]));
        assert_eq!(
            (&told["name"], &told["tax_id"]),
            (&row["name"], &row["identification"])
        );
        assert_eq!(told["phones"].get(0).unwrap_or(&Value::Null), &row["phone"]);
        assert_eq!(
            (&told["state"], &told["district"]),
            (&row["billing_province"], &row["billing_locality"])
        );
    }
    for row in json_of(nuvemshop(&fakes, "/orders?per_page=200"))
        .await
        .as_array()
        .unwrap()
    {
        let told = by_id(&told["transactions"], &text(&row["id"]));
        assert_eq!(
            (told["total"].as_i64(), told["discount"].as_i64()),
            (Some(cents(&row["total"])), Some(cents(&row["discount"])))
        );
        assert_eq!(told["contact"], text(&row["customer"]["id"]));
        assert!(text(&row["created_at"]).ends_with("+0000"));
        for (line, told) in row["products"]
            .as_array()
            .unwrap()
            .iter()
            .zip(told["items"].as_array().unwrap())
        {
            assert_eq!(
                (told["unit_price"].as_i64(), &told["quantity"]),
                (Some(cents(&line["price"])), &line["quantity"])
            );
            assert_eq!(told["product"], text(&line["product_id"]));
        }
    }
    let product = json_of(nuvemshop(
        &fakes,
        "/products?per_page=1&fields=id,name,variants",
    ))
    .await[0]
        .take();
    let told = by_id(&told["products"], &text(&product["id"]));
    assert_eq!(
        (&told["name"], &told["sku"]),
        (&product["name"]["pt"], &product["variants"][0]["sku"])
    );
    assert_eq!(
        (told["price"].as_i64(), product.as_object().unwrap().len()),
        (Some(cents(&product["variants"][0]["price"])), 3)
    );
}

#[tokio::test]
async fn nuvemshop_lets_a_burst_through_and_no_more() {
    let fakes = Fakes::start(1).await;
    let mut last = None;
    for _ in 0..60 {
        let response = nuvemshop(&fakes, "/store").send().await.unwrap();
        assert_eq!(header(&response, "x-rate-limit-limit"), "40");
        let full = response.status() == StatusCode::TOO_MANY_REQUESTS;
        last = Some(response);
        if full {
            break;
        }
    }
    let response = last.unwrap();
    assert_eq!(
        (
            response.status(),
            header(&response, "x-rate-limit-remaining").as_str()
        ),
        (StatusCode::TOO_MANY_REQUESTS, "0")
    );
    assert!(
        header(&response, "x-rate-limit-reset")
            .parse::<u64>()
            .unwrap()
            > 10_000
    );
    assert_eq!(response.json::<Value>().await.unwrap()["code"], 429);
}
