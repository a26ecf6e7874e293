//! The rows of a checked file, in the form in which they are sent.

use std::borrow::Cow;

use alta_domain::{Batch, Correction, KeyRole, Mapping, RowIdentity, RowInput};

use crate::check::Checker;
use crate::file_check::FoundRows;
use crate::identity::KeyMark;
use crate::incoming::Incoming;
use crate::spreadsheet::unprotect;
use crate::understand::Slice;

/// The most bytes that the line number of a record takes in a batch.
const LINE_BYTES: usize = 5;

/// A batcher: cuts batches from a slice of a checked file. The browser's worker and the command
/// line both use it, so they send the same batches.
#[derive(Debug, Default)]
pub struct Batcher {
    /// The batch with the rows up to now.
    pub batch: Batch,
    /// The size of the batch in bytes, as far as it decides when the batch is full.
    pub bytes: usize,
    /// The number of the last record read, which may be one that is left out.
    pub record: u32,
}

impl Batcher {
    /// Adds rows of the slice until the batch is full; returns false when the slice ends before
    /// that. A batch is full with `most` bytes, or with [`Batch::MAX_RECORDS`] records. Records up
    /// to `behind` have been received already and are skipped.
    pub fn fill(
        &mut self,
        slice: &mut Slice<'_>,
        (checker, mapping, found): (&Checker, &Mapping, &FoundRows),
        (most, records_before): (usize, u32),
    ) -> bool {
        while self.bytes < most && self.records() < Batch::MAX_RECORDS {
            let Some((record, line, cells)) = slice.next_cells() else {
                return false;
            };
            self.record = record;
            if record <= records_before {
                continue;
            }
            if self.records() == 0 {
                self.batch.records_before = record - 1;
            }
            if found.is_dropped(record) {
                self.batch.dropped.push(line);
                self.bytes += LINE_BYTES;
                continue;
            }
            let row = row(checker, mapping, found, (record, line), cells);
            self.bytes += bytes_of(&row);
            self.batch.rows.push(row);
        }
        true
    }

    /// Returns the number of records in the batch.
    #[must_use]
    pub fn records(&self) -> u32 {
        let records = self.batch.rows.len() + self.batch.dropped.len();
        u32::try_from(records).unwrap_or(u32::MAX)
    }
}

/// Returns the approximate size of a row in a batch: the length of each cell's text plus one byte,
/// and eight bytes for the row.
fn bytes_of(row: &RowInput) -> usize {
    let left_out = row.left_out.iter().map(|(_, cell)| cell);
    let rejected = row.rejected.iter().flatten();
    let cells = row.cells.iter().chain(left_out).chain(rejected);
    cells.map(|cell| cell.len() + 1).sum::<usize>() + 8
}

fn row(
    checker: &Checker,
    mapping: &Mapping,
    found: &FoundRows,
    (record, line): (u32, u32),
    mut cells: Vec<String>,
) -> RowInput {
    let rejected = found.is_rejected(record);
    let corrects = mapping.correction.as_ref().and_then(|correction| {
        let (of, record) = Correction::read(cells.get(correction.column as usize)?)?;
        (of == correction.import).then_some(record)
    });
    let mut wanted = |index: u32| match cells.get_mut(index as usize) {
        Some(cell) if rejected => cell.clone(),
        Some(cell) => std::mem::take(cell),
        None => String::new(),
    };
    let picked: Vec<String> = checker.targets().map(|(index, _)| wanted(index)).collect();
    let identity = identity(checker, found, record, &picked);
    if mapping.correction.is_some() {
        // The cells of a list of rejects are sent as they were before they were protected.
        unprotect_all(&mut cells);
    }
    let left_out = if rejected {
        Vec::new()
    } else {
        with_text(&mut cells)
    };
    RowInput {
        record,
        line,
        cells: picked,
        rejected: rejected.then_some(cells),
        left_out,
        same_as: found.same_as(record),
        identity: identity.map(Box::new),
        corrects,
    }
}

fn unprotect_all(cells: &mut [String]) {
    for cell in cells {
        if let Cow::Owned(bare) = unprotect(cell) {
            *cell = bare;
        }
    }
}

/// Takes the cells that have text, each with its column.
fn with_text(cells: &mut [String]) -> Vec<(u32, String)> {
    let cells = (0..).zip(cells).filter(|(_, cell)| !cell.is_empty());
    cells
        .map(|(column, cell)| (column, std::mem::take(cell)))
        .collect()
}

/// Returns what the whole file says about a record's identity; `None` when it adds nothing.
fn identity(
    checker: &Checker,
    found: &FoundRows,
    record: u32,
    cells: &[String],
) -> Option<RowIdentity> {
    let mut identity = RowIdentity {
        roles: Vec::new(),
        yields: found.yields(record).to_vec(),
        later: found.later(record).cloned(),
    };
    if found.may_have_roles(record) {
        let keys = Incoming::of(checker, &checker.row(record, cells)).keys();
        let role = |key: alta_domain::Key| {
            let role = found.role(record, KeyMark::of(key.kind, &key.value))?;
            Some((key, role))
        };
        identity.roles = keys.into_iter().filter_map(role).collect();
        // Those keys of later records that a remedy leaves out.
        let later = identity.later.iter().flat_map(|later| &later.keys);
        let asked = later.filter(|key| found.is_asked_only(KeyMark::of(key.kind, &key.value)));
        let asked: Vec<_> = asked.map(|key| (key.clone(), KeyRole::AskedOnly)).collect();
        identity.roles.extend(asked);
    }
    (identity != RowIdentity::default()).then_some(identity)
}

#[cfg(test)]
mod tests {
    use alta_domain::{Country, FileLimits, ShapeChoice};

    use super::*;
    use crate::{FileCheck, Reader, understand};

    #[test]
    fn rejected_rows_fill_a_batch_by_all_their_cells() {
        const NOTE: usize = 10_000;
        const MOST: usize = 100_000;
        let row = format!("123;{}\n", "x".repeat(NOTE));
        let file = format!("celular;obs\n{}", row.repeat(50));
        let (choice, limits) = (ShapeChoice::default(), FileLimits::default());
        let bytes = file.as_bytes();
        let found = understand(bytes, true, Country::BRAZIL, 2026, &choice, limits).unwrap();
        let mapping = crate::suggested(found.shape, Country::BRAZIL, 2026, &found.columns);
        let mut check = FileCheck::new(&mapping);
        check.push(bytes, true);
        let (report, found) = check.finish_from(bytes);
        assert_eq!(report.ledger.rejected, 50);
        let checker = Checker::new(&mapping);
        let reader = Reader::new(&mapping.shape);
        let mut slice = Slice::new(&mapping, &checker, &found, reader, 0);
        slice.push(bytes, true);
        let mut sent = 0;
        loop {
            let mut batcher = Batcher::default();
            let is_full = batcher.fill(&mut slice, (&checker, &mapping, &found), (MOST, 0));
            let rejected = batcher.batch.rows.iter().flat_map(|row| &row.rejected);
            let size: usize = rejected.flatten().map(String::len).sum();
            assert!(size < MOST + NOTE, "{size}");
            sent += batcher.records();
            if !is_full {
                break;
            }
        }
        assert_eq!(sent, 50);
    }
}
