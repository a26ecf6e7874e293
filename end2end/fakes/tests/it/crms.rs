//! The CRMs among the fakes behave as the vendors do, seen over HTTP.

use alta_fakes::credentials;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::fakes::{Fakes, Ids, both, cents, header, ids, json_of, pair, parameter, text};

/// The moment from which on nothing seeded was changed: midnight in Brasília.
const SINCE: &str = "2026-11-20T03:00:00Z";
const SINCE_MILLIS: u64 = 1_795_143_600_000;

const LISTS: [&str; 3] = ["contacts", "transactions", "products"];

/// How many of these requests pass before one is refused, and the refusal.
async fn until_refused(request: impl Fn() -> RequestBuilder) -> (usize, reqwest::Response) {
    for passed in 0..200 {
        let response = request().send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            return (passed, response);
        }
        assert_eq!(response.status(), StatusCode::OK);
    }
    panic!("no limit");
}

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
    // Some deals have no contact, which HubSpot counts as an error of a part.
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
        // What the filter names is not known, and so it keeps nothing back.
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
