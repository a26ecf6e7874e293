//! Workbooks: one sheet of a workbook becomes the text that is imported.

use alta_domain::worker::{FromWorker, Preview};
use alta_domain::{
    ColumnReport, Country, Delimiter, Encoding, FieldTarget, FileError, ShapeChoice,
};
use alta_intake::{HEAD_BYTES, understand};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use web_sys::Blob;

use super::{understood, with, year};
use crate::file::{size, slice};
use crate::{answer, sheets};

/// The largest number of sheets that are searched for one with people.
const MOST_SHEETS: usize = 12;

/// A sheet of a workbook as text.
struct Sheet {
    names: Vec<String>,
    place: u32,
    csv: Vec<u8>,
    choice: ShapeChoice,
    found: Result<Preview, FileError>,
}

impl Sheet {
    /// Reads the sheet at this place, or the first sheet that holds anything.
    async fn read(
        bytes: &[u8],
        place: Option<u32>,
        country: Country,
        choice: ShapeChoice,
    ) -> Result<Self, JsValue> {
        let (names, place, csv) = sheets::read(bytes, place).await?;
        // The text was just made with commas and in UTF-8.
        let choice = ShapeChoice {
            encoding: Some(Encoding::Utf8),
            delimiter: csv.contains(&b',').then_some(Delimiter::Comma),
            ..choice
        };
        let head = &csv[..csv.len().min(HEAD_BYTES)];
        let is_whole = head.len() == csv.len();
        let limits = with(|state| state.limits);
        let found = understand(head, is_whole, country, year(), &choice, limits);
        Ok(Self {
            names,
            place,
            csv,
            choice,
            found,
        })
    }

    /// Returns true when a column identifies the people of its rows.
    fn has_people(&self) -> bool {
        let columns = self.found.as_ref().map(|preview| &preview.columns);
        columns.is_ok_and(|columns| {
            let mut targets = columns.iter().map(ColumnReport::target);
            targets.any(
                |target| matches!(target, Some(FieldTarget::BuiltIn(field)) if field.is_identity()),
            )
        })
    }
}

/// Reads a sheet of a workbook as text, which is the open file from then on. When no sheet is
/// chosen, this is the first sheet that has people.
pub(super) async fn open(
    file: Blob,
    format: &str,
    country: Country,
    choice: ShapeChoice,
) -> Result<(), JsValue> {
    let bytes = slice(&file, 0, size(&file)).await?;
    let Ok(mut sheet) = Sheet::read(&bytes, choice.sheet, country, choice).await else {
        answer(&FromWorker::Refused(FileError::NotCsv(format.to_owned())));
        return Ok(());
    };
    if choice.sheet.is_none() && !sheet.has_people() {
        let others = (0..sheet.names.len().min(MOST_SHEETS)).filter_map(|at| at.try_into().ok());
        for other in others.filter(|other: &u32| *other != sheet.place) {
            // A broken sheet is passed over: if the Admin chooses it, the page reports the error.
            if let Ok(other) = Sheet::read(&bytes, Some(other), country, choice).await
                && other.has_people()
            {
                sheet = other;
                break;
            }
        }
    }
    let text = Array::of1(&Uint8Array::from(sheet.csv.as_slice()));
    let text = Blob::new_with_u8_array_sequence(&text)?;
    with(|state| {
        state.file = Some(text);
        state.workbook = file.dyn_into().ok();
        // Another sheet may have been chosen since the draft.
        state.is_draft = false;
        state.choice = sheet.choice;
    });
    understood(sheet.found, Some((sheet.names, sheet.place)));
    Ok(())
}
