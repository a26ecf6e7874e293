//! `alta check`, `alta csv` and `alta phone`, run as processes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Runs `alta` with these arguments and this standard input.
fn alta(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_alta"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that refuses its arguments ends without reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Checks a file from standard input; returns the exit status and the findings.
fn check(input: &[u8]) -> (i32, Value) {
    let output = alta(&["check", "-", "--json"], input);
    (
        output.status.code().unwrap(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

#[test]
fn check_says_what_the_file_is_and_accounts_for_every_record() {
    let file = "Relatório\r\n\
                Celular;E-mail;Nascimento;Valor\r\n\
                (47) 9123-4567;ana@example.com;31/12/1990;10,50\r\n\
                123;bia@example.com;01/02/1991;x\r\n\
                ;;05/06/1992;1\r\n\
                +55 47 99123-4567;;07/08/1993;2\r\n";
    let (status, found) = check(&to_windows_1252(file));
    assert_eq!(status, 0);
    assert_eq!(found["error"], Value::Null);
    assert_eq!(
        found["ledger"],
        json!({ "records": 4, "ready": 2, "merged": 1, "rejected": 1 })
    );
    assert_eq!(found["file"]["encoding"], "windows-1252");
    assert_eq!(
        (
            &found["file"]["delimiter"],
            &found["file"]["header_line"],
            &found["file"]["records"]
        ),
        (&json!(";"), &json!(2), &json!(4))
    );
    assert_eq!(
        found["columns"][2],
        json!({
            "index": 2,
            "header": "Nascimento",
            "kind": "date",
            "field": "birth_date",
            "date_order": "dmy",
        })
    );
    let problem = |code: &str| -> Value {
        found["problems"]
            .as_array()
            .unwrap()
            .iter()
            .find(|problem| problem["code"] == code)
            .cloned()
            .unwrap()
    };
    for (code, severity, column, line) in [
        ("invalid_phone", "warning", json!(0), 4),
        ("no_identity", "error", Value::Null, 5),
        ("duplicate", "notice", json!(0), 6),
    ] {
        assert_eq!(
            problem(code),
            json!({
                "code": code,
                "severity": severity,
                "column": column,
                "records": 1,
                "lines": [line],
            })
        );
    }
    assert_eq!(problem("ninth_digit_added")["lines"], json!([3]));
}

/// Encodes a text of Latin letters as Windows-1252.
fn to_windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect()
}

#[test]
fn files_that_cannot_be_used_end_with_3_and_say_why() {
    for (input, code) in [
        (&b"%PDF-1.7"[..], "not_csv"),
        (b"", "empty"),
        (b"Celular,E-mail\n", "empty"),
        (
            b"Produto,Estoque\nCaneta,10\nLapis,20\n",
            "no_identity_column",
        ),
    ] {
        let (status, found) = check(input);
        assert_eq!((status, &found["error"]["code"]), (3, &json!(code)));
        assert_eq!(found["ledger"], Value::Null);
    }
    let (_, pdf) = check(b"%PDF-1.7");
    assert_eq!(pdf["error"]["detail"], "pdf");
    let large = alta(
        &["check", "-", "--json", "--max-bytes", "5"],
        b"Celular\n51999999999\n",
    );
    assert_eq!(large.status.code(), Some(3));
    assert_eq!(
        serde_json::from_slice::<Value>(&large.stdout).unwrap()["error"]["code"],
        "too_large"
    );
    let missing = alta(&["check", "no such file.csv", "--json"], b"");
    assert_eq!(missing.status.code(), Some(3));
    assert!(serde_json::from_slice::<Value>(&missing.stdout).unwrap()["error"]["code"].is_string());
    assert_eq!(alta(&["check"], b"").status.code(), Some(2));
    assert_eq!(
        alta(&["check", "-", "--country", "Brazil"], b"")
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        alta(&["csv", "no such file.csv"], b"").status.code(),
        Some(3)
    );
}

#[test]
fn csv_writes_the_table_plainly() {
    let output = alta(
        &["csv", "-"],
        "sep=;\r\nNome;Obs\r\n\"Ana \"\"Nina\"\"\";\"uma, duas\r\nlinhas\"\r\n\r\nInês;\r\n"
            .as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "Nome,Obs\n\"Ana \"\"Nina\"\"\",\"uma, duas\r\nlinhas\"\nInês,\n"
    );
}

#[test]
fn phone_answers_a_line_for_a_line() {
    let output = alta(
        &["phone"],
        b"(47) 9123-4567\n\n+1 212 555 0123\r\n5,55E+12\n123\n55 47 99123-4567",
    );
    assert_eq!(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .collect::<Vec<_>>(),
        [
            "5547991234567",
            "!not_a_number",
            "12125550123",
            "!lost_digits",
            "!not_a_number",
            "5547991234567"
        ]
    );
    let mexican = alta(&["phone", "--country", "MX"], b"044 55 1234 5678\n");
    assert_eq!(mexican.stdout, b"525512345678\n");
}
