//! Pollution of the file: its ends, encodings, delimiters, quotes.

use alta_domain::FileError;

use crate::table::*;

#[test]
fn ends_of_the_file() {
    let text = USUAL.table(&clean());
    yields("as it is", &text, &clean());
    yields("no final line end", text.trim_end(), &clean());
    yields(
        "several final line ends",
        text.clone() + "\r\n\r\n   \r\n",
        &clean(),
    );
    yields(
        "one row",
        USUAL.table(&clean()[..2]),
        &clean()[..2].to_vec(),
    );
    yields(
        "NUL at the end",
        text.clone() + "\r\n\0\0",
        &[clean(), vec![owned(&["\0\0"])]].concat(),
    );
    assert_eq!(read(b""), Err(FileError::Empty));
    assert_eq!(read(b"\r\n \r\n"), Err(FileError::Empty));
    assert_eq!(
        read(USUAL.table(&[header()]).as_bytes()),
        Err(FileError::Empty)
    );
}

#[test]
fn encodings() {
    for style in [
        USUAL,
        Style {
            delimiter: ";",
            ..USUAL
        },
        Style {
            delimiter: "\t",
            ..USUAL
        },
    ] {
        let text = style.table(&clean());
        let wide = |make: fn(u16) -> [u8; 2], mark: &str| {
            format!("{mark}{text}")
                .encode_utf16()
                .flat_map(make)
                .collect::<Vec<u8>>()
        };
        yields("UTF-8 with mark", format!("\u{feff}{text}"), &clean());
        yields(
            "UTF-16LE with mark",
            wide(u16::to_le_bytes, "\u{feff}"),
            &clean(),
        );
        yields(
            "UTF-16BE with mark",
            wide(u16::to_be_bytes, "\u{feff}"),
            &clean(),
        );
        yields("UTF-16LE", wide(u16::to_le_bytes, ""), &clean());
        yields("UTF-16BE", wide(u16::to_be_bytes, ""), &clean());
        yields(
            "windows-1252",
            encoding_rs::WINDOWS_1252.encode(&text).0,
            &clean(),
        );
    }
}

#[test]
fn line_ends() {
    for end in ["\n", "\r", "\r\n"] {
        yields(
            &format!("{end:?}"),
            Style { end, ..USUAL }.table(&clean()),
            &clean(),
        );
    }
    let mixed: String = clean()
        .iter()
        .zip(["\r\n", "\n", "\n", "\r\n", "\n"].iter().cycle())
        .map(|(row, end)| USUAL.row(row) + end)
        .collect();
    yields("mixed", mixed, &clean());
}

#[test]
fn delimiters() {
    for delimiter in [",", ";", "\t", "|", ", ", "; "] {
        let style = Style { delimiter, ..USUAL };
        yields(&format!("{delimiter:?}"), style.table(&clean()), &clean());
        yields(
            &format!("{delimiter:?}, all quoted"),
            Style {
                all_quoted: true,
                ..style
            }
            .table(&clean()),
            &clean(),
        );
        yields(
            &format!("{delimiter:?}, no quotes at all"),
            style.table(&plain()),
            &plain(),
        );
        yields(
            &format!("{delimiter:?}, two columns"),
            style.table(&columns(&[0, 2])),
            &columns(&[0, 2]),
        );
        yields(
            &format!("{delimiter:?}, three columns"),
            style.table(&columns(&[1, 2, 5])),
            &columns(&[1, 2, 5]),
        );
    }
    let (mut lines, table) = (USUAL.table(&clean()), clean());
    lines.replace_range(
        ..lines.find('\r').unwrap_or_default(),
        &Style {
            delimiter: ";",
            ..USUAL
        }
        .row(&header()),
    );
    yields(
        "a header with another delimiter than its rows",
        &lines,
        &table,
    );
    yields("one column", USUAL.table(&columns(&[2])), &columns(&[2]));
    yields(
        "one column of names",
        USUAL.table(&columns(&[0])),
        &columns(&[0]),
    );
}

fn columns(wanted: &[usize]) -> Table {
    clean()
        .iter()
        .map(|row| wanted.iter().map(|at| row[*at].clone()).collect())
        .collect()
}

#[test]
fn other_delimiters_in_the_cells_are_text() {
    for (delimiter, inner) in [
        (",", ";"),
        (",", "|"),
        (",", "\t"),
        ("|", ";"),
        (";", ","),
        ("\t", ";"),
    ] {
        for rows in [2, 10] {
            let note = |i: usize| format!("a{inner} b{i}{inner} c");
            let row = |i: usize| owned(&[&format!("519980010{i:02}"), &note(i)]);
            let table: Table = [
                vec![owned(&["Telefone", "Tags"])],
                (0..rows).map(row).collect(),
            ]
            .concat();
            let style = Style {
                delimiter,
                end: "\n",
                ..USUAL
            };
            yields(
                &format!("{inner:?} in {delimiter:?}, {rows} rows"),
                style.table(&table),
                &table,
            );
            yields(
                &format!("{inner:?} in {delimiter:?}, quoted"),
                Style {
                    all_quoted: true,
                    ..style
                }
                .table(&table),
                &table,
            );
        }
    }
}

#[test]
fn quotes_and_escapes() {
    for delimiter in [",", ";", "\t"] {
        for all_quoted in [false, true] {
            for (quote, escape) in [('"', '"'), ('\'', '\''), ('"', '\\'), ('\'', '\\')] {
                let style = Style {
                    delimiter,
                    quote,
                    escape,
                    all_quoted,
                    ..USUAL
                };
                yields(
                    &format!("{delimiter:?} {quote} {escape} {all_quoted}"),
                    style.table(&clean()),
                    &clean(),
                );
            }
        }
    }
}

#[test]
fn what_stands_above_the_header() {
    let text = USUAL.table(&clean());
    for (name, above) in [
        ("sep", "sep=,\r\n"),
        ("sep, quoted", "\"sep=,\"\r\n"),
        ("one title", "Relatório de clientes\r\n"),
        (
            "three titles",
            "Relatório de clientes\r\nGerado em 10/11/2026\r\nFilial: Centro, POA\r\n",
        ),
        ("padded titles", "Relatório de clientes,,,,,,\r\n,,,,,,\r\n"),
        ("title and blank line", "Relatório de clientes\r\n\r\n"),
        ("blank lines", "\r\n\r\n  \r\n"),
        ("ten lines", &"Filtro: ativo\r\n".repeat(10)),
        ("forty lines", &"Filtro: ativo\r\n".repeat(40)),
    ] {
        yields(name, format!("{above}{text}"), &clean());
    }
    yields(
        "sep=;",
        format!(
            "sep=;\r\n{}",
            Style {
                delimiter: ";",
                ..USUAL
            }
            .table(&clean())
        ),
        &clean(),
    );
}
