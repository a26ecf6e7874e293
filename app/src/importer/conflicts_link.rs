//! The link to the conflicts of an import: records that agree with two contacts.

use alta_domain::ImportId;
use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::{Icon, PageLink};
use crate::words::plural_text;

/// The link with the number of conflicts; nothing when there are none.
#[component]
pub(crate) fn ConflictsLink(id: ImportId, conflicts: u32) -> impl IntoView {
    let i18n = use_i18n();
    (conflicts > 0).then(|| {
        view! {
            <PageLink href=format!("/conflicts/{id}") class="btn btn-outline h-auto min-h-11 py-2">
                <Icon name="icon-[lucide--git-compare]" />
                {plural_text!(i18n, conflict.open, n = conflicts)}
            </PageLink>
        }
        .into_any()
    })
}
