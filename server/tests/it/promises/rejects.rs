//! A list of rejects, read and changed as a person would in a spreadsheet.

/// The list of an import's rejects: the file's columns, a reason and a mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rejects {
    delimiter: u8,
    /// The header, then the rows.
    rows: Vec<Vec<String>>,
}

impl Rejects {
    /// Reads the output of `alta rejects`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        let delimiter = if head.contains(';') { b';' } else { b',' };
        let rows = cells(text, delimiter)?;
        match &rows[..] {
            [head, rows @ ..] if rows.iter().all(|row| row.len() == head.len()) => {}
            _ => return Err(format!("rows as wide as the header were expected: {text}")),
        }
        Ok(Self { delimiter, rows })
    }

    /// Returns the number of rejects.
    pub(super) fn len(&self) -> usize {
        self.rows.len() - 1
    }

    /// Returns true when a record with these cells is in the list.
    pub(super) fn has(&self, record: &[String]) -> bool {
        self.rows.iter().skip(1).any(|row| row.starts_with(record))
    }

    /// Replaces the cells of a record; the reason and the mark stay.
    pub(super) fn correct(&mut self, record: &[String], by: &[String]) -> Result<(), String> {
        let mut rows = self.rows.iter_mut().skip(1);
        match rows.find(|row| row.starts_with(record)) {
            Some(row) if record.len() == by.len() => {
                row[..by.len()].clone_from_slice(by);
                Ok(())
            }
            Some(_) => Err("the correction has other columns than the file".to_owned()),
            None => Err(format!("{record:?} is not in the list of rejects")),
        }
    }

    /// Writes the list as a file that can be imported.
    pub(super) fn to_csv(&self) -> Result<Vec<u8>, String> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .from_writer(Vec::new());
        for row in &self.rows {
            writer
                .write_record(row)
                .map_err(|error| error.to_string())?;
        }
        writer.into_inner().map_err(|error| error.to_string())
    }
}

/// Returns the cells of a table, the header first.
pub(super) fn cells(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| error.to_string())?;
        Ok(row.iter().map(str::to_owned).collect())
    });
    rows.collect()
}
