//! Elements made by the document's own calls. Much of the file step comes at once while the file is
//! checked, and reactive parts for each cell and each button would hold the page up, and make its
//! module larger.

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::Element;

/// Attributes of [`button`]s: what a press means, read by [`pressed`].
const DOES: &str = "data-does";

/// An element with a class.
pub(super) fn element(tag: &str, class: &str) -> Result<Element, JsValue> {
    let made = document().create_element(tag)?;
    made.set_class_name(class);
    Ok(made)
}

/// An element with a class and a text, as the last of another.
pub(super) fn text(into: &Element, tag: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let made = element(tag, class)?;
    made.set_text_content(Some(text));
    into.append_child(&made)?;
    Ok(made)
}

/// An icon, which says nothing to a screen reader.
pub(super) fn icon(into: &Element, name: &str) -> Result<(), JsValue> {
    text(into, "span", name, "")?.set_attribute("aria-hidden", "true")
}

/// A button, and what it does in a word.
pub(super) fn button(
    into: &Element,
    class: &str,
    words: &str,
    does: &str,
) -> Result<Element, JsValue> {
    let made = text(into, "button", class, words)?;
    made.set_attribute("type", "button")?;
    made.set_attribute(DOES, does)?;
    Ok(made)
}

/// What the button does that an event comes from.
pub(super) fn pressed(event: &web_sys::Event) -> Option<String> {
    use wasm_bindgen::JsCast;
    let target: Element = event.target()?.dyn_into().ok()?;
    target
        .closest(&format!("[{DOES}]"))
        .ok()??
        .get_attribute(DOES)
}

/// Gives the focus to the button that does this.
pub(super) fn focus(does: &str) {
    use wasm_bindgen::JsCast;
    let found = document()
        .query_selector(&format!("[{DOES}='{does}']"))
        .ok()
        .flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// What the button does that has the focus.
pub(super) fn focused() -> Option<String> {
    document().active_element()?.get_attribute(DOES)
}
