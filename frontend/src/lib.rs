//! The desk's wasm module: hydrates the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page. The document's script calls it when the module and the texts are loaded.
#[wasm_bindgen]
pub fn hydrate(texts: String) {
    console_error_panic_hook::set_once();
    alta_app::hydrate(texts);
}
