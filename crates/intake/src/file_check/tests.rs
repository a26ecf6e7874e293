use super::*;
use crate::understand::{suggested, understand};
use alta_domain::worker::RowFilter;
use alta_domain::{
    BuiltInField, CheckLedger, Country, DateOrder, FileLimits, Key, ShapeChoice, SharedKeyRemedy,
};
use proptest::prelude::*;
use std::fmt::Write;

/// Returns the mapping that is suggested for a file.
fn mapping_of(bytes: &[u8]) -> Mapping {
    let seen = understand(
        bytes,
        true,
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )
    .unwrap();
    suggested(seen.shape, Country::BRAZIL, 2026, &seen.columns)
}

fn check(bytes: &[u8], chunk: usize) -> (CheckReport, FoundRows) {
    let mut check = FileCheck::new(&mapping_of(bytes));
    let mut chunks = bytes.chunks(chunk.max(1)).peekable();
    while let Some(chunk) = chunks.next() {
        check.push(chunk, chunks.peek().is_none());
    }
    check.finish_from(bytes)
}

fn problem(report: &CheckReport, code: ProblemCode) -> Option<(u32, Vec<u32>)> {
    report
        .problems
        .iter()
        .find(|problem| problem.code == code)
        .map(|problem| (problem.records, problem.lines.clone()))
}

const MESSY: &str = "Relatório de clientes;;;\r\nNome;Celular;E-mail;Nascimento\r\n\
    \"Ana\r\nMaria\";(51) 99999-9999;ana@example.com;31/12/1990\r\n\
    João;51 9999-9999;;03/04/1990\r\n\
    ;;;\r\n\
    Bia;123;bia@example.com;99/99/1990\r\n\
    Caio;5,55E+12;;01/02/1991\r\n\
    Eva;;;01/01/1980\r\n";

#[test]
fn every_record_is_in_one_place_and_every_problem_has_its_line() {
    let (report, found) = check(MESSY.as_bytes(), 17);
    assert_eq!(
        report.ledger,
        CheckLedger {
            records: 5,
            ready: 2,
            merged: 1,
            rejected: 2,
            dropped: 0
        }
    );
    assert!(report.ledger.adds_up());
    assert_eq!(problem(&report, ProblemCode::Duplicate), Some((1, vec![5])));
    assert_eq!(
        problem(&report, ProblemCode::LostDigits),
        Some((1, vec![8]))
    );
    assert_eq!(
        problem(&report, ProblemCode::NoIdentity),
        Some((1, vec![9]))
    );
    assert_eq!(
        problem(&report, ProblemCode::InvalidPhone),
        Some((1, vec![7]))
    );
    assert_eq!(
        problem(&report, ProblemCode::InvalidDate),
        Some((1, vec![7]))
    );
    assert_eq!(report.date_orders, [(3, DateOrder::Dmy, 3)]);
    assert_eq!(found.same_as(2), Some(1));
}

#[test]
fn a_header_whose_quote_is_never_closed_is_named_and_nothing_is_lost() {
    let (report, found) = check(b"\"email,nome\na@example.com,Ana\nb@example.com,Bia\n", 9);
    assert_eq!(report.ledger.ready, 2);
    assert_eq!(
        problem(&report, ProblemCode::UnclosedQuote),
        Some((1, vec![1]))
    );
    let filter = ProblemFilter {
        code: ProblemCode::UnclosedQuote,
        column: None,
        severity: Severity::Warning,
    };
    assert!(
        found
            .shown(Some(&RowFilter::Problem(filter)), 0, 10)
            .is_empty(),
        "the header is no row"
    );
}

#[test]
fn bad_bytes_are_named_in_each_column_unless_something_else_is_wrong_there() {
    let mut bytes = "nome;fone;obs\nÇá;51999990001;ã\nÇá;51999990003;ã\n"
        .as_bytes()
        .to_vec();
    bytes.extend(b"Jo\xe3o;51\xa09999;\xe9\n");
    let (report, _) = check(&bytes, 9);
    let bad: Vec<_> = report
        .problems
        .iter()
        .filter(|problem| problem.code == ProblemCode::BadEncoding)
        .map(|problem| problem.column)
        .collect();
    assert_eq!(bad, [Some(0), Some(2)]);
}

#[test]
fn any_byte_that_differs_is_another_file_and_chunks_make_no_difference() {
    let file = "email,nome\n".to_owned() + &"ana@example.com,Ana\n".repeat(200);
    let print = |bytes: &[u8], chunk| check(bytes, chunk).0.fingerprint;
    let first = print(file.as_bytes(), 7);
    assert_eq!(first, print(file.as_bytes(), 1000));
    for at in (11..file.len()).step_by(37) {
        let mut other = file.clone().into_bytes();
        other[at] = if other[at] == b'x' { b'y' } else { b'x' };
        assert_ne!(first, print(&other, 1000), "byte {at}");
    }
}

#[test]
fn dates_that_nothing_decides_wait() {
    let (report, _) = check(
        b"email,nascimento\na@example.com,03/04/1990\nb@example.com,05/06/1990\n",
        9,
    );
    assert_eq!(
        problem(&report, ProblemCode::AmbiguousDate),
        Some((2, vec![2, 3]))
    );
    assert_eq!(report.ledger.ready, 2);
}

#[test]
fn windows_1252_that_only_shows_late_is_reported() {
    let mut bytes = b"nome;email\n".to_vec();
    for n in 0..20_000 {
        bytes.extend(format!("Ana;ana{n}@example.com\n").as_bytes());
    }
    bytes.extend(b"Jo\xe3o;joao@example.com\n");
    let head = &bytes[..crate::HEAD_BYTES];
    let seen = understand(
        head,
        false,
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )
    .unwrap();
    assert_eq!(seen.shape.encoding, alta_domain::Encoding::Utf8);
    let mut check = FileCheck::new(&suggested(seen.shape, Country::BRAZIL, 2026, &seen.columns));
    check.push(&bytes, true);
    assert_eq!(
        check.finish().0.shape.encoding,
        alta_domain::Encoding::Windows1252
    );
}

#[test]
fn the_index_finds_the_slice_of_any_record() {
    let mut text = "email\n".to_owned();
    for n in 0..200 {
        writeln!(text, "a{n}@example.com").unwrap();
    }
    let (report, found) = check(text.as_bytes(), 1000);
    assert_eq!(report.ledger.ready, 200);
    let (first, offset, line, next) = found.index.locate(70).unwrap();
    assert_eq!((first, line), (65, 66));
    assert!(text[usize::try_from(offset).unwrap()..].starts_with("a64@"));
    assert!(text[usize::try_from(next.unwrap()).unwrap()..].starts_with("a128@"));
}

#[test]
fn a_file_without_header_is_read_by_its_values() {
    let bytes = b"51999999999;Ana\n51999999998;Bia\n";
    let seen = understand(
        bytes,
        true,
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )
    .unwrap();
    assert_eq!(
        (seen.shape.header_line, seen.shape.first_data_line),
        (None, 1)
    );
    assert_eq!(seen.columns[0].field, Some(BuiltInField::Phone));
    assert_eq!(seen.rows.len(), 2);
}

proptest! {
    #[test]
    fn the_ledger_adds_up_and_chunks_do_not_matter(
        rows in prop::collection::vec(("[0-9]{0,3}|5199999[0-9]{4}|[0-9+() -]{0,14}",
                "[a-c]@example.com|x|", "[\"a;,\n]{0,3}"), 1..20),
        chunk in 1_usize..50,
    ) {
        let mut text = "celular;email;obs\n".to_owned();
        for (phone, email, note) in &rows {
            writeln!(text, "{phone};{email};\"{}\"", note.replace('"', "\"\"")).unwrap();
        }
        if understand(text.as_bytes(), true, Country::BRAZIL, 2026, &ShapeChoice::default(),
            FileLimits::default()).is_ok() {
            let (whole, _) = check(text.as_bytes(), usize::MAX);
            let (parts, _) = check(text.as_bytes(), chunk);
            prop_assert!(whole.ledger.adds_up());
            prop_assert_eq!(whole, parts);
        }
    }
}

const COUPLE: &str = "Nome,Celular,E-mail\n\
    Ana Silva,(51) 99999-9999,ana@example.com\n\
    Bruno Costa,51 99999-9999,bruno@example.com\n";

#[test]
fn two_people_who_share_a_key_are_shown_side_by_side() {
    let (report, _) = check(COUPLE.as_bytes(), 17);
    let [pair] = &report.shared_pairs[..] else {
        panic!("one pair, not {:?}", report.shared_pairs);
    };
    assert_eq!(pair.key, Key::new(KeyKind::Phone, "5551999999999"));
    assert_eq!(pair.problem, report.problems[0].filter());
    assert_eq!(pair.problem.column, Some(1));
    let told = [&pair.first, &pair.second].map(|person| (person.line, person.name.clone()));
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(told, [(2, name("Ana Silva")), (3, name("Bruno Costa"))]);
    let email = Key::new(KeyKind::Email, "bruno@example.com");
    assert_eq!(pair.second.keys, [pair.key.clone(), email]);
}

#[test]
fn a_key_of_three_people_or_a_decided_one_makes_no_pair() {
    let three = format!("{COUPLE}Caio Souza,51 99999-9999,caio@example.com\n");
    let (report, _) = check(three.as_bytes(), 17);
    assert_eq!(problem(&report, ProblemCode::SharedKey).unwrap().0, 3);
    assert_eq!(report.shared_pairs, []);
    let mut mapping = mapping_of(COUPLE.as_bytes());
    mapping.fixes = vec![Fix::SharedKey {
        column: Some(1),
        value: Some("5551999999999".to_owned()),
        remedy: SharedKeyRemedy::OnePerson,
    }];
    let mut check = FileCheck::new(&mapping);
    check.push(COUPLE.as_bytes(), true);
    let (report, _) = check.finish_from(COUPLE.as_bytes());
    assert_eq!((report.ledger.merged, report.shared_pairs), (1, Vec::new()));
}
