use super::*;

fn texts(values: &[(&str, u32)]) -> Texts {
    let mut texts = Texts::default();
    for (text, count) in values {
        (0..*count).for_each(|_| texts.add(text));
    }
    texts
}

fn offered(
    code: ProblemCode,
    severity: Severity,
    values: &[(&str, u32)],
    area: Option<u8>,
) -> Vec<Remedy> {
    let filter = ProblemFilter {
        code,
        column: Some(0),
        severity,
    };
    let records = values.iter().map(|(_, count)| count).sum();
    remedies(
        &filter,
        records,
        &texts(values),
        &Context {
            country: Country::BRAZIL,
            year: 2026,
            area,
        },
    )
}

#[test]
fn numbers_without_area_code_are_offered_the_usual_one() {
    let values = [("99999-1234", 3), ("98888-1234", 2), ("12", 1)];
    let first = offered(
        ProblemCode::InvalidPhone,
        Severity::Error,
        &values,
        Some(51),
    )
    .swap_remove(0);
    assert_eq!(
        first.fix,
        Fix::ReadPhones {
            column: 0,
            country: Country::BRAZIL,
            area: "51".into()
        }
    );
    assert_eq!((first.records, first.at_least), (5, false));
    assert_eq!(
        first.sample,
        Some(("99999-1234".into(), "+55 51 99999-1234".into()))
    );
}

#[test]
fn numbers_that_may_lack_an_area_code_are_no_other_countrys_at_first() {
    let remedies = offered(
        ProblemCode::InvalidPhone,
        Severity::Error,
        &[("99999-1234", 3), ("4312-3456", 2)],
        None,
    );
    let is_guess = |remedy: &Remedy| matches!(remedy.fix, Fix::ReadPhones { .. });
    assert!(!is_guess(&remedies[0]), "{remedies:?}");
    assert!(
        remedies.iter().any(is_guess),
        "it stands last: {remedies:?}"
    );
}

#[test]
fn numbers_of_another_country_are_offered_it_and_the_rest_can_be_dropped() {
    let remedies = offered(
        ProblemCode::InvalidPhone,
        Severity::Error,
        &[("(664) 123-4567", 4), ("664 765 4321", 1)],
        None,
    );
    assert!(
        remedies.iter().any(|remedy| remedy.records == 5
            && remedy.fix
                == Fix::ReadPhones {
                    column: 0,
                    country: Country::MEXICO,
                    area: String::new()
                }),
        "{remedies:?}"
    );
    assert!(matches!(
        remedies.last().map(|remedy| &remedy.fix),
        Some(Fix::Drop(_))
    ));
}

#[test]
fn slips_in_mail_domains_are_offered_each_with_its_count() {
    let values = [("ana@gmail", 2), ("rui@hotmial.com", 3), ("x@", 1)];
    let remedies = offered(ProblemCode::InvalidEmail, Severity::Warning, &values, None);
    let domains: Vec<_> = remedies
        .iter()
        .filter(|remedy| matches!(remedy.fix, Fix::MailDomain { .. }))
        .map(|remedy| remedy.records)
        .collect();
    assert_eq!(domains, [3, 2]);
    assert!(
        remedies
            .iter()
            .any(|remedy| matches!(remedy.fix, Fix::LeaveOut { .. }))
    );
}

#[test]
fn both_orders_of_a_date_are_shown_on_the_same_date() {
    let remedies = offered(
        ProblemCode::AmbiguousDate,
        Severity::Warning,
        &[("03/04/1990", 7)],
        None,
    );
    let after: Vec<_> = remedies
        .iter()
        .filter_map(|remedy| remedy.sample.as_ref().map(|(_, after)| after.as_str()))
        .collect();
    assert_eq!(after, ["1990-04-03", "1990-03-04"]);
    assert_eq!(remedies[0].records, 7);
}

#[test]
fn every_problem_has_a_remedy() {
    for code in ProblemCode::ALL {
        for severity in [Severity::Error, Severity::Warning] {
            assert!(
                !offered(code, severity, &[("x", 1)], None).is_empty(),
                "{code:?}"
            );
        }
    }
}

#[test]
fn of_very_many_values_the_count_is_a_least_one() {
    let mut texts = Texts::default();
    for number in 0..=MOST_TEXTS {
        texts.add(&format!("9999{number:05}"));
    }
    let filter = ProblemFilter {
        code: ProblemCode::InvalidPhone,
        column: Some(0),
        severity: Severity::Error,
    };
    let context = Context {
        country: Country::BRAZIL,
        year: 2026,
        area: Some(11),
    };
    assert!(
        remedies(&filter, 5001, &texts, &context)
            .first()
            .is_some_and(|remedy| remedy.at_least)
    );
}

#[test]
fn the_usual_area_code_is_one_that_nine_in_ten_have() {
    let mut areas = Areas::default();
    (0..9).for_each(|last| areas.add(5_551_999_991_230 + last));
    areas.add(551_133_334_444);
    areas.add(52_166_412_345);
    assert_eq!(areas.usual(), Some(51), "a Mexican number has none of ours");
    areas.add(551_133_334_445);
    assert_eq!(areas.usual(), None);
    assert_eq!(Areas::default().usual(), None);
}
