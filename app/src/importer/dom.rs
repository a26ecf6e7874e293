//! Elements that are made by calls of the document, not by views. The file step draws hundreds of
//! cells and buttons at once while the file is checked; a reactive part for each would freeze the
//! page, and make its module larger.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// The attribute that holds the name of a [`button`].
const BUTTON_NAME: &str = "data-does";

/// Makes an element with a class.
pub(super) fn element(tag: &str, class: &str) -> Result<Element, JsValue> {
    let made = document().create_element(tag)?;
    made.set_class_name(class);
    Ok(made)
}

/// Appends an element with a class and a text to another element, and returns the new element.
pub(super) fn text(into: &Element, tag: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let made = element(tag, class)?;
    made.set_text_content(Some(text));
    into.append_child(&made)?;
    Ok(made)
}

/// Appends an icon, which screen readers skip.
pub(super) fn icon(into: &Element, name: &str) -> Result<(), JsValue> {
    text(into, "span", name, "")?.set_attribute("aria-hidden", "true")
}

/// Appends a button, and returns it. Its name is different from the names of all other buttons in
/// the document.
pub(super) fn button(
    into: &Element,
    class: &str,
    words: &str,
    name: &str,
) -> Result<Element, JsValue> {
    let made = text(into, "button", class, words)?;
    made.set_attribute("type", "button")?;
    made.set_attribute(BUTTON_NAME, name)?;
    Ok(made)
}

/// Returns the name of the button that an event comes from; `None` when it comes from no such
/// button.
pub(super) fn pressed_button(event: &web_sys::Event) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target
        .closest(&format!("[{BUTTON_NAME}]"))
        .ok()??
        .get_attribute(BUTTON_NAME)
}

/// Gives the focus to the button with this name.
pub(super) fn focus_button(name: &str) {
    let found = document()
        .query_selector(&format!("[{BUTTON_NAME}='{name}']"))
        .ok()
        .flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// Returns true when an element of the document, other than its body, has the focus.
pub(super) fn has_focus() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.tag_name() != "BODY")
}

/// Returns the name of the button that has the focus; `None` when no such button has it.
pub(super) fn focused_button() -> Option<String> {
    document().active_element()?.get_attribute(BUTTON_NAME)
}
