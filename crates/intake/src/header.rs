//! The search for the header line.

use crate::columns::{looks_like_data, names_a_field, names_a_whole_field, without_example};
use crate::detect::{MOST_TITLES, SampleRow, below_titles, declared, usual_width};
use crate::words::fold;

/// The beginnings of the header and the data, as indexes in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) header: Option<usize>,
    pub(crate) data: usize,
}

/// The number of rows that are searched for a header.
const LOOKED: usize = MOST_TITLES + 10;

/// Finds the header: the row that names the most fields of contacts and holds no phone, e-mail,
/// date or number. Where no row names any field, it is the first full row without such values above
/// rows that have them. Rows above the header are titles. Without a header, only titles of one cell
/// are left out.
pub(crate) fn find(rows: &[SampleRow]) -> Layout {
    let skip = usize::from(rows.first().is_some_and(|row| declared(row).is_some()));
    let table = rows.get(skip..).unwrap_or_default();
    let width = usual_width(below_titles(table))
        .min(table.iter().map(last_filled).max().unwrap_or(1).max(1));
    let header = named(table, width).or_else(|| unnamed(table, width));
    let data = match header {
        Some(at) => smaller_table(table, at).unwrap_or(at) + 1,
        None => table
            .iter()
            .take_while(|row| width > 1 && row.cells.len() == 1 && !has_data(row))
            .count(),
    };
    Layout {
        header: header.map(|at| at + skip),
        data: data + skip,
    }
}

/// Returns the row with the header of a smaller table above the main header: a row whose names are
/// the first names of the main header. The records of the smaller table are read too. The main
/// header then stands among the records, but identifies no contact.
fn smaller_table(rows: &[SampleRow], header: usize) -> Option<usize> {
    let names = |row: &SampleRow| -> Vec<String> {
        row.cells
            .iter()
            .take(last_filled(row))
            .map(|cell| fold(cell))
            .collect()
    };
    let whole = names(rows.get(header)?);
    let is_part = |row: &SampleRow| {
        let names = names(row);
        names.len() > 1 && names.len() < whole.len() && whole.starts_with(&names)
    };
    let above = rows.get(..header)?;
    let at = above.iter().position(is_part)?;
    above[at + 1..].iter().any(has_data).then_some(at)
}

fn has_data(row: &SampleRow) -> bool {
    row.cells.iter().any(|cell| looks_like_data(cell))
}

/// Returns the number of cells up to the last one with text.
fn last_filled(row: &SampleRow) -> usize {
    row.cells
        .iter()
        .rposition(|cell| !cell.trim().is_empty())
        .map_or(0, |last| last + 1)
}

fn filled(row: &SampleRow) -> usize {
    row.cells
        .iter()
        .filter(|cell| !cell.trim().is_empty())
        .count()
}

fn count(row: &SampleRow, is: impl Fn(&str) -> bool) -> usize {
    row.cells.iter().filter(|cell| is(cell)).count()
}

/// Returns the row that names the most fields; `None` when no row names one. A row with phones or
/// dates can be the header too, but no row after the second record is looked at.
fn named(rows: &[SampleRow], width: usize) -> Option<usize> {
    let mut records = 0;
    let mut best = None;
    for (at, row) in rows.iter().enumerate().take(LOOKED) {
        if records > 1 {
            break;
        }
        // '2023' and '01/01/2024' may also be names of columns, beside whole names of fields.
        let values = count(row, looks_like_data);
        let is_header = || {
            let whole = count(row, names_a_whole_field);
            whole > 1
                && whole >= values
                && !row
                    .cells
                    .iter()
                    .any(|cell| without_example(cell).contains('@'))
        };
        if values > 0 && !is_header() {
            records += usize::from(filled(row) > 1 && row.cells.len() + 1 >= width);
            continue;
        }
        let names = count(row, names_a_field);
        let is_row = row.cells.len() > 1 || width == 1;
        let known = (names, filled(row));
        if is_row
            && names > 0
            && records <= usize::from(names > 1)
            && best.is_none_or(|(most, _)| known > most)
        {
            best = Some((known, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Returns the first full row, when it holds no values and rows below it do.
fn unnamed(rows: &[SampleRow], width: usize) -> Option<usize> {
    let full =
        |row: &SampleRow| width == 1 || (row.cells.len() + 1 >= width && filled(row) * 2 > width);
    let at = rows.iter().position(full)?;
    let below = rows.get(at + 1..).unwrap_or_default();
    (!has_data(&rows[at]) && below.iter().take(50).any(has_data)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(lines: &[&str]) -> Layout {
        let rows: Vec<SampleRow> = lines
            .iter()
            .zip(1..)
            .map(|(line, number)| SampleRow {
                line: number,
                cells: line.split(';').map(str::to_owned).collect(),
            })
            .collect();
        find(&rows)
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let found = layout(&[
            "Clientes de 2026;;;",
            "nome;fone;cidade;obs",
            "Ana;51999999999;POA;x",
            "Bia;51999999998;POA;",
        ]);
        assert_eq!(
            found,
            Layout {
                header: Some(1),
                data: 2
            }
        );
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

    #[test]
    fn a_smaller_table_with_the_same_columns_above_is_read_too() {
        let found = layout(&[
            "Nome;Celular",
            "Ana;11987654321",
            "Bia;11987654322",
            "Nome;Celular;E-mail;Cidade",
            "Caio;11987654323;c@x.co;Rio",
            "Davi;11987654324;d@x.co;Rio",
        ]);
        let read = Layout {
            header: Some(3),
            data: 1,
        };
        assert_eq!(found, read);
    }

    #[test]
    fn examples_of_values_make_no_record_of_a_header() {
        let found = layout(&[
            "Nome;Telefone (ex: 11 98765-4321);E-mail (ex: ana@x.co)",
            "Ana;11987654321;a@x.co",
        ]);
        assert_eq!(found.header, Some(0));
    }

    #[test]
    fn no_record_is_taken_for_a_title() {
        assert_eq!(
            layout(&[
                "Nome;Celular;Obs",
                "Ana;11987654321",
                "Bia;11987654322;a;b;c",
                "Duda"
            ]),
            Layout {
                header: Some(0),
                data: 1
            }
        );
        assert_eq!(
            layout(&[
                "Ana;11987654321",
                "Bia;11987654322;b@x.co",
                "Cida;11987654323;c@x.co;SP"
            ]),
            Layout {
                header: None,
                data: 0
            }
        );
        assert_eq!(
            layout(&["Ana;;", "Bia;11987654322;b@x.co", "Cida;11987654323;c@x.co"]),
            Layout {
                header: None,
                data: 0
            }
        );
        assert_eq!(
            layout(&["Nome;Celular", "B;11987654321;x;y", "C;11987654322;x;y"]),
            Layout {
                header: Some(0),
                data: 1
            }
        );
    }

    #[test]
    fn titles_of_every_kind_are_left_out() {
        for title in [
            "CLIENTES 2024",
            "Clientes;",
            "Loja XPTO - Tel (11) 3333-4444",
            "Exportado por;ana@x.com",
            "Empresa XPTO Ltda;CNPJ 11.222.333/0001-81",
            "Data;03/05/2024",
            "Loja XPTO;contato@xpto.com.br;(11) 3333-4444",
        ] {
            let found = layout(&[
                title,
                "Nome;Celular;E-mail",
                "Ana;11987654321;a@x.co",
                "Bia;11987654322;b@x.co",
            ]);
            assert_eq!(
                found,
                Layout {
                    header: Some(1),
                    data: 2
                },
                "{title}"
            );
        }
        assert_eq!(
            layout(&["Lista de celulares", "Celular", "5511987654321"]),
            Layout {
                header: Some(1),
                data: 2
            }
        );
        assert_eq!(
            layout(&["Lista de clientes", "Ana;11987654321", "Bia;11987654322"]),
            Layout {
                header: None,
                data: 1
            }
        );
        assert_eq!(
            layout(&["a", "b", "c", "d", "e", "Nome;Celular", "Ana;11987654321"]),
            Layout {
                header: Some(5),
                data: 6
            }
        );
    }
}
