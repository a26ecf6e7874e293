//! `alta csv`: writes the table of a file as plain CSV.

use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

use alta_domain::{Country, FileLimits};
use alta_intake::{Reader, Record, Step, Understood};

use crate::exit_status::UNUSABLE_FILE;
use crate::input::{CHUNK, Input, InputError};

/// Writes the header and the records of a file to standard output: UTF-8, commas, LF.
///
/// # Errors
/// When standard output cannot be written.
pub fn csv(path: &Path) -> anyhow::Result<ExitCode> {
    let (input, preview) = match open(path) {
        Ok(opened) => opened,
        Err(error) => {
            eprintln!("alta: {error}");
            return Ok(ExitCode::from(UNUSABLE_FILE));
        }
    };
    let mut reader = Reader::new(&preview.shape);
    let mut record = Record::default();
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(BufWriter::with_capacity(CHUNK, io::stdout().lock()));
    input.read(|chunk, last| {
        reader.push(chunk, last);
        while reader.next(&mut record) == Step::Record {
            let is_of_table = Some(record.line) == preview.shape.header_line
                || record.line >= preview.shape.first_data_line;
            let cells = reader.cells(&record);
            if is_of_table && !cells.iter().all(|cell| alta_intake::is_blank(cell)) {
                out.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
            }
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Opens a file of any size and reads its shape.
fn open(path: &Path) -> Result<(Input, Understood), InputError> {
    let limits = FileLimits {
        bytes: u64::MAX - 1,
        ..FileLimits::default()
    };
    let (input, _) = Input::open(path, limits.bytes)?;
    let preview = input.understand(Country::BRAZIL, limits)?;
    Ok((input, preview))
}
