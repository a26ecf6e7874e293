//! The visible sheets of a workbook, each as a table of texts.

use std::io::Cursor;

use calamine::{
    Data, ExcelDateTime, Reader, SheetType, SheetVisible, Sheets, Style, open_workbook_auto_from_rs,
};

/// The largest number of columns of a sheet; the engine's limit is far above what a list of
/// contacts has.
const MOST_COLUMNS: usize = 1000;
/// The largest number of cells of a sheet, including the empty cells between others.
const MOST_CELLS: usize = 100_000_000;

/// An open workbook.
pub struct Book<'a> {
    sheets: Sheets<Cursor<&'a [u8]>>,
    names: Vec<String>,
}

impl<'a> Book<'a> {
    /// Opens a workbook in `.xlsx`, `.xlsb`, `.xls` or `.ods`.
    ///
    /// # Errors
    /// The library's reason why the workbook can't be read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let sheets =
            open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let visible = |sheet: &&calamine::Sheet| {
            sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
        };
        let names = sheets
            .sheets_metadata()
            .iter()
            .filter(visible)
            .map(|sheet| sheet.name.clone())
            .collect();
        Ok(Self { sheets, names })
    }

    /// Returns the names of the visible sheets.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads one sheet by its place, or the first sheet that holds anything. Returns the place of
    /// the sheet, and its table.
    ///
    /// # Errors
    /// When the sheet is broken or too large, or does not exist.
    pub fn read(&mut self, place: Option<usize>) -> Result<(usize, Table), String> {
        if let Some(place) = place {
            return Ok((place, self.table(place)?));
        }
        for place in 0..self.names.len() {
            let table = self.table(place)?;
            if !table.rows.is_empty() {
                return Ok((place, table));
            }
        }
        Ok((0, Table::default()))
    }

    fn table(&mut self, place: usize) -> Result<Table, String> {
        let name = self.names.get(place).ok_or("no such sheet")?;
        let mut table = Table::default();
        if let Sheets::Xlsx(book) = &mut self.sheets {
            // Read cell by cell: a single cell far away then makes no table of empty cells.
            let mut cells = book
                .worksheet_cells_reader(name)
                .map_err(|error| error.to_string())?;
            let zeros: Vec<usize> = cells.styles().iter().map(zeros).collect();
            while let Some((cell, style)) = cells
                .next_cell_with_style_id()
                .map_err(|error| error.to_string())?
            {
                let (row, column) = cell.get_position();
                let text = text(
                    &Data::from(cell.get_value().clone()),
                    zeros.get(style).copied().unwrap_or(0),
                );
                table.put(row as usize, column as usize, &text)?;
            }
        } else {
            let range = self
                .sheets
                .worksheet_range(name)
                .map_err(|error| error.to_string())?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                table.put(top as usize + row, left as usize + column, &text(value, 0))?;
            }
        }
        Ok(table)
    }
}

/// Returns the number of digits up to which a format such as `00000000000` fills a number with
/// zeros: a CPF or a postal code that is stored as a number. 0 for every other format.
fn zeros(style: &Style) -> usize {
    let code = style
        .number_format
        .as_ref()
        .map(|format| format.format_code.as_str())
        .unwrap_or_default();
    if code.bytes().all(|byte| byte == b'0') {
        code.len()
    } else {
        0
    }
}

/// Returns the text of a cell: numbers with all their digits, days as `YYYY-MM-DD`.
fn text(value: &Data, zeros: usize) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => format!("{value:0zeros$}"),
        Data::Float(value) => number(*value, zeros),
        Data::DateTime(moment) => day(*moment),
        Data::Error(error) => error.to_string(),
    }
}

fn number(value: f64, zeros: usize) -> String {
    let text = format!("{value:0zeros$}");
    match text.split_once('.') {
        // One mark with three digits after it could be read as a group of thousands.
        Some((_, fraction)) if fraction.len() == 3 => text + "0",
        _ => text,
    }
}

fn day(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if moment.is_duration() || moment.as_f64() < 1.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

/// A sheet as delimited text in the making.
#[derive(Debug, Default)]
pub struct Table {
    text: Vec<u8>,
    /// For each row, the place in the text where it ends, and its number of cells.
    rows: Vec<(usize, usize)>,
    width: usize,
}

impl Table {
    /// Appends a text as a cell. Cells come row by row, from left to right.
    fn put(&mut self, row: usize, column: usize, text: &str) -> Result<(), String> {
        if text.is_empty() {
            return Ok(());
        }
        self.width = self.width.max(column + 1);
        if column >= MOST_COLUMNS || (row + 1).saturating_mul(self.width) > MOST_CELLS {
            return Err(format!(
                "cell in row {}, column {} is too far away",
                row + 1,
                column + 1
            ));
        }
        while self.rows.len() <= row {
            self.rows.push((self.text.len(), 0));
        }
        let is_last = row + 1 == self.rows.len();
        let Some((end, cells)) = self
            .rows
            .last_mut()
            .filter(|(_, cells)| is_last && column >= *cells)
        else {
            return Err(format!(
                "row {}, column {} stands twice",
                row + 1,
                column + 1
            ));
        };
        let commas = if *cells == 0 {
            column
        } else {
            column + 1 - *cells
        };
        self.text.extend(std::iter::repeat_n(b',', commas));
        *cells = column + 1;
        if text.contains([',', '"', '\n', '\r']) {
            self.text.push(b'"');
            self.text.extend(text.replace('"', "\"\"").as_bytes());
            self.text.push(b'"');
        } else {
            self.text.extend(text.as_bytes());
        }
        *end = self.text.len();
        Ok(())
    }

    /// Returns the table as CSV in UTF-8, with commas and LF. Every row has all columns. A row is
    /// in the line of its own number unless cells before it contain line ends.
    #[must_use]
    pub fn into_csv(self) -> Vec<u8> {
        let mut csv = Vec::with_capacity(self.text.len() + self.rows.len());
        let mut from = 0;
        for (end, cells) in self.rows {
            csv.extend(&self.text[from..end]);
            csv.extend(std::iter::repeat_n(b',', self.width - cells.max(1)));
            csv.push(b'\n');
            from = end;
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(cells: &[(usize, usize, &str)]) -> Result<String, String> {
        let mut table = Table::default();
        for (row, column, text) in cells {
            table.put(*row, *column, text)?;
        }
        Ok(String::from_utf8(table.into_csv()).unwrap())
    }

    #[test]
    fn rows_have_all_columns_and_stand_in_their_lines() {
        let found = csv(&[(1, 1, "b"), (1, 2, "c"), (3, 0, "x,\"y\"\nz")]);
        assert_eq!(found.as_deref(), Ok(",,\n,b,c\n,,\n\"x,\"\"y\"\"\nz\",,\n"));
    }

    #[test]
    fn cells_that_are_too_far_away_are_refused_before_room_is_made() {
        assert!(csv(&[(0, MOST_COLUMNS, "x")]).is_err());
        assert!(csv(&[(0, 0, "x"), (MOST_CELLS, 0, "x")]).is_err());
        assert!(csv(&[(2, 0, "x"), (1, 0, "x")]).is_err());
    }

    #[test]
    fn numbers_keep_their_digits_and_zeros() {
        assert_eq!(number(5_551_999_990_001.0, 0), "5551999990001");
        assert_eq!(number(1.234, 0), "1.2340");
        assert_eq!(number(0.5, 0), "0.5");
        assert_eq!(number(1_234_567.0, 11), "00001234567");
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        assert!(Book::open(b"PK\x03\x04 not at all").is_err());
        assert!(Book::open(b"").is_err());
    }
}
