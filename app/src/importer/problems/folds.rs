//! The parts of the panel that a reader unfolds. They stay open when the panel is drawn anew.

use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::importer::dom;

/// The panel as it was before it is drawn anew.
pub(super) struct Folds(Option<Element>);

impl Folds {
    /// Reads from the panel which of its folds are open, so that they can be opened again after it
    /// is drawn anew.
    pub(super) fn of(panel: &Element) -> Self {
        let copy = panel.clone_node_with_deep(true).ok();
        Self(copy.and_then(|copy| wasm_bindgen::JsCast::dyn_into(copy).ok()))
    }

    /// Appends a `details` element, open when the one with the same key was open. Keys are letters,
    /// digits, `-` and `_`.
    pub(super) fn details(
        &self,
        into: &Element,
        key: &str,
        class: &str,
    ) -> Result<Element, JsValue> {
        let details = dom::text(into, "details", class, "")?;
        details.set_attribute("data-fold", key)?;
        let open = format!("details[data-fold=\"{key}\"][open]");
        if let Some(panel) = &self.0
            && panel.query_selector(&open)?.is_some()
        {
            details.set_attribute("open", "")?;
        }
        Ok(details)
    }
}
