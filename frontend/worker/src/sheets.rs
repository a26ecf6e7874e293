//! The module that reads workbooks. It is loaded when the first workbook is dropped.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The name of the function, defined by the worker's entry script, that loads the module and
/// returns a promise of it.
const LOADER: &str = "loadSheets";

/// Reads a workbook, and returns the names of the visible sheets, the place of the sheet that was
/// read, and its cells as UTF-8 with commas.
pub(crate) async fn read(
    workbook: &[u8],
    sheet: Option<u32>,
) -> Result<(Vec<String>, u32, Vec<u8>), JsValue> {
    let loader: Function = Reflect::get(&js_sys::global(), &LOADER.into())?.dyn_into()?;
    let promise: Promise = loader.call0(&JsValue::UNDEFINED)?.dyn_into()?;
    let module = JsFuture::from(promise).await?;
    let read: Function = Reflect::get(&module, &"read".into())?.dyn_into()?;
    let sheet = sheet.map_or(-1, |sheet| i32::try_from(sheet).unwrap_or(i32::MAX));
    let found: Array = read
        .call2(&module, &Uint8Array::from(workbook), &sheet.into())?
        .dyn_into()?;
    let names: Array = found.get(0).dyn_into()?;
    let names = names.iter().filter_map(|name| name.as_string()).collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short list"
    )]
    let place = found.get(1).as_f64().unwrap_or(0.0) as u32;
    let csv: Uint8Array = found.get(2).dyn_into()?;
    Ok((names, place, csv.to_vec()))
}
