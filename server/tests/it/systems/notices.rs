//! Notices of changes that systems send: a genuine one makes a connection due soon, all others do
//! nothing.

use alta_domain::{ConnectionId, NoticeAddress};
use alta_fakes::credentials;
use alta_server::config::Config;
use alta_store::db_test;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use serde_json::json;
use sha2::Sha256;

use super::{BLING, OMIE, Rig};

/// The body of the notice that Bling sends when an order changes.
const BODY: &str =
    r#"{"eventId":"01945027-150e-72b4-e7cf-4943a042cd9c","event":"order.updated","data":{"id":1}}"#;

fn signed(secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(BODY.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

async fn sends(rig: &Rig<'_>, address: &str, signature: &str) -> StatusCode {
    let request = rig
        .client
        .post(address)
        .header("X-Bling-Signature-256", signature)
        .body(BODY);
    request.send().await.unwrap().status()
}

async fn address(rig: &Rig<'_>, id: ConnectionId) -> String {
    rig.admin
        .asks::<NoticeAddress>("/api/onboarding/notice_address", &(id,))
        .await
        .unwrap()
        .address
}

/// Returns settings under which runs are an hour apart, or begin a second after a notice.
fn seldom() -> Config {
    Config {
        sync_every_seconds: 3600,
        sync_notice_seconds: 1,
        ..Config::default()
    }
}

db_test! {
    async fn a_genuine_notice_lets_a_connection_be_read_soon_and_a_false_one_does_nothing(
        database
    ) {
        let rig = Rig::with(database, &[&BLING], &[], seldom()).await;
        let id = rig.connects(&BLING).await;
        let first = rig.run_ends(id, 0).await;
        let address = address(&rig, id).await;
        rig.control(&BLING, "change", json!({ "contacts": 2, "transactions": 3,
                    "products": 1 })).await;

        let unknown = format!("{address}x");
        let genuine = signed(credentials::BLING_CLIENT_SECRET);
        for (to, signature) in [(&address, signed("another")), (&address, String::new()),
            (&unknown, genuine.clone())] {
            assert_eq!(sends(&rig, to, &signature).await, StatusCode::UNAUTHORIZED);
        }
        let now: alta_domain::Connection = rig.admin.asks("/api/onboarding/connection",
            &(id,)).await.unwrap();
        assert_eq!(now.next_run, first.next_run);

        // WooCommerce's ping is answered, and brings no run.
        for (form, status) in [("webhook_id=7", StatusCode::OK),
            ("webhook_id=7&topic=order", StatusCode::UNAUTHORIZED),
            ("webhook_id=", StatusCode::UNAUTHORIZED)] {
            let ping = rig.client.post(&address).body(form).send().await.unwrap();
            assert_eq!(ping.status(), status, "{form}");
        }
        let now: alta_domain::Connection = rig.admin.asks("/api/onboarding/connection",
            &(id,)).await.unwrap();
        assert_eq!(now.next_run, first.next_run);

        assert_eq!(sends(&rig, &address, &genuine).await, StatusCode::OK);
        assert_eq!(sends(&rig, &address, &genuine).await, StatusCode::OK,
            "again is no more than once");
        let after = rig.run_ends(id, first.last_run.unwrap() + 1).await;
        assert_eq!(after.fault, None);
        rig.is_true(&BLING, id).await;
    }

    async fn a_notice_during_a_run_is_followed_by_another_run_and_a_paused_connection_stays_paused(
        database
    ) {
        let rig = Rig::with(database, &[&OMIE], &[], seldom()).await;
        let id = rig.connects(&OMIE).await;
        let address = address(&rig, id).await;
        // The first page is stored, so the run has begun.
        while rig.admin.asks::<alta_domain::Connection>("/api/onboarding/connection",
            &(id,)).await.unwrap().holds.products == 0 {}
        assert_eq!(sends(&rig, &address, "").await, StatusCode::OK, "Omie signs nothing");
        let first = rig.run_ends(id, 0).await;
        let hour = 3_500_000;
        assert!(first.next_run.is_none_or(|next| next < alta_store::now() + hour), "{first:?}");
        rig.run_ends(id, first.last_run.unwrap() + 1).await;

        rig.admin.asks::<()>("/api/onboarding/pause_connection", &(id, true)).await.unwrap();
        let paused: alta_domain::Connection = rig.admin.asks("/api/onboarding/connection",
            &(id,)).await.unwrap();
        assert_eq!(sends(&rig, &address, "").await, StatusCode::OK);
        let now: alta_domain::Connection = rig.admin.asks("/api/onboarding/connection",
            &(id,)).await.unwrap();
        assert_eq!((now.state, now.next_run), (paused.state, paused.next_run));
    }
}
