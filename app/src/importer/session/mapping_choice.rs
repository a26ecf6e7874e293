//! The mapping that a file begins with.

use alta_domain::worker::Preview;
use alta_domain::{CORRECTION_HEAD, ColumnPlan, Correction, Country, FieldTarget, Fix, Mapping};

/// The columns that a list of rejects has after those of the file it comes from: the reason, and
/// the mark that names the rejected record.
const REJECT_COLUMNS: usize = 2;

/// Chooses the mapping of a file: the fields and lasting decisions of `kept` when the header is the
/// same, and otherwise the fields that the preview suggests.
pub(super) fn choose_mapping(
    preview: &Preview,
    country: Country,
    year: u16,
    kept: Option<Mapping>,
) -> Mapping {
    let correction = find_correction(preview);
    let mut columns = suggested_columns(preview);
    let own = columns.len().saturating_sub(if correction.is_some() {
        REJECT_COLUMNS
    } else {
        0
    });
    for column in &mut columns[own..] {
        column.target = None;
    }
    let mut fixes = Vec::new();
    if let Some(kept) = kept.filter(|kept| has_same_header(kept, &columns, own)) {
        for (column, kept) in columns.iter_mut().zip(&kept.columns) {
            column.target = kept.target;
        }
        fixes = kept.fixes.into_iter().filter(Fix::is_lasting).collect();
    }
    Mapping {
        shape: preview.shape,
        country,
        year,
        columns,
        fixes,
        correction,
    }
}

fn suggested_columns(preview: &Preview) -> Vec<ColumnPlan> {
    let columns = preview.columns.iter().map(|column| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: column.field.map(FieldTarget::BuiltIn),
        date_order: None,
    });
    columns.collect()
}

/// Returns true when a mapping is of a file with this header. `own` is the number of columns that
/// are the file's own.
fn has_same_header(kept: &Mapping, columns: &[ColumnPlan], own: usize) -> bool {
    let has_same_names = kept
        .columns
        .iter()
        .zip(columns)
        .all(|(kept, column)| kept.header == column.header);
    has_same_names
        && kept.shape.header_line.is_some()
        && kept.columns.len().min(columns.len()) == own
}

/// Finds the import whose rejects the file corrects: its last column holds marks.
fn find_correction(preview: &Preview) -> Option<Correction> {
    let last = preview
        .columns
        .last()
        .filter(|column| column.header == CORRECTION_HEAD)?;
    let (import, _) = last
        .samples
        .iter()
        .find_map(|mark| Correction::read(mark))?;
    Some(Correction {
        import,
        column: last.index,
    })
}
