//! The way back to the list of contacts.

use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::{Icon, PageLink};
use crate::words::text;

/// A link to the list of contacts, above the title of a page.
#[component]
pub(super) fn BackLink() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div>
            <PageLink href="/contacts" class="btn btn-ghost min-h-11">
                <Icon name="icon-[lucide--arrow-left]" />
                {text!(i18n, contacts.title)}
            </PageLink>
        </div>
    }
}
