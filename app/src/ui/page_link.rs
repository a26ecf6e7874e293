//! Links between pages.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The beginning of the addresses of the wizard's pages.
const WIZARD: &str = "/onboarding";

/// A link to another page. It loads a document into the wizard and out of it: then the browser asks
/// before an import is left, whatever the way. It also does so on the same page, which reads the
/// query of its address once.
#[component]
pub(crate) fn PageLink(
    #[prop(into)] href: String,
    class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.split('?').next().unwrap_or_default().to_owned();
    let rel = move || {
        let loads_document = path
            .with(|path| target.starts_with(WIZARD) || path.starts_with(WIZARD) || *path == target);
        loads_document.then_some("external")
    };
    view! {
        <a href=href class=class id=id rel=rel>
            {children()}
        </a>
    }
}
