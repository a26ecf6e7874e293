//! One clean table, polluted one way at a time: each file must be read as the table it came from,
//! with nothing told about it.
//!
//! The kinds of pollution are those that robustness suites for CSV loaders found in the wild: of
//! the file, of the table, of one row.

use alta_domain::{Country, Encoding, FileError, FileLimits, ShapeChoice};
use alta_intake::{HEAD_BYTES, Reader, Record, Step, understand};

type Table = Vec<Vec<String>>;

/// The table of a file as the engine reads it, fed in small chunks.
fn read(bytes: &[u8]) -> Result<Table, FileError> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let found = understand(
        head,
        head.len() == bytes.len(),
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )?;
    let mut reader = Reader::new(&found.shape);
    let mut record = Record::default();
    let mut table = Table::new();
    for (chunk, last) in bytes
        .chunks(997)
        .map(|chunk| (chunk, false))
        .chain([(&[][..], true)])
    {
        reader.push(chunk, last);
        while reader.next(&mut record) == Step::Record {
            let cells = reader.cells(&record);
            let wanted = Some(record.line) == found.shape.header_line
                || record.line >= found.shape.first_data_line;
            if wanted && cells.iter().any(|cell| !cell.trim().is_empty()) {
                table.push(
                    cells
                        .into_iter()
                        .map(std::borrow::Cow::into_owned)
                        .collect(),
                );
            }
        }
    }
    Ok(table)
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn header() -> Vec<String> {
    owned(&[
        "Nome",
        "Celular",
        "E-mail",
        "Nascimento",
        "Cidade",
        "Valor",
        "Obs",
    ])
}

fn rows() -> Table {
    let first = [
        "Ana", "João", "Inês", "Carlos", "Márcia", "Luís", "Beatriz", "Caio", "Sofía", "Pedro",
    ];
    let last = ["Silva", "Souza", "Gonçalves", "Pérez", "Muñoz"];
    let city = ["Porto Alegre", "São Paulo", "Bogotá"];
    let row = |i: usize| {
        let note = match i {
            _ if i % 7 == 3 => String::new(),
            _ if i % 5 == 1 => format!("cliente desde {}, prefere e-mail", 2001 + i % 20),
            _ if i % 11 == 4 => format!("disse \"oi\" {i}"),
            _ if i % 13 == 6 => format!("linha um\nlinha dois {i}"),
            _ => format!("nota {i}"),
        };
        vec![
            format!("{} {}", first[i % 10], last[i % 5]),
            format!("(51) 9{:04}-{:04}", 8000 + i, 1000 + i * 7 % 9000),
            format!("p{i}@example.com"),
            format!("{:02}/{:02}/{}", 1 + i % 28, 1 + i % 12, 1960 + i % 40),
            city[i % 3].to_owned(),
            format!("{},{:02}", 10 + i, i % 100),
            note,
        ]
    };
    (0..84).map(row).collect()
}

fn clean() -> Table {
    [vec![header()], rows()].concat()
}

/// The same table without what needs a quote.
fn plain() -> Table {
    let simple = |cell: &String| cell.replace(['\n', ','], " ").replace('"', "");
    clean()
        .iter()
        .map(|row| row.iter().map(simple).collect())
        .collect()
}

/// How a table is written.
#[derive(Clone, Copy)]
struct Style {
    delimiter: &'static str,
    quote: char,
    escape: char,
    end: &'static str,
    all_quoted: bool,
}

const USUAL: Style = Style {
    delimiter: ",",
    quote: '"',
    escape: '"',
    end: "\r\n",
    all_quoted: false,
};

impl Style {
    fn cell(self, cell: &str) -> String {
        let needs = cell.contains(self.delimiter.trim_end_matches(' '))
            || cell.contains([self.quote, '\n', '\r']);
        if !needs && !self.all_quoted {
            return cell.to_owned();
        }
        let inner = if self.escape == '\\' {
            cell.replace('\\', "\\\\")
        } else {
            cell.to_owned()
        };
        format!(
            "{0}{1}{0}",
            self.quote,
            inner.replace(self.quote, &format!("{}{}", self.escape, self.quote))
        )
    }

    fn row(self, row: &[String]) -> String {
        row.iter()
            .map(|cell| self.cell(cell))
            .collect::<Vec<_>>()
            .join(self.delimiter)
    }

    fn table(self, table: &[Vec<String>]) -> String {
        table.iter().map(|row| self.row(row) + self.end).collect()
    }
}

#[track_caller]
fn yields(name: &str, bytes: impl AsRef<[u8]>, wanted: &Table) {
    let got = read(bytes.as_ref()).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (at, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert_eq!(got, wanted, "{name}, row {at}");
    }
    assert_eq!(got.len(), wanted.len(), "{name}: rows");
}

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

#[test]
fn headers() {
    let with = |header: &[&str]| [vec![owned(header)], rows()].concat();
    let long = format!("Celular do cliente {}", "muito ".repeat(60));
    for (name, table) in [
        ("none", rows()),
        (
            "repeated further down",
            [&clean()[..40], &[header()], &clean()[40..]].concat(),
        ),
        (
            "of two lines",
            [
                vec![
                    header(),
                    owned(&[
                        "(texto)",
                        "(telefone)",
                        "(correio)",
                        "(data)",
                        "(texto)",
                        "(reais)",
                        "(texto)",
                    ]),
                ],
                rows(),
            ]
            .concat(),
        ),
        (
            "empty names",
            with(&["Nome", "Celular", "E-mail", "", "Cidade", "Valor", ""]),
        ),
        (
            "double names",
            with(&[
                "Nome", "Celular", "E-mail", "Data", "Cidade", "Valor", "Nome",
            ]),
        ),
        (
            "a very long name",
            with(&[
                "Nome",
                &long,
                "E-mail",
                "Nascimento",
                "Cidade",
                "Valor",
                "Obs",
            ]),
        ),
        (
            "values for names",
            with(&[
                "Nome",
                "Celular",
                "E-mail",
                "01/01/2024",
                "Cidade",
                "2023",
                "Obs",
            ]),
        ),
        (
            "unknown names",
            with(&["a1", "b2", "c3", "d4", "e5", "f6", "g7"]),
        ),
    ] {
        yields(name, USUAL.table(&table), &table);
    }
}

#[test]
fn trailing_delimiters_and_second_tables() {
    let lines = |table: &[Vec<String>], end: &str| {
        table
            .iter()
            .map(|row| USUAL.row(row) + end)
            .collect::<String>()
    };
    let second: Table = [
        vec![[header(), owned(&["Loja"])].concat()],
        rows()
            .into_iter()
            .map(|row| [row, owned(&[""])].concat())
            .collect(),
    ]
    .concat();
    yields(
        "a wider table behind",
        lines(&clean(), "\r\n") + &lines(&second, "\r\n"),
        &[clean(), second].concat(),
    );
    let narrower: Table = clean().into_iter().map(|row| row[..6].to_vec()).collect();
    yields(
        "a narrower table behind",
        lines(&clean(), "\r\n") + &lines(&narrower, "\r\n"),
        &[clean(), narrower].concat(),
    );
    let wider: Table = clean()
        .into_iter()
        .map(|row| [row, owned(&[""])].concat())
        .collect();
    yields("in every row", lines(&clean(), ",\r\n"), &wider);
    yields(
        "in the data only",
        lines(&clean()[..1], "\r\n") + &lines(&clean()[1..], ",\r\n"),
        &clean(),
    );
    let second: Table = vec![
        owned(&["Produto", "Preço", "Estoque"]),
        owned(&["Caneta", "1,50", "10"]),
    ];
    yields(
        "a second table",
        USUAL.table(&clean()) + "\r\n" + &USUAL.table(&second),
        &[clean(), second].concat(),
    );
    yields(
        "a footer",
        USUAL.table(&clean()) + "\r\nTotal: 84\r\n",
        &[clean(), vec![owned(&["Total: 84"])]].concat(),
    );
}

/// The clean table with one row written as `line`, which must come out as `wanted`.
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

#[test]
fn one_row_written_otherwise() {
    for at in [1, 10, 40, 84] {
        let row = clean()[at].clone();
        for delimiter in [";", "\t", "|", ", "] {
            with_row(
                delimiter,
                at,
                &Style { delimiter, ..USUAL }.row(&row),
                row.clone(),
            );
        }
        with_row(
            "all quoted",
            at,
            &Style {
                all_quoted: true,
                ..USUAL
            }
            .row(&row),
            row.clone(),
        );
        with_row(
            "quoted behind spaces",
            at,
            &Style {
                all_quoted: true,
                delimiter: ", ",
                ..USUAL
            }
            .row(&row),
            row.clone(),
        );
        let said = [&row[..6], &owned(&["ele disse \"oi, tudo bem?\" e saiu"])].concat();
        with_row(
            "backslashes",
            at,
            &Style {
                escape: '\\',
                ..USUAL
            }
            .row(&said),
            said.clone(),
        );
        with_row(
            "apostrophes",
            at,
            &Style {
                quote: '\'',
                escape: '\'',
                ..USUAL
            }
            .row(&said),
            said.clone(),
        );
        let inches = [
            &owned(&["Silva, Ana \"Nina\""]),
            &row[1..6],
            &owned(&["fim"]),
        ]
        .concat();
        with_row(
            "quotes as they are",
            at,
            &USUAL.row(&inches).replace("\"\"", "\""),
            inches.clone(),
        );
        with_row(
            "blank lines above",
            at,
            &format!("\r\n \r\n{}", USUAL.row(&row)),
            row.clone(),
        );
        with_row(
            "blank cells above",
            at,
            &format!(",,,,,,\r\n{}", USUAL.row(&row)),
            row.clone(),
        );
        let empty = [row.clone(), owned(&["", ""])].concat();
        with_row("empty cells behind", at, &USUAL.row(&empty), empty);
        with_row(
            "cells missing",
            at,
            &USUAL.row(&row[..4]),
            row[..4].to_vec(),
        );
        let more = [row.clone(), owned(&["x", "y"])].concat();
        let over = [&row[..6], &owned(&["uma\nduas", "mais"])].concat();
        with_row(
            "a newline and a cell too many",
            at,
            &USUAL.row(&over),
            over.clone(),
        );
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
