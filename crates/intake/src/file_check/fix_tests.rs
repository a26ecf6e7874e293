use super::*;
use crate::understand::{suggested, understand};
use alta_domain::{FileLimits, ShapeChoice};

const MESSY: &str = "Nome,Celular,E-mail,Nascimento,Ativo\n\
    Ana,51 99999-0001,ana@example.com,31/12/1990,sim\n\
    Rui,99999-0002,,01/01/1980,sim\n\
    Eva,99999-0003,eva@gmial.com,01/02/1980,talvez\n\
    Leo,55 1234 5678,,02/01/1980,sim\n\
    Lia,12,lia@hotmail,99/99/1990,sim\n\
    Ivo,13,,03/01/1980,sim\n\
    Ana Lima,51 99999-0001,,31/12/1990,sim\n\
    Zoe,,,05/01/1980,sim\n\
    Oto,5.1E+10,oto@example.com,05/01/1980,sim\n";

fn mapping() -> Mapping {
    let seen = understand(
        MESSY.as_bytes(),
        true,
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )
    .unwrap();
    let mut mapping = suggested(seen.shape, Country::BRAZIL, 2026, &seen.columns);
    mapping.columns[4].target = Some(alta_domain::FieldTarget::Custom {
        id: alta_domain::FieldId(1),
        kind: alta_domain::FieldKind::Boolean,
    });
    mapping
}

fn check(fixes: &[Fix]) -> (CheckReport, FoundRows) {
    let mut mapping = mapping();
    fixes.iter().cloned().for_each(|fix| mapping.decide(fix));
    let mut check = FileCheck::new(&mapping);
    check.push(MESSY.as_bytes(), true);
    let (report, found) = check.finish_from(MESSY.as_bytes());
    assert!(report.ledger.adds_up());
    (report, found)
}

fn records(report: &CheckReport, filter: &ProblemFilter) -> u32 {
    report
        .problems
        .iter()
        .filter(|problem| problem.filter() == *filter)
        .map(|problem| problem.records)
        .sum()
}

#[test]
fn a_remedy_does_what_it_says_and_no_record_is_lost_by_it() {
    let (before, _) = check(&[]);
    assert!(before.problems.len() > 7, "{:?}", before.problems);
    for problem in &before.problems {
        for remedy in &problem.remedies {
            let (after, _) = check(std::slice::from_ref(&remedy.fix));
            assert_eq!(after.ledger.records, before.ledger.records);
            assert!(
                after.fixed[0] >= remedy.records,
                "{remedy:?} of {problem:?}: {:?}",
                after.fixed
            );
            let left = problem.records - remedy.records;
            if !matches!(remedy.fix, Fix::Repeated(_)) {
                assert!(
                    records(&after, &problem.filter()) <= left,
                    "{remedy:?} leaves {:?}",
                    after.problems
                );
            }
        }
    }
}

#[test]
fn a_messy_file_ends_without_rejects_by_remedies_alone() {
    let mut fixes = Vec::new();
    let mut report = check(&fixes).0;
    for _ in 0..20 {
        let open = report
            .problems
            .iter()
            .filter(|problem| problem.severity != Severity::Notice);
        let offered = open.flat_map(|problem| &problem.remedies);
        // A remedy that mends comes before one that leaves out.
        let Some(remedy) =
            offered.min_by_key(|remedy| matches!(remedy.fix, Fix::Drop(_) | Fix::LeaveOut { .. }))
        else {
            break;
        };
        fixes.push(remedy.fix.clone());
        report = check(&fixes).0;
    }
    assert_eq!(
        (report.ledger.rejected, report.ledger.dropped),
        (0, 2),
        "{fixes:?}"
    );
    assert!(
        report
            .problems
            .iter()
            .all(|problem| problem.severity == Severity::Notice)
    );
}

#[test]
fn undoing_a_decision_gives_back_what_was() {
    let fixes = [
        Fix::Repeated(Repeated::Last),
        Fix::MailDomain {
            column: 2,
            from: "hotmail".into(),
            to: "hotmail.com".into(),
        },
    ];
    let with_first = check(&fixes[..1]).0;
    let mut mapping = mapping();
    fixes.iter().cloned().for_each(|fix| mapping.decide(fix));
    mapping.fixes.pop();
    let mut again = FileCheck::new(&mapping);
    again.push(MESSY.as_bytes(), true);
    assert_eq!(again.finish_from(MESSY.as_bytes()).0, with_first);
}

#[test]
fn a_cell_set_by_hand_is_judged_shown_and_counted() {
    let fix = Fix::SetCell {
        record: 6,
        line: 7,
        column: 1,
        text: "51 98888-7777".into(),
    };
    let (report, found) = check(std::slice::from_ref(&fix));
    assert_eq!(report.fixed, [1]);
    assert!(!found.is_rejected(6));
    let mut mapping = mapping();
    mapping.decide(fix);
    let checker = Checker::new(&mapping);
    let mut slice = crate::Slice::new(&mapping, &checker, &found, Reader::new(&mapping.shape), 0);
    slice.push(MESSY.as_bytes(), true);
    let row = std::iter::from_fn(|| slice.next_row()).nth(5).unwrap();
    assert_eq!(row.cells[1].text, "51 98888-7777");
    assert_eq!(row.cells[1].mended.as_deref(), Some("+55 51 98888-7777"));
}

#[test]
fn a_cell_typed_by_hand_is_not_rewritten_by_a_decision_before_it() {
    let part = Fix::ReplaceText {
        column: 2,
        find: "gmial.com".into(),
        to: "gmial.com.br".into(),
    };
    let typed = Fix::SetCell {
        record: 3,
        line: 4,
        column: 2,
        text: "eva@gmial.com.br".into(),
    };
    let stored = |fixes: &[Fix]| {
        let mut mapping = mapping();
        fixes.iter().cloned().for_each(|fix| mapping.decide(fix));
        let checker = Checker::new(&mapping);
        let row = checker.row(3, &["Eva", "51 99999-0003", "eva@gmial.com.br", "", ""]);
        let email = row.cells[2].value.as_ref().expect("an address");
        let mut check = FileCheck::new(&mapping);
        check.push(MESSY.as_bytes(), true);
        let (report, found) = check.finish_from(MESSY.as_bytes());
        let mut slice =
            crate::Slice::new(&mapping, &checker, &found, Reader::new(&mapping.shape), 0);
        slice.push(MESSY.as_bytes(), true);
        let shown = std::iter::from_fn(|| slice.next_row()).nth(2).unwrap();
        let mended = shown.cells[2].mended.clone();
        (email.stored(), report.fixed, mended)
    };
    let (after, fixed, mended) = stored(&[part.clone(), typed.clone()]);
    assert_eq!(after, "eva@gmial.com.br");
    assert_eq!((fixed, mended), (vec![0, 1], None));
    // A decision after the typing also applies to the typed text.
    let (before, fixed, mended) = stored(&[typed, part]);
    assert_eq!(before, "eva@gmial.com.br.br");
    assert_eq!(fixed, [1, 1]);
    assert_eq!(mended.as_deref(), Some("eva@gmial.com.br.br"));
}

#[test]
fn values_are_replaced_in_the_whole_column() {
    let (report, _) = check(&[Fix::Replace {
        column: 4,
        from: "Talvez".into(),
        to: "não".into(),
    }]);
    assert_eq!(report.fixed, [1]);
    assert!(
        report
            .problems
            .iter()
            .all(|problem| problem.code != ProblemCode::InvalidBoolean)
    );
}

#[test]
fn the_last_of_several_records_takes_the_place_of_the_first() {
    let (_, found) = check(&[Fix::Repeated(Repeated::Last)]);
    assert_eq!((found.same_as(1), found.same_as(7)), (None, Some(1)));
    assert!(!found.yields(1).is_empty(), "the last one's values stand");
    assert!(found.yields(7).is_empty());
}

#[test]
fn a_value_left_out_is_no_problem_unless_nothing_else_tells_whose_record_it_is() {
    let fix = Fix::LeaveOut {
        column: 1,
        code: ProblemCode::InvalidPhone,
    };
    let (report, _) = check(&[fix]);
    let phones: Vec<_> = report
        .problems
        .iter()
        .filter(|problem| problem.code == ProblemCode::InvalidPhone)
        .collect();
    assert_eq!(phones.len(), 1, "{phones:?}");
    assert_eq!(phones[0].severity, Severity::Error);
}
