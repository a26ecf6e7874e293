//! A benchmark of the engine over a whole `File`, as the import worker runs the engine: once
//! parsing only, once checking everything.

use alta_domain::{ColumnPlan, Country, FieldTarget, FileLimits, Mapping, ShapeChoice};
use alta_intake::{FileCheck, HEAD_BYTES, Reader, Record, Step, understand};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use web_sys::File;

#[expect(dead_code, reason = "nothing is cancelled here")]
#[path = "../../worker/src/file.rs"]
mod file;

/// Splits the file into records and returns their number. Cells are found, but none is kept.
///
/// # Errors
/// When the file can't be read or is not a CSV file.
#[wasm_bindgen]
pub async fn parse(input: File) -> Result<u32, JsValue> {
    let mapping = mapping(&input).await?;
    let mut chunks = file::Chunks::of(&input)?;
    let mut reader = Reader::new(&mapping.shape);
    let mut record = Record::default();
    let mut records = 0;
    loop {
        let chunk = chunks.next().await?;
        match &chunk {
            Some(chunk) => {
                reader.push_with(chunk.length() as usize, false, |room| chunk.copy_to(room));
            }
            None => reader.push(&[], true),
        }
        while reader.next(&mut record) == Step::Record {
            records += 1;
        }
        if chunk.is_none() {
            return Ok(records);
        }
    }
}

/// Checks every cell of every record; returns the ledger: records, ready, merged, rejected.
///
/// # Errors
/// When the file can't be read or is not a CSV file.
#[wasm_bindgen]
pub async fn check(input: File) -> Result<Vec<u32>, JsValue> {
    let mapping = mapping(&input).await?;
    let mut chunks = file::Chunks::of(&input)?;
    let mut check = FileCheck::new(&mapping).expecting(file::size(&input));
    while let Some(chunk) = chunks.next().await? {
        check.push_with(chunk.length() as usize, false, |room| chunk.copy_to(room));
    }
    check.push(&[], true);
    for stretch in check.stretches() {
        let end = stretch.end.unwrap_or_else(|| file::size(&input));
        check.reread(stretch, &file::slice(&input, stretch.start, end).await?);
    }
    let ledger = check.finish().0.ledger;
    Ok(vec![
        ledger.records,
        ledger.ready,
        ledger.merged,
        ledger.rejected,
    ])
}

/// Returns the mapping that the engine suggests for a file.
async fn mapping(input: &File) -> Result<Mapping, JsValue> {
    let size = file::size(input);
    let head = file::slice(input, 0, size.min(HEAD_BYTES as u64)).await?;
    let found = understand(
        &head,
        head.len() as u64 == size,
        Country::BRAZIL,
        2026,
        &ShapeChoice::default(),
        FileLimits::default(),
    )
    .map_err(|error| JsError::new(&error.to_string()))?;
    let plan = |column: &alta_domain::ColumnReport| ColumnPlan {
        index: column.index,
        header: column.header.clone(),
        target: column.field.map(FieldTarget::BuiltIn),
        date_order: None,
    };
    Ok(Mapping {
        shape: found.shape,
        country: Country::BRAZIL,
        year: 2026,
        columns: found.columns.iter().map(plan).collect(),
        fixes: Vec::new(),
        correction: None,
    })
}
