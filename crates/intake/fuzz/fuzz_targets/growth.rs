//! Inputs that cost more than their size: a part that is repeated over 64 KiB may cost only so many
//! steps for a byte. Work that grows with the square of its input costs ten times more.
#![no_main]

use alta_domain::{ColumnPlan, Country, FieldTarget, FileLimits, Mapping, ShapeChoice};
use alta_intake::{FileCheck, steps, understand};
use libfuzzer_sys::fuzz_target;

/// The size of a file in bytes.
const SIZE: usize = 64 * 1024;
/// The most steps for a byte. The splitter takes at most 700, and the first part of a file is
/// examined several times.
const MOST_STEPS: usize = 3000;

fuzz_target!(|bytes: &[u8]| {
    // The first byte says how much of the input is repeated; the rest comes once before it.
    let Some((first, rest)) = bytes.split_first() else { return };
    let (head, part) = rest.split_at(rest.len() * usize::from(*first) / 256);
    if part.is_empty() {
        return;
    }
    let mut file = b"nome;email;celular\n".to_vec();
    file.extend_from_slice(&b"Ana;ana@example.com;11987654321\n".repeat(20));
    file.extend_from_slice(head);
    file.extend_from_slice(&part.repeat(SIZE / part.len()));
    let taken = steps::of(|| check(&file));
    assert!(
        taken <= MOST_STEPS * file.len(),
        "{taken} steps for {} bytes",
        file.len()
    );
});

fn check(file: &[u8]) {
    let (year, country) = (2026, Country::BRAZIL);
    let choice = ShapeChoice::default();
    let Ok(found) = understand(file, true, country, year, &choice, FileLimits::default()) else {
        return;
    };
    let plan = |column: &alta_domain::ColumnReport| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: column.field.map(FieldTarget::BuiltIn),
        date_order: None,
    };
    let mut check = FileCheck::new(&Mapping {
        columns: found.columns.iter().map(plan).collect(),
        shape: found.shape,
        country,
        year,
        fixes: Vec::new(),
        correction: None,
    });
    check.push(file, true);
    let _ = check.finish_from(file);
}
