//! The reading of a row that is one enclosed cell: a spreadsheet read the file as one column, wrote
//! it so, and doubled the quotes in it.

use super::scan::{Cell, Dialect, Escaped};
use crate::steps;

/// Reads the row inside the only cell of a record; `None` when it does not have as many cells as
/// the table. `bytes` are the bytes of the record, line end included.
pub(super) fn cells(bytes: &[u8], dialect: Dialect, only: Cell, width: usize) -> Option<Vec<Cell>> {
    let (start, end) = (only.start as usize, only.end as usize);
    let delimiter = dialect.delimiter?;
    let is_enclosed = start == 1
        && bytes.first() == Some(&dialect.quote)
        && bytes.get(end) == Some(&dialect.quote);
    if !is_enclosed {
        return None;
    }
    steps::count(end - start);
    let row = Row {
        inner: bytes.get(..end)?,
        quote: dialect.quote,
        delimiter,
    };
    let mut cells = Vec::with_capacity(width);
    let mut at = start;
    loop {
        let (cell, next) = row.cell(at)?;
        cells.push(cell);
        if cells.len() > width {
            return None;
        }
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    (cells.len() == width).then_some(cells)
}

/// The row inside the quotes of its only cell, in which each quote is doubled.
struct Row<'a> {
    /// The bytes of the record up to the closing quote.
    inner: &'a [u8],
    quote: u8,
    delimiter: u8,
}

impl Row<'_> {
    /// Reads the cell that begins here. Returns the cell and the offset of the next one; `None` for
    /// a row that is not complete.
    fn cell(&self, start: usize) -> Option<(Cell, Option<usize>)> {
        if self.is_quote(start) {
            return self.enclosed(start + 2);
        }
        let length = memchr::memchr(self.delimiter, self.inner.get(start..)?);
        let end = length.map_or(self.inner.len(), |length| start + length);
        let has_quote = memchr::memchr(self.quote, self.inner.get(start..end)?).is_some();
        let escaped = if has_quote {
            Escaped::Doubled(self.quote)
        } else {
            Escaped::Not
        };
        Some((cell(start, end, escaped)?, length.map(|_| end + 1)))
    }

    /// Reads a cell that is enclosed once more; `start` is the offset after its quote.
    fn enclosed(&self, start: usize) -> Option<(Cell, Option<usize>)> {
        let (mut at, mut escaped) = (start, Escaped::Not);
        loop {
            at += memchr::memchr(self.quote, self.inner.get(at..)?)?;
            if !self.is_quote(at) {
                return None;
            }
            if !self.is_quote(at + 2) {
                break;
            }
            escaped = Escaped::DoubledTwice(self.quote);
            at += 4;
        }
        let next = match self.inner.get(at + 2) {
            None => None,
            Some(byte) if *byte == self.delimiter => Some(at + 3),
            Some(_) => return None,
        };
        Some((cell(start, at, escaped)?, next))
    }

    /// Returns true when there is a doubled quote, which is one quote of the row, at this offset.
    fn is_quote(&self, at: usize) -> bool {
        self.inner.get(at..at + 2) == Some(&[self.quote; 2][..])
    }
}

fn cell(start: usize, end: usize, escaped: Escaped) -> Option<Cell> {
    Some(Cell {
        start: u32::try_from(start).ok()?,
        end: u32::try_from(end).ok()?,
        escaped,
    })
}

#[cfg(test)]
mod tests {
    use alta_domain::{Delimiter, FileShape, Quote};

    use super::super::{Reader, Record, Step};

    /// Reads a text as a table of three columns with commas and double quotes, and returns the
    /// cells of its records.
    fn read(text: &str) -> Vec<Vec<String>> {
        let shape = FileShape {
            delimiter: Some(Delimiter::Comma),
            quote: Some(Quote::Double),
            width: 3,
            ..FileShape::default()
        };
        let mut reader = Reader::new(&shape);
        reader.push(text.as_bytes(), true);
        let mut record = Record::default();
        let mut rows = Vec::new();
        while reader.next(&mut record) == Step::Record {
            let cells = reader.cells(&record);
            rows.push(
                cells
                    .into_iter()
                    .map(std::borrow::Cow::into_owned)
                    .collect(),
            );
        }
        rows
    }

    #[test]
    fn a_row_in_one_cell_is_a_row() {
        for (line, cells) in [
            ("\"a,b,c\"", ["a", "b", "c"]),
            ("\"a,\"\"b, 2\"\",c\"", ["a", "b, 2", "c"]),
            ("\"\"\"a, 1\"\",b,c\"", ["a, 1", "b", "c"]),
            ("\"a,b,\"\"c \"\"\"\"x\"\"\"\"\"\"\"", ["a", "b", "c \"x\""]),
            ("\"a,5\"\" pol,c\"", ["a", "5\" pol", "c"]),
            ("\"a,,\"", ["a", "", ""]),
        ] {
            assert_eq!(read(line), [cells], "{line}");
            assert_eq!(
                read(&format!("x,y,z\r\n{line}\r\nx,y,z\n"))[1],
                cells,
                "{line}"
            );
        }
    }

    #[test]
    fn a_cell_that_is_no_row_of_the_table_stays() {
        for line in ["\"a,b\"", "\"a,b,c,d\"", "\"a,\"\"b,c\"", "\"abc\""] {
            assert_eq!(read(line)[0].len(), 1, "{line}");
        }
    }
}
