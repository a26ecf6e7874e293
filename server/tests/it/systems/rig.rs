//! The server, its syncer, and the vendors, which fakes play.

use std::time::{Duration, Instant};

use alta_domain::{Connecting, Connection, ConnectionId, Role};
use alta_fakes::{Settings, credentials, manifest_here};
use alta_server::config::Config;
use alta_server::syncer::{Syncer, Systems};
use alta_store::systems;
use alta_store::testing::TestDatabase;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::truth::{Compare, contact, product, transaction};
use crate::support::{TestApp, Visitor};

/// The factor by which the fakes, and the manifests of the tests, run faster than a vendor's
/// limits.
pub(super) const SPEED: u32 = 200;

/// A system of the tests: its slug, its name in the fakes, and its credentials.
pub(super) struct Vendor {
    pub(super) slug: &'static str,
    pub(super) fake: &'static str,
    pub(super) typed: &'static [(&'static str, &'static str)],
}

pub(super) const OMIE: Vendor = Vendor {
    slug: "omie",
    fake: "omie",
    typed: &[
        ("app_key", credentials::OMIE_APP_KEY),
        ("app_secret", credentials::OMIE_APP_SECRET),
    ],
};
pub(super) const BLING: Vendor = Vendor {
    slug: "bling",
    fake: "bling",
    typed: &[
        ("client_id", credentials::BLING_CLIENT_ID),
        ("client_secret", credentials::BLING_CLIENT_SECRET),
    ],
};
pub(super) const TINY: Vendor = Vendor {
    slug: "tiny",
    fake: "tiny",
    typed: &[
        ("client_id", credentials::TINY_CLIENT_ID),
        ("client_secret", credentials::TINY_CLIENT_SECRET),
    ],
};
pub(super) const TINY_V2: Vendor = Vendor {
    slug: "tiny-v2",
    fake: "tiny2",
    typed: &[("token", credentials::TINY2_TOKEN)],
};
pub(super) const MICROVIX: Vendor = Vendor {
    slug: "linx-microvix",
    fake: "microvix",
    typed: &[
        ("chave", credentials::MICROVIX_KEY),
        ("cnpj", credentials::MICROVIX_CNPJ),
    ],
};
pub(super) const WBUY: Vendor = Vendor {
    slug: "wbuy",
    fake: "wbuy",
    typed: &[
        ("user", credentials::WBUY_USER),
        ("password", credentials::WBUY_PASSWORD),
    ],
};

/// Returns the settings of the fakes with their numbers of records; with `ALTA_SYNC_SCALE=50`,
/// 10,000 contacts, 50,000 transactions and 2,000 products.
pub(super) fn size() -> Settings {
    let scale: usize = std::env::var("ALTA_SYNC_SCALE")
        .ok()
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(1);
    Settings {
        contacts: 200 * scale,
        transactions: 1000 * scale,
        products: 40 * scale,
        seed: 7,
        speed: SPEED,
    }
}

/// The server, its syncer, and the vendors, each at an address of its own. The rig borrows the
/// store of its database, so the database outlives the rig.
pub(super) struct Rig<'a> {
    pub(super) admin: Visitor,
    pub(super) base: String,
    pub(super) fakes: String,
    pub(super) client: Client,
    pub(super) syncer: JoinHandle<()>,
    pub(super) store: &'a alta_store::Store,
    pub(super) data: tempfile::TempDir,
}

impl Drop for Rig<'_> {
    fn drop(&mut self) {
        self.syncer.abort();
    }
}

impl<'a> Rig<'a> {
    pub(super) async fn new(database: &'a TestDatabase, vendors: &[&Vendor]) -> Self {
        Self::with(database, vendors, &[], Config::default()).await
    }

    /// Starts a rig with these settings, and with manifests of the test's own.
    pub(super) async fn with(
        database: &'a TestDatabase,
        vendors: &[&Vendor],
        own: &[&str],
        config: Config,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fakes = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, alta_fakes::router(&size())).await });
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("systems")).unwrap();
        for vendor in vendors {
            let path = format!(
                "{}/../crates/connect/systems/{}.toml",
                env!("CARGO_MANIFEST_DIR"),
                vendor.slug
            );
            let manifest = here(&std::fs::read_to_string(path).unwrap(), &fakes);
            std::fs::write(
                data.path().join(format!("systems/{}.toml", vendor.slug)),
                manifest,
            )
            .unwrap();
        }
        for (at, manifest) in own.iter().enumerate() {
            std::fs::write(data.path().join(format!("systems/own-{at}.toml")), manifest).unwrap();
        }
        let config = Config {
            data: data.path().to_owned(),
            ..config
        };
        let app = TestApp::serve_set_up(database, &config).await;
        let store = &database.store;
        let syncer = Syncer::new(&config, store.clone(), Systems::new(&config).unwrap());
        let syncer = tokio::spawn(syncer.run());
        let admin = app.signed_in(Role::Admin).await;
        Self {
            admin,
            base: app.base,
            fakes,
            client: Client::new(),
            syncer,
            store,
            data,
        }
    }

    pub(super) async fn control(&self, vendor: &Vendor, what: &str, body: Value) -> Value {
        let url = format!("{}/control/{}/{what}", self.fakes, vendor.fake);
        let answer = if body.is_null() {
            self.client.get(url)
        } else {
            self.client.post(url).json(&body)
        };
        serde_json::from_str(&answer.send().await.unwrap().text().await.unwrap())
            .unwrap_or_default()
    }

    pub(super) async fn tries(&self, vendor: &Vendor, typed: &[(&str, &str)]) -> Connecting {
        self.admin
            .asks(
                "/api/onboarding/connect",
                &(vendor.slug, typed, None::<ConnectionId>),
            )
            .await
            .unwrap()
    }

    /// Connects a vendor, through its consent page when it has one.
    pub(super) async fn connects(&self, vendor: &Vendor) -> ConnectionId {
        self.control(
            vendor,
            "redirect",
            json!({ "uri": format!("{}/api/onboarding/connected", self.base) }),
        )
        .await;
        let page = match self.tries(vendor, vendor.typed).await {
            Connecting::Connected(id) => return id,
            Connecting::Consent(page) => page,
            Connecting::Refused(note) => panic!("{note:?}"),
        };
        let browser = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let agreed = browser
            .post(&page)
            .form(&[("decision", "approve")])
            .send()
            .await
            .unwrap();
        let back = agreed.headers()["location"].to_str().unwrap().to_owned();
        let taken = self.admin.client.get(&back).send().await.unwrap();
        assert_eq!(
            taken.headers()["location"].to_str().unwrap(),
            format!("/onboarding/connect/{}", vendor.slug)
        );
        let again = self.admin.client.get(&back).send().await.unwrap();
        assert!(
            again.headers()["location"]
                .to_str()
                .unwrap()
                .contains("refused"),
            "an answer counts once"
        );
        let all: Vec<Connection> = self
            .admin
            .asks("/api/onboarding/connections", &())
            .await
            .unwrap();
        all[0].id
    }

    /// Waits for the end of a run that ends after `from`.
    pub(super) async fn run_ends(&self, id: ConnectionId, from: i64) -> Connection {
        let patience = Instant::now();
        loop {
            let one: Connection = self
                .admin
                .asks("/api/onboarding/connection", &(id,))
                .await
                .unwrap();
            if !one.running
                && (one.last_run.is_some_and(|ended| ended >= from) || one.fault.is_some())
            {
                return one;
            }
            assert!(patience.elapsed() < Duration::from_mins(30), "{one:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs a connection now, to its end.
    pub(super) async fn syncs(&self, id: ConnectionId) -> Connection {
        let from = alta_store::now();
        self.admin
            .asks::<()>("/api/onboarding/sync_now", &(id,))
            .await
            .unwrap();
        self.run_ends(id, from).await
    }

    /// Asserts that the stored records are exactly those of the vendor.
    pub(super) async fn is_true(&self, vendor: &Vendor, id: ConnectionId) {
        let foreign = self.is_complete(vendor, id).await;
        assert!(foreign.is_empty(), "foreign {foreign:?}");
    }

    /// Asserts that all records of the vendor are stored; returns the stored records that the
    /// vendor does not have.
    pub(super) async fn is_complete(&self, vendor: &Vendor, id: ConnectionId) -> Vec<String> {
        let truth = self.control(vendor, "truth", Value::Null).await;
        let here = systems::stored_records(self.store, id).await.unwrap();
        let set_aside = self
            .admin
            .asks::<Connection>("/api/onboarding/connection", &(id,))
            .await
            .unwrap()
            .holds
            .set_aside;
        assert_eq!(set_aside, 0, "records that can't be read");
        let mut only_here = Vec::new();
        for (kind, compare) in [
            ("contacts", contact as Compare),
            ("products", product),
            ("transactions", transaction),
        ] {
            let there = truth[kind].as_array().unwrap();
            let wanted: std::collections::BTreeSet<&str> = there
                .iter()
                .map(|record| record["id"].as_str().unwrap())
                .collect();
            let found: std::collections::BTreeSet<&str> = here[kind]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let missing: Vec<_> = wanted.difference(&found).collect();
            assert!(missing.is_empty(), "{kind}: missing {missing:?}");
            only_here.extend(found.difference(&wanted).map(|id| format!("{kind} {id}")));
            for record in there {
                let ours = &here[kind][record["id"].as_str().unwrap()];
                let wrong = compare(vendor, record, ours, &here);
                assert!(
                    wrong.is_empty(),
                    "{kind}: {wrong:?}\nthere {record}\nhere {ours}"
                );
            }
        }
        only_here
    }

    pub(super) async fn never_above_the_limit(&self, vendor: &Vendor) {
        let stats = self.control(vendor, "stats", Value::Null).await;
        assert_eq!(stats["over_limit"], 0, "{stats}");
    }
}

/// Returns a manifest whose system is at the fakes, with long waits made short.
pub(super) fn here(manifest: &str, fakes: &str) -> String {
    let shorter = |line: &str| match line {
        "full_every = 86400" => "full_every = 0".to_owned(),
        line if line.starts_with("wait = \"1") || line.starts_with("wait = \"2") => {
            "wait = \"0.5\"".to_owned()
        }
        line => line.to_owned(),
    };
    // WooCommerce is at an address that the Admin types.
    let manifest = manifest.replace("{{ credentials.address }}", &format!("{fakes}/woocommerce"));
    manifest_here(&manifest, fakes, SPEED)
        .lines()
        .map(shorter)
        .collect::<Vec<_>>()
        .join("\n")
}
