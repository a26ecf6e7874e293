//! The fakes of the shops on the web behave as the vendors do, seen over HTTP.

use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::fakes::{Fakes, Ids, both, cents, header, ids, json_of, text};

/// The moment from which on nothing seeded was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00";

fn by_id<'a>(rows: &'a Value, id: &str) -> &'a Value {
    rows.as_array()
        .unwrap()
        .iter()
        .find(|row| text(&row["id"]) == id)
        .unwrap()
}

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
        // Guests are in no list of customers.
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
            (Some(cents(&row["total"])), row["date_created"].as_str())
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

async fn shopify(fakes: &Fakes, query: &str, variables: Value) -> Value {
    let request = fakes
        .post("/shopify/admin/api/2026-10/graphql.json")
        .header("x-shopify-access-token", credentials::SHOPIFY_ACCESS_TOKEN);
    json_of(request.json(&json!({"query": query, "variables": variables}))).await
}

/// All ids of a connection, page by page.
async fn shopify_all(fakes: &Fakes, list: &str, kind: &str, search: &str) -> Ids {
    let query = format!(
        "query($after: String, $query: String) \
         {{ {list}(first: 60, after: $after, query: $query, sortKey: UPDATED_AT) {{ \
         edges {{ cursor node {{ ...id }} }} pageInfo {{ hasNextPage endCursor }} }} }} fragment \
         id on {kind} {{ id updatedAt }}"
    );
    let (mut found, mut after) = (Ids::new(), Value::Null);
    loop {
        let body = shopify(fakes, &query, json!({"after": after, "query": search})).await;
        let page = &body["data"][list];
        found.extend(ids(&page["edges"], "node/id"));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            return found;
        }
    }
}

const SHOPIFY: [(&str, &str, &str); 3] = [
    ("contacts", "customers", "Customer"),
    ("transactions", "orders", "Order"),
    ("products", "products", "Product"),
];

#[tokio::test]
async fn shopify_refuses_strangers_and_what_it_does_not_know() {
    let fakes = Fakes::start(1).await;
    let wrong = fakes
        .post("/shopify/admin/api/2026-10/graphql.json")
        .header("x-shopify-access-token", "wrong")
        .json(&json!({"query": "{ shop { name } }"}));
    let (status, body) = both(wrong).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(text(&body["errors"]).starts_with("[API] Invalid API key or access token"));
    let shop = shopify(
        &fakes,
        "{ shop { name myshopifyDomain currencyCode } }",
        json!({}),
    )
    .await;
    assert_eq!(
        (
            &shop["data"]["shop"]["currencyCode"],
            &shop["extensions"]["cost"]["requestedQueryCost"]
        ),
        (&json!("BRL"), &json!(1))
    );
    let code = |body: &Value| text(&body["errors"][0]["extensions"]["code"]);
    let unknown = shopify(
        &fakes,
        "{ orders(first: 1) { nodes { nothing } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        (code(&unknown), text(&unknown["errors"][0]["message"])),
        (
            "undefinedField".into(),
            "Field 'nothing' doesn't exist on type 'Order'".into()
        )
    );
    for bad in [
        "{ orders(first: 251) { nodes { id } } }",
        "{ orders { nodes { id } } }",
        "{ orders(first: 1, last: 1) { nodes { id } } }",
    ] {
        assert_eq!(code(&shopify(&fakes, bad, json!({})).await), "BAD_REQUEST");
    }
    let dear = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id product { id } \
        variant { id } customAttributes { key } \
        discountAllocations { allocatedAmountSet { shopMoney { amount } } } \
        again: variant { product { variants(first: 250) { nodes { id } } } } } } } } }";
    assert_eq!(
        code(&shopify(&fakes, dear, json!({})).await),
        "MAX_COST_EXCEEDED"
    );
    let ignored = shopify(
        &fakes,
        "{ customersCount { count } customers(first: 250, query: \"nothing:1\") { nodes { id } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        ignored["data"]["customersCount"]["count"].as_u64(),
        Some(
            ignored["data"]["customers"]["nodes"]
                .as_array()
                .unwrap()
                .len() as u64
        )
    );
    assert_eq!(
        ignored["extensions"]["search"][0]["warnings"][0]["code"],
        "invalid_field"
    );
}

#[tokio::test]
async fn shopify_pages_hold_all_and_the_search_finds_what_changed() {
    let fakes = Fakes::start(100).await;
    for (list, name, kind) in SHOPIFY {
        assert_eq!(
            shopify_all(&fakes, name, kind, "").await,
            fakes.truth("shopify", list).await
        );
    }
    let changed = fakes.change("shopify").await;
    for (list, name, kind) in SHOPIFY {
        let since = shopify_all(&fakes, name, kind, &format!("updated_at:>='{SINCE}Z'")).await;
        let bare = |ids: Ids| -> Ids {
            ids.into_iter()
                .map(|id| id.rsplit('/').next().unwrap().to_owned())
                .collect()
        };
        assert_eq!(bare(since), bare(ids(&changed[list], "")));
    }
    let stats = json_of(fakes.get("/control/shopify/stats")).await;
    assert!(stats["by_call"]["orders"].as_u64().unwrap() >= 6);
}

#[tokio::test]
async fn shopify_records_say_what_the_truth_says() {
    let fakes = Fakes::start(1).await;
    let told = fakes.whole_truth("shopify").await;
    let query = "{ orders(first: 100, reverse: true) { nodes { id name createdAt \
        cancelledAt displayFinancialStatus customer { id \
        displayName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } \
        defaultAddress { address1 provinceCode } \
        numberOfOrders } \
        totalPriceSet { shopMoney { amount currencyCode } } totalDiscountsSet \
        { shopMoney { amount } } \
        totalShippingPriceSet { shopMoney { amount } } \
        lineItems(first: 20) { nodes { title quantity product { id } \
        variant { sku price product { title } } \
        originalUnitPriceSet { shopMoney { amount } } } } } } }";
    let body = shopify(&fakes, query, json!({})).await;
    let orders = body["data"]["orders"]["nodes"].as_array().unwrap();
    assert!(
        orders.iter().any(|order| order["customer"].is_null())
            && orders.iter().any(|order| !order["cancelledAt"].is_null())
    );
    let money = |bag: &Value| Some(cents(&bag["shopMoney"]["amount"]));
    for row in orders {
        let sale = by_id(&told["transactions"], &text(&row["id"]));
        assert_eq!(
            (&sale["number"], &sale["contact"]),
            (&row["name"], &row["customer"]["id"])
        );
        assert_eq!(sale["total"].as_i64(), money(&row["totalPriceSet"]));
        assert_eq!(
            (sale["discount"].as_i64(), sale["freight"].as_i64()),
            (
                money(&row["totalDiscountsSet"]),
                money(&row["totalShippingPriceSet"])
            )
        );
        let lines = row["lineItems"]["nodes"].as_array().unwrap();
        assert_eq!(lines.len(), sale["items"].as_array().unwrap().len());
        for (line, told) in lines.iter().zip(sale["items"].as_array().unwrap()) {
            assert_eq!(
                (told["unit_price"].as_i64(), &told["product"]),
                (money(&line["originalUnitPriceSet"]), &line["product"]["id"])
            );
            assert_eq!(
                (&told["quantity"], &told["name"]),
                (&json!(text(&line["quantity"])), &line["title"])
            );
        }
        if let Some(id) = row["customer"]["id"].as_str() {
            let (customer, told) = (&row["customer"], by_id(&told["contacts"], id));
            assert_eq!(
                (&told["name"], &told["state"]),
                (
                    &customer["displayName"],
                    if told["state"].is_null() {
                        &Value::Null
                    } else {
                        &customer["defaultAddress"]["provinceCode"]
                    }
                )
            );
            assert_eq!(
                told["phones"].get(0).unwrap_or(&Value::Null),
                &customer["defaultPhoneNumber"]["phoneNumber"]
            );
            assert!(
                customer["numberOfOrders"]
                    .as_str()
                    .unwrap()
                    .parse::<u64>()
                    .unwrap()
                    > 0
            );
        }
    }
}

#[tokio::test]
async fn shopify_throttles_by_points_within_a_good_answer() {
    let fakes = Fakes::start(1).await;
    // Nine hundred points that are quickly answered, so that little leaks out meanwhile.
    let query = format!(
        "{{ {} }}",
        (0..900)
            .map(|place| format!("s{place}: shop {{ name }}"))
            .collect::<Vec<_>>()
            .join(" ")
    );
    let mut last = Value::Null;
    for _ in 0..20 {
        last = shopify(&fakes, &query, json!({})).await;
        if last["data"].is_null() {
            break;
        }
        let cost = &last["extensions"]["cost"];
        assert_eq!(
            (
                cost["requestedQueryCost"].as_u64(),
                cost["actualQueryCost"].as_u64()
            ),
            (Some(900), Some(900))
        );
    }
    assert_eq!(last["errors"][0]["extensions"]["code"], "THROTTLED");
    let cost = &last["extensions"]["cost"];
    assert!(
        cost["actualQueryCost"].is_null()
            && cost["throttleStatus"]["currentlyAvailable"].as_u64()
                < cost["requestedQueryCost"].as_u64()
    );
    assert_eq!(
        (
            &cost["throttleStatus"]["maximumAvailable"],
            &cost["throttleStatus"]["restoreRate"]
        ),
        (&json!(2000.0), &json!(100.0))
    );
}
