//! Systems that are connected and read: everything arrives and is right, what changes comes after it, and what goes wrong on the way loses nothing.
//!
//! The truth comes from the fakes themselves, field by field.

use std::time::{Duration, Instant};

use alta_domain::{Connecting, Connection, ConnectionId, Country, FaultKind, Role};
use alta_fakes::{Settings, credentials};
use alta_server::config::Config;
use alta_server::syncer::{Syncer, Systems};
use alta_store::testing::TestDatabase;
use alta_store::{db_test, systems};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{TestApp, Visitor};

/// How much faster than a vendor's limits the fakes run; the manifests of the tests too.
const SPEED: u32 = 200;

/// A system of the tests: its slug, its name at the fakes, its addresses there, and its credentials.
struct Vendor {
    slug: &'static str,
    fake: &'static str,
    hosts: &'static [(&'static str, &'static str)],
    typed: &'static [(&'static str, &'static str)],
}

const OMIE: Vendor = Vendor {
    slug: "omie",
    fake: "omie",
    hosts: &[("https://app.omie.com.br", "/omie")],
    typed: &[("app_key", credentials::OMIE_APP_KEY), ("app_secret", credentials::OMIE_APP_SECRET)],
};
const BLING: Vendor = Vendor {
    slug: "bling",
    fake: "bling",
    hosts: &[("https://api.bling.com.br", "/bling"), ("https://www.bling.com.br", "/bling")],
    typed: &[("client_id", credentials::BLING_CLIENT_ID), ("client_secret", credentials::BLING_CLIENT_SECRET)],
};
const TINY: Vendor = Vendor {
    slug: "tiny",
    fake: "tiny",
    hosts: &[("https://api.tiny.com.br", "/tiny"), ("https://accounts.tiny.com.br", "/tiny")],
    typed: &[("client_id", credentials::TINY_CLIENT_ID), ("client_secret", credentials::TINY_CLIENT_SECRET)],
};
const TINY_V2: Vendor = Vendor {
    slug: "tiny-v2",
    fake: "tiny2",
    hosts: &[("https://api.tiny.com.br", "/tiny2")],
    typed: &[("token", credentials::TINY2_TOKEN)],
};
const MICROVIX: Vendor = Vendor {
    slug: "linx-microvix",
    fake: "microvix",
    hosts: &[("https://webapi.microvix.com.br", "/microvix")],
    typed: &[("chave", credentials::MICROVIX_KEY), ("cnpj", credentials::MICROVIX_CNPJ)],
};
const WBUY: Vendor = Vendor {
    slug: "wbuy",
    fake: "wbuy",
    hosts: &[("https://sistema.sistemawbuy.com.br", "/wbuy")],
    typed: &[("user", credentials::WBUY_USER), ("password", credentials::WBUY_PASSWORD)],
};

/// How much the fakes hold; `ALTA_SYNC_SCALE=50` is 10,000 contacts, 50,000 transactions and 2,000 products.
fn size() -> Settings {
    let scale: usize = std::env::var("ALTA_SYNC_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1);
    Settings { contacts: 200 * scale, transactions: 1000 * scale, products: 40 * scale, seed: 7, speed: SPEED }
}

/// The server, its syncer, and the vendors, each at an address of its own.
struct Rig {
    admin: Visitor,
    base: String,
    fakes: String,
    client: Client,
    syncer: JoinHandle<()>,
    store: alta_store::Store,
    _data: tempfile::TempDir,
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.syncer.abort();
    }
}

impl Rig {
    async fn new(database: &TestDatabase, vendors: &[&Vendor]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fakes = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, alta_fakes::router(&size())).await });
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("systems")).unwrap();
        for vendor in vendors {
            let path = format!("{}/../crates/connect/systems/{}.toml", env!("CARGO_MANIFEST_DIR"), vendor.slug);
            let manifest = here(&std::fs::read_to_string(path).unwrap(), vendor, &fakes);
            std::fs::write(data.path().join(format!("systems/{}.toml", vendor.slug)), manifest).unwrap();
        }
        let config = Config { data: data.path().to_owned(), ..Config::default() };
        let app = TestApp::serve_set_up(database, &config).await;
        let store = database.store.clone();
        let syncer = Syncer::new(&config, store.clone(), Systems::new(&config).unwrap());
        let syncer = tokio::spawn(syncer.run());
        let admin = app.signed_in(Role::Admin).await;
        Self { admin, base: app.base, fakes, client: Client::new(), syncer, store, _data: data }
    }

    async fn control(&self, vendor: &Vendor, what: &str, body: Value) -> Value {
        let url = format!("{}/control/{}/{what}", self.fakes, vendor.fake);
        let answer = if body.is_null() { self.client.get(url) } else { self.client.post(url).json(&body) };
        serde_json::from_str(&answer.send().await.unwrap().text().await.unwrap()).unwrap_or_default()
    }

    async fn tries(&self, vendor: &Vendor, typed: &[(&str, &str)]) -> Connecting {
        self.admin.asks("/api/onboarding/connect", &(vendor.slug, typed, None::<ConnectionId>)).await.unwrap()
    }

    /// Connects, through the vendor's consent where it has one.
    async fn connects(&self, vendor: &Vendor) -> ConnectionId {
        self.control(vendor, "redirect", json!({ "uri": format!("{}/api/onboarding/connected", self.base) })).await;
        let page = match self.tries(vendor, vendor.typed).await {
            Connecting::Connected(id) => return id,
            Connecting::Consent(page) => page,
            Connecting::Refused(note) => panic!("{note:?}"),
        };
        let browser = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let agreed = browser.post(&page).form(&[("decision", "approve")]).send().await.unwrap();
        let back = agreed.headers()["location"].to_str().unwrap().to_owned();
        let taken = self.admin.client.get(&back).send().await.unwrap();
        assert_eq!(taken.headers()["location"].to_str().unwrap(), format!("/onboarding/connect/{}", vendor.slug));
        let again = self.admin.client.get(&back).send().await.unwrap();
        assert!(again.headers()["location"].to_str().unwrap().contains("refused"), "an answer counts once");
        let all: Vec<Connection> = self.admin.asks("/api/onboarding/connections", &()).await.unwrap();
        all[0].id
    }

    /// Waits for the end of a run that ends after `from`.
    async fn run_ends(&self, id: ConnectionId, from: i64) -> Connection {
        let patience = Instant::now();
        loop {
            let one: Connection = self.admin.asks("/api/onboarding/connection", &(id,)).await.unwrap();
            if !one.running && (one.last_run.is_some_and(|ended| ended >= from) || one.fault.is_some()) {
                return one;
            }
            assert!(patience.elapsed() < Duration::from_mins(30), "{one:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs a connection now, to its end.
    async fn syncs(&self, id: ConnectionId) -> Connection {
        let from = alta_store::now();
        self.admin.asks::<()>("/api/onboarding/sync_now", &(id,)).await.unwrap();
        self.run_ends(id, from).await
    }

    /// What is here is what is there.
    async fn is_true(&self, vendor: &Vendor, id: ConnectionId) {
        let truth = self.control(vendor, "truth", Value::Null).await;
        let here = systems::dump(&self.store, id).await.unwrap();
        let set_aside = self.admin.asks::<Connection>("/api/onboarding/connection", &(id,)).await.unwrap().holds.set_aside;
        assert_eq!(set_aside, 0, "records that can't be read");
        for (kind, compare) in [("contacts", contact as Compare), ("products", product), ("transactions", transaction)] {
            let there = truth[kind].as_array().unwrap();
            let wanted: std::collections::BTreeSet<&str> = there.iter().map(|record| record["id"].as_str().unwrap()).collect();
            let found: std::collections::BTreeSet<&str> = here[kind].as_object().unwrap().keys().map(String::as_str).collect();
            let (missing, foreign) = (wanted.difference(&found).collect::<Vec<_>>(), found.difference(&wanted).collect::<Vec<_>>());
            assert!(missing.is_empty() && foreign.is_empty(), "{kind}: missing {missing:?}, foreign {foreign:?}");
            for record in there {
                let ours = &here[kind][record["id"].as_str().unwrap()];
                let wrong = compare(vendor, record, ours, &here);
                assert!(wrong.is_empty(), "{kind}: {wrong:?}\nthere {record}\nhere {ours}");
            }
        }
    }

    async fn never_above_the_limit(&self, vendor: &Vendor) {
        let stats = self.control(vendor, "stats", Value::Null).await;
        assert_eq!(stats["over_limit"], 0, "{stats}");
    }
}

/// A manifest whose system is at the fakes, with limits as much faster as theirs.
fn here(manifest: &str, vendor: &Vendor, fakes: &str) -> String {
    let mut manifest = manifest.to_owned();
    for (host, prefix) in vendor.hosts {
        manifest = manifest.replace(host, &format!("{fakes}{prefix}"));
    }
    let mut table = "";
    let mut lines = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            table = line;
        }
        let seconds = line.strip_prefix("seconds = ").filter(|_| table == "[[budget]]").and_then(|seconds| seconds.parse::<f64>().ok());
        lines.push(match seconds {
            Some(seconds) => format!("seconds = {}", seconds / f64::from(SPEED)),
            // A day can't be waited for.
            None if line.starts_with("full_every") => "full_every = 0".to_owned(),
            None if line.starts_with("wait = \"1") || line.starts_with("wait = \"2") => "wait = \"0.5\"".to_owned(),
            None => line.to_owned(),
        });
    }
    lines.join("\n")
}

/// The fields in which a record here is not what it is there.
type Compare = fn(&Vendor, &Value, &Value, &Value) -> Vec<String>;

fn differs(wrong: &mut Vec<String>, field: &str, there: &Value, here: &Value) {
    if there != here {
        wrong.push(format!("{field}: {there} is {here}"));
    }
}

fn contact(_: &Vendor, there: &Value, here: &Value, _: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let read =
        |text: &Value| alta_intake::phone::read_phone(text.as_str().unwrap(), Country::BRAZIL).ok().map(|phone| phone.digits.to_string());
    let phones: Vec<String> = there["phones"].as_array().unwrap().iter().filter_map(read).collect();
    let email = there["email"].as_str().and_then(alta_domain::Email::parse);
    if phones.is_empty() && email.is_none() {
        if !here.is_null() {
            wrong.push("has neither phone nor e-mail, and is here".to_owned());
        }
        return wrong;
    }
    differs(&mut wrong, "name", &there["name"], &here["name"]);
    differs(&mut wrong, "email", &json!(email.map(|email| email.as_str().to_owned())), &here["email"]);
    differs(&mut wrong, "birth_date", &there["birth_date"], &here["birth_date"]);
    let ours: Vec<&str> = [&here["phone"], &here["landline"]].into_iter().filter_map(Value::as_str).collect();
    if !ours.iter().all(|phone| phones.iter().any(|known| known == phone)) || ours.len() != phones.len() {
        wrong.push(format!("phones: {phones:?} are {ours:?}"));
    }
    let digits = |text: &Value| text.as_str().map(|text| text.chars().filter(char::is_ascii_digit).collect::<String>());
    differs(&mut wrong, "tax_id", &json!(digits(&there["tax_id"])), &json!(digits(&here["tax_id"])));
    differs(&mut wrong, "postal_code", &json!(digits(&there["postal_code"])), &json!(digits(&here["postal_code"])));
    for field in ["city", "state"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    let parts: Vec<&str> = ["address", "number", "complement", "district"].iter().filter_map(|part| there[*part].as_str()).collect();
    differs(&mut wrong, "address", &json!((!parts.is_empty()).then(|| parts.join(", "))), &here["address"]);
    wrong
}

fn product(vendor: &Vendor, there: &Value, here: &Value, _: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in ["sku", "name", "active"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    // Microvix has prices in a list of its own, by store.
    if vendor.slug != MICROVIX.slug {
        differs(&mut wrong, "price", &there["price"], &here["price"]);
    }
    wrong
}

fn transaction(vendor: &Vendor, there: &Value, here: &Value, all: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in ["number", "status", "total", "discount", "freight"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    // Version 2 of Tiny tells no id of whose it is.
    if vendor.slug != TINY_V2.slug {
        let known = here["contact_external_id"].as_str().filter(|id| all["contacts"].get(id).is_some());
        differs(&mut wrong, "contact", &there["contact"], &json!(known));
    }
    let made = here["made_at"].as_i64().unwrap();
    // Brasília is three hours behind; written as the truth is.
    let local = json!(local(made - 3 * 3_600_000));
    differs(&mut wrong, "date", &there["date"], &local);
    let (items, ours) = (there["items"].as_array().unwrap(), here["items"].as_array().unwrap());
    if items.len() != ours.len() {
        wrong.push(format!("{} items are {}", items.len(), ours.len()));
    }
    for (item, line) in items.iter().zip(ours) {
        differs(&mut wrong, "product", &item["product"], &line["product_external_id"]);
        for field in ["quantity", "unit_price", "total"] {
            differs(&mut wrong, field, &item[field], &line[field]);
        }
        // Microvix names its products in their own list only.
        if vendor.slug != MICROVIX.slug {
            differs(&mut wrong, "sku", &json!(item["sku"].as_str().filter(|sku| !sku.is_empty())), &line["sku"]);
            differs(&mut wrong, "name", &item["name"], &line["name"]);
        }
    }
    wrong
}

/// `YYYY-MM-DDTHH:MM:SS` of milliseconds since 1970.
fn local(millis: i64) -> String {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000) / 1000);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// All of it, then what changed, then what changed while the vendor has a bad day.
async fn arrives(database: &TestDatabase, vendor: &Vendor) {
    let rig = Rig::new(database, &[vendor]).await;
    let id = rig.connects(vendor).await;
    let first = rig.run_ends(id, 0).await;
    assert_eq!(first.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;

    rig.control(vendor, "change", json!({ "contacts": 5, "transactions": 5, "products": 3 })).await;
    assert_eq!(rig.syncs(id).await.fault, None);
    rig.is_true(vendor, id).await;

    rig.control(vendor, "change", json!({ "contacts": 3, "transactions": 3, "products": 2 })).await;
    rig.control(vendor, "faults", json!({ "too_many": 1, "error": 1, "half": 1, "html": 1 })).await;
    let mut after = rig.syncs(id).await;
    while after.fault.as_ref().is_some_and(|note| note.kind.passes()) {
        after = rig.syncs(id).await;
    }
    assert_eq!(after.fault, None);
    rig.is_true(vendor, id).await;
    rig.never_above_the_limit(vendor).await;
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
            let Connecting::Refused(note) = rig.tries(vendor, wrong).await else { panic!("{}", vendor.slug) };
            assert_eq!(note.kind, FaultKind::BadCredentials, "{}: {note:?}", vendor.slug);
            assert!(!note.said.contains("hunter2"), "{note:?}");
        }
        let all: Vec<Connection> = rig.admin.asks("/api/onboarding/connections", &()).await.unwrap();
        assert!(all.is_empty());
        assert!(rig.tries(&OMIE, &[("app_key", " 1234567890123 "), ("app_secret", credentials::OMIE_APP_SECRET)]).await != Connecting::Consent(String::new()));
    }
}
