//! The fake of Shopify behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, by_id, cents, ids, json_of, text};
use alta_fakes::credentials;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The moment after which no seeded record was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00";

async fn shopify(fakes: &Fakes, query: &str, variables: Value) -> Value {
    let request = fakes
        .post("/shopify/admin/api/2026-10/graphql.json")
        .header("x-shopify-access-token", credentials::SHOPIFY_ACCESS_TOKEN);
    json_of(request.json(&json!({"query": query, "variables": variables}))).await
}

/// Returns all ids of a connection, read page by page.
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
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
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
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
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
    // The query costs nine hundred points and is quickly answered, so that little leaks out
    // meanwhile.
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
