//! The fake of RD Station behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, cents, header, ids, json_of, pair, parameter, text};
use crate::requests::until_refused;
use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The moment after which no seeded record was changed: midnight in Brasília.
const SINCE: &str = "2026-11-20T03:00:00Z";

const LISTS: [&str; 3] = ["contacts", "transactions", "products"];

struct RdStation<'a>(&'a Fakes, String);

impl<'a> RdStation<'a> {
    async fn token(fakes: &Fakes, form: Value) -> (StatusCode, Value) {
        let mut body = json!({"client_id": credentials::RD_STATION_CLIENT_ID,
                "client_secret": credentials::RD_STATION_CLIENT_SECRET});
        body.as_object_mut()
            .unwrap()
            .extend(form.as_object().unwrap().clone());
        both(fakes.post("/rdstation/oauth2/token").json(&body)).await
    }

    async fn allowed(fakes: &Fakes) -> Value {
        let redirect = "http://app.example/back";
        let id = credentials::RD_STATION_CLIENT_ID;
        let asked = format!(
            "/rdstation/oauth/authorize?response_type=code&client_id={id}\
             &redirect_uri={redirect}&state=s"
        );
        assert!(
            fakes
                .decide(&asked, "deny")
                .await
                .contains("error=access_denied")
        );
        let code = parameter(&fakes.decide(&asked, "approve").await, "code");
        let form =
            json!({"grant_type": "authorization_code", "code": code, "redirect_uri": redirect});
        let (status, tokens) = Self::token(fakes, form).await;
        assert_eq!(
            (status, tokens["expires_in"].as_u64()),
            (StatusCode::OK, Some(7200))
        );
        tokens
    }

    async fn connect(fakes: &'a Fakes) -> Self {
        Self(fakes, pair(&Self::allowed(fakes).await).0)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.0
            .get(&format!("/rdstation/crm/v2/{path}"))
            .bearer_auth(&self.1)
    }

    async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut page) = (Vec::new(), 1);
        loop {
            let mut body =
                json_of(self.get(&format!("{path}&page[number]={page}&page[size]=500"))).await;
            let data = body["data"].as_array_mut().unwrap();
            assert!(data.len() <= 100);
            rows.append(data);
            if body["links"].get("next").is_none() {
                return rows;
            }
            page += 1;
        }
    }
}

#[tokio::test]
async fn rd_station_tokens_rotate() {
    let fakes = Fakes::start(1).await;
    let (access, refresh) = pair(&RdStation::allowed(&fakes).await);
    let (status, body) = both(fakes.get("/rdstation/crm/v2/contacts").bearer_auth("no")).await;
    assert_eq!(
        (status, body["errors"][0]["error_type"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("UNAUTHORIZED"))
    );
    let rd = RdStation(&fakes, access);
    assert_eq!(
        json_of(rd.get("contacts")).await["data"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
    fakes
        .control("rd-station/faults", json!({"expired": 1}))
        .await;
    assert_eq!(
        rd.get("contacts").send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    let renew = |refresh: &str| json!({"grant_type": "refresh_token", "refresh_token": refresh});
    let (status, tokens) = RdStation::token(&fakes, renew(&refresh)).await;
    assert_eq!(status, StatusCode::OK);
    json_of(RdStation(&fakes, pair(&tokens).0).get("deals")).await;
    let (status, body) = RdStation::token(&fakes, renew(&refresh)).await;
    assert_eq!(
        (status, body["errors"][0]["error_type"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("INVALID_REFRESH_TOKEN"))
    );
    let form = [
        ("client_id", "rd-client"),
        ("client_secret", "wrong"),
        ("grant_type", "refresh_token"),
    ];
    assert_eq!(
        both(fakes.post("/rdstation/oauth2/token").form(&form))
            .await
            .0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn rd_station_lists_in_order_and_filters_by_change() {
    let fakes = Fakes::start(1000).await;
    let rd = RdStation::connect(&fakes).await;
    let paths = ["contacts", "deals", "products"];
    for (list, path) in LISTS.into_iter().zip(paths) {
        let rows = rd.all(&format!("{path}?sort[updated_at]=asc")).await;
        let all = fakes.truth("rd-station", list).await;
        assert_eq!(
            (rows.len(), ids(&json!(rows), "id")),
            (all.len(), all.clone())
        );
        // The field in the filter is unknown, so the filter excludes nothing.
        let free = rd
            .all(&format!(
                "{path}?sort[created_at]=desc&filter=nothing_known:>5"
            ))
            .await;
        assert_eq!(ids(&json!(free), "id"), all);
    }
    let unordered = rd.all("contacts?").await;
    assert_ne!(
        ids(&json!(unordered), "id"),
        fakes.truth("rd-station", "contacts").await,
        "pages without an order overlap"
    );
    let changed = fakes.change("rd-station").await;
    for (list, path) in LISTS.into_iter().zip(paths) {
        for since in ["\"2026-11-20 03:00:00\"", SINCE, "\"2026-11-20T03:00:00Z\""] {
            let rows = rd
                .all(&format!(
                    "{path}?sort[updated_at]=asc&filter=updated_at:>={since}"
                ))
                .await;
            assert_eq!(
                ids(&json!(rows), "id"),
                ids(&changed[list], ""),
                "{path} {since}"
            );
        }
    }
}

#[tokio::test]
async fn rd_station_deals_and_their_lines_make_up_the_truth() {
    let fakes = Fakes::start(1_000_000).await;
    let rd = RdStation::connect(&fakes).await;
    let (mut deals, truth) = (
        rd.all("deals?sort[id]=asc").await,
        fakes.whole_truth("rd-station").await,
    );
    deals.sort_by_key(|deal| text(&deal["id"]));
    let mut seen = Ids::new();
    for (deal, told) in deals.iter().zip(truth["transactions"].as_array().unwrap()) {
        assert_eq!(
            Some(cents(&deal["one_time_price"]) + cents(&deal["recurrence_price"])),
            told["total"].as_i64()
        );
        assert!(
            cents(&deal["total_price"]) == 0
                || Some(cents(&deal["total_price"])) == told["total"].as_i64()
        );
        assert_eq!(
            deal["contact_ids"].get(0).unwrap_or(&Value::Null),
            &told["contact"]
        );
        seen.insert(format!(
            "{} {}",
            text(&deal["status"]),
            text(&told["status"])
        ));
        let lines = json_of(rd.get(&format!("deals/{}/deal_products", text(&deal["id"])))).await;
        for (line, told) in lines["data"]
            .as_array()
            .unwrap()
            .iter()
            .zip(told["items"].as_array().unwrap())
        {
            assert_eq!(
                (&line["product_id"], text(&line["amount"])),
                (&told["product"], text(&told["quantity"]))
            );
            assert_eq!(Some(cents(&line["total"])), told["total"].as_i64());
        }
    }
    assert_eq!(
        seen,
        [
            "lost cancelled",
            "ongoing open",
            "paused open",
            "won approved"
        ]
        .map(str::to_owned)
        .into()
    );
}

#[tokio::test]
async fn rd_station_links_lead_nowhere_and_its_limit_waits() {
    let fakes = Fakes::start(1).await;
    let rd = RdStation::connect(&fakes).await;
    let body = json_of(rd.get("contacts?page[size]=10&filter=name:~\"a b\"")).await;
    let next = text(&body["links"]["last"]);
    assert!(
        next.contains("filter=name%3A~%22a%20b%22") && next.contains("page%5Bsize%5D=10"),
        "{next}"
    );
    let path = &next[next.find("/rdstation/api/v2/contacts").unwrap()..];
    let (status, body) = both(fakes.get(path).bearer_auth(&rd.1)).await;
    assert_eq!(
        (status, body["message"].as_str()),
        (
            StatusCode::NOT_FOUND,
            Some("no Route matched with those values")
        )
    );
    assert_eq!(
        both(rd.get("deals?filter=updated_at:>=soon")).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        both(rd.get("deals/650878567482d9c0c7002050")).await.0,
        StatusCode::NOT_FOUND
    );
    let (passed, refused) = until_refused(|| rd.get("products?page[size]=1")).await;
    assert_eq!(passed, 117);
    assert!((50..=60).contains(&header(&refused, "retry-after").parse::<u64>().unwrap()));
    let counted = json_of(fakes.get("/control/rd-station/stats")).await;
    assert_eq!(counted["by_call"]["GET /deals/{id}"].as_u64(), Some(1));
}
