//! The reading of a file's first part: its form, its columns and its first rows.

mod describe;

use alta_domain::worker::{GridCell, GridRow, Preview};
use alta_domain::{
    BuiltInField, ColumnKind, ColumnPlan, ColumnReport, Country, FileError, FileLimits, FileShape,
    HeaderChoice, Mapping, Quote, ShapeChoice,
};

use crate::check::{Checker, Verdict};
use crate::decode::detect_encoding;
use crate::detect::{self, SampleRow};
use crate::file_check::{FoundRows, shape_problem};
use crate::header;
use crate::record::{Reader, Record, Step};
use crate::sniff::foreign_format;

use describe::describe;

/// The number of records that are examined.
const SAMPLE: usize = 1000;
/// The number of records that are examined when a column is empty in all of the first ones.
const LONG_SAMPLE: usize = 20_000;
/// The most rows of the preview.
const SHOWN: usize = 50;
/// The number of first lines that are shown for the choice of the header.
const HEAD_LINES: usize = 8;

/// The findings of [`understand`].
pub type Understood = Preview;

/// Reads the first part of a file; `whole` is true when it is the whole file.
///
/// # Errors
/// When the file has another format, or holds no data.
pub fn understand(
    head: &[u8],
    whole: bool,
    country: Country,
    year: u16,
    choice: &ShapeChoice,
    limits: FileLimits,
) -> Result<Understood, FileError> {
    if let Some(format) = foreign_format(head) {
        return Err(FileError::NotCsv(format.to_owned()));
    }
    let Table {
        shape,
        mut rows,
        header,
        data,
        width,
    } = find_table(head, whole, choice)?;
    let described = width.min(limits.columns as usize);
    let mut columns = describe(header.as_ref(), &rows[data..], described, (country, year));
    if rows.len() == SAMPLE
        && columns
            .iter()
            .any(|column| column.kind == ColumnKind::Empty)
    {
        rows = detect::sample(head, whole, &shape, LONG_SAMPLE);
        columns = describe(header.as_ref(), &rows[data..], described, (country, year));
    }
    if whole && rows.len() < LONG_SAMPLE {
        // A column without any value is not one of phones or e-mails; in a longer file values may
        // follow.
        let is_empty = |column: &&mut ColumnReport| {
            column.kind == ColumnKind::Empty && column.field.is_some_and(BuiltInField::is_identity)
        };
        let empty = columns.iter_mut().filter(is_empty);
        empty.for_each(|column| column.field = None);
    }
    let mapping = suggested(shape, country, year, &columns);
    Ok(Preview {
        shape,
        rows: first_rows(head, whole, &mapping),
        columns,
        head: head_lines(&rows, shape.delimiter),
        sheets: None,
    })
}

/// The table found in the first part of a file.
struct Table {
    shape: FileShape,
    /// The first rows of the file, titles included.
    rows: Vec<SampleRow>,
    header: Option<SampleRow>,
    /// The index of the first data row in `rows`.
    data: usize,
    /// The number of columns.
    width: usize,
}

/// Finds the encoding, delimiter, quote, header and width of the table.
fn find_table(head: &[u8], whole: bool, choice: &ShapeChoice) -> Result<Table, FileError> {
    let encoding = choice.encoding.unwrap_or_else(|| detect_encoding(head));
    let found = choice
        .delimiter
        .or_else(|| detect::delimiter(head, whole, encoding));
    let in_one_cell = match found {
        None if head.contains(&b'"') => detect::in_one_cell(head, whole, encoding),
        _ => None,
    };
    let delimiter = found.or(in_one_cell.map(|(delimiter, _)| delimiter));
    let mut shape = FileShape {
        encoding,
        delimiter,
        quote: in_one_cell
            .map(|_| Quote::Double)
            .or_else(|| detect::quote(head, delimiter)),
        width: in_one_cell.map_or(0, |(_, width)| u32::try_from(width).unwrap_or(0)),
        first_data_line: 1,
        ..FileShape::default()
    };
    let mut rows = detect::sample(head, whole, &shape, SAMPLE);
    shape.padded = delimiter.is_some() && detect::padded(&rows);
    if shape.padded {
        rows = detect::sample(head, whole, &shape, SAMPLE);
    }
    let mut cells = rows.iter().flat_map(|row| &row.cells);
    if cells.all(|cell| cell.chars().all(is_no_text)) {
        return Err(FileError::Empty);
    }
    // The rows are read again with the table's width, so that a header written differently from its
    // rows is mended like a row.
    let mut width = detect::usual_width(detect::below_titles(&rows));
    let mut tries = 0;
    let (header, data) = loop {
        tries += 1;
        shape.width = u32::try_from(width).unwrap_or(0);
        // When all rows fit, nothing needs mending.
        if rows.iter().any(|row| row.cells.len() != width) {
            rows = detect::sample(head, whole, &shape, SAMPLE);
        }
        let (header, data) = layout(&rows, choice);
        let named = header.map_or(width, |row| row.cells.len());
        if named == width || tries == 3 {
            break (header.cloned(), data);
        }
        width = named;
    };
    let first = rows.get(data).ok_or(FileError::Empty)?;
    shape.header_line = header.as_ref().map(|row| row.line);
    shape.first_data_line = first.line;
    shape.trailing = detect::trails(&rows[data..], width);
    Ok(Table {
        shape,
        rows,
        header,
        data,
        width,
    })
}

/// Returns true for white space, delimiters and quotes.
fn is_no_text(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '"' | '\'')
}

fn layout<'a>(rows: &'a [SampleRow], choice: &ShapeChoice) -> (Option<&'a SampleRow>, usize) {
    match choice.header {
        Some(HeaderChoice::Line(line)) => {
            let at = rows.iter().position(|row| row.line >= line).unwrap_or(0);
            (rows.get(at), at + 1)
        }
        Some(HeaderChoice::Absent) => (
            None,
            usize::from(
                rows.first()
                    .is_some_and(|row| detect::declared(row).is_some()),
            ),
        ),
        None => {
            let layout = header::find(rows);
            let header = layout.header.and_then(|at| rows.get(at));
            // A header that is repeated directly below counts as one.
            let again = rows[layout.data..]
                .iter()
                .take_while(|row| header.is_some_and(|header| header.cells == row.cells))
                .count();
            (header, layout.data + again)
        }
    }
}

/// Returns the mapping that the engine suggests.
#[must_use]
pub fn suggested(
    shape: FileShape,
    country: Country,
    year: u16,
    columns: &[ColumnReport],
) -> Mapping {
    let plan = |column: &ColumnReport| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: column.target(),
        date_order: None,
    };
    Mapping {
        shape,
        country,
        year,
        columns: columns.iter().map(plan).collect(),
        fixes: Vec::new(),
        correction: None,
    }
}

fn first_rows(head: &[u8], whole: bool, mapping: &Mapping) -> Vec<GridRow> {
    let checker = Checker::new(mapping);
    let found = FoundRows::default();
    let mut slice = Slice::new(mapping, &checker, &found, Reader::new(&mapping.shape), 0);
    slice.push(head, whole);
    std::iter::from_fn(|| slice.next_row())
        .take(SHOWN)
        .collect()
}

fn head_lines(rows: &[SampleRow], delimiter: Option<alta_domain::Delimiter>) -> Vec<(u32, String)> {
    let mark = delimiter
        .map_or(' ', |delimiter| char::from(delimiter.byte()))
        .to_string();
    rows.iter()
        .take(HEAD_LINES)
        .map(|row| (row.line, row.cells.join(&mark).chars().take(120).collect()))
        .collect()
}

/// A slice of a file, from which rows are read for the grid.
pub struct Slice<'a> {
    mapping: &'a Mapping,
    checker: &'a Checker,
    found: &'a FoundRows,
    reader: Reader,
    record: Record,
    number: u32,
}

impl<'a> Slice<'a> {
    /// Makes a slice. `number` is the number of the record before the first one of the slice.
    #[must_use]
    pub fn new(
        mapping: &'a Mapping,
        checker: &'a Checker,
        found: &'a FoundRows,
        reader: Reader,
        number: u32,
    ) -> Self {
        Self {
            mapping,
            checker,
            found,
            reader,
            record: Record::default(),
            number,
        }
    }

    /// Adds bytes of the slice. `last` is true for the end of the file.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        self.reader.push(bytes, last);
    }

    /// Returns the offset in the file of the next record, and its physical line.
    #[must_use]
    pub fn position(&self) -> (u64, u32) {
        self.reader.position()
    }

    /// Returns the number, the line and the cells of the next record that is not blank; `None` at
    /// the end of the slice.
    pub fn next_cells(&mut self) -> Option<(u32, u32, Vec<String>)> {
        let (record, cells) = self.next_cells_of(|_| true)?;
        Some((record, self.record.line, cells))
    }

    /// Returns the number and the cells of the next record that is wanted and not blank; `None` at
    /// the end of the slice.
    pub(crate) fn next_cells_of(
        &mut self,
        is_wanted: impl Fn(u32) -> bool,
    ) -> Option<(u32, Vec<String>)> {
        while self.reader.next(&mut self.record) == Step::Record {
            if self.record.line < self.mapping.shape.first_data_line {
                continue;
            }
            let open = self.reader.open();
            let mut own = self.record.cells.iter();
            if own.all(|cell| open.is_blank(*cell)) {
                continue;
            }
            self.number += 1;
            if is_wanted(self.number) {
                return Some((self.number, self.edited_cells()));
            }
        }
        None
    }

    /// Returns the cells of the current record, with the edits of the Admin.
    fn edited_cells(&self) -> Vec<String> {
        let open = self.reader.open();
        let own = self.record.cells.iter();
        let mut cells: Vec<String> = own.map(|cell| open.cell(*cell).0.into_owned()).collect();
        let width = self.mapping.columns.len();
        for (_, column, text) in self.checker.edits().of_record(self.number, width) {
            cells.resize(cells.len().max(column + 1), String::new());
            text.clone_into(&mut cells[column]);
        }
        cells
    }

    /// Returns the next row with the results of its check; `None` at the end of the slice.
    pub fn next_row(&mut self) -> Option<GridRow> {
        let (number, line, texts) = self.next_cells()?;
        let width = self.mapping.columns.len();
        let wanted: Vec<&str> = self
            .checker
            .targets()
            .map(|(index, _)| texts.get(index as usize).map_or("", String::as_str))
            .collect();
        let row = self.checker.row(number, &wanted);
        let mut cells: Vec<GridCell> = (0..width.max(texts.len()))
            .map(|at| GridCell {
                text: texts.get(at).cloned().unwrap_or_default(),
                mended: None,
                problem: None,
            })
            .collect();
        for ((index, _), outcome) in self.checker.targets().zip(&row.cells) {
            if let Some(cell) = cells.get_mut(index as usize) {
                cell.problem = outcome.problem;
                cell.mended = outcome
                    .value
                    .as_ref()
                    .and_then(|value| value.shown(&cell.text));
            }
        }
        let no_identity = matches!(
            row.verdict,
            Verdict::Rejected(alta_domain::ProblemCode::NoIdentity)
        );
        let of_record = if no_identity {
            Some(alta_domain::CellProblem {
                code: alta_domain::ProblemCode::NoIdentity,
                severity: alta_domain::Severity::Error,
            })
        } else {
            shape_problem(&self.record, width, |cell| texts[cell].trim().is_empty())
        };
        let same_as_line = self
            .found
            .same_as(number)
            .and_then(|first| self.found.line(first));
        Some(GridRow {
            record: number,
            line,
            problem: of_record,
            same_as_line,
            cells,
        })
    }
}
