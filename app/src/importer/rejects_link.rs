//! The download of an import's rejected records.

use alta_domain::ImportId;
use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::Icon;
use crate::words::plural_text;

/// The download of the rejected records; nothing without any.
#[component]
pub(crate) fn RejectsLink(id: ImportId, rejected: u32) -> impl IntoView {
    let i18n = use_i18n();
    (rejected > 0).then(|| {
        view! {
            <a
                class="btn btn-outline h-auto min-h-11 py-2"
                href=format!("/api/onboarding/rejects/{id}")
                rel="external"
                download=""
            >
                <Icon name="icon-[lucide--download]" />
                {plural_text!(i18n, import.rejects, n = rejected)}
            </a>
        }
        .into_any()
    })
}
