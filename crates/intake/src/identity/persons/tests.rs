//! The examples of the contract of identity, and cases that it does not name.

use super::*;

/// Reads a candidate from a text such as `p1 e2 c3 l4 Name words`.
fn candidate(record: u32, text: &str) -> Candidate {
    let mut candidate = Candidate {
        record,
        ..Candidate::default()
    };
    let mut name = Vec::new();
    for word in text.split(' ') {
        let number = word.get(1..).and_then(|digits| digits.parse::<u64>().ok());
        let (Some(letter), Some(number)) = (word.chars().next(), number) else {
            name.push(word);
            continue;
        };
        let kind = match letter {
            'p' => KeyKind::Phone,
            'e' => KeyKind::Email,
            'c' => KeyKind::Cpf,
            _ => {
                candidate.landline = Some(number);
                continue;
            }
        };
        if kind == KeyKind::Cpf {
            candidate.cpf = Some(number);
        }
        candidate.keys.push(FileKey {
            kind,
            mark: KeyMark::digits(kind, number),
            column: kind as u32,
        });
    }
    candidate.name = Name::of(&name.join(" "));
    candidate
}

/// Returns, for each record, the number of its person's first record; 0 for nobody.
fn firsts(records: &[&str]) -> Vec<u32> {
    let candidates: Vec<Candidate> = records
        .iter()
        .zip(1..)
        .map(|(text, record)| candidate(record, text))
        .collect();
    let (verdicts, _) = persons(&candidates, HashSet::new(), |_, _| false);
    verdicts
        .iter()
        .map(|verdict| match verdict.who {
            Who::First => verdict.record,
            Who::Later(first, _) => first,
            Who::Nobody => 0,
        })
        .collect()
}

#[test]
fn names_decide_where_one_kind_of_key_is_shared_and_another_is_not() {
    assert_eq!(firsts(&["p1 e1 Ana", "p1 e2 Ana Silva"]), [1, 1]);
    assert_eq!(firsts(&["p1 e1 Ana Silva", "p2 e1 Bia Souza"]), [1, 2]);
    assert_eq!(firsts(&["p1 e1 Ana Silva", "p1 e1 Bia Souza"]), [1, 1]);
    assert_eq!(firsts(&["p1 e1 Ana Silva", "p1 Bia Souza"]), [1, 1]);
    assert_eq!(firsts(&["p1 c1 Ana", "p2 c1 Bia"]), [1, 1]);
    assert_eq!(firsts(&["p1 e1 c1 Ana", "p1 e2 c2 Ana"]), [1, 2]);
}

#[test]
fn a_key_that_two_people_would_lose_is_nobodys() {
    assert_eq!(
        firsts(&["p1 e1 Ana Silva", "p1 e2 Bia Souza", "p1 e3 Caio Lima"]),
        [1, 2, 3]
    );
    let with_landline = [
        "p1 e1 Ana Silva",
        "p1 e2 Bia Souza",
        "p1 e3 Caio Lima",
        "p1 l7 Dani Reis",
        "p1 Eva Reis",
    ];
    assert_eq!(firsts(&with_landline), [1, 2, 3, 4, 0]);
    // Bia has two records, so only one person loses the number.
    let couple = ["p1 e1 Ana Silva", "p1 e2 Bia Souza", "p1 e2 Bia Souza"];
    assert_eq!(firsts(&couple), [1, 2, 2]);
}

#[test]
fn two_records_of_one_cpf_do_not_make_a_key_nobodys() {
    // The last two lose all their keys but the CPF, which says that they are one person: so e2 is
    // lost by one person only, and stays with the second record.
    let records = [
        "p1 e1 Ana",
        "p3 e2 Bia Souza",
        "p2 e3 Dani Reis",
        "p1 e2 c5 Caio Lima",
        "p2 e2 c5 Eva Melo",
    ];
    assert_eq!(firsts(&records), [1, 2, 3, 0, 0]);
}

#[test]
fn a_record_is_found_by_any_key_of_the_person() {
    assert_eq!(firsts(&["p1 e1", "p2 e1", "p2 Ana"]), [1, 1, 1]);
    assert_eq!(firsts(&["p1 Ana", "e1 Ana", "p1 e1 Ana"]), [1, 2, 1]);
    assert_eq!(
        firsts(&["p1 Ana", "p2 c5 Ana Silva", "p1 c5 Ana"]),
        [1, 2, 1]
    );
}

#[test]
fn landline_and_name_make_one_person_of_records_without_keys() {
    assert_eq!(firsts(&["l1 Ana", "l1 Bia", "l1 ANA"]), [1, 2, 1]);
    assert_eq!(firsts(&["p1 l1 Ana", "l1 Ana"]), [1, 2]);
}

#[test]
fn a_remedy_makes_one_person_of_all_that_share_a_key() {
    let candidates = [
        candidate(1, "p1 e1 Ana Silva"),
        candidate(2, "p2 e1 Bia Souza"),
    ];
    let (verdicts, _) = persons(&candidates, HashSet::new(), |_, key| {
        key.kind == KeyKind::Email
    });
    assert!(matches!(verdicts[1].who, Who::Later(1, Some(_))));
}

#[test]
fn a_remedy_for_all_shared_keys_joins_by_those_that_are_reported_only() {
    let candidates: Vec<Candidate> = [
        "p3 e1 Bia Souza",
        "p1 e2 c5 Bia Souza",
        "p1 e1 Caio Lima",
        "p1 e4 Caio Lima",
    ]
    .iter()
    .zip(1..)
    .map(|(text, record)| candidate(record, text))
    .collect();
    // Without remedies p1 is nobody's, so the third record agrees with the first one by e1, and
    // e1 is not reported.
    let (verdicts, decided) = persons(&candidates, HashSet::new(), |_, _| true);
    let who: Vec<Who> = verdicts.into_iter().map(|verdict| verdict.who).collect();
    assert_eq!(who[..2], [Who::First, Who::First]);
    assert!(matches!(who[2], Who::Later(2, Some(_))));
    assert!(matches!(who[3], Who::Later(2, Some(_))));
    assert!(decided.nobodys.is_empty());
}
