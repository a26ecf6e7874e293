//! The fake of VTEX behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, ids, json_of, text};
use crate::requests::asked;
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The moment after which no seeded record was changed, in UTC.
const SINCE: &str = "2026-11-20T03:00:00Z";

const FAR: &str = "2100-01-01T00:00:00Z";

fn vtex(fakes: &Fakes, path: &str) -> RequestBuilder {
    let request = fakes.get(&format!("/vtex/api/{path}"));
    request
        .header("X-VTEX-API-AppKey", credentials::VTEX_APP_KEY)
        .header("X-VTEX-API-AppToken", credentials::VTEX_APP_TOKEN)
}

/// Returns all documents of a scroll.
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
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
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
