//! The description of a table's columns, from their names and their first values.

use alta_domain::{ColumnReport, Country};

use crate::columns::{Column, guess};
use crate::detect::SampleRow;
use crate::words::is_invisible;

/// Returns the report of each column of a table.
pub(super) fn describe(
    header: Option<&SampleRow>,
    rows: &[SampleRow],
    width: usize,
    (country, year): (Country, u16),
) -> Vec<ColumnReport> {
    let columns: Vec<Column<'_>> = (0..width)
        .map(|at| Column {
            header: header
                .and_then(|row| row.cells.get(at))
                .map(|name| name.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)))
                .unwrap_or_default(),
            values: rows
                .iter()
                .filter_map(|row| row.cells.get(at))
                .map(String::as_str)
                .collect(),
        })
        .collect();
    let guesses = guess(&columns, country, year);
    let report =
        |((column, guess), index): ((&Column<'_>, crate::columns::Guess), u32)| ColumnReport {
            index,
            // A plan is stored, and the databases can't hold NUL in texts.
            header: column.header.replace('\0', "\u{fffd}"),
            kind: guess.kind,
            field: guess.field,
            permission: guess.permission,
            part: guess.part,
            samples: samples(&column.values),
        };
    columns.iter().zip(guesses).zip(0..).map(report).collect()
}

fn samples(values: &[&str]) -> Vec<String> {
    let mut samples: Vec<String> = Vec::with_capacity(3);
    for value in values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
    {
        if !samples.iter().any(|known| known == value) {
            samples.push(value.chars().take(80).collect());
        }
        if samples.len() == 3 {
            break;
        }
    }
    samples
}
