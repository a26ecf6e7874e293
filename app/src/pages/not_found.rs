//! The page of an address that does not exist.

use leptos::prelude::*;

use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::PageLink;
use crate::words::text;

/// The page with a link to the home page. It sets the status 404.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Page>
            <PageTitle title=text!(i18n, notfound.title) lead=text!(i18n, notfound.lead) />
            <div>
                <PageLink href="/" class="btn btn-primary min-h-11">
                    {text!(i18n, notfound.home)}
                </PageLink>
            </div>
        </Page>
    }
}
