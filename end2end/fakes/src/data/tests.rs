use super::*;

#[test]
fn money_and_quantities_as_text() {
    assert_eq!(decimal(4750), "47.50");
    assert_eq!(decimal(-5), "-0.05");
    assert_eq!([24_990, 4700, 4755].map(short), ["249.9", "47", "47.55"]);
    assert_eq!(quantity(10_000), "10");
    assert_eq!(quantity(2250), "2.25");
    assert_eq!(quantity(500), "0.5");
}

#[test]
fn phones_as_typed() {
    let phone = |typed| Phone {
        area: "11".into(),
        number: "999990001".into(),
        typed,
    };
    assert_eq!(phone(Typed::Formatted).whole(" "), "(11) 99999-0001");
    assert_eq!(phone(Typed::Country).whole(""), "+55 11 99999-0001");
    assert_eq!(
        phone(Typed::Zero).split(),
        ("011".into(), "999990001".into())
    );
}
