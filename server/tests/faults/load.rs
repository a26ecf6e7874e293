//! The server while everything happens at once: many members search, files are imported, systems
//! answer as badly as they can, and strangers hold connections open. Nothing may be lost, and the
//! table of the answers' times is printed.
//!
//! `ALTA_LOAD_CONTACTS` sets the number of contacts in the base and `ALTA_LOAD_ROWS` the records of
//! each imported file; `cargo xtask prove` runs the test with 500,000 and 50,000.
//! `ALTA_LOAD_ANSWERS` names some of the kinds of answers (`padded,slow`), to find what costs most.

mod hostile;
mod strangers;
mod times;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use alta_domain::{Connecting, ConnectionId, ContactEntry, ContactId, ImportLedger, Role};
use alta_store::Store;
use alta_store::account::accounts;
use alta_store::testing::{Base, TestDatabase};
use tokio::task::{JoinHandle, JoinSet};

use crate::client::Client;
use crate::files::{Expected, File};
use crate::servers::{EMAIL, PASSWORD, Servers};
use crate::setting;
use times::Times;

/// The second Admin.
const OTHER_ADMIN: &str = "eva@example.com";
const MEMBERS: u32 = 20;
const SYSTEMS: usize = 16;
const CONNECTIONS: usize = 600;
/// The names of the imported files.
const FILES: [&str; 4] = ["a.csv", "b.csv", "c.csv", "d.csv"];
/// The records of a batch, as the page sends them at most.
const BATCH: u32 = 2000;

/// What goes on until it is told to stop.
#[derive(Clone, Default)]
struct Running(Arc<AtomicBool>);

impl Running {
    fn is_on(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }

    fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn member(number: u32) -> String {
    format!("member{number}@example.com")
}

async fn add_members(store: &Store) {
    let add = async |email: &str, role| {
        let password = PASSWORD.to_owned();
        accounts::add(store, email, "Vera Lima", password, role)
            .await
            .unwrap();
    };
    add(OTHER_ADMIN, Role::Admin).await;
    for number in 0..MEMBERS {
        add(&member(number), Role::Viewer).await;
    }
}

/// Imports a whole file in batches, and sends each until it is taken.
async fn import(client: &Client, file: &File) -> ImportLedger {
    let begun = client.begins(file).await.unwrap();
    let records = (begun.records..file.records()).step_by(BATCH as usize);
    for (sequence, from) in (begun.sequence..).zip(records) {
        let batch = file.batch(from, BATCH);
        while client.sends(begun.import, sequence, &batch).await.is_none() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    client.finishes(begun.import).await
}

/// Searches again and again, for some contacts and for none.
async fn search(base: String, number: u32, running: Running) -> u32 {
    let client = Client::signed_in_as(&base, &member(number), 0).await;
    let mut answers = 0;
    while running.is_on() {
        for text in [format!("ersona {number}"), "ninguém".into(), "9900".into()] {
            let asked = (false, text, None::<ContactId>);
            let found: Option<Vec<ContactEntry>> = client.asks("contacts", &asked).await;
            answers += u32::from(found.is_some());
        }
    }
    answers
}

/// Opens the home page of a member again and again.
async fn open_home(base: String, running: Running) -> Times {
    let client = Client::signed_in(&base, 0).await;
    let mut times = Times::new("home");
    while running.is_on() {
        let begun = Instant::now();
        let is_right = client.opens("/").await;
        times.add(begun, is_right);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    times
}

/// Signs in again and again.
async fn sign_in(base: String, running: Running) -> Times {
    let mut times = Times::new("sign-in");
    while running.is_on() {
        let visitor = Client::new(&base, 0);
        let begun = Instant::now();
        let is_right = visitor.signs_in(EMAIL).await;
        times.add(begun, is_right);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    times
}

/// Connects systems whose answers harm. A person may connect ten a minute, so two people do it.
async fn connect_systems(clients: [&Client; 2], shop: &str, kinds: &[&str]) {
    for at in 0..SYSTEMS {
        let client = clients[at % 2];
        let key = format!("{}{at}", kinds[at % kinds.len()]);
        let typed = [("address", shop), ("key", &key)];
        let asked = (hostile::SLUG, typed.as_slice(), None::<ConnectionId>);
        let answer: Option<Connecting> = client.asks("onboarding/connect", &asked).await;
        assert!(
            matches!(answer, Some(Connecting::Connected(_))),
            "{key}: {answer:?}"
        );
    }
}

/// What goes on beside the imports.
struct Load {
    running: Running,
    searches: JoinSet<u32>,
    strangers: JoinHandle<(u32, u32)>,
    home: JoinHandle<Times>,
    sign_in: JoinHandle<Times>,
}

impl Load {
    /// Begins the searches, the connections of strangers and what is measured.
    fn begin(port: u16, base: &str) -> Self {
        let running = Running::default();
        let mut searches = JoinSet::new();
        for number in 0..MEMBERS {
            searches.spawn(search(base.to_owned(), number, running.clone()));
        }
        let strangers = strangers::hold(port, CONNECTIONS, running.clone());
        Self {
            searches,
            strangers: tokio::spawn(strangers),
            home: tokio::spawn(open_home(base.to_owned(), running.clone())),
            sign_in: tokio::spawn(sign_in(base.to_owned(), running.clone())),
            running,
        }
    }

    /// Stops everything, and prints what was measured. Fails when an answer was wrong.
    async fn end(self) {
        self.running.stop();
        let answers: u32 = self.searches.join_all().await.into_iter().sum();
        let (opened, closed) = self.strangers.await.unwrap();
        println!("{answers} searches, {opened} connections, {closed} closed by the server");
        for times in [self.home.await.unwrap(), self.sign_in.await.unwrap()] {
            println!("{times}");
            assert!(times.are_right(), "every answer was right: {times}");
        }
        assert!(answers >= MEMBERS, "everybody finds");
        assert!(opened as usize >= CONNECTIONS);
    }
}

/// The longest that the test may take. A server that does not answer fails it.
const PATIENCE: Duration = Duration::from_mins(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_at_once_loses_nothing() {
    let all = Box::pin(everything_at_once());
    tokio::time::timeout(PATIENCE, all).await.unwrap();
}

async fn everything_at_once() {
    let contacts = setting("ALTA_LOAD_CONTACTS", 2000);
    let rows = setting("ALTA_LOAD_ROWS", 2000);
    let database = TestDatabase::sqlite().await;
    let (shop, asked) = hostile::serve().await;
    let settings = [("ALTA_ALLOW_PRIVATE_SYSTEMS", "true")];
    let servers = Servers::start_with(&database, &settings, hostile::MANIFEST).await;
    add_members(&database.store).await;
    let port = servers.ports()[0];
    let base = format!("http://127.0.0.1:{port}");
    let admin = Client::signed_in(&base, 0).await;
    let known = File::of("known.csv", 0..contacts);
    import(&admin, &known).await;
    let memory_before = servers.most_memory();
    let other = Client::signed_in_as(&base, OTHER_ADMIN, 0).await;
    let kinds = hostile::kinds();
    connect_systems([&admin, &other], &shop, &kinds).await;

    let load = Load::begin(port, &base);
    let of_file = |at| {
        File::of(
            FILES[at as usize],
            contacts + at * rows..contacts + (at + 1) * rows,
        )
    };
    let files: Vec<File> = (0..4).map(of_file).collect();
    let begun = Instant::now();
    let imports = files.iter().map(|file| import(&admin, file));
    let ledgers = futures_util::future::join_all(imports).await;
    let seconds = begun.elapsed().as_secs_f64();
    load.end().await;
    let asked = hostile::counts(&asked, &kinds);
    println!("answers of systems: {asked:?}");
    assert!(asked.iter().all(|(_, count)| *count > 0), "all are read");
    println!("4 imports of {rows} records into {contacts} contacts: {seconds:.0} s");
    let memory = servers.most_memory();
    println!("most memory of the server: {memory} MiB, {memory_before} MiB without the load");
    servers.stop();
    for (ledger, file) in ledgers.iter().zip(&files) {
        assert!(
            ledger.adds_up() && ledger.records == file.records(),
            "{ledger:?}"
        );
    }
    let all: Vec<&File> = files.iter().chain([&known]).collect();
    let has = Base::read(&database.store).await.contacts;
    assert!(
        has == Expected::of(&all).contacts,
        "contacts are what the oracle says"
    );
}
