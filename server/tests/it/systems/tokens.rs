//! Tokens that can be used only once, between a run that was stopped and the next run.

use std::sync::Arc;
use std::time::Duration;

use alta_connect::{
    Budget, Credentials, Http, Limits, LoadingNewer, Manifest, Saving, Session, TokenStore,
};
use alta_store::{db_test, systems};
use serde_json::{Value, json};

use super::{BLING, Rig};

/// The token store of a run that has new tokens and has not stored them yet.
struct Late;

impl TokenStore for Late {
    fn save<'a>(&'a self, _: &'a Credentials) -> Saving<'a> {
        Box::pin(async { Ok(()) })
    }

    fn load_newer(&self) -> LoadingNewer<'_> {
        Box::pin(async { None })
    }
}

db_test! {
    async fn a_run_whose_refresh_token_was_spent_by_one_that_was_stopped_goes_on_with_what_that_got(
        database
    ) {
        let rig = Rig::new(database, &[&BLING]).await;
        let id = rig.connects(&BLING).await;
        rig.run_ends(id, 0).await;
        rig.admin.asks::<()>("/api/onboarding/pause_connection", &(id, true)).await.unwrap();
        let (sealed, credentials) = systems::stored_credentials(rig.store, id).await.unwrap();
        rig.control(&BLING, "faults", json!({ "expired": 1 })).await;
        let manifest = std::fs::read_to_string(rig.data.path().join("systems/bling.toml")).unwrap();
        let manifest = Arc::new(Manifest::parse(&manifest).unwrap());
        let (http, budget) = (Http::new(Limits::default()).unwrap(),
            Arc::new(Budget::of(&manifest)));
        let mut stopped = Session::new(manifest, serde_json::from_slice(&credentials).unwrap(),
            http, budget, Arc::new(Late));
        stopped.check().await.unwrap();
        let got = serde_json::to_vec(stopped.credentials()).unwrap();
        assert_ne!(got, credentials);
        let requests = async || rig.control(&BLING, "stats",
            Value::Null).await["requests"].as_u64().unwrap();
        let (from, before) = (alta_store::now(), requests().await);
        rig.admin.asks::<()>("/api/onboarding/pause_connection", &(id, false)).await.unwrap();
        while requests().await == before {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // The run has the answer that its token is dead, and tries to renew the token.
        tokio::time::sleep(Duration::from_secs(1)).await;
        systems::replace_credentials(rig.store, id, &sealed, &got).await.unwrap();
        assert_eq!(rig.run_ends(id, from).await.fault, None);
    }
}
