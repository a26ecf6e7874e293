//! The texts of the grid: the heads of the columns, and the sentence about the active cell.

use alta_domain::FieldTarget;

use super::cell::CellPlace;
use crate::importer::session::{FileCheck, GridRows};
use crate::words::{self, Reader, word};

/// The number of characters of a long cell that a screen reader reads.
const SPOKEN_LENGTH: usize = 200;

/// The name of a column, and the name of the field that it goes to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ColumnHead {
    pub(super) name: String,
    pub(super) field: String,
}

/// Returns the heads of all columns.
pub(super) fn column_heads(i18n: Reader, check: FileCheck) -> Vec<ColumnHead> {
    let columns = check.columns().into_iter();
    let heads = columns.map(|column| {
        let name = if column.header.is_empty() {
            word!(i18n, grid.column_n, n = column.index + 1)
        } else {
            column.header
        };
        let field = match column.target {
            Some(FieldTarget::BuiltIn(field)) => words::field(i18n, field),
            Some(FieldTarget::Custom { kind, .. }) => words::kind(i18n, kind),
            Some(FieldTarget::Consent(channel)) => words::accepts(i18n, channel),
            Some(FieldTarget::Refusal(channel)) => words::refuses(i18n, channel),
            Some(FieldTarget::PhonePart(part)) => words::phone_part(i18n, part),
            None => word!(i18n, grid.left_out),
        };
        let field = field.to_owned();
        ColumnHead { name, field }
    });
    heads.collect()
}

/// Describes a cell in a sentence: its line, its column, its text, and the problem of the cell or
/// its row. Returns `None` when its row is not loaded.
pub(super) fn describe(
    i18n: Reader,
    rows: GridRows,
    place: CellPlace,
    heads: &[ColumnHead],
) -> Option<String> {
    let row = rows.row(place.row)?;
    let mut parts = vec![format!("{} {}", word!(i18n, grid.line), row.line)];
    if let Some(head) = heads.get(place.column) {
        parts.push(head.name.clone());
    }
    let cell = row.cells.get(place.column)?;
    parts.push(if cell.text.trim().is_empty() {
        word!(i18n, grid.empty).to_owned()
    } else {
        cell.text.chars().take(SPOKEN_LENGTH).collect()
    });
    if let Some(problem) = cell.problem.or(row.problem) {
        parts.push(words::problem(i18n, problem.code).to_owned());
    }
    if let Some(mended) = &cell.mended {
        parts.push(word!(i18n, grid.stored_as, value = mended.clone()));
    }
    if let Some(line) = row.same_as_line {
        parts.push(word!(i18n, grid.same_as, line = line));
    }
    Some(parts.join(" · "))
}
