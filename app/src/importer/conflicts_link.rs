//! The way to the records that point at two contacts.

use alta_domain::ImportId;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::format;
use crate::reader::use_i18n;
use crate::ui::Icon;
use crate::words::text;

/// Nothing when there are none.
#[component]
pub(crate) fn ConflictsLink(id: ImportId, conflicts: u32) -> impl IntoView {
    let i18n = use_i18n();
    (conflicts > 0).then(|| {
        view! {
            <A href=format!("/conflicts/{id}") attr:class="btn btn-outline h-auto min-h-11 py-2">
                <Icon name="icon-[lucide--git-compare]" />
                {text!(i18n, conflict.open, n = format::number(i18n.language(), u64::from(conflicts)))}
            </A>
        }
        .into_any()
    })
}
