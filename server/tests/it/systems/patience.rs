//! Answers that pass by themselves: a connection waits for a better one, and no such answer ends
//! it. Only credentials that are refused twice, an hour apart, end a connection.

use std::time::{Duration, Instant};

use alta_domain::{Connection, ConnectionId, ConnectionState, FaultKind};
use alta_server::config::Config;
use alta_store::db_test;
use alta_store::testing::{TestDatabase, age_runs, make_due, rename_system};
use serde_json::{Value, json};

use super::others::{
    HUBSPOT, MERCADO_LIBRE, NUVEMSHOP, PIPEDRIVE, RD_STATION, SHOPIFY, VTEX, WOOCOMMERCE,
};
use super::{BLING, MICROVIX, OMIE, Rig, TINY, TINY_V2, Vendor, WBUY};

/// The longest time until all planned faults have passed.
const PATIENCE: Duration = Duration::from_mins(5);
/// An hour in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;

/// Returns the answers of real systems and of what stands in front of them that must be waited for.
fn passing_answers() -> Value {
    let message = r#"{"message": "Too many requests", "error": {"type": "x"}, "status": "error"}"#;
    let soon = json!({ "retry-after": "0" });
    let page = "<html><head><title>Access denied</title></head><body>Blocked</body></html>";
    let mut answers: Vec<Value> = [429, 423, 425, 477, 400, 403]
        .map(|status| json!({ "status": status, "headers": soon, "body": message }))
        .to_vec();
    answers.extend([
        json!({ "status": 408 }),
        json!({ "status": 403, "body": page }),
        json!({ "status": 200, "body": page }),
        json!({ "status": 200, "body": "" }),
        json!({ "status": 301, "headers": { "location": "https://www.example.com/" } }),
    ]);
    Value::from(answers)
}

/// Reads a connection until a run ends without a fault.
async fn recovers(rig: &Rig<'_>, id: ConnectionId) -> Connection {
    let began = Instant::now();
    loop {
        let one = rig.syncs(id).await;
        if one.fault.is_none() {
            return one;
        }
        assert!(began.elapsed() < PATIENCE, "{one:?}");
    }
}

/// Connects a system, and reads it while its answers are of every kind that passes.
async fn survives(vendor: &Vendor) {
    let database = TestDatabase::sqlite().await;
    let rig = Rig::new(&database, &[vendor]).await;
    let id = rig.connects(vendor).await;
    let mut faults = json!({ "canned": passing_answers(), "mark": 3, "half": 1, "error": 1 });
    // Microvix answers with XML.
    if vendor.slug != MICROVIX.slug {
        faults["warning"] = json!(3);
    }
    rig.control(vendor, "faults", faults).await;
    let one = recovers(&rig, id).await;
    assert_eq!(one.state, ConnectionState::Active);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;
}

macro_rules! survive {
    ($($name:ident: $vendor:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            survives(&$vendor).await;
        }
    )*};
}

survive! {
    omie_is_read_to_the_end_behind_answers_that_pass: OMIE;
    bling_is_read_to_the_end_behind_answers_that_pass: BLING;
    tiny_is_read_to_the_end_behind_answers_that_pass: TINY;
    tiny_by_token_is_read_to_the_end_behind_answers_that_pass: TINY_V2;
    microvix_is_read_to_the_end_behind_answers_that_pass: MICROVIX;
    wbuy_is_read_to_the_end_behind_answers_that_pass: WBUY;
    shopify_is_read_to_the_end_behind_answers_that_pass: SHOPIFY;
    nuvemshop_is_read_to_the_end_behind_answers_that_pass: NUVEMSHOP;
    woocommerce_is_read_to_the_end_behind_answers_that_pass: WOOCOMMERCE;
    vtex_is_read_to_the_end_behind_answers_that_pass: VTEX;
    mercado_libre_is_read_to_the_end_behind_answers_that_pass: MERCADO_LIBRE;
    hubspot_is_read_to_the_end_behind_answers_that_pass: HUBSPOT;
    pipedrive_is_read_to_the_end_behind_answers_that_pass: PIPEDRIVE;
    rd_station_is_read_to_the_end_behind_answers_that_pass: RD_STATION;
}

/// Returns settings under which runs are so far apart that only the test begins them.
fn seldom() -> Config {
    Config {
        sync_every_seconds: 24 * 3600,
        ..Config::default()
    }
}

/// Runs a connection whose next answer refuses the credentials.
async fn is_refused(rig: &Rig<'_>, id: ConnectionId) -> Connection {
    let body = r#"{"code": "woocommerce_rest_cannot_view", "message": "Sorry"}"#;
    let canned = json!([{ "status": 401, "body": body }]);
    rig.control(&WOOCOMMERCE, "faults", json!({ "canned": canned }))
        .await;
    let from = alta_store::now();
    rig.admin
        .asks::<()>("/api/onboarding/sync_now", &(id,))
        .await
        .unwrap();
    ends_after(rig, id, from).await
}

/// Waits for the end of a run that ends after `from`, whatever an earlier run has stored.
async fn ends_after(rig: &Rig<'_>, id: ConnectionId, from: i64) -> Connection {
    loop {
        let one: Connection = rig
            .admin
            .asks("/api/onboarding/connection", &(id,))
            .await
            .unwrap();
        if !one.running && one.last_run.is_some_and(|ended| ended >= from) {
            return one;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

db_test! {
    async fn credentials_that_are_refused_for_an_hour_end_a_connection_and_an_admin_wakes_it(
        database
    ) {
        let rig = Rig::with(database, &[&WOOCOMMERCE], &[], seldom()).await;
        let id = rig.connects(&WOOCOMMERCE).await;
        assert_eq!(rig.run_ends(id, 0).await.fault, None);

        for _ in 0..2 {
            let before = alta_store::now();
            let refused = is_refused(&rig, id).await;
            let kind = refused.fault.map(|note| note.kind);
            assert_eq!(kind, Some(FaultKind::BadCredentials));
            assert_eq!(refused.state, ConnectionState::Failed);
            assert!(refused.next_run.unwrap() >= before + HOUR, "again in an hour");
        }
        age_runs(rig.store, HOUR).await;
        assert_eq!(is_refused(&rig, id).await.next_run, None, "an hour apart is enough");

        let again = recovers(&rig, id).await;
        assert_eq!((again.state, again.fault), (ConnectionState::Active, None));
        assert!(is_refused(&rig, id).await.next_run.is_some(), "a good run between them counts");
    }

    async fn a_connection_goes_on_by_itself_when_the_cause_of_a_fault_is_gone(database) {
        let rig = Rig::with(database, &[&WOOCOMMERCE], &[], seldom()).await;
        let id = rig.connects(&WOOCOMMERCE).await;
        assert_eq!(rig.run_ends(id, 0).await.fault, None);
        let refused = is_refused(&rig, id).await;
        make_due(rig.store, id).await;
        let again = ends_after(&rig, id, refused.last_run.unwrap() + 1).await;
        assert_eq!((again.state, again.fault), (ConnectionState::Active, None));
    }

    async fn a_connection_without_its_manifest_waits_for_it_and_says_so(database) {
        let rig = Rig::with(database, &[&WBUY], &[], seldom()).await;
        let id = rig.connects(&WBUY).await;
        assert_eq!(rig.run_ends(id, 0).await.fault, None);
        // As when a server starts without the file of this manifest.
        rename_system(rig.store, id, "own-shop").await;
        let waiting = rig.syncs(id).await;
        assert_eq!(waiting.fault.map(|note| note.kind), Some(FaultKind::NoManifest));
        assert!(waiting.next_run.is_some(), "it is looked for again");

        rename_system(rig.store, id, "wbuy").await;
        let again = recovers(&rig, id).await;
        assert_eq!((again.state, again.fault), (ConnectionState::Active, None));
    }
}
