//! The page's wasm module: takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(alta_app::App);
}
