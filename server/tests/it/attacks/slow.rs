//! Clients that are slow, and more clients than there is room for.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use alta_server::config::Config;
use alta_store::testing::TestDatabase;

use crate::support::TestApp;

/// A time that is longer than the server may take to end what these tests begin.
const PATIENCE: Duration = Duration::from_secs(30);

fn hurried() -> Config {
    Config {
        idle_body_seconds: 1,
        ..Config::default()
    }
}

fn connects(address: &str) -> TcpStream {
    let connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    connection
}

/// Writes some bytes now and then, until the server has closed the connection.
fn drips_until_closed(mut connection: TcpStream, drop: &[u8]) {
    let began = Instant::now();
    while connection.write_all(drop).is_ok() {
        assert!(
            began.elapsed() < PATIENCE,
            "the server keeps the connection"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Neither reads nor writes, until the server has reset the connection.
fn waits_until_reset(connection: &TcpStream) {
    let began = Instant::now();
    while connection.take_error().unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "the client is not told");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_goes_to_sleep_is_given_up() {
    let database = alta_store::testing::TestDatabase::sqlite().await;
    let app = TestApp::serve_with(
        &database,
        &Config {
            idle_body_seconds: 1,
            ..Config::default()
        },
    );
    let address = app.base.strip_prefix("http://").unwrap().to_owned();
    let beginnings = [
        "",
        "P",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /api/sign_in HT",
        "POST /api/sign_in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail=",
    ];
    for beginning in beginnings {
        let address = address.clone();
        let said = tokio::task::spawn_blocking(move || {
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(beginning.as_bytes()).unwrap();
            let mut said = String::new();
            // The text ends because the server closes the connection.
            let _ = connection.read_to_string(&mut said);
            said
        });
        let said = said.await.unwrap();
        assert!(!said.contains("200 OK"), "{beginning}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_drips_is_given_up() {
    let database = TestDatabase::sqlite().await;
    let app = TestApp::serve_with(&database, &hurried());
    let address = app.base.strip_prefix("http://").unwrap().to_owned();
    let drips = tokio::task::spawn_blocking(move || {
        let mut connection = connects(&address);
        let head = "POST /api/sign_in HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n\r\n";
        connection.write_all(head.as_bytes()).unwrap();
        drips_until_closed(connection, b"a");
    });
    drips.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads_are_given_up() {
    let database = TestDatabase::sqlite().await;
    let app = TestApp::serve_with(&database, &hurried());
    let page = app.visitor().opens("/sign-in").await.text().await.unwrap();
    let style = page.split('"').find(|text| text.contains(".css")).unwrap();
    let request = format!("GET {style} HTTP/1.1\r\nHost: x\r\n\r\n");
    let address = app.base.strip_prefix("http://").unwrap().to_owned();
    // More bytes than the operating system buffers for a connection.
    let requests = request.repeat(1000);
    let waits = tokio::task::spawn_blocking(move || {
        let (mut drips, mut silent) = (connects(&address), connects(&address));
        drips.write_all(requests.as_bytes()).unwrap();
        silent.write_all(requests.as_bytes()).unwrap();
        drips_until_closed(drips, b"G");
        waits_until_reset(&silent);
    });
    waits.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_so_many_connections_and_others_when_they_end() {
    let database = TestDatabase::sqlite().await;
    let config = Config {
        max_connections: 3,
        ..Config::default()
    };
    let app = TestApp::serve_with(&database, &config);
    let address = app.base.strip_prefix("http://").unwrap().to_owned();
    let held = tokio::task::spawn_blocking(move || {
        let held: Vec<TcpStream> = (0..3).map(|_| connects(&address)).collect();
        let mut one_more = connects(&address);
        // The server closes the connection without an answer.
        assert_eq!(one_more.read(&mut [0; 1]).unwrap_or(0), 0);
        held
    });
    drop(held.await.unwrap());
    let health = tokio::time::timeout(PATIENCE, async {
        while app
            .visitor()
            .client
            .get(format!("{}/api/health", app.base))
            .send()
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    health.await.unwrap();
}
