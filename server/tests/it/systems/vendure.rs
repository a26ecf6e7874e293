//! Vendure itself, installed, seeded through its own packages, read, changed there, and read again.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use alta_domain::{Connecting, FaultKind};
use alta_server::config::Config;
use alta_store::systems;
use alta_store::testing::TestDatabase;
use serde_json::{Value, json};

use super::tryton::run;
use super::{Rig, Vendor};

const VENDURE: Vendor = Vendor {
    slug: "vendure",
    fake: "",
    typed: &[],
};
/// The packages to install. Node.js 20 crashes with better-sqlite3 13.
const PACKAGES: [&str; 2] = ["@vendure/core@3.7.3", "better-sqlite3@12.11.1"];

/// A Vendure on a free port, with a database of its own.
struct Vendure {
    packages: PathBuf,
    directory: tempfile::TempDir,
    port: u16,
    server: Child,
}

impl Drop for Vendure {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Installs Vendure once, beside the tests' other files; returns its folder. The folder is moved to
/// its place at the end, so an existing folder is complete.
fn installed() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendure-packages");
    if !home.exists() {
        let new = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let flags = [
            "install",
            "--prefix",
            new.path().to_str().unwrap(),
            "--omit=optional",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        let mut npm = Command::new("npm");
        npm.args(flags).args(PACKAGES);
        if let Some(node) = node_with_headers() {
            npm.env("npm_config_nodedir", node);
        }
        run(&mut npm);
        std::fs::rename(new.keep(), &home).unwrap();
    }
    home
}

/// Returns the folder of Node.js, when its headers are there. npm compiles SQLite with them, and
/// otherwise asks nodejs.org for them.
fn node_with_headers() -> Option<PathBuf> {
    let program = run(Command::new("node").args(["--print", "process.execPath"]));
    let folder = Path::new(program.trim()).parent()?.parent()?;
    let headers = folder.join("include/node/node.h");
    headers.exists().then(|| folder.to_owned())
}

impl Vendure {
    async fn start() -> Self {
        let (packages, directory) = (installed(), tempfile::tempdir().unwrap());
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        run(&mut script(&packages, directory.path(), port, "seed"));
        let server = script(&packages, directory.path(), port, "serve")
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Self {
            packages,
            directory,
            port,
            server,
        }
    }

    fn does(&self, command: &str) -> String {
        run(&mut script(
            &self.packages,
            self.directory.path(),
            self.port,
            command,
        ))
    }
}

fn script(packages: &Path, directory: &Path, port: u16, command: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/vendure.js"))
        .arg(command);
    node.env("NODE_PATH", packages.join("node_modules"))
        .env("DIRECTORY", directory)
        .env("PORT", port.to_string());
    node.env("VENDURE_DISABLE_TELEMETRY", "true")
        .current_dir(directory);
    node
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn vendure_itself_is_read_and_what_changes_there_comes_after_it() {
    let vendure = Vendure::start().await;
    let bought: Vec<Value> =
        serde_json::from_str(vendure.does("orders").lines().last().unwrap()).unwrap();
    let database = TestDatabase::sqlite().await;
    let rig = Rig::with(
        &database,
        &[],
        &[],
        Config {
            allow_private_systems: true,
            ..Config::default()
        },
    )
    .await;
    let address = format!("http://127.0.0.1:{}", vendure.port);
    let typed = |password| {
        [
            ("address", address.as_str()),
            ("user", "superadmin"),
            ("password", password),
        ]
    };
    let Connecting::Refused(note) = rig.tries(&VENDURE, &typed("wrong")).await else {
        panic!("a wrong password")
    };
    assert_eq!(note.kind, FaultKind::BadCredentials, "{note:?}");
    let connected = rig.tries(&VENDURE, &typed("superadmin")).await;
    let Connecting::Connected(id) = connected else {
        panic!("the right password: {connected:?}")
    };
    assert_eq!(rig.run_ends(id, 0).await.fault, None);

    let here = systems::stored_records(rig.store, id).await.unwrap();
    let all = |kind: &str| {
        here[kind]
            .as_object()
            .unwrap()
            .values()
            .cloned()
            .collect::<Vec<Value>>()
    };
    assert_eq!(
        (
            all("contacts").len(),
            all("transactions").len(),
            all("products").len()
        ),
        (12, 12, 3)
    );
    for (order, number) in bought.iter().zip(0..) {
        let sale = all("transactions")
            .into_iter()
            .find(|sale| sale["number"] == order["code"])
            .unwrap();
        let buyer = &here["contacts"][sale["contact_external_id"].as_str().unwrap()];
        let line = &sale["items"][0];
        assert_eq!(
            (&sale["total"], &sale["currency"], &sale["status"]),
            (&order["total"], &json!("USD"), &json!("approved"))
        );
        assert_eq!(
            (&line["sku"], &line["quantity"]),
            (&order["sku"], &json!(order["quantity"].to_string()))
        );
        let product = &here["products"][line["product_external_id"].as_str().unwrap()];
        assert_eq!(
            (&product["sku"], &product["price"]),
            (&order["sku"], &line["unit_price"])
        );
        assert_eq!(
            (&buyer["email"], &buyer["name"]),
            (&order["email"], &json!(format!("Cliente {number:03}")))
        );
        assert_eq!(buyer["phone"], json!(format!("5511999{number:06}")));
    }

    vendure.does("change");
    assert_eq!(rig.syncs(id).await.fault, None);
    let here = systems::stored_records(rig.store, id).await.unwrap();
    let names: Vec<&str> = here["contacts"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(|contact| contact["name"].as_str())
        .collect();
    assert!(
        names.len() == 13 && names.contains(&"Cliente 003 Silva") && names.contains(&"Cliente 090"),
        "{names:?}"
    );
    let mouse = here["products"]
        .as_object()
        .unwrap()
        .values()
        .find(|product| product["sku"] == "MS1")
        .unwrap()
        .clone();
    assert_eq!(mouse["price"], 9900);
    assert_eq!(here["transactions"].as_object().unwrap().len(), 12);
}
