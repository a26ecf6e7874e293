use std::collections::BTreeMap;

use super::*;

/// A manifest that calls every refusal final, as several of the built-in ones do.
const STRICT: &str = r#"
slug = "strict"
name = "Strict"
kind = "store"
tested = "documentation"
[[credentials]]
name = "key"
label = "Key"
[request]
base = "https://shop.example.com"
headers = { Authorization = "{{ credentials.key }}" }
[check]
request = { path = "me" }
[[errors]]
when = "status == 429 and answer.period == 'day'"
means = "daily_limit"
[[errors]]
when = "status >= 400 and status < 500"
means = "unexpected"
said = "answer.message"
[contacts]
request = { path = "people" }
pages = { kind = "single" }
records = "answer"
id = "id"
[contacts.fields]
email = "email"
"#;

fn judged(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Option<Value>, Fault> {
    let manifest = Manifest::parse(STRICT).unwrap();
    let headers: BTreeMap<String, String> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let answer = Answer {
        status,
        headers,
        body: body.as_bytes().to_vec(),
    };
    judge(&manifest, &Credentials::default(), &answer)
}

fn fault(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    judged(status, headers, body).unwrap_err()
}

#[test]
fn what_asks_for_patience_is_waited_for_whatever_a_manifest_says() {
    let json = r#"{"message": "Too many requests"}"#;
    for body in [json, "<html>", ""] {
        for (status, kind) in [
            (408, FaultKind::Down),
            (423, FaultKind::Busy),
            (425, FaultKind::Busy),
            (429, FaultKind::Busy),
            (477, FaultKind::Busy),
        ] {
            assert_eq!(fault(status, &[], body).kind, kind, "{status} {body}");
        }
    }
    let waiting = fault(400, &[("retry-after", "7200")], json);
    assert_eq!(waiting.kind, FaultKind::Busy);
    assert_eq!(waiting.wait, Some(Duration::from_hours(2)));
    // A vendor whose clock is an hour slow says when by that clock.
    let slow = [
        ("date", "Mon, 30 Nov 2026 12:00:00 GMT"),
        ("retry-after", "Mon, 30 Nov 2026 12:00:20 GMT"),
    ];
    let waiting = fault(403, &slow, json);
    assert_eq!(waiting.kind, FaultKind::Busy);
    assert_eq!(waiting.wait, Some(Duration::from_secs(20)));
    assert_eq!(
        fault(401, &[("retry-after", "soon")], json).kind,
        FaultKind::Busy
    );
    let of_the_day = fault(429, &[], r#"{"period": "day"}"#);
    assert_eq!(
        of_the_day.kind,
        FaultKind::DailyLimit,
        "a rule may say how long"
    );
    assert_eq!(fault(400, &[], json).kind, FaultKind::Unexpected);
    assert_eq!(fault(400, &[], json).message, "Too many requests");
}

#[test]
fn a_page_of_a_firewall_is_no_missing_permission() {
    let page = "<!DOCTYPE html><title>Access denied</title><style>p {}</style>\
                <p>Your  request was\nblocked.</p>";
    let blocked = fault(403, &[], page);
    assert_eq!(blocked.kind, FaultKind::Blocked);
    assert_eq!(blocked.message, "Access denied Your request was blocked.");
    let marked = fault(403, &[], &format!("\u{feff}{page}"));
    assert_eq!(marked.kind, FaultKind::Blocked);
    assert!(blocked.kind.passes());
}

#[test]
fn a_redirect_names_where_it_leads_without_what_follows_the_path() {
    let to = [(
        "location",
        "https://www.shop.example.com/wp-json?key=secret",
    )];
    let moved = fault(301, &to, "");
    assert_eq!(moved.kind, FaultKind::Moved);
    assert_eq!(moved.message, "https://www.shop.example.com/wp-json");
    let with_user = [("location", "https://ana:secret@shop.example.com/#a")];
    assert_eq!(
        fault(302, &with_user, "").message,
        "https://shop.example.com/"
    );
}

#[test]
fn json_is_read_behind_a_mark_and_behind_warnings() {
    let warning = "<br />\n<b>Warning</b>: Undefined array key \"a\" in <b>/x.php</b> on line \
                   <b>3</b><br />\n";
    for body in [
        "\u{feff}[{\"id\": 7}]".to_owned(),
        format!("{warning}[{{\"id\": 7}}]"),
        format!("Notice: a [b] in c.php\n{warning}  [{{\"id\": 7}}]\n"),
    ] {
        let variables = judged(200, &[], &body).unwrap().unwrap();
        let answer = variables.get_attr("answer").unwrap();
        assert_eq!(answer.to_string(), "[{'id': 7}]", "{body}");
    }
}

#[test]
fn what_is_no_answer_is_never_an_empty_one() {
    for body in [
        "",
        "[{\"id\": 7}, {\"i",
        "{\"id\": 7, \"lines\": [\n  {\"sku\": \"A\"}",
        "Notice: array []",
        "<html><p>Down for maintenance</p></html>",
        "Notice: a\n[1] is not [2]",
    ] {
        let unreadable = fault(200, &[], body);
        assert_eq!(unreadable.kind, FaultKind::Unreadable, "{body}");
        assert!(unreadable.kind.passes());
    }
    let page = fault(200, &[], "<html><p>Down for maintenance</p></html>");
    assert_eq!(page.message, "Down for maintenance");
}
