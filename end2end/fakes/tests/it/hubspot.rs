//! The fake of HubSpot behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, both, cents, header, ids, json_of};
use crate::requests::until_refused;
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The moment after which no seeded record was changed: midnight in Brasília.
const SINCE: &str = "2026-11-20T03:00:00Z";

const SINCE_MILLIS: u64 = 1_795_143_600_000;

struct HubSpot<'a>(&'a Fakes);

impl HubSpot<'_> {
    fn get(&self, path: &str) -> RequestBuilder {
        self.0
            .get(&format!("/hubspot/{path}"))
            .bearer_auth(credentials::HUBSPOT_TOKEN)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.0
            .post(&format!("/hubspot/{path}"))
            .bearer_auth(credentials::HUBSPOT_TOKEN)
            .json(body)
    }

    async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let mut body =
                json_of(self.get(&format!("crm/v3/objects/{path}&limit=100{after}"))).await;
            let page = body["results"].as_array_mut().unwrap();
            assert!(page.len() <= 100);
            rows.append(page);
            let Some(next) = body["paging"]["next"]["after"].as_str() else {
                return rows;
            };
            assert!(
                body["paging"]["next"]["link"]
                    .as_str()
                    .unwrap()
                    .contains("/hubspot/crm/v3/objects/")
            );
            after = format!("&after={next}");
        }
    }
}

const HUBSPOT: [(&str, &str); 3] = [
    ("contacts", "contacts"),
    ("transactions", "deals"),
    ("products", "products"),
];

#[tokio::test]
async fn hubspot_lists_all_and_searches_what_changed() {
    let fakes = Fakes::start(1000).await;
    let hubspot = HubSpot(&fakes);
    let (status, body) = both(
        fakes
            .get("/hubspot/crm/v3/objects/contacts")
            .bearer_auth("no"),
    )
    .await;
    assert_eq!(
        (status, body["category"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("INVALID_AUTHENTICATION"))
    );
    for (list, kind) in HUBSPOT {
        let rows = hubspot.all(&format!("{kind}?archived=false")).await;
        assert_eq!(ids(&json!(rows), "id"), fakes.truth("hubspot", list).await);
        let values = rows
            .iter()
            .flat_map(|row| row["properties"].as_object().unwrap().values());
        assert!(
            values
                .into_iter()
                .all(|value| value.is_string() || value.is_null())
        );
    }
    let changed = fakes.change("hubspot").await;
    for (list, kind) in HUBSPOT {
        let name = if kind == "contacts" {
            "lastmodifieddate"
        } else {
            "hs_lastmodifieddate"
        };
        for since in [json!(SINCE_MILLIS.to_string()), json!(SINCE)] {
            let filter = json!({"propertyName": name, "operator": "GTE", "value": since});
            let sort = json!({"propertyName": name, "direction": "ASCENDING"});
            let asked = json!({"filterGroups": [{"filters": [filter]}], "sorts": [sort],
                    "limit": 200, "properties": [name]});
            let body =
                json_of(hubspot.post(&format!("crm/v3/objects/{kind}/search"), &asked)).await;
            assert_eq!(ids(&body["results"], "id"), ids(&changed[list], ""));
            assert_eq!(
                body["total"].as_u64(),
                Some(changed[list].as_array().unwrap().len() as u64)
            );
        }
    }
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn hubspot_deals_and_their_lines_make_up_the_truth() {
    let fakes = Fakes::start(1000).await;
    let hubspot = HubSpot(&fakes);
    let deals = hubspot
        .all("deals?associations=contacts,line_items&properties=amount,closedate,dealstage")
        .await;
    let truth = fakes.whole_truth("hubspot").await;
    for (deal, told) in deals.iter().zip(truth["transactions"].as_array().unwrap()) {
        assert_eq!(deal["properties"].as_object().unwrap().len(), 6);
        assert_eq!(
            cents(&deal["properties"]["amount"]),
            told["total"].as_i64().unwrap()
        );
        let contact = &deal["associations"]["contacts"]["results"][0]["id"];
        assert_eq!(contact, &told["contact"]);
        let stage = deal["properties"]["dealstage"].as_str().unwrap();
        let open = matches!(stage, "appointmentscheduled" | "contractsent");
        assert_eq!(
            told["status"],
            if open {
                "open"
            } else if stage == "closedwon" {
                "approved"
            } else {
                "cancelled"
            }
        );
        let lines = deal["associations"]["line items"]["results"]
            .as_array()
            .unwrap();
        let inputs: Vec<Value> = lines.iter().map(|line| json!({"id": line["id"]})).collect();
        let asked = json!({"inputs": inputs, "properties": ["amount", "quantity", "price",
                    "hs_product_id", "hs_sku", "name"]});
        let lines = json_of(hubspot.post("crm/v3/objects/line_items/batch/read", &asked)).await;
        for (line, told) in lines["results"]
            .as_array()
            .unwrap()
            .iter()
            .zip(told["items"].as_array().unwrap())
        {
            let line = &line["properties"];
            assert_eq!(
                (&line["hs_product_id"], &line["quantity"], &line["name"]),
                (&told["product"], &told["quantity"], &told["name"])
            );
            assert_eq!(
                [cents(&line["amount"]), cents(&line["price"])].map(Some),
                [told["total"].as_i64(), told["unit_price"].as_i64()]
            );
        }
    }
    let inputs: Vec<Value> = deals
        .iter()
        .take(60)
        .map(|deal| json!({"id": deal["id"]}))
        .collect();
    let body = json!({"inputs": inputs});
    // Some deals have no contact, which HubSpot counts as an error in a part of the batch.
    let (status, contacts) =
        both(hubspot.post("crm/v4/associations/deals/contacts/batch/read", &body)).await;
    assert_eq!(
        (status, contacts["errors"][0]["category"].as_str()),
        (StatusCode::MULTI_STATUS, Some("OBJECT_NOT_FOUND"))
    );
    assert!(contacts["results"][0]["to"][0]["toObjectId"].is_u64());
    let (_, contacts) =
        both(hubspot.post("crm/v3/associations/deals/contacts/batch/read", &body)).await;
    assert_eq!(contacts["results"][0]["to"][0]["type"], "deal_to_contact");
}

#[tokio::test]
async fn hubspot_refuses_what_is_odd_or_too_much() {
    let fakes = Fakes::start(1).await;
    let hubspot = HubSpot(&fakes);
    let search = |body: Value| hubspot.post("crm/v3/objects/deals/search", &body);
    assert_eq!(
        both(hubspot.get("crm/v3/objects/contacts?limit=101"))
            .await
            .0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        both(search(json!({"limit": 201}))).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        both(search(json!({"limit": 100, "after": "9901"}))).await.0,
        StatusCode::BAD_REQUEST
    );
    let filter = json!({"propertyName": "lastmodifieddate", "operator": "GTE", "value": "0"});
    let (status, body) = both(search(json!({"filterGroups": [{"filters": [filter]}]}))).await;
    assert_eq!(
        (status, body["category"].as_str()),
        (StatusCode::BAD_REQUEST, Some("VALIDATION_ERROR"))
    );
    assert_eq!(
        json_of(hubspot.get("crm/v3/pipelines/deals")).await["results"][0]["stages"][2]["id"],
        "closedwon"
    );
    assert!(json_of(hubspot.get("account-info/v3/details")).await["portalId"].is_u64());
    let (_, refused) =
        until_refused(|| hubspot.post("crm/v3/objects/products/search", &json!({}))).await;
    assert!(refused.headers().get("x-hubspot-ratelimit-max").is_none());
    assert_eq!(
        refused.json::<Value>().await.unwrap()["policyName"],
        "SECONDLY"
    );
    let (_, refused) = until_refused(|| hubspot.get("crm/v3/objects/products?limit=1")).await;
    let told = ["max", "remaining", "interval-milliseconds"]
        .map(|name| header(&refused, &format!("x-hubspot-ratelimit-{name}")));
    assert_eq!(told, ["100", "0", "10000"]);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(
        (body["errorType"].as_str(), body["policyName"].as_str()),
        (Some("RATE_LIMIT"), Some("TEN_SECONDLY_ROLLING"))
    );
    let counted = json_of(fakes.get("/control/hubspot/stats")).await;
    assert_eq!(counted["most_in_window"].as_u64(), Some(101));
}
