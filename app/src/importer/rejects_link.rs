//! The download of an import's rejected records.

use alta_domain::ImportId;
use leptos::prelude::*;

use crate::format;
use crate::reader::use_i18n;
use crate::ui::Icon;
use crate::words::{plural_text, text};

/// The download of the rejected records, with the day until which they are kept; nothing when there
/// are none.
#[component]
pub(crate) fn RejectsLink(
    id: ImportId,
    rejected: u32,
    /// The time until which the rejected records are kept, in milliseconds since 1970; `None` when
    /// they are deleted.
    until: Option<i64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let link = move |until: i64| {
        view! {
            <div class="flex flex-wrap items-center gap-x-3">
                <a
                    class="btn btn-outline h-auto min-h-11 py-2"
                    href=format!("/api/onboarding/rejects/{id}")
                    rel="external"
                    download=""
                >
                    <Icon name="icon-[lucide--download]" />
                    {plural_text!(i18n, import.rejects, n = rejected)}
                </a>
                {(until < i64::MAX)
                    .then(|| {
                        view! {
                            <span class="text-sm text-soft">
                                {text!(
                                    i18n, import.rejects_until, date = format::day(i18n
                                        .language(), until)
                                )}
                            </span>
                        }
                            .into_any()
                    })}
            </div>
        }
        .into_any()
    };
    let gone = move || {
        view! { <p class="text-sm text-soft">{text!(i18n, import.rejects_gone)}</p> }.into_any()
    };
    (rejected > 0).then(|| until.map_or_else(gone, link))
}
