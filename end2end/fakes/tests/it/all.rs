//! Tests what holds for every fake: totals, faults, and changes while a list is read.

use crate::fakes::{Fakes, Ids, ids, json_of};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn totals_add_up() {
    let fakes = Fakes::start(1).await;
    for system in ["omie", "bling", "tiny", "tiny2", "microvix", "wbuy"] {
        let truth = fakes.whole_truth(system).await;
        for sale in truth["transactions"].as_array().unwrap() {
            let lines: i64 = sale["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line["total"].as_i64().unwrap())
                .sum();
            let amount = |name: &str| sale[name].as_i64().unwrap();
            let discount = if matches!(system, "omie" | "microvix") {
                0
            } else {
                amount("discount")
            };
            assert_eq!(
                amount("total"),
                lines - discount + amount("freight"),
                "{system} {sale}"
            );
        }
    }
}

#[tokio::test]
async fn faults_come_as_often_as_planned() {
    let fakes = Fakes::start(1).await;
    fakes
        .control(
            "wbuy/faults",
            json!({"too_many": 1, "error": 1, "half": 1, "html": 1, "slow": 1, "slow_seconds": 1}),
        )
        .await;
    let get = || fakes.wbuy("customer/").send();
    assert_eq!(get().await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        get().await.unwrap().status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    let started = std::time::Instant::now();
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);
    assert!(started.elapsed().as_secs() >= 1);
    let half = get().await.unwrap();
    assert_eq!(half.status(), StatusCode::OK);
    assert!(half.content_length().unwrap() > 1000 && half.bytes().await.is_err());
    let page = get().await.unwrap();
    assert_eq!(
        (
            page.status(),
            page.headers()["content-type"].to_str().unwrap()
        ),
        (StatusCode::BAD_GATEWAY, "text/html; charset=utf-8")
    );
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn churn_shifts_pages() {
    let fakes = Fakes::start(1).await;
    fakes.control("wbuy/churn", json!({"every": 1})).await;
    let page = |offset: usize| {
        let request = fakes.wbuy(&format!("customer/?limit={offset},100"));
        async move { ids(&json_of(request).await["data"], "id") }
    };
    let mut seen = 0;
    let mut found = Ids::new();
    for offset in [0, 100, 200] {
        let ids = page(offset).await;
        seen += ids.len();
        found.extend(ids);
    }
    assert!(
        seen > found.len(),
        "a record that slid behind the page comes twice"
    );
    fakes.control("wbuy/churn", json!({"every": 0})).await;
    assert_eq!(fakes.truth("wbuy", "contacts").await.len(), 233);
}
