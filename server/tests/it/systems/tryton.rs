//! Tryton itself, installed, seeded through its own client, read, changed there, and read again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use alta_domain::{Connecting, FaultKind};
use alta_server::config::Config;
use alta_store::systems;
use alta_store::testing::TestDatabase;
use serde_json::Value;

use super::{Rig, Vendor};

const TRYTON: Vendor = Vendor {
    slug: "tryton",
    fake: "",
    typed: &[],
};
/// The packages to install, of one series.
const PACKAGES: [&str; 4] = [
    "trytond~=8.2.0",
    "trytond-sale~=8.2.0",
    "trytond-web-shop~=8.2.0",
    "proteus~=8.2.0",
];

/// A Tryton on a free port, with a database of its own.
struct Tryton {
    packages: PathBuf,
    directory: tempfile::TempDir,
    address: String,
    key: String,
    server: Child,
}

impl Drop for Tryton {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub(super) fn run(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(
        done.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// Installs Tryton once, beside the tests' other files; returns its folder.
fn installed() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tryton-packages");
    if !home.join("bin/trytond").exists() {
        run(Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&home)
            .args(PACKAGES));
    }
    home
}

/// Returns the command of Python with the installed packages.
fn python(packages: &Path) -> Command {
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", packages);
    python
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/real")
        .join(name)
}

impl Tryton {
    async fn start() -> Self {
        let (packages, directory) = (installed(), tempfile::tempdir().unwrap());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let here = directory.path().to_str().unwrap();
        let settings = std::fs::read_to_string(script("tryton.conf"))
            .unwrap()
            .replace("DIRECTORY", here)
            .replace("PORT", &port.to_string());
        let config = directory.path().join("trytond.conf");
        std::fs::write(&config, settings).unwrap();
        std::fs::write(directory.path().join("shop.sqlite"), "").unwrap();
        let password = directory.path().join("password");
        std::fs::write(&password, "admin").unwrap();
        let mut admin = python(&packages);
        admin
            .env("TRYTONPASSFILE", &password)
            .arg(packages.join("bin/trytond-admin"))
            .arg("-c")
            .arg(&config)
            .args(["-d", "shop", "--all", "--email", "a@example.com"]);
        run(&mut admin);
        let key = run(python(&packages)
            .arg(script("tryton.py"))
            .arg(&config)
            .arg("seed"))
        .trim()
        .to_owned();
        let server = python(&packages)
            .arg(packages.join("bin/trytond"))
            .arg("-c")
            .arg(&config)
            .args(["-d", "shop"])
            .spawn()
            .unwrap();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let address = format!("http://127.0.0.1:{port}");
        Self {
            packages,
            directory,
            address,
            key,
            server,
        }
    }

    fn change(&self) {
        let config = self.directory.path().join("trytond.conf");
        run(python(&self.packages)
            .arg(script("tryton.py"))
            .arg(config)
            .arg("change"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn tryton_itself_is_read_and_what_changes_there_comes_after_it() {
    let tryton = Tryton::start().await;
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
    let typed = |key| {
        [
            ("address", tryton.address.as_str()),
            ("database", "shop"),
            ("key", key),
        ]
    };
    let Connecting::Refused(note) = rig.tries(&TRYTON, &typed("wrong")).await else {
        panic!("a wrong key")
    };
    assert_eq!(note.kind, FaultKind::BadCredentials);
    let Connecting::Connected(id) = rig.tries(&TRYTON, &typed(&tryton.key)).await else {
        panic!("the right key")
    };
    assert_eq!(rig.run_ends(id, 0).await.fault, None);

    let here = systems::stored_records(rig.store, id).await.unwrap();
    let people: Vec<&Value> = here["contacts"]
        .as_object()
        .unwrap()
        .values()
        .filter(|contact| contact["email"].is_string())
        .collect();
    assert_eq!(people.len(), 12);
    for number in 0..12 {
        let one = people
            .iter()
            .find(|contact| contact["email"] == format!("cliente{number:03}@example.com"))
            .unwrap();
        let known = [&one["name"], &one["phone"], &one["address"], &one["city"]]
            .map(|value| value.as_str().unwrap_or_default());
        let wanted = [
            format!("Cliente {number:03}"),
            format!("5511999{number:06}"),
            format!("Rua das Amostras {number}"),
            "São Paulo".to_owned(),
        ];
        assert_eq!(known.map(str::to_owned), wanted);
    }
    let sales = here["transactions"].as_object().unwrap();
    assert_eq!(
        (sales.len(), here["products"].as_object().unwrap().len()),
        (12, 3)
    );
    let prices = [("Laptop", 129_900), ("Mouse", 2000), ("Desk", 45_000)];
    for (at, number) in (0_i64..12).zip(0_usize..) {
        let called = (at + 1).to_string();
        let sale = sales
            .values()
            .find(|sale| sale["number"].as_str() == Some(&called))
            .unwrap();
        let (name, price) = prices[number % 3];
        let line = &sale["items"][0];
        assert_eq!(
            (
                line["name"].as_str().unwrap(),
                line["unit_price"].as_i64().unwrap()
            ),
            (name, price)
        );
        assert_eq!(sale["total"].as_i64().unwrap(), price * (1 + at % 4));
        assert_eq!(
            here["contacts"][sale["contact_external_id"].as_str().unwrap()]["name"],
            format!("Cliente {at:03}")
        );
    }

    tryton.change();
    assert_eq!(rig.syncs(id).await.fault, None);
    let here = systems::stored_records(rig.store, id).await.unwrap();
    let names: Vec<&str> = here["contacts"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(|contact| contact["name"].as_str())
        .collect();
    assert_eq!(names.len(), 13);
    assert!(
        names.contains(&"Cliente 003 Silva") && names.contains(&"Cliente 090"),
        "{names:?}"
    );
}
