//! The clean table, and styles for writing it.

use alta_domain::{Country, FileError, FileLimits, ShapeChoice};
use alta_intake::{HEAD_BYTES, Reader, Record, Step, understand};

pub(crate) type Table = Vec<Vec<String>>;

/// Returns the table of a file as the engine reads it, fed in small chunks.
pub(crate) fn read(bytes: &[u8]) -> Result<Table, FileError> {
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

pub(crate) fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

pub(crate) fn header() -> Vec<String> {
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

pub(crate) fn rows() -> Table {
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

pub(crate) fn clean() -> Table {
    [vec![header()], rows()].concat()
}

/// Returns the clean table without characters that need a quote.
pub(crate) fn plain() -> Table {
    let simple = |cell: &String| cell.replace(['\n', ','], " ").replace('"', "");
    clean()
        .iter()
        .map(|row| row.iter().map(simple).collect())
        .collect()
}

/// A style for writing a table.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) delimiter: &'static str,
    pub(crate) quote: char,
    pub(crate) escape: char,
    pub(crate) end: &'static str,
    pub(crate) all_quoted: bool,
}

pub(crate) const USUAL: Style = Style {
    delimiter: ",",
    quote: '"',
    escape: '"',
    end: "\r\n",
    all_quoted: false,
};

impl Style {
    pub(crate) fn cell(self, cell: &str) -> String {
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

    pub(crate) fn row(self, row: &[String]) -> String {
        row.iter()
            .map(|cell| self.cell(cell))
            .collect::<Vec<_>>()
            .join(self.delimiter)
    }

    pub(crate) fn table(self, table: &[Vec<String>]) -> String {
        table.iter().map(|row| self.row(row) + self.end).collect()
    }
}

#[track_caller]
pub(crate) fn yields(name: &str, bytes: impl AsRef<[u8]>, wanted: &Table) {
    let got = read(bytes.as_ref()).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (at, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert_eq!(got, wanted, "{name}, row {at}");
    }
    assert_eq!(got.len(), wanted.len(), "{name}: rows");
}
