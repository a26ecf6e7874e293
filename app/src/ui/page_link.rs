//! Links between the two parts of the app.

use leptos::prelude::*;

/// A link that loads a document: to a page of the other part, or from a place that both parts have.
#[component]
pub(crate) fn PageLink(
    #[prop(into)] href: String,
    class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=class id=id rel="external">
            {children()}
        </a>
    }
}
