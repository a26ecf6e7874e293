//! A server that is killed in the middle of a run, again and again: no record is lost, and none is
//! stored twice.
//!
//! `ALTA_SYNC_KILLS` sets the number of kills.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use alta_store::db_test;
use alta_store::testing::TestDatabase;
use serde_json::json;

use super::{OMIE, Rig};

fn kills() -> u32 {
    std::env::var("ALTA_SYNC_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(5)
}

/// Starts the binary with its own syncer, beside the rig's server, on the same database.
fn serve(database: &TestDatabase, rig: &Rig<'_>) -> Child {
    Command::new(
        std::env::var("ALTA_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_alta").to_owned()),
    )
    .arg("serve")
    .env("DATABASE_URL", &database.url)
    .env("ALTA_DATA", rig.data.path())
    .env("ALTA_SECRET_KEY", database.store.vault().to_text())
    .env("ALTA_LISTEN", "127.0.0.1:0")
    .env("ALTA_SYNC_LEASE_SECONDS", "1")
    .stdout(Stdio::null())
    .spawn()
    .unwrap()
}

db_test! {
    async fn a_server_killed_in_mid_sync_loses_nothing_and_brings_nothing_twice(database) {
        let rig = Rig::new(database, &[&OMIE]).await;
        rig.syncer.abort();
        // While the system is read, records change and pages shift.
        rig.control(&OMIE, "churn", json!({ "every": 5 })).await;
        let id = rig.connects(&OMIE).await;
        for _ in 0..kills() {
            let mut server = serve(database, &rig);
            tokio::time::sleep(Duration::from_millis(400 + u64::from(rand::random::<u8>()) * 6))
                .await;
            server.kill().unwrap();
            server.wait().unwrap();
        }
        rig.control(&OMIE, "churn", json!({ "every": 0 })).await;
        let mut server = serve(database, &rig);
        rig.run_ends(id, 0).await;
        let last = rig.syncs(id).await;
        server.kill().unwrap();
        server.wait().unwrap();
        assert_eq!(last.fault, None);
        rig.is_true(&OMIE, id).await;
    }
}
