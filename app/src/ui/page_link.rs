//! Links between the parts of the app.

use leptos::prelude::*;

/// A link that loads a document: to a page of another part, or from a component that several parts
/// use.
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
