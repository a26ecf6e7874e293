//! Pollution of one row among clean ones.

use alta_domain::{Country, Encoding, FileLimits, ShapeChoice};
use alta_intake::understand;

use crate::table::*;

/// Checks that the clean table with one row written as `line` is read with `wanted` as that row.
fn with_row(name: &str, at: usize, line: &str, wanted: Vec<String>) {
    let mut lines: Vec<String> = clean().iter().map(|row| USUAL.row(row)).collect();
    line.clone_into(&mut lines[at]);
    let mut table = clean();
    table[at] = wanted;
    yields(
        &format!("{name} in row {at}"),
        lines.join("\r\n") + "\r\n",
        &table,
    );
}

/// The rows that are polluted: the first, the last and two between.
const PLACES: [usize; 4] = [1, 10, 40, 84];

#[test]
fn one_row_with_other_delimiters() {
    for at in PLACES {
        let row = clean()[at].clone();
        for delimiter in [";", "\t", "|", ", "] {
            let style = Style { delimiter, ..USUAL };
            with_row(delimiter, at, &style.row(&row), row.clone());
        }
        let quoted = Style {
            all_quoted: true,
            ..USUAL
        };
        with_row("all quoted", at, &quoted.row(&row), row.clone());
        let spaced = Style {
            delimiter: ", ",
            ..quoted
        };
        with_row("quoted behind spaces", at, &spaced.row(&row), row.clone());
    }
}

#[test]
fn one_row_with_other_quotes() {
    for at in PLACES {
        let row = clean()[at].clone();
        let said = [&row[..6], &owned(&["ele disse \"oi, tudo bem?\" e saiu"])].concat();
        let backslashes = Style {
            escape: '\\',
            ..USUAL
        };
        with_row("backslashes", at, &backslashes.row(&said), said.clone());
        let apostrophes = Style {
            quote: '\'',
            escape: '\'',
            ..USUAL
        };
        with_row("apostrophes", at, &apostrophes.row(&said), said.clone());
        let nickname = owned(&["Silva, Ana \"Nina\""]);
        let inches = [&nickname, &row[1..6], &owned(&["fim"])].concat();
        let bare = USUAL.row(&inches).replace("\"\"", "\"");
        with_row("quotes as they are", at, &bare, inches.clone());
    }
}

#[test]
fn one_row_with_blanks_and_cells_too_few_or_too_many() {
    for at in PLACES {
        let row = clean()[at].clone();
        let line = USUAL.row(&row);
        let above = |blank: &str| format!("{blank}\r\n{line}");
        with_row("blank lines above", at, &above("\r\n "), row.clone());
        with_row("blank cells above", at, &above(",,,,,,"), row.clone());
        let empty = [row.clone(), owned(&["", ""])].concat();
        with_row("empty cells behind", at, &USUAL.row(&empty), empty);
        let few = row[..4].to_vec();
        with_row("cells missing", at, &USUAL.row(&few), few);
        let over = [&row[..6], &owned(&["uma\nduas", "mais"])].concat();
        let name = "a newline and a cell too many";
        with_row(name, at, &USUAL.row(&over), over.clone());
        let more = [row.clone(), owned(&["x", "y"])].concat();
        with_row("cells too many", at, &USUAL.row(&more), more.clone());
    }
}

#[test]
fn quotes_where_none_belong() {
    for at in [1, 10, 40, 84] {
        let row = owned(&[
            "Ana \"Nina\" Silva",
            "(51) 98000-1000",
            "ana@example.com",
            "01/02/1990",
            "Porto Alegre",
            "10",
            "tela de 15\"",
        ]);
        with_row(
            "inside cells that are not enclosed",
            at,
            &row.join(","),
            row.clone(),
        );
        with_row(
            "inside one that is",
            at,
            &row.join(",")
                .replace("01/02/1990", "\"01/02/1990\"")
                .replace("15\"", "15"),
            {
                let mut wanted = row.clone();
                wanted[6] = "tela de 15".to_owned();
                wanted
            },
        );
        for place in [0, 3, 6] {
            let mut open = owned(&[
                "Ana Silva",
                "(51) 98000-1000",
                "ana@example.com",
                "01/02/1990",
                "Porto Alegre",
                "10",
                "nota",
            ]);
            open[place].insert(0, '"');
            with_row("opened and never closed", at, &open.join(","), open.clone());
            let mut beside = open.clone();
            "nota, com vírgula".clone_into(&mut beside[6]);
            let line = format!("{},\"nota, com vírgula\"", open[..6].join(","));
            if place < 6 {
                with_row("opened, and closed by another cell's", at, &line, beside);
            }
        }
    }
}

#[test]
fn bytes_that_are_no_text_stay_as_marks_and_lose_no_neighbour() {
    let text = USUAL.table(&clean());
    let at = text.find("nota 0").expect("the first row");
    let bytes = [&text.as_bytes()[..at], b"\xff\xfe", &text.as_bytes()[at..]].concat();
    let mut wanted = clean();
    wanted[1][6] = "\u{fffd}\u{fffd}nota 0".to_owned();
    yields("bad bytes", bytes, &wanted);
    assert_eq!(
        understand(
            text.as_bytes(),
            true,
            Country::BRAZIL,
            2026,
            &ShapeChoice::default(),
            FileLimits::default()
        )
        .map(|found| found.shape.encoding),
        Ok(Encoding::Utf8)
    );
}
