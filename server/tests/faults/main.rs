//! Imports that go wrong in every way we know, over real sockets, against real servers and
//! databases. Afterwards the base must hold what the oracle says.
//!
//! `ALTA_FAULT_ROWS` and `ALTA_FAULT_KILLS` set the number of rows and of killed servers; `cargo
//! xtask faults` runs the tests with 100,000 rows and 100 kills.

#![expect(
    clippy::unwrap_used,
    reason = "a test that has nothing to go on with has failed"
)]

mod client;
mod disk;
mod files;
mod load;
mod proxy;
mod servers;

use std::time::Duration;

use alta_domain::Batch;
use alta_store::testing::{Base, TestDatabase};
use client::Client;
use disk::Disk;
use files::{Expected, File};
use proxy::Proxy;
use servers::Servers;

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn rows() -> u32 {
    setting("ALTA_FAULT_ROWS", 4000)
}

fn kills() -> u32 {
    setting("ALTA_FAULT_KILLS", 6)
}

/// Runs two imports with people in common at the same time while `harm` disturbs them. Asserts that
/// both ledgers add up, and that the base holds what the oracle says.
async fn two_imports(
    database: &TestDatabase,
    servers: &Servers,
    proxy: &Proxy,
    harm: impl Future<Output = ()>,
) {
    let people = rows();
    let (first, second) = (
        File::of("a.csv", 0..people * 7 / 10),
        File::of("b.csv", people * 3 / 10..people),
    );
    let expected = Expected::of(&[&first, &second]);
    let pause = Duration::from_millis(
        u64::from(kills()) * 250 / u64::from(first.batches(50).max(1)).min(2000),
    );
    let client = async |file: &File, seed: u64| {
        let mut client = Client::signed_in(&proxy.base(), seed).await;
        client.imports(file, pause).await
    };
    let imports = async { tokio::join!(Box::pin(client(&first, 1)), Box::pin(client(&second, 2))) };
    let (ledgers, ()) = tokio::join!(imports, harm);
    servers.stop();
    for (ledger, file) in [(ledgers.0, &first), (ledgers.1, &second)] {
        assert!(ledger.adds_up(), "{ledger:?}");
        assert_eq!(
            (ledger.records, ledger.merged, ledger.rejected),
            (file.records(), file.merged(), file.rejected()),
            "{ledger:?}"
        );
        assert_eq!(
            ledger.unchanged, 0,
            "each is put on the list of its file: {ledger:?}"
        );
    }
    assert_eq!(
        ledgers.0.new + ledgers.1.new,
        u32::try_from(expected.contacts.len()).unwrap(),
        "{ledgers:?}"
    );
    let base = Base::read(&database.store).await;
    assert_eq!(base.contacts.len(), expected.contacts.len());
    assert!(
        base.contacts == expected.contacts,
        "contacts are what the oracle says"
    );
    assert_eq!(base.rejects, expected.rejects);
    assert_eq!(base.members, expected.members);
    println!(
        "{} contacts, {} batches, ledgers {:?} {:?}",
        base.contacts.len(),
        base.batches,
        ledgers.0,
        ledgers.1
    );
}

/// Kills servers one after another, at random moments, and starts each again.
async fn killing(servers: &Servers, extra: Option<&TestDatabase>) {
    for round in 0..kills() {
        tokio::time::sleep(Duration::from_millis(
            60 + u64::from(rand::random::<u8>()) * 2,
        ))
        .await;
        servers.kill_one(round as usize).await;
        if let Some(database) = extra.filter(|_| round % 3 == 0) {
            database.end_connections().await;
        }
    }
    println!("{} kills", kills());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_killed_again_and_again_on_sqlite() {
    let database = TestDatabase::sqlite().await;
    let servers = Servers::start(&database, 1).await;
    let proxy = Proxy::start(servers.ports(), true).await;
    two_imports(&database, &servers, &proxy, killing(&servers, None)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_killed_again_and_again_on_postgres_whose_connections_end_in_mid_transaction() {
    let database = TestDatabase::postgres().await;
    let servers = Servers::start(&database, 1).await;
    let proxy = Proxy::start(servers.ports(), true).await;
    two_imports(
        &database,
        &servers,
        &proxy,
        killing(&servers, Some(&database)),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_servers_on_one_postgres_behind_haproxy_of_which_one_is_killed_now_and_then() {
    let database = TestDatabase::postgres().await;
    let servers = Servers::start(&database, 3).await;
    let proxy = Proxy::haproxy(&servers.ports()).await;
    two_imports(&database, &servers, &proxy, killing(&servers, None)).await;
}

/// Some batches are written, then the disk is full, and then it has room again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disk_that_is_full_loses_nothing() {
    let disk = Disk::small();
    let database = TestDatabase::sqlite_in(disk.path()).await;
    let servers = Servers::start_on(&database, &disk).await;
    let proxy = Proxy::start(servers.ports(), false).await;
    let file = File::of("a.csv", 0..rows().max(4000));
    let mut client = Client::signed_in(&proxy.base(), 3).await;
    let refused = client.refused(&file).await;
    assert!(refused > 0, "some batches went in first");
    servers.make_room(&disk).await;
    let ledger = client.imports(&file, Duration::ZERO).await;
    servers.stop();
    assert!(
        ledger.adds_up() && ledger.records == file.records(),
        "{ledger:?}"
    );
    let expected = Expected::of(&[&file]);
    let base = Base::read(&database.store).await;
    assert!(
        base.contacts == expected.contacts,
        "contacts are what the oracle says"
    );
    assert_eq!(
        (base.rejects, base.members),
        (expected.rejects, expected.members)
    );
}

/// A server that is asked to end finishes the batch that it is writing: nothing has to be sent
/// twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_told_to_end_finishes_the_batch_in_hand() {
    let database = TestDatabase::sqlite().await;
    let servers = Servers::start(&database, 1).await;
    let proxy = Proxy::start(servers.ports(), false).await;
    let client = Client::signed_in(&proxy.base(), 4).await;
    let file = File::of("a.csv", 0..rows().max(4000));
    let begun = client.begins(&file).await.unwrap();
    let records = file.records().min(Batch::MAX_RECORDS);
    let batch = file.batch(0, records);
    let (sent, ()) = tokio::join!(client.sends(begun.import, 0, &batch), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        servers.end(0).await;
    });
    assert_eq!(sent.map(|ledger| ledger.records), Some(records));
}
