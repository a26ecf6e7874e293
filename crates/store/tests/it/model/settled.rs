//! Tests sentences of 'Settled, where the text above leaves room' that no worked example shows.

use super::{Base, Code, Ledger, Plan, Policy, Record, Remedy, Repeated};

const CPF: &str = "52998224725";
const OTHER_CPF: &str = "11144477735";

/// Returns a record with these phones and addresses, separated by spaces, and a name.
fn record(phones: &str, emails: &str, name: &str) -> Record {
    let several = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Record {
        phones: several(phones),
        emails: several(emails),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        ..Record::default()
    }
}

fn with_cpf(record: Record, cpf: &str) -> Record {
    Record {
        cpf: Some(cpf.to_owned()),
        ..record
    }
}

fn saying(record: Record, answer: bool) -> Record {
    Record {
        whatsapp: Some(answer),
        ..record
    }
}

fn in_city(record: Record, city: &str) -> Record {
    Record {
        city: Some(city.to_owned()),
        ..record
    }
}

/// Returns the records of three people who share the shop's number.
fn shop() -> Vec<Record> {
    vec![
        record("0", "ana@x", "Ana Silva"),
        record("0", "bia@x", "Bia Souza"),
        record("0", "caio@x", "Caio Lima"),
    ]
}

fn remedied(remedy: Remedy) -> Plan {
    Plan {
        shared: Some(remedy),
        ..Plan::default()
    }
}

#[test]
fn a_cpf_alone_is_no_usable_identity() {
    let mut base = Base::new();
    let landline = Record {
        landline: Some("3".to_owned()),
        ..with_cpf(Record::default(), OTHER_CPF)
    };
    base.import(
        &[with_cpf(Record::default(), CPF), landline],
        &Plan::default(),
    );
    assert_eq!(base.rejected(1), [(0, Code::NoIdentity)]);
    assert_eq!(base.contacts()[0].cpf.as_deref(), Some(OTHER_CPF));

    let couple = [
        with_cpf(record("1", "", "Ana"), CPF),
        with_cpf(record("1", "", "Ana"), OTHER_CPF),
    ];
    let mut base = Base::new();
    base.import(&couple, &Plan::default());
    assert_eq!(base.rejected(1), [(1, Code::SharedKey)]);
}

#[test]
fn what_was_nobodys_stays_so_in_a_correction() {
    let mut base = Base::new();
    let mut file = shop();
    file.push(Record::default());
    base.import(&file, &Plan::default());
    let corrected = [(3, record("0", "", "Dani Reis"))];
    base.correct(1, &corrected);
    assert_eq!(base.rejected(1), [(3, Code::SharedKey)]);
    let ledger = base.correct(1, &[(3, record("0 4", "", "Dani Reis"))]);
    assert_eq!((ledger.new, ledger.rejected), (4, 0));
    assert_eq!(base.contacts()[3].phones, ["4"]);
    base.undo(1);
    assert_eq!(base.contacts(), []);
}

#[test]
fn remedies_decide_values() {
    let mut base = Base::new();
    base.import(&shop(), &remedied(Remedy::First));
    let phones = |base: &Base| -> Vec<usize> {
        let contacts = base.contacts();
        contacts.iter().map(|of| of.phones.len()).collect()
    };
    assert_eq!(phones(&base), [1, 0, 0]);

    let mut base = Base::new();
    let ledger = base.import(&shop(), &remedied(Remedy::OnePerson));
    assert_eq!((ledger.new, ledger.merged), (1, 2));
    assert_eq!(base.contacts()[0].emails.len(), 3);
}

#[test]
fn persons_that_come_to_one_contact_give_in_file_order() {
    let two = [
        in_city(record("1", "", "Ana"), "Lima"),
        in_city(record("", "ana@x", "Ana"), "Cusco"),
    ];
    for policy in [Policy::Update, Policy::Fill] {
        let mut base = Base::new();
        base.import(&[record("1", "ana@x", "Ana")], &Plan::default());
        let plan = Plan {
            policy,
            ..Plan::default()
        };
        let ledger = base.import(&two, &plan);
        let expected = Ledger {
            updated: 1,
            unchanged: 1,
            ..Ledger::default()
        };
        assert_eq!(ledger, expected);
        assert_eq!(base.contacts()[0].city.as_deref(), Some("Lima"));
    }
}

#[test]
fn a_value_of_the_last_record_is_said_where_that_stands() {
    let file = [
        in_city(record("1", "", "Ana"), "Lima"),
        in_city(record("", "ana@x", "Ana"), "Cusco"),
        in_city(record("1", "", "Ana"), "Quito"),
    ];
    let mut base = Base::new();
    base.import(&[record("1", "ana@x", "Ana")], &Plan::default());
    let last = Plan {
        repeated: Repeated::Last,
        ..Plan::default()
    };
    base.import(&file, &last);
    assert_eq!(base.contacts()[0].city.as_deref(), Some("Cusco"));
}

#[test]
fn a_no_that_was_kept_at_an_undo_stays_for_good() {
    let ana = || record("1", "", "Ana");
    let mut base = Base::new();
    base.import(&[ana()], &Plan::default());
    base.import(&[saying(ana(), false)], &Plan::default());
    base.import(&[saying(ana(), false)], &Plan::default());
    let mut other = base.clone();
    base.undo(2);
    base.undo(3);
    assert_eq!(base.contacts()[0].whatsapp, Some(false));
    base.undo(1);
    assert_eq!(base.contacts().len(), 1);
    // The other way round nobody had said no since, each time.
    other.undo(3);
    other.undo(2);
    assert_eq!(other.contacts()[0].whatsapp, None);
    other.undo(1);
    assert_eq!(other.contacts(), []);
}

#[test]
fn a_confirmed_value_stays_and_one_under_keep_is_not_confirmed() {
    for (policy, city) in [
        (Policy::Update, Some("Cusco")),
        (Policy::Fill, Some("Cusco")),
        (Policy::Keep, Some("Lima")),
    ] {
        let mut base = Base::new();
        base.import(&[in_city(record("1", "", "Ana"), "Lima")], &Plan::default());
        let moved = [in_city(record("1", "", "Ana"), "Cusco")];
        base.import(&moved, &Plan::default());
        let plan = Plan {
            policy,
            ..Plan::default()
        };
        base.import(&moved, &plan);
        base.undo(2);
        assert_eq!(base.contacts()[0].city.as_deref(), city);
        base.undo(3);
        assert_eq!(base.contacts()[0].city.as_deref(), Some("Lima"));
    }
}
