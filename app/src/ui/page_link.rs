//! Links between pages.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The beginning of the addresses of the wizard's pages.
const WIZARD: &str = "/onboarding";

/// A link to another page. Into the wizard and out of it the link loads a document: then the
/// browser asks before an import is left, whatever the way.
#[component]
pub(crate) fn PageLink(
    #[prop(into)] href: String,
    class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let enters = href.starts_with(WIZARD);
    let path = use_location().pathname;
    let rel = move || {
        let leaves = path.with(|path| path.starts_with(WIZARD));
        (enters || leaves).then_some("external")
    };
    view! {
        <a href=href class=class id=id rel=rel>
            {children()}
        </a>
    }
}
