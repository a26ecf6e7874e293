//! Converts spreadsheets into delimited text. This is a module of its own, which the import worker
//! loads when a spreadsheet is dropped.

mod book;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

pub use book::{Book, Table};

/// Reads a workbook. `sheet` is the place of a sheet among the visible ones; below 0, the first
/// sheet that holds anything. Returns the names of the visible sheets, the place of the sheet that
/// was read, and its cells as UTF-8 with commas.
///
/// # Errors
/// When the file is no workbook, is locked with a password or is broken, or when the sheet is too
/// large to be read.
#[wasm_bindgen]
pub fn read(bytes: &[u8], sheet: i32) -> Result<Array, JsError> {
    let mut book = Book::open(bytes).map_err(|error| JsError::new(&error))?;
    let wanted = usize::try_from(sheet).ok();
    let (at, table) = book.read(wanted).map_err(|error| JsError::new(&error))?;
    let names: Array = book
        .names()
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect();
    let place = u32::try_from(at).unwrap_or(0);
    Ok(Array::of3(
        &names,
        &place.into(),
        &Uint8Array::from(table.into_csv().as_slice()),
    ))
}
