//! A workbook: one of its sheets becomes the text that is imported.

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

/// The sheets that are looked at for one with people.
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
    /// Reads the sheet of this place, or the first that holds anything.
    async fn read(
        bytes: &[u8],
        place: Option<u32>,
        country: Country,
        choice: ShapeChoice,
    ) -> Result<Self, JsValue> {
        let (names, place, csv) = sheets::read(bytes, place).await?;
        // Commas and UTF-8 by its making.
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

    /// Returns true when a column tells who its rows are about.
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

/// Reads a sheet of a workbook as text; from then on that is the file. Unless one is chosen, it is
/// the first that has people.
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
            // A sheet that is broken is for the admin to choose, who is told then.
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
        // Another sheet may have been chosen since.
        state.is_draft = false;
        state.choice = sheet.choice;
    });
    understood(sheet.found, Some((sheet.names, sheet.place)));
    Ok(())
}
