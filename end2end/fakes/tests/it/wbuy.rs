//! The fake of wBuy behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, ids, json_of};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn wbuy_lists_by_offset_and_count() {
    let fakes = Fakes::start(1).await;
    assert_eq!(
        both(fakes.get("/wbuy/api/v1/customer/").bearer_auth("bm8="))
            .await
            .0,
        StatusCode::UNAUTHORIZED
    );
    for (list, path) in [
        ("contacts", "customer/"),
        ("transactions", "order/"),
        ("products", "product/"),
    ] {
        let mut found = Ids::new();
        for offset in [0, 100, 200, 300] {
            let body = json_of(fakes.wbuy(&format!("{path}?limit={offset},100"))).await;
            found.extend(ids(&body["data"], "id"));
            assert!(offset < 300 || body["data"] == json!([]));
        }
        assert_eq!(found, fakes.truth("wbuy", list).await);
    }
    let changed = fakes.change("wbuy").await;
    let body =
        json_of(fakes.wbuy("order/?periodo_inicial=2026-11-20&order=data,desc&complete=1")).await;
    let new = ids(&body["data"], "id");
    // Orders are filtered by their own day, so that a change of an old one does not show.
    assert!(new.len() == 3 && new.is_subset(&ids(&changed["transactions"], "")));
    assert!(body["data"][0]["produtos"].is_array());
    let used = json_of(fakes.get("/control/wbuy/stats")).await["requests"]
        .as_u64()
        .unwrap();
    // The first request had no credential and does not count against the limit.
    for _ in used - 1..100 {
        assert_eq!(
            fakes.wbuy("product/stock/").send().await.unwrap().status(),
            StatusCode::OK
        );
    }
    assert_eq!(
        fakes.wbuy("product/stock/").send().await.unwrap().status(),
        StatusCode::TOO_MANY_REQUESTS
    );
}
