//! The detection of delimiter and quote. The evidence: how evenly each candidate splits the first
//! records, and what it leaves inside the cells.

use alta_domain::{Delimiter, Encoding, FileShape, Quote};

use crate::columns::{looks_like_data, names_a_field};
use crate::record::{Reader, Record, Step};

/// The number of records that are examined.
const SAMPLE: usize = 300;

/// The most lines of titles above a header.
pub(crate) const MOST_TITLES: usize = 100;

/// A record of the sample.
#[derive(Clone, Debug)]
pub(crate) struct SampleRow {
    pub(crate) line: u32,
    pub(crate) cells: Vec<String>,
}

impl SampleRow {
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| crate::words::is_blank(cell))
    }
}

/// Returns the first records of a file's first part, without blank ones. The record that the end of
/// the part cuts is left out. But when that record fills over half of the part, its quote was never
/// closed, and the part is read as if it were the whole file.
pub(crate) fn sample(head: &[u8], whole: bool, shape: &FileShape, most: usize) -> Vec<SampleRow> {
    let (rows, read) = records(head, whole, shape, most);
    if whole || rows.len() == most || read * 2 > head.len() {
        return rows;
    }
    records(head, true, shape, most).0
}

/// Returns the records, and the number of bytes that they took.
fn records(head: &[u8], ended: bool, shape: &FileShape, most: usize) -> (Vec<SampleRow>, usize) {
    let mut reader = Reader::new(shape);
    reader.push(head, ended);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while rows.len() < most && reader.next(&mut record) == Step::Record {
        let cells = record
            .cells
            .iter()
            .map(|cell| reader.open().cell(*cell).0.into_owned())
            .collect();
        let row = SampleRow {
            line: record.line,
            cells,
        };
        if !row.is_blank() {
            rows.push(row);
        }
    }
    (
        rows,
        usize::try_from(reader.position().0).unwrap_or(usize::MAX),
    )
}

/// Returns the delimiter that Excel's first line `sep=;` declares.
pub(crate) fn declared(row: &SampleRow) -> Option<Delimiter> {
    let text = row.cells.join(";");
    let rest = text.trim_matches(['"', ' ']).strip_prefix("sep=")?;
    match rest.as_bytes() {
        [] => Some(Delimiter::Semicolon),
        [byte] | [byte, b';'] => Delimiter::of(*byte),
        _ => None,
    }
}

/// Returns the delimiter of a file, found from its first part; `None` for a file of one column.
pub(crate) fn delimiter(head: &[u8], whole: bool, encoding: Encoding) -> Option<Delimiter> {
    let one_column = FileShape {
        encoding,
        ..FileShape::default()
    };
    let by = |delimiter| {
        sample(
            head,
            whole,
            &FileShape {
                delimiter: Some(delimiter),
                ..one_column
            },
            SAMPLE,
        )
    };
    let said = sample(head, whole, &one_column, 1)
        .first()
        .and_then(declared);
    // A declaration does not count when its delimiter splits no row.
    if let Some(delimiter) =
        said.filter(|delimiter| by(*delimiter).iter().skip(1).any(|row| row.cells.len() > 1))
    {
        return Some(delimiter);
    }
    let scored = Delimiter::ALL
        .into_iter()
        .map(|delimiter| (delimiter, score(below_titles(&by(delimiter)), delimiter)));
    scored
        .filter(|(_, score)| *score > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(delimiter, _)| delimiter)
}

/// Returns the delimiter inside the cells, and the number of columns, of a file in which each row
/// is one enclosed cell; `None` for other files.
pub(crate) fn in_one_cell(
    head: &[u8],
    whole: bool,
    encoding: Encoding,
) -> Option<(Delimiter, usize)> {
    let one_column = FileShape {
        encoding,
        quote: Some(Quote::Double),
        ..FileShape::default()
    };
    let rows = sample(head, whole, &one_column, SAMPLE);
    let text: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.cells.first())
        .map(String::as_str)
        .collect();
    let text = text.join("\n");
    let delimiter = delimiter(text.as_bytes(), true, Encoding::Utf8)?;
    let inner = FileShape {
        delimiter: Some(delimiter),
        quote: Some(Quote::Double),
        ..FileShape::default()
    };
    let rows = sample(text.as_bytes(), true, &inner, SAMPLE);
    let width = usual_width(&rows);
    // Commas in a column of addresses make no table: the first row of a table names its columns.
    let header = rows.first().filter(|row| row.cells.len() == width)?;
    (width > 1 && count_names(header) > 1).then_some((delimiter, width))
}

/// Counts the cells of a row that name fields of contacts.
fn count_names(row: &SampleRow) -> usize {
    row.cells.iter().filter(|cell| names_a_field(cell)).count()
}

/// Returns the rows without the titles above the table. A title is a row of one cell; the table has
/// more cells, with names or values of contacts in them.
pub(crate) fn below_titles(rows: &[SampleRow]) -> &[SampleRow] {
    let titles = rows.iter().take_while(|row| row.cells.len() == 1).count();
    let of_contacts = |row: &SampleRow| {
        row.cells
            .iter()
            .any(|cell| looks_like_data(cell) || names_a_field(cell))
    };
    let is_table = |table: &[SampleRow], titles: usize| {
        let begins = table.first().is_some_and(|row| count_names(row) > 1);
        (begins && titles <= MOST_TITLES)
            || (table.len() * 4 >= titles && table.iter().take(20).any(of_contacts))
    };
    match rows.get(titles..) {
        Some(table) if titles > 0 && table.len() >= 2 && is_table(table, titles) => table,
        _ => rows,
    }
}

/// Returns true when the delimiter is followed by a space that is no part of the cells: nearly
/// every cell except the first of its record begins with a space.
pub(crate) fn padded(rows: &[SampleRow]) -> bool {
    let inner = || {
        rows.iter()
            .flat_map(|row| row.cells.iter().skip(1))
            .filter(|cell| !cell.trim().is_empty())
    };
    let spaced = inner()
        .filter(|cell| cell.starts_with(' ') && !cell.starts_with("  "))
        .count();
    spaced > 0 && spaced * 5 >= inner().count() * 4
}

/// Returns the number of cells that most records have. When the first row names several fields and
/// has more cells, and the next row has as many, their number counts: a short list may have more
/// lines of footer than records.
pub(crate) fn usual_width(rows: &[SampleRow]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_insert(0_usize) += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))
        .map_or(1, |(width, _)| width);
    match rows {
        [header, first, ..]
            if header.cells.len() > most
                && first.cells.len() == header.cells.len()
                && count_names(header) > 1 =>
        {
            header.cells.len()
        }
        _ => most,
    }
}

/// Returns true when nearly all records have empty cells after the first `width` cells.
pub(crate) fn trails(rows: &[SampleRow], width: usize) -> bool {
    let trailing = |row: &&SampleRow| {
        row.cells.len() > width && row.cells[width..].iter().all(|cell| cell.trim().is_empty())
    };
    rows.iter().filter(trailing).count() * 10 > rows.len() * 9
}

#[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
fn score(rows: &[SampleRow], delimiter: Delimiter) -> f64 {
    let width = usual_width(rows);
    if width < 2 {
        return 0.0;
    }
    let even =
        rows.iter().filter(|row| row.cells.len() == width).count() as f64 / rows.len() as f64;
    // Another delimiter inside the cells speaks against this one. A comma does not, because
    // decimals and names contain commas.
    let suspicious = |cell: &&String| {
        let holds_other = |other: &Delimiter| {
            *other != delimiter
                && *other != Delimiter::Comma
                && cell.contains(char::from(other.byte()))
        };
        // A quote at one end only: half of an enclosed cell.
        Delimiter::ALL.iter().any(holds_other) || (cell.starts_with('"') != cell.ends_with('"'))
    };
    let cells = || rows.iter().flat_map(|row| row.cells.iter());
    let share = cells().filter(suspicious).count() as f64 / cells().count().max(1) as f64;
    // A first row of short texts that are all different looks like a header.
    let header = rows.first().is_some_and(|row| {
        row.cells.len() == width
            && row
                .cells
                .iter()
                .all(|cell| !cell.trim().is_empty() && cell.len() < 60)
    });
    // A row that names several fields of contacts is probably split at the right places.
    let heads = rows
        .iter()
        .take(10)
        .filter(|row| !row.cells.iter().any(|cell| looks_like_data(cell)));
    let names = heads
        .map(|row| row.cells.iter().filter(|cell| names_a_field(cell)).count())
        .max()
        .unwrap_or(0);
    let weight = if names > 1 {
        1.0 + 0.5 * names.min(8) as f64
    } else {
        1.0
    };
    even * even
        * (1.0 - 0.9 * share)
        * (1.0 + 0.05 * width.min(12) as f64)
        * if header { 1.2 * weight } else { weight }
}

/// Returns the quote that encloses cells of the first part; `None` when no cell is enclosed.
pub(crate) fn quote(head: &[u8], delimiter: Option<Delimiter>) -> Option<Quote> {
    let opens = |quote: u8| {
        let after = |byte: u8| {
            matches!(byte, b'\n' | b'\r')
                || delimiter.is_some_and(|delimiter| delimiter.byte() == byte)
        };
        let pairs = || head.windows(2);
        // Quotes after the space that some programs write after a delimiter count too.
        let spaced = head
            .windows(3)
            .filter(|three| after(three[0]) && three[1] == b' ' && three[2] == quote)
            .count();
        let both_ends = pairs()
            .filter(|pair| after(pair[0]) && pair[1] == quote)
            .count()
            + spaced;
        let closes = pairs()
            .filter(|pair| pair[0] == quote && after(pair[1]))
            .count();
        both_ends.min(closes) + usize::from(head.first() == Some(&quote))
    };
    let (double, single) = (opens(b'"'), opens(b'\''));
    if double > 0 {
        Some(Quote::Double)
    } else if single > 1 {
        Some(Quote::Single)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Delimiter> {
        delimiter(text.as_bytes(), true, Encoding::Utf8)
    }

    #[test]
    fn each_delimiter_is_found_though_the_others_stand_in_the_cells() {
        assert_eq!(
            found("nome;valor\nAna;10,50\nBia;20,30\n"),
            Some(Delimiter::Semicolon)
        );
        assert_eq!(
            found("nome,nota\n\"Ana\",\"a;b;c\"\n\"Bia\",\"d;e;f\"\n"),
            Some(Delimiter::Comma)
        );
        assert_eq!(
            found("nome\tcidade\nAna\tSão Paulo, SP\nBia\tRio, RJ\n"),
            Some(Delimiter::Tab)
        );
        assert_eq!(found("nome|fone\nAna|51\n"), Some(Delimiter::Pipe));
    }

    #[test]
    fn one_column_has_none_and_sep_decides() {
        assert_eq!(found("email\nana@example.com\n"), None);
        assert_eq!(found("sep=,\na,b\n1;2;3,4\n"), Some(Delimiter::Comma));
        assert_eq!(found("sep=;\na;b\n"), Some(Delimiter::Semicolon));
    }
}
