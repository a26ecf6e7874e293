use super::*;
use crate::expression::{Call, is_known};

#[test]
fn the_language_has_every_filter_that_is_listed_and_no_other() {
    for name in OWN.iter().chain(&OF_JINJA) {
        assert!(is_known(&Call::Filter((*name).to_owned())), "{name}");
    }
    let source = include_str!("../filters.rs");
    let added = source.matches("language.add_filter(\"").count();
    assert_eq!(added, OWN.len());
    assert!(!is_known(&Call::Filter("jour".to_owned())));
    for name in TESTS {
        assert!(is_known(&Call::Test(name.to_owned())), "{name}");
    }
    for name in FUNCTIONS {
        assert!(is_known(&Call::Function(name.to_owned())), "{name}");
    }
    assert!(!is_known(&Call::Test("blue".to_owned())));
    assert!(is_known(&Call::Test("defined".to_owned())));
    assert!(is_known(&Call::Function("range".to_owned())));
    assert!(!is_known(&Call::Function("sum".to_owned())));
}

#[test]
fn a_mobile_is_known_by_its_digits() {
    let phones = |texts: &[&str]| {
        Value::from(
            texts
                .iter()
                .map(|text| Value::from(*text))
                .collect::<Vec<Value>>(),
        )
    };
    let text = |value: Value| text_of(&value);
    assert_eq!(
        text(phone(&phones(&["1133330001", "(11) 99999-0001"]), true)),
        "(11) 99999-0001"
    );
    assert_eq!(
        text(phone(&phones(&["1133330001", "(11) 99999-0001"]), false)),
        "1133330001"
    );
    assert_eq!(
        text(phone(&phones(&["", "+55 (11) 99999-0001"]), true)),
        "+55 (11) 99999-0001"
    );
    assert_eq!(
        text(phone(&phones(&["01199990001"]), true)),
        "01199990001",
        "the ninth digit may be missing"
    );
    assert_eq!(text(phone(&phones(&[""]), false)), "");
}

#[test]
fn several_values_are_written_once_each() {
    let values = ["", "1", "2", "1"].map(Value::from).to_vec();
    assert_eq!(all_of(&Value::from(values)), "1\n2");
    assert_eq!(all_of(&Value::UNDEFINED), "");
}

#[test]
fn an_address_is_the_same_however_it_is_typed() {
    for typed in [
        "https://Minha-Loja.com.br/",
        "minha-loja.com.br",
        "http://minha-loja.com.br//",
    ] {
        assert_eq!(host(typed), "minha-loja.com.br", "{typed}");
    }
    assert_eq!(host("https://example.com/shop/"), "example.com/shop");
}

#[test]
fn a_list_that_is_not_there_is_not_an_empty_one() {
    assert!(named(&Value::UNDEFINED, "id").is_undefined());
    assert_eq!(
        named(&Value::from(Vec::<Value>::new()), "id").len(),
        Some(0)
    );
}

#[test]
fn times_go_into_parts_and_come_out_of_them() {
    let parts = to_parts(&Value::from("2026-03-01T07:05:09+00:00"), "datetime");
    assert_eq!(text_of(&parts.get_attr("__class__").unwrap()), "datetime");
    assert_eq!(text_of(&from_parts(&parts)), "2026-03-01 07:05:09");
    assert!(
        from_parts(&Value::UNDEFINED).is_undefined()
            && to_parts(&Value::from(""), "date").is_undefined()
    );
}

#[test]
fn vendors_words_are_read() {
    assert_eq!(first_email("A@example.com; b@example.com"), "a@example.com");
    assert_eq!(text_of(&number("Aguarde 60 segundos")), "60");
    assert_eq!(before("SAO PAULO (SP)", " ("), "SAO PAULO");
    assert_eq!(plain("Não Entregue"), "nao entregue");
    assert_eq!(alphanumeric("12.abc.345/01de-35"), "12ABC34501DE35");
    assert_eq!(
        text_of(&time(&Value::from("2026-03-01T07:00:00-03:00"), "%d/%m/%Y").unwrap()),
        "01/03/2026"
    );
    assert_eq!(text_of(&time(&Value::UNDEFINED, "%d").unwrap()), "");
}
