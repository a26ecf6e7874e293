//! The page for users whose role does not allow what they opened.

use leptos::prelude::*;

use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::PageLink;
use crate::words::text;

/// The text that says which role is needed, with a link to the home page.
#[component]
pub(crate) fn Forbidden() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle title=text!(i18n, forbidden.title) lead=text!(i18n, forbidden.lead) />
        <div>
            <PageLink href="/" class="btn btn-primary min-h-11">
                {text!(i18n, notfound.home)}
            </PageLink>
        </div>
    }
}
