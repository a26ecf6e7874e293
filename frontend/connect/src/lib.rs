//! The wasm module of the pages on which systems are connected: takes over the page that the server
//! rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module and the texts are there.
#[wasm_bindgen]
pub fn hydrate(texts: String) {
    console_error_panic_hook::set_once();
    alta_app::hydrate(texts, alta_app::ConnectPages);
}
