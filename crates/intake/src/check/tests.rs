use alta_domain::{CellProblem, FileShape, ProblemCode, Severity};

use super::*;

fn checker(fields: &[BuiltInField]) -> Checker {
    let column = |(field, index): (&BuiltInField, u32)| ColumnPlan {
        index,
        header: String::new(),
        target: Some(FieldTarget::BuiltIn(*field)),
        date_order: None,
    };
    let columns = fields.iter().zip(0..).map(column).collect();
    Checker::new(&Mapping {
        shape: FileShape::default(),
        country: Country::BRAZIL,
        year: 2026,
        columns,
        fixes: Vec::new(),
        correction: None,
    })
}

#[test]
fn a_bad_phone_beside_a_good_email_is_left_out_and_the_record_kept() {
    let checker = checker(&[BuiltInField::Phone, BuiltInField::Email]);
    let row = ["123", "ana@example.com"];
    let verdict = checker.row(1, &row);
    assert_eq!(verdict.verdict, Verdict::Ready);
    assert_eq!(
        verdict.cells[0].problem,
        Some(CellProblem {
            code: ProblemCode::InvalidPhone,
            severity: Severity::Warning
        })
    );
}

#[test]
fn without_any_good_identity_the_record_is_rejected_for_what_is_wrong_or_missing() {
    let checker = checker(&[BuiltInField::Phone, BuiltInField::Email]);
    let row = ["123", "ana@"];
    let verdict = checker.row(1, &row);
    assert_eq!(
        verdict.verdict,
        Verdict::Rejected(ProblemCode::InvalidPhone)
    );
    assert!(verdict.cells.iter().all(|cell| {
        cell.problem
            .is_some_and(|problem| problem.severity == Severity::Error)
    }));
    assert_eq!(
        checker.row(1, &["", " "]).verdict,
        Verdict::Rejected(ProblemCode::NoIdentity)
    );
}

#[test]
fn nobody_is_born_in_the_future() {
    let checker = checker(&[BuiltInField::Email, BuiltInField::BirthDate]);
    for (text, problem) in [
        ("2090-04-03", Some(ProblemCode::InvalidDate)),
        ("03/04/2027", Some(ProblemCode::InvalidDate)),
        ("2026-12-31", None),
    ] {
        let row = ["ana@example.com", text];
        assert_eq!(
            checker.row(1, &row).cells[1]
                .problem
                .map(|problem| problem.code),
            problem,
            "{text}"
        );
    }
}

#[test]
fn a_landline_makes_a_record_usable_and_is_no_phone() {
    let checker = checker(&[BuiltInField::Phone]);
    let row = ["51 3333-4444"];
    let verdict = checker.row(1, &row);
    assert_eq!(verdict.verdict, Verdict::Ready);
    assert_eq!(verdict.keys.first(alta_domain::KeyKind::Phone), None);
    assert!(verdict.keys.first(alta_domain::KeyKind::Landline).is_some());
}

#[test]
fn a_cell_that_comes_back_in_a_list_of_rejects_is_what_it_was() {
    let mut checker = checker(&[BuiltInField::Phone]);
    checker.is_protected = true;
    for cell in [
        "+5511987654321",
        "+5511987654321\u{a0}",
        "+5511987654321\t",
        " +5511987654321",
        "+5511987654321 Ana",
    ] {
        let written = crate::protect(cell);
        let row = [&*written];
        let verdict = checker.row(1, &row);
        let phone = verdict.cells[0].value.as_ref().map(Clean::stored);
        assert_eq!(phone.as_deref(), Some("5511987654321"), "{written:?}");
    }
}
