use super::*;
use crate::manifest::stream::statuses;
use alta_domain::BuiltInField;

/// A manifest without a fault, with every place at which a word may be wrong.
const GOOD: &str = r#"slug = "shelf"
name = "Shelf"
kind = "erp"
tested = "documentation"
currency = "BRL"
steps = ["Ask whoever runs Shelf for a key."]

[[credentials]]
name = "address"
label = { en = "Address" }

[[credentials]]
name = "key"
label = "Key"

[request]
base = "{{ credentials.address }}"
headers = { Authorization = "Bearer {{ token.access_token }}" }

[login]
token = "answer.token"
request = { path = "login", body = { key = "{{ credentials.key }}" } }

[check]
request = { path = "me" }
account = "credentials.address | host"

[[lookups]]
name = "status"
request = { path = "statuses" }
records = "answer.rows"
key = "id"
value = "name"

[contacts]
records = "answer.rows"
id = "id"
request = { path = "people", query = { page = "{{ page }}", since = "{{ since | time('utc') }}" } }

[contacts.pages]
kind = "page"
size = 200
more = "page < answer.pages"

[contacts.fields]
name = "{'a': {'b': first}}.a.b"
phone = "mobile"
birth_date = "birthday | day"

[transactions]
records = "answer.rows"
id = "id"
request = { path = "sales" }
pages = { kind = "single" }

[transactions.fields]
date = "date"
status = "lookup.status[status]"
total = "total"

[transactions.fields.statuses]
new = "open"

[transactions.fields.items]
list = "lines"
name = "name"
quantity = "range(1) | length"
unit_price = "price"
"#;

/// Returns the faults of the manifest with one text replaced.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    Manifest::prove(&text).err().unwrap_or_default()
}

/// Asserts that one text makes one fault, on the line of that text, with all of these words.
fn says(from: &str, to: &str, words: &[&str]) {
    let found = faults(from, to);
    assert_eq!(found.len(), 1, "{to}: {found:?}");
    let before = GOOD.split(from).next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let message = &found[0];
    assert!(
        message.starts_with(&format!("line {line}: ")),
        "{to}: {message}"
    );
    assert!(!message.contains('\n'), "{message}");
    for word in words {
        assert!(message.contains(word), "{to}: {message} lacks {word}");
    }
}

#[test]
fn a_manifest_without_a_fault_is_read() {
    assert_eq!(Manifest::prove(GOOD).err(), None);
}

#[test]
fn a_name_that_does_not_exist_is_named_with_the_nearest_and_the_list() {
    says(
        "base = \"{{ credentials.address }}\"",
        "base = \"https://{{ credential.address }}\"",
        &["`credential`", "did you mean `credentials`", "token"],
    );
    let since = "{{ since | time('utc') }}";
    says(
        since,
        "{{ sinze }}",
        &["`sinze`", "did you mean `since`", "size"],
    );
    says(since, "{{ until if sise }}", &["did you mean `size`"]);
    says(
        "page < answer.pages",
        "page < anwser.pages",
        &["did you mean `answer`"],
    );
    says(
        "token.access_token",
        "token.acess",
        &["token.acess", "access_token"],
    );
}

#[test]
fn what_is_not_declared_is_named_with_what_is() {
    says(
        "{{ credentials.key }}",
        "{{ credentials.keys }}",
        &["`credentials.keys`", "did you mean `key`", "address, key"],
    );
    says(
        "lookup.status[status]",
        "lookup.state[status]",
        &["`lookup.state`", "is not declared", "status"],
    );
    says(
        "phone = \"mobile\"",
        "phone = \"batch.more[id]\"",
        &["batch.more", "none"],
    );
}

#[test]
fn a_filter_a_test_or_a_function_that_does_not_exist_is_named() {
    says(
        "birthday | day",
        "birthday | jour",
        &["`jour`", "the filters are", "day"],
    );
    says(
        "birthday | day",
        "birthday | hots",
        &["did you mean `host`"],
    );
    says(
        "phone = \"mobile\"",
        "phone = \"a if b is blue\"",
        &["test `blue`"],
    );
    says(
        "phone = \"mobile\"",
        "phone = \"sum(a)\"",
        &["function `sum`"],
    );
}

#[test]
fn our_own_words_are_proved() {
    says(
        "new = \"open\"",
        "new = \"opened\"",
        &["`opened`", "open, approved", "did you mean `open`"],
    );
    says(
        "currency = \"BRL\"",
        "currency = \"R$\"",
        &["three letters", "BRL"],
    );
    says(
        "currency = \"BRL\"",
        "currency = \"BRR\"",
        &["`BRR`", "did you mean `BRL`"],
    );
    says(
        "phone = \"mobile\"",
        "telefone = \"mobile\"",
        &["`telefone`", "phone", "landline"],
    );
    says("size = 200", "size = \"200\"", &["size is a number"]);
    let weekly = "id = \"id\"\nfull_every = \"week\"";
    let found = faults("id = \"id\"", weekly);
    assert!(
        found[0].contains("full_every is a number, and not \"week\""),
        "{found:?}"
    );
    says("size = 200", "pagesize = 3", &["`pagesize`", "size"]);
    says(
        "phone = \"mobile\"",
        "phone = \"mobile | digits(\"",
        &["phone: ", "mobile | digits("],
    );
    says(
        "{ en = \"Address\" }",
        "{ eng = \"Address\" }",
        &["`eng`", "did you mean `en`"],
    );
}

#[test]
fn a_base_address_is_encrypted_or_in_house() {
    let base = "base = \"{{ credentials.address }}\"";
    let with = |address: &str| {
        let text = GOOD.replacen(base, &format!("base = \"{address}\""), 1);
        let used = text.replacen(
            "{{ credentials.key }}",
            "{{ credentials.key ~ credentials.address }}",
            1,
        );
        Manifest::prove(&used).err().unwrap_or_default()
    };
    let refused = with("http://shop.example.com");
    assert!(refused[0].contains("only https"), "{refused:?}");
    for good in [
        "https://shop.example.com",
        "http://192.168.0.7:8000",
        "http://localhost",
    ] {
        assert_eq!(with(good), Vec::<String>::new(), "{good}");
    }
}

#[test]
fn a_credential_that_nothing_uses_is_not_asked_for() {
    let asked = "[[credentials]]\nname = \"key\"";
    let more = format!("[[credentials]]\nname = \"unused\"\nlabel = \"No\"\n\n{asked}");
    let found = faults(asked, &more);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("line 13: "), "{found:?}");
    assert!(found[0].contains("credentials.unused"), "{found:?}");
    let by_index = faults("{{ credentials.key }}", "{{ credentials['key'] }}");
    assert_eq!(by_index, Vec::<String>::new());
}

#[test]
fn all_faults_are_found_in_the_order_of_their_lines() {
    let text = GOOD
        .replacen("status = \"lookup", "status = \"lokup.x or lookup", 1)
        .replacen("total = \"total\"", "total = \"total | hots\"", 1)
        .replacen("kind = \"erp\"", "kind = \"shop\"", 1)
        .replacen("birthday | day", "birthday | jour", 1);
    let found = Manifest::prove(&text).unwrap_err();
    let lines: Vec<&str> = found
        .iter()
        .filter_map(|fault| fault.split(':').next())
        .collect();
    assert_eq!(lines, ["line 3", "line 48", "line 59"], "{found:?}");
}

/// Whoever writes a manifest has the documentation and the schema to go by.
#[test]
fn every_word_stands_in_the_documentation_and_in_the_schema() {
    let documentation = include_str!("../../../../../docs/systems.md");
    let schema = crate::schema();
    let fields = BuiltInField::ALL.iter().map(|field| field.as_str());
    let names = [
        crate::names::ACCOUNT,
        crate::names::POSITION,
        crate::names::ANSWER,
    ];
    let words = fields
        .chain(statuses())
        .chain(filters::OWN)
        .chain(names.into_iter().flatten().copied())
        .chain(crate::manifest::request::meanings());
    for word in words {
        assert!(
            documentation.contains(&format!("`{word}")),
            "{word} in docs/systems.md"
        );
        assert!(schema.contains(word), "{word} in the schema");
    }
}

#[test]
fn every_key_stands_in_the_documentation() {
    let documentation = include_str!("../../../../../docs/systems.md");
    let schema: serde_json::Value = serde_json::from_str(&crate::schema()).unwrap();
    let tables = schema["$defs"].as_object().unwrap().values();
    let properties = tables
        .chain([&schema])
        .filter_map(|table| table["properties"].as_object());
    let keys: BTreeSet<&String> = properties.flat_map(serde_json::Map::keys).collect();
    assert!(keys.len() > 80, "{}", keys.len());
    let missing: Vec<_> = keys
        .into_iter()
        .filter(|key| !documentation.contains(&format!("`{key}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
