//! The mapping with which a file begins.

use crate::plan::{CORRECTION_HEAD, ColumnPlan, Correction, Mapping};
use crate::worker::Preview;
use crate::{Country, Fix};

/// The number of columns that a list of rejects adds after those of its file: the reason, and the
/// mark that names the rejected record.
const REJECT_COLUMNS: usize = 2;

/// Chooses the mapping of a file. When `kept`, the mapping of an earlier file, has the same header,
/// its fields and lasting decisions are taken; otherwise the fields are those that the preview
/// suggests, and there are no decisions. `year` is the year of the import.
#[must_use]
pub fn choose_mapping(
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
        target: column.target(),
        date_order: None,
    });
    columns.collect()
}

/// Returns true when a mapping was made for a file with this header. Only the first `own` columns
/// are compared, because a list of rejects has two more at its end.
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

/// Returns the import whose rejects the file corrects, by the marks in its last column; `None` for
/// an ordinary file.
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
        nobodys: Vec::new(),
    })
}

/// The headers of the column of reasons in a list of rejects, in Spanish, Portuguese and English.
pub const REASON_HEADS: [&str; 3] = ["motivo", "motivo", "reason"];

/// Returns true for a list of rejects whose marks can no longer be read: its last two columns have
/// the headers of such a list, and the cells of the last one name no record. A column with the
/// header 'Alta' alone is not enough, because that is the Spanish word for the day of joining.
#[must_use]
pub fn has_damaged_marks(preview: &Preview) -> bool {
    let [.., reason, marks] = preview.columns.as_slice() else {
        return false;
    };
    let is_reason = REASON_HEADS.contains(&reason.header.trim().to_lowercase().as_str());
    let is_mark = marks.header.trim().eq_ignore_ascii_case(CORRECTION_HEAD);
    is_reason && is_mark && find_correction(preview).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BuiltInField, ColumnKind, ColumnReport, FieldTarget, FileShape, ImportId, ProblemCode,
        ProblemFilter, Severity,
    };

    fn preview(columns: &[(&str, Option<BuiltInField>)]) -> Preview {
        let column =
            |(index, (header, field)): (usize, &(&str, Option<BuiltInField>))| ColumnReport {
                index: u32::try_from(index).unwrap(),
                header: (*header).to_owned(),
                kind: ColumnKind::Text,
                field: *field,
                permission: None,
                part: None,
                samples: Vec::new(),
            };
        Preview {
            shape: FileShape {
                header_line: Some(1),
                ..FileShape::default()
            },
            columns: columns.iter().enumerate().map(column).collect(),
            rows: Vec::new(),
            head: Vec::new(),
            sheets: None,
        }
    }

    fn choose(preview: &Preview, kept: Option<Mapping>) -> Mapping {
        choose_mapping(preview, Country::BRAZIL, 2026, kept)
    }

    fn targets(mapping: &Mapping) -> Vec<Option<FieldTarget>> {
        mapping.columns.iter().map(|column| column.target).collect()
    }

    const PHONE: Option<FieldTarget> = Some(FieldTarget::BuiltIn(BuiltInField::Phone));
    const NAME: Option<FieldTarget> = Some(FieldTarget::BuiltIn(BuiltInField::Name));
    const TWO: [(&str, Option<BuiltInField>); 2] =
        [("tel", Some(BuiltInField::Phone)), ("nome", None)];

    /// Returns the mapping of an earlier file with the columns `TWO`, with one lasting decision and
    /// one about a single cell.
    fn kept() -> Mapping {
        let mut kept = choose(&preview(&TWO), None);
        kept.columns[1].target = NAME;
        kept.fixes = vec![
            Fix::SetCell {
                record: 1,
                line: 2,
                column: 0,
                text: "1".to_owned(),
            },
            Fix::Drop(ProblemFilter {
                code: ProblemCode::InvalidPhone,
                column: Some(0),
                severity: Severity::Error,
            }),
        ];
        kept
    }

    #[test]
    fn without_a_kept_mapping_the_suggestions_are_taken() {
        let mapping = choose(&preview(&TWO), None);
        assert_eq!(targets(&mapping), [PHONE, None]);
        assert_eq!((mapping.year, mapping.correction), (2026, None));
    }

    #[test]
    fn the_same_header_takes_the_kept_fields_and_the_decisions_that_last() {
        let mapping = choose(&preview(&TWO), Some(kept()));
        assert_eq!(targets(&mapping), [PHONE, NAME]);
        assert_eq!(mapping.fixes, kept().fixes[1..]);
    }

    #[test]
    fn another_header_takes_nothing_that_was_kept() {
        let mapping = choose(&preview(&[TWO[0], ("apelido", None)]), Some(kept()));
        assert_eq!(targets(&mapping), [PHONE, None]);
        assert!(mapping.fixes.is_empty());
    }

    #[test]
    fn a_longer_file_takes_nothing_that_was_kept() {
        let longer = preview(&[TWO[0], TWO[1], ("cidade", Some(BuiltInField::City))]);
        assert_eq!(targets(&choose(&longer, Some(kept())))[1], None);
    }

    #[test]
    fn a_mapping_without_header_is_never_taken() {
        let mut without_header = kept();
        without_header.shape.header_line = None;
        assert!(
            choose(&preview(&TWO), Some(without_header))
                .fixes
                .is_empty()
        );
    }

    #[test]
    fn a_list_of_rejects_without_readable_marks_is_told_from_a_column_called_alta() {
        let damaged = preview(&[TWO[0], ("Motivo", None), (CORRECTION_HEAD, None)]);
        assert!(has_damaged_marks(&damaged));
        let joined_on = preview(&[TWO[0], TWO[1], (CORRECTION_HEAD, None)]);
        assert!(!has_damaged_marks(&joined_on));
        let mut whole = damaged;
        whole.columns[2].samples = vec![Correction::mark(ImportId(1), 2)];
        assert!(!has_damaged_marks(&whole));
    }

    #[test]
    fn corrected_rejects_take_the_kept_fields_and_leave_their_own_columns_out() {
        let reason = ("motivo", Some(BuiltInField::Notes));
        let mut preview = preview(&[TWO[0], TWO[1], reason, (CORRECTION_HEAD, None)]);
        preview.columns[3].samples = vec![Correction::mark(ImportId(12), 345)];
        let mapping = choose(&preview, Some(kept()));
        assert_eq!(targets(&mapping), [PHONE, NAME, None, None]);
        let correction = mapping.correction.unwrap();
        assert_eq!((correction.import, correction.column), (ImportId(12), 3));
    }
}
