//! Systems that are connected and read: everything arrives and is right, what changes comes after
//! it, and what goes wrong on the way loses nothing.
//!
//! The truth comes from the fakes themselves, field by field.

mod gone;
mod killed;
mod leases;
mod notices;
mod others;
mod own;
mod people;
mod tokens;
mod truth;
mod tryton;
mod vendure;

use std::time::{Duration, Instant};

use alta_domain::{Connecting, Connection, ConnectionId, FaultKind, Role};
use alta_fakes::{Settings, credentials, manifest_here};
use alta_server::config::Config;
use alta_server::syncer::{Syncer, Systems};
use alta_store::testing::TestDatabase;
use alta_store::{db_test, systems};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use self::truth::{Compare, contact, product, transaction};
use crate::support::{TestApp, Visitor};

/// How much faster than a vendor's limits the fakes run; the manifests of the tests too.
const SPEED: u32 = 200;

/// A system of the tests: its slug, its name at the fakes, and its credentials.
struct Vendor {
    slug: &'static str,
    fake: &'static str,
    typed: &'static [(&'static str, &'static str)],
}

const OMIE: Vendor = Vendor {
    slug: "omie",
    fake: "omie",
    typed: &[
        ("app_key", credentials::OMIE_APP_KEY),
        ("app_secret", credentials::OMIE_APP_SECRET),
    ],
};
const BLING: Vendor = Vendor {
    slug: "bling",
    fake: "bling",
    typed: &[
        ("client_id", credentials::BLING_CLIENT_ID),
        ("client_secret", credentials::BLING_CLIENT_SECRET),
    ],
};
const TINY: Vendor = Vendor {
    slug: "tiny",
    fake: "tiny",
    typed: &[
        ("client_id", credentials::TINY_CLIENT_ID),
        ("client_secret", credentials::TINY_CLIENT_SECRET),
    ],
};
const TINY_V2: Vendor = Vendor {
    slug: "tiny-v2",
    fake: "tiny2",
    typed: &[("token", credentials::TINY2_TOKEN)],
};
const MICROVIX: Vendor = Vendor {
    slug: "linx-microvix",
    fake: "microvix",
    typed: &[
        ("chave", credentials::MICROVIX_KEY),
        ("cnpj", credentials::MICROVIX_CNPJ),
    ],
};
const WBUY: Vendor = Vendor {
    slug: "wbuy",
    fake: "wbuy",
    typed: &[
        ("user", credentials::WBUY_USER),
        ("password", credentials::WBUY_PASSWORD),
    ],
};

/// How much the fakes hold; `ALTA_SYNC_SCALE=50` is 10,000 contacts, 50,000 transactions and 2,000
/// products.
fn size() -> Settings {
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

/// The server, its syncer, and the vendors, each at an address of its own. Its database must
/// outlive it: the compiler sees to it.
struct Rig<'a> {
    admin: Visitor,
    base: String,
    fakes: String,
    client: Client,
    syncer: JoinHandle<()>,
    store: &'a alta_store::Store,
    data: tempfile::TempDir,
}

impl Drop for Rig<'_> {
    fn drop(&mut self) {
        self.syncer.abort();
    }
}

impl<'a> Rig<'a> {
    async fn new(database: &'a TestDatabase, vendors: &[&Vendor]) -> Self {
        Self::with(database, vendors, &[], Config::default()).await
    }

    /// The same with these settings, and with manifests of the test's own.
    async fn with(
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

    async fn control(&self, vendor: &Vendor, what: &str, body: Value) -> Value {
        let url = format!("{}/control/{}/{what}", self.fakes, vendor.fake);
        let answer = if body.is_null() {
            self.client.get(url)
        } else {
            self.client.post(url).json(&body)
        };
        serde_json::from_str(&answer.send().await.unwrap().text().await.unwrap())
            .unwrap_or_default()
    }

    async fn tries(&self, vendor: &Vendor, typed: &[(&str, &str)]) -> Connecting {
        self.admin
            .asks(
                "/api/onboarding/connect",
                &(vendor.slug, typed, None::<ConnectionId>),
            )
            .await
            .unwrap()
    }

    /// Connects, through the vendor's consent where it has one.
    async fn connects(&self, vendor: &Vendor) -> ConnectionId {
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
    async fn run_ends(&self, id: ConnectionId, from: i64) -> Connection {
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
    async fn syncs(&self, id: ConnectionId) -> Connection {
        let from = alta_store::now();
        self.admin
            .asks::<()>("/api/onboarding/sync_now", &(id,))
            .await
            .unwrap();
        self.run_ends(id, from).await
    }

    /// What is here is what is there.
    async fn is_true(&self, vendor: &Vendor, id: ConnectionId) {
        let foreign = self.is_complete(vendor, id).await;
        assert!(foreign.is_empty(), "foreign {foreign:?}");
    }

    /// What is there is here; answers with what is here only.
    async fn is_complete(&self, vendor: &Vendor, id: ConnectionId) -> Vec<String> {
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

    async fn never_above_the_limit(&self, vendor: &Vendor) {
        let stats = self.control(vendor, "stats", Value::Null).await;
        assert_eq!(stats["over_limit"], 0, "{stats}");
    }
}

/// A manifest whose system is at the fakes, with what can't be waited for made short.
fn here(manifest: &str, fakes: &str) -> String {
    let shorter = |line: &str| match line {
        "full_every = 86400" => "full_every = 0".to_owned(),
        line if line.starts_with("wait = \"1") || line.starts_with("wait = \"2") => {
            "wait = \"0.5\"".to_owned()
        }
        line => line.to_owned(),
    };
    // WooCommerce is at an address that the admin types.
    let manifest = manifest.replace("{{ credentials.address }}", &format!("{fakes}/woocommerce"));
    manifest_here(&manifest, fakes, SPEED)
        .lines()
        .map(shorter)
        .collect::<Vec<_>>()
        .join("\n")
}

/// All of it, then what changed, then what changed while the vendor has a bad day.
async fn arrives(database: &TestDatabase, vendor: &Vendor) {
    let rig = Rig::new(database, &[vendor]).await;
    let id = rig.connects(vendor).await;
    let first = rig.run_ends(id, 0).await;
    assert_eq!(first.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;

    rig.control(
        vendor,
        "change",
        json!({ "contacts": 5, "transactions": 5, "products": 3 }),
    )
    .await;
    assert_eq!(rig.syncs(id).await.fault, None);
    rig.is_true(vendor, id).await;

    rig.control(
        vendor,
        "change",
        json!({ "contacts": 3, "transactions": 3, "products": 2 }),
    )
    .await;
    rig.control(
        vendor,
        "faults",
        json!({ "too_many": 1, "error": 1, "half": 1, "html": 1 }),
    )
    .await;
    let mut after = rig.syncs(id).await;
    while after.fault.as_ref().is_some_and(|note| note.kind.passes()) {
        after = rig.syncs(id).await;
    }
    assert_eq!(after.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;
}

/// Pages so small that they end within a sale, and a cursor that takes in the row it names, or does
/// not.
async fn cut_sales_are_whole(database: &TestDatabase, inclusive: bool) {
    let rig = Rig::new(database, &[&MICROVIX]).await;
    rig.control(
        &MICROVIX,
        "page",
        json!({ "rows": 90, "inclusive": inclusive }),
    )
    .await;
    let id = rig.connects(&MICROVIX).await;
    assert_eq!(rig.run_ends(id, 0).await.fault, None);
    rig.is_true(&MICROVIX, id).await;
}

db_test! {
    async fn everything_of_omie_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &OMIE).await;
    }

    async fn everything_of_bling_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &BLING).await;
    }

    async fn everything_of_tiny_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &TINY).await;
    }

    async fn everything_of_tiny_by_token_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &TINY_V2).await;
    }

    async fn everything_of_microvix_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &MICROVIX).await;
    }

    async fn a_sale_that_a_page_of_microvix_cuts_is_whole_when_its_cursor_is_the_next_row(
        database
    ) {
        cut_sales_are_whole(database, true).await;
    }

    async fn a_sale_that_a_page_of_microvix_cuts_is_whole_when_its_cursor_is_the_last_row(
        database
    ) {
        cut_sales_are_whole(database, false).await;
    }

    async fn a_consent_that_is_begun_and_left_takes_nothing_from_the_connection_there_is(database) {
        let rig = Rig::new(database, &[&BLING]).await;
        let id = rig.connects(&BLING).await;
        rig.run_ends(id, 0).await;
        let again: Connecting = rig.admin.asks("/api/onboarding/connect",
            &("bling", BLING.typed, Some(id))).await.unwrap();
        assert!(matches!(again, Connecting::Consent(_)));
        assert_eq!(rig.syncs(id).await.fault, None);
        assert_eq!(rig.connects(&BLING).await, id, "the same account is the same connection");
        assert_eq!(rig.syncs(id).await.fault, None);
        rig.is_true(&BLING, id).await;
    }

    async fn everything_of_wbuy_arrives_and_what_changes_comes_after_it(database) {
        arrives(database, &WBUY).await;
    }

    async fn a_bad_credential_is_refused_with_what_is_wrong_and_nothing_is_kept(database) {
        let rig = Rig::new(database, &[&OMIE, &WBUY, &MICROVIX, &TINY_V2]).await;
        for (vendor, wrong) in [
            (&OMIE, [("app_key", "1"), ("app_secret", "hunter2hunter2")].as_slice()),
            (&WBUY, &[("user", "wbuy-user"), ("password", "hunter2hunter2")]),
            (&MICROVIX, &[("chave", "hunter2hunter2"), ("cnpj", credentials::MICROVIX_CNPJ)]),
            (&TINY_V2, &[("token", "hunter2hunter2")]),
        ] {
            let Connecting::Refused(note) = rig.tries(vendor,
                wrong).await else { panic!("{}", vendor.slug) };
            assert_eq!(note.kind, FaultKind::BadCredentials, "{}: {note:?}", vendor.slug);
            assert!(!note.said.contains("hunter2"), "{note:?}");
        }
        let all: Vec<Connection> = rig.admin.asks("/api/onboarding/connections",
            &()).await.unwrap();
        assert!(all.is_empty());
        assert!(rig.tries(&OMIE, &[("app_key", " 1234567890123 "),
                    ("app_secret",
                        credentials::OMIE_APP_SECRET)])
                            .await != Connecting::Consent(String::new()));
    }
}
