//! Which line the header is, if there is one.

use crate::columns::{looks_like_data, names_a_field};
use crate::detect::{SampleRow, declared, usual_width};

/// Where the header and the data begin, as positions in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) header: Option<usize>,
    pub(crate) data: usize,
}

/// Titles above the table are shorter than it; the header is the first full row without a phone, an e-mail, a date or a number in it.
pub(crate) fn find(rows: &[SampleRow]) -> Layout {
    let skip = usize::from(rows.first().is_some_and(|row| declared(row).is_some()));
    let width = usual_width(&rows[skip.min(rows.len())..]);
    let filled = |row: &SampleRow| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let full = |row: &SampleRow| width < 3 || (row.cells.len() + 1 >= width && filled(row) * 2 > width);
    let first = rows.iter().skip(skip).position(full).map_or(skip, |at| at + skip);
    let Some(row) = rows.get(first) else { return Layout { header: None, data: first } };
    let has_data = row.cells.iter().any(|cell| looks_like_data(cell));
    let has_name = row.cells.iter().any(|cell| names_a_field(cell));
    let below = rows.get(first + 1..).unwrap_or_default();
    let body_has_data = below.iter().take(50).any(|row| row.cells.iter().any(|cell| looks_like_data(cell)));
    let alone = below.is_empty();
    let is_header = !has_data && (has_name || (body_has_data && !alone));
    if is_header { Layout { header: Some(first), data: first + 1 } } else { Layout { header: None, data: first } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(lines: &[&str]) -> Layout {
        let rows: Vec<SampleRow> = lines
            .iter()
            .zip(1..)
            .map(|(line, number)| SampleRow { line: number, cells: line.split(';').map(str::to_owned).collect() })
            .collect();
        find(&rows)
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let found = layout(&["Clientes de 2026;;;", "nome;fone;cidade;obs", "Ana;51999999999;POA;x", "Bia;51999999998;POA;"]);
        assert_eq!(found, Layout { header: Some(1), data: 2 });
    }

    #[test]
    fn a_first_row_with_a_phone_or_an_address_is_data() {
        assert_eq!(layout(&["51999999999;Ana", "51999999998;Bia"]).header, None);
        assert_eq!(layout(&["ana@example.com", "bia@example.com"]).header, None);
    }

    #[test]
    fn a_header_without_known_names_is_recognised_by_what_stands_below() {
        assert_eq!(layout(&["foo;bar", "Ana;51999999999"]).header, Some(0));
    }
}
