//! Links between pages.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The beginning of the addresses of the wizard's pages.
const WIZARD: &str = "/onboarding";

/// A link to another page. It loads a new document when it leads into the wizard or out of it, so
/// that the browser asks before an import is left; and when it leads to the page that is open,
/// which reads its address only once.
#[component]
pub(crate) fn PageLink(
    #[prop(into)] href: String,
    class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    /// True for a link that says when the reader is on its page, or on a page below it.
    #[prop(optional)]
    marks_current: bool,
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.split('?').next().unwrap_or_default().to_owned();
    let rel = move || {
        let loads_document = path
            .with(|path| target.starts_with(WIZARD) || path.starts_with(WIZARD) || *path == target);
        loads_document.then_some("external")
    };
    let page = StoredValue::new(href.clone());
    let current = move || {
        let is_current = path.with(|path| page.with_value(|page| is_on(path, page)));
        (marks_current && is_current).then_some("page")
    };
    view! {
        <a href=href class=class id=id rel=rel aria-current=current>
            {children()}
        </a>
    }
}

/// Returns true when a path is that of a page, or of a page below it. Every page is below the first
/// one, which counts only for itself.
fn is_on(path: &str, page: &str) -> bool {
    let below = path.strip_prefix(page).filter(|_| page != "/");
    path == page || below.is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_on;

    #[test]
    fn a_page_is_current_for_itself_and_for_those_below_it() {
        assert!(is_on("/settings", "/settings") && is_on("/settings/audit", "/settings"));
        assert!(is_on("/", "/") && !is_on("/settings", "/") && !is_on("/settingsx", "/settings"));
    }
}
