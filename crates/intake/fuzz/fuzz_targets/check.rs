//! The check of a whole file: every record has one place in the ledger, in whatever chunks the file
//! comes, and also after each decision that is offered.
#![no_main]

use alta_domain::worker::CheckReport;
use alta_domain::{ColumnPlan, Country, FieldTarget, FileLimits, Mapping, ShapeChoice};
use alta_intake::{FileCheck, understand};
use libfuzzer_sys::fuzz_target;

fn check(mapping: &Mapping, bytes: &[u8], chunk: usize) -> CheckReport {
    let mut check = FileCheck::new(mapping);
    bytes.chunks(chunk).for_each(|part| check.push(part, false));
    check.push(&[], true);
    let (report, found) = check.finish_from(bytes);
    assert!(report.ledger.adds_up());
    assert_eq!(found.records, report.ledger.records);
    report
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = understand(bytes, true, Country::BRAZIL, 2026, &ShapeChoice::default(),
        FileLimits::default()) else { return };
    let plan = |column: &alta_domain::ColumnReport| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: column.field.map(FieldTarget::BuiltIn),
        date_order: None,
    };
    let columns = found.columns.iter().map(plan).collect();
    let mut mapping = Mapping { shape: found.shape, country: Country::BRAZIL, year: 2026, columns,
        fixes: Vec::new(), correction: None };
    let report = check(&mapping, bytes, bytes.len().max(1));
    assert_eq!(report, check(&mapping, bytes, 5));
    let remedies: Vec<_> = report.problems.iter().flat_map(|problem| &problem.remedies).take(4)
        .cloned().collect();
    for remedy in remedies {
        mapping.decide(remedy.fix);
        let after = check(&mapping, bytes, 64);
        assert_eq!(after.ledger.records, report.ledger.records);
        assert_eq!(after.fixed.len(), mapping.fixes.len());
    }
});
