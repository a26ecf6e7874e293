//! The part that a later step shows when no file is open.

use alta_domain::Step;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::EmptyState;
use crate::words::{text, word};

/// The link back to the file step: the browser does not keep the file when the page is loaded
/// again.
#[component]
pub(super) fn NoFile() -> impl IntoView {
    let i18n = use_i18n();
    let last_file = use_session().file.last_file_name();
    let words = move || match &last_file {
        Some(name) => word!(i18n, file.remembered, name = name.clone()),
        None => word!(i18n, file.none_lead).to_owned(),
    };
    view! {
        <section class="panel flex flex-col gap-2">
            <h2 class="text-lg font-semibold">{text!(i18n, file.none_title)}</h2>
            <EmptyState text=Signal::derive(words)>
                <A href=Step::File.path() attr:class="btn btn-outline min-h-11">
                    {text!(i18n, file.go_file)}
                </A>
            </EmptyState>
        </section>
    }
}
