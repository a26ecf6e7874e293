//! The part of the page from the drop of a file until its first part was read.

use std::time::Duration;

use leptos::prelude::*;

use super::status::FileLabel;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Show, reactive};
use crate::words::{text, word};

/// The name of the file that is being read, the seconds since the reading began, and the button
/// that stops it.
#[component]
pub(super) fn FileReading() -> impl IntoView {
    let session = use_session();
    view! {
        <Show when=move || session.file.is_reading()>
            <Reading />
        </Show>
    }
}

#[component]
fn Reading() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let seconds = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let tick = move || seconds.update(|seconds| *seconds += 1);
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <section class="panel flex flex-col gap-3" id="reading">
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <FileLabel />
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| session.close_file())
                >
                    {text!(i18n, common.stop)}
                </Button>
            </div>
            <progress
                class="progress progress-primary h-1.5 w-full"
                aria-labelledby="reading-words"
            ></progress>
            <p class="text-sm text-soft" id="reading-words">
                {reactive(move || word!(i18n, file.reading, seconds = seconds.get()))}
            </p>
        </section>
    }
}
