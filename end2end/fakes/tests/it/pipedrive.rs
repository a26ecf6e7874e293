//! The fake of Pipedrive behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, both, cents, header, ids, json_of, text};
use crate::requests::until_refused;
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The moment after which no seeded record was changed: midnight in Brasília.
const SINCE: &str = "2026-11-20T03:00:00Z";

const LISTS: [&str; 3] = ["contacts", "transactions", "products"];

struct Pipedrive<'a>(&'a Fakes);

impl Pipedrive<'_> {
    fn get(&self, path: &str) -> RequestBuilder {
        self.0
            .get(&format!("/pipedrive/api/{path}"))
            .header("x-api-token", credentials::PIPEDRIVE_TOKEN)
    }

    async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut body = json_of(self.get(&format!("v2/{path}{cursor}"))).await;
            rows.append(body["data"].as_array_mut().unwrap());
            let Some(next) = body["additional_data"]["next_cursor"].as_str() else {
                return rows;
            };
            cursor = format!("&cursor={}", next.replace('=', "%3D").replace('+', "%2B"));
        }
    }
}

#[tokio::test]
async fn pipedrive_lists_by_cursor_and_by_change() {
    let fakes = Fakes::start(1000).await;
    let pipedrive = Pipedrive(&fakes);
    let (status, body) = both(fakes.get("/pipedrive/api/v2/persons?api_token=no")).await;
    assert_eq!(
        (
            status,
            body["success"].as_bool(),
            body["errorCode"].as_u64()
        ),
        (StatusCode::UNAUTHORIZED, Some(false), Some(401))
    );
    let by_query = fakes.get(&format!(
        "/pipedrive/api/v1/users/me?api_token={}",
        credentials::PIPEDRIVE_TOKEN
    ));
    assert_eq!(
        json_of(by_query).await["data"]["company_name"],
        "Loja Exemplo Ltda"
    );
    let paths = ["persons", "deals", "products"];
    for (list, path) in LISTS.into_iter().zip(paths) {
        for sort in ["id", "update_time&sort_direction=desc", "add_time"] {
            let rows = pipedrive
                .all(&format!("{path}?limit=50&sort_by={sort}"))
                .await;
            let all = fakes.truth("pipedrive", list).await;
            assert_eq!((rows.len(), ids(&json!(rows), "id")), (all.len(), all));
        }
    }
    let changed = fakes.change("pipedrive").await;
    for (list, path) in LISTS.into_iter().zip(paths) {
        let rows = pipedrive
            .all(&format!(
                "{path}?limit=500&sort_by=update_time&updated_since={SINCE}"
            ))
            .await;
        assert_eq!(ids(&json!(rows), "id"), ids(&changed[list], ""));
        let before = pipedrive
            .all(&format!("{path}?limit=500&updated_until={SINCE}"))
            .await;
        assert!(ids(&json!(before), "id").is_disjoint(&ids(&json!(rows), "id")));
    }
}

#[tokio::test]
async fn pipedrive_deals_and_their_lines_make_up_the_truth() {
    let fakes = Fakes::start(1000).await;
    let pipedrive = Pipedrive(&fakes);
    let (deals, truth) = (
        pipedrive.all("deals?limit=500").await,
        fakes.whole_truth("pipedrive").await,
    );
    for (deals, told) in deals
        .chunks(100)
        .zip(truth["transactions"].as_array().unwrap().chunks(100))
    {
        let ids: Vec<String> = deals.iter().map(|deal| text(&deal["id"])).collect();
        let lines = pipedrive
            .all(&format!(
                "deals/products?limit=200&deal_ids={}",
                ids.join(",")
            ))
            .await;
        for (deal, told) in deals.iter().zip(told) {
            assert_eq!(cents(&deal["value"]), told["total"].as_i64().unwrap());
            assert_eq!(text(&deal["person_id"]), text(&told["contact"]));
            let word = |status: &str| {
                if status == "won" {
                    "approved"
                } else if status == "lost" {
                    "cancelled"
                } else {
                    "open"
                }
            };
            assert_eq!(told["status"], word(deal["status"].as_str().unwrap()));
            assert_eq!(deal["won_time"].is_string(), told["status"] == "approved");
            let own: Vec<&Value> = lines
                .iter()
                .filter(|line| line["deal_id"] == deal["id"])
                .collect();
            assert_eq!(own.len(), told["items"].as_array().unwrap().len());
            for (line, told) in own.iter().zip(told["items"].as_array().unwrap()) {
                assert_eq!(
                    [text(&line["product_id"]), text(&line["quantity"])],
                    [text(&told["product"]), text(&told["quantity"])]
                );
                assert_eq!(
                    [cents(&line["sum"]), cents(&line["item_price"])].map(Some),
                    [told["total"].as_i64(), told["unit_price"].as_i64()]
                );
            }
        }
    }
}

#[tokio::test]
async fn pipedrive_refuses_what_is_odd_or_too_much() {
    let fakes = Fakes::start(1).await;
    let pipedrive = Pipedrive(&fakes);
    let many: Vec<String> = (0..101).map(|id| id.to_string()).collect();
    let many = format!("v2/deals/products?deal_ids={}", many.join(","));
    for path in [
        "v2/persons?limit=501",
        "v2/deals?updated_since=2026-11-20",
        "v2/products?sort_by=name",
        "v2/deals/products",
        &many,
    ] {
        assert_eq!(
            both(pipedrive.get(path)).await.0,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
    let (passed, refused) = until_refused(|| pipedrive.get("v2/products?limit=1")).await;
    assert_eq!(
        (
            passed >= 35,
            header(&refused, "x-ratelimit-limit"),
            header(&refused, "x-ratelimit-remaining")
        ),
        (true, "40".into(), "0".into())
    );
    assert!(["1", "2"].contains(&header(&refused, "x-ratelimit-reset").as_str()));
    assert_eq!(refused.json::<Value>().await.unwrap()["errorCode"], 429);
}
