//! The streams that are read from a system: contacts, transactions, products.

use alta_domain::{ConnectForm, Stream};
use leptos::prelude::*;

use crate::reader::use_i18n;
use crate::ui::{Icon, reactive};
use crate::words::{self, text, word};

/// Returns the icon of a stream.
pub(super) fn stream_icon(stream: Stream) -> &'static str {
    match stream {
        Stream::Contacts => "icon-[lucide--users]",
        Stream::Transactions => "icon-[lucide--receipt-text]",
        Stream::Products | Stream::Prices => "icon-[lucide--package]",
    }
}

/// The panel with all streams of a system, and the note on how its manifest was tested.
#[component]
pub(super) fn Streams(form: RwSignal<ConnectForm>) -> impl IntoView {
    let i18n = use_i18n();
    let is_tested_real = form.with_untracked(|form| form.system.tested_real);
    let tested = move || {
        if is_tested_real {
            word!(i18n, connect.tested_real)
        } else {
            word!(i18n, connect.tested_documentation)
        }
    };
    let stream = move |stream: Stream| {
        view! {
            <li class="fact flex items-center gap-2">
                <Icon name=stream_icon(stream) class="size-4" />
                {reactive(move || words::stream(i18n, stream))}
            </li>
        }
        .into_any()
    };
    let streams = move || {
        let streams = form.with(|form| form.streams.clone());
        streams.into_iter().map(stream).collect_view()
    };
    view! {
        <section class="panel flex flex-col gap-3">
            <h2 class="text-lg font-semibold">{text!(i18n, connect.reads)}</h2>
            <ul class="flex flex-wrap gap-2">{reactive(streams)}</ul>
            <p class="text-sm text-soft">{text!(i18n, connect.read_only)}" "{reactive(tested)}</p>
        </section>
    }
}
