//! Icons of Lucide, drawn by the style sheet. An icon is always next to a text or has a label of
//! its own.

use leptos::prelude::*;

/// An icon. `name` is the whole class, such as `icon-[lucide--check]`, so that the style sheet's
/// builder finds it.
#[component]
pub(crate) fn Icon(name: &'static str, #[prop(optional)] class: &'static str) -> impl IntoView {
    view! { <span class=format!("{name} size-5 shrink-0 {class}") aria-hidden="true"></span> }
}
