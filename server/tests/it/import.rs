//! `alta import` and `alta backup`, run as processes.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use alta_domain::Role;
use alta_store::testing::TestDatabase;
use serde_json::{Value, json};

use crate::support::TestApp;

/// The arguments that create an organization; the password comes from standard input.
const SET_UP: [&str; 7] = [
    "set-up",
    "--organization",
    "Comercial Andina",
    "--name",
    "Ana Silva",
    "--email",
    "ana@example.com",
];

/// Runs `alta` in a data directory with this standard input.
fn alta(data: &Path, arguments: &[&str], input: &[u8]) -> Output {
    alta_on(None, data, arguments, input)
}

/// Runs `alta` in a data directory with this standard input, on another database when one is given.
fn alta_on(database: Option<&str>, data: &Path, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut command = Command::new(env!("CARGO_BIN_EXE_alta"));
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    } else {
        command.env_remove("DATABASE_URL");
    }
    let mut child = command
        .args(arguments)
        .current_dir(data)
        .env("ALTA_DATA", data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Makes a data directory with an organization.
fn set_up() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    assert!(
        alta(data.path(), &SET_UP, b"primeros pasos")
            .status
            .success()
    );
    data
}

/// Imports a file; returns the ledger without the import's id.
fn imported(data: &Path, arguments: &[&str]) -> Value {
    let all = [
        &["import"],
        arguments,
        &["--organization", "comercial-andina", "--json"],
    ]
    .concat();
    let output = alta(data, &all, b"");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut ledger: Value = serde_json::from_slice(&output.stdout).unwrap();
    ledger.as_object_mut().unwrap().remove("import");
    ledger
}

const FILE: &str = "Celular;Nome;E-mail\n\
                    51999990001;Ana;\n\
                    (51) 99999-0001;Ana S;ana@example.com\n\
                    51999990002;Bia;\n\
                    123;Caio;\n";

#[test]
fn a_file_is_imported_and_the_same_again_changes_nothing() {
    let data = set_up();
    std::fs::write(data.path().join("x.csv"), FILE).unwrap();
    let first =
        json!({ "records": 4, "new": 2, "updated": 0, "unchanged": 0, "merged": 1, "rejected": 1 });
    assert_eq!(
        imported(data.path(), &["x.csv", "--list", "Clientes"]),
        first
    );
    let again =
        json!({ "records": 4, "new": 0, "updated": 0, "unchanged": 2, "merged": 1, "rejected": 1 });
    assert_eq!(imported(data.path(), &["x.csv"]), again);
}

#[test]
fn a_policy_and_a_plan_are_followed() {
    let data = set_up();
    std::fs::write(data.path().join("x.csv"), FILE).unwrap();
    imported(data.path(), &["x.csv"]);
    std::fs::write(data.path().join("y.csv"), FILE.replace("Bia", "Beatriz")).unwrap();
    assert_eq!(
        imported(data.path(), &["y.csv", "--policy", "keep"])["updated"],
        0
    );
    let column = |index: u32, header: &str, target: Value| {
        json!({
            "index": index,
            "header": header,
            "field": target,
        })
    };
    let plan = json!({
        "country": "BR",
        "mapping": [
            column(0, "Celular", json!("phone")),
            column(1, "Nome", Value::Null),
            column(2, "E-mail", Value::Null),
        ],
        "policy": "update",
    });
    std::fs::write(data.path().join("plan.json"), plan.to_string()).unwrap();
    assert_eq!(
        imported(data.path(), &["y.csv", "--plan", "plan.json"])["updated"],
        0,
        "the name's column is left out"
    );
    assert_eq!(imported(data.path(), &["y.csv"])["updated"], 1);
}

#[test]
fn what_cannot_be_imported_ends_with_a_status_of_its_own() {
    let data = set_up();
    std::fs::write(data.path().join("x.csv"), FILE).unwrap();
    std::fs::write(data.path().join("z.csv"), "foo;bar\na;b\n").unwrap();
    let status = |arguments: &[&str]| alta(data.path(), arguments, b"").status.code();
    assert_eq!(
        status(&["import", "x.csv", "--organization", "nobody"]),
        Some(2)
    );
    assert_eq!(
        status(&[
            "import",
            "x.csv",
            "--organization",
            "comercial-andina",
            "--policy",
            "replace"
        ]),
        Some(2)
    );
    assert_eq!(
        status(&["import", "z.csv", "--organization", "comercial-andina"]),
        Some(3)
    );
    assert_eq!(
        status(&[
            "import",
            "missing.csv",
            "--organization",
            "comercial-andina"
        ]),
        Some(3)
    );
}

#[test]
fn a_backup_can_be_served_from() {
    let data = set_up();
    std::fs::write(data.path().join("x.csv"), FILE).unwrap();
    imported(data.path(), &["x.csv"]);
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("alta.db");
    assert!(
        alta(data.path(), &["backup", &copy.to_string_lossy()], b"")
            .status
            .success()
    );
    std::fs::write(other.path().join("x.csv"), FILE).unwrap();
    assert_eq!(imported(other.path(), &["x.csv"])["unchanged"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_rejects_longer_than_a_page_is_whole() {
    let database = TestDatabase::sqlite().await;
    let app = TestApp::serve(&database).await;
    let data = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..12_001).map(|n| format!("12{n};Caio {n}")).collect();
    std::fs::write(
        data.path().join("x.csv"),
        format!("Celular;Nome\n{}", rows.join("\n")),
    )
    .unwrap();
    let done = alta_on(
        Some(&database.url),
        data.path(),
        &["import", "x.csv", "--organization", "acme", "--json"],
        b"",
    );
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let text = app
        .signed_in(Role::Admin)
        .await
        .opens("/api/onboarding/rejects/1")
        .await
        .text()
        .await
        .unwrap();
    let names: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(';').nth(1))
        .collect();
    let expected: Vec<String> = (0..12_001).map(|n| format!("Caio {n}")).collect();
    assert_eq!(names, expected, "each once, in the file's order");
}

/// Runs a program of PostgreSQL, which must succeed.
fn run_in(directory: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn a_dump_of_postgres_is_restored_as_the_documentation_says() {
    let (first, second) = (
        TestDatabase::postgres().await,
        TestDatabase::postgres().await,
    );
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("x.csv");
    // NULs in a name and in a cell, which PostgreSQL's texts cannot hold.
    std::fs::write(
        &file,
        FILE.replace("Nome", "Nome\0").replace("Bia", "B\0ia"),
    )
    .unwrap();
    assert!(
        alta_on(Some(&first.url), data.path(), &SET_UP, b"primeros pasos")
            .status
            .success()
    );
    let import = [
        "import",
        "x.csv",
        "--organization",
        "comercial-andina",
        "--json",
    ];
    assert!(
        alta_on(Some(&first.url), data.path(), &import, b"")
            .status
            .success()
    );
    let run = |program: &str, arguments: &[&str]| run_in(data.path(), program, arguments);
    run(
        "pg_dump",
        &["--format=custom", "--file=alta.dump", &first.url],
    );
    run(
        "pg_restore",
        &[
            "--clean",
            "--if-exists",
            &format!("--dbname={}", second.url),
            "alta.dump",
        ],
    );
    let again = alta_on(Some(&second.url), data.path(), &import, b"");
    let ledger: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(
        (&ledger["new"], &ledger["unchanged"]),
        (&json!(0), &json!(2))
    );
}
