//! The file's name and size, the progress of its check, and the buttons for both.

use leptos::prelude::*;

use crate::format;
use crate::importer::{ImportSession, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, live, shared};
use crate::words::{Reader, text, word};

/// The panel: the file, the buttons, the progress.
#[component]
pub(super) fn FileStatus() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let bytes = move || {
        let bytes = session.file.bytes();
        bytes.map(|bytes| format::bytes(i18n.language(), bytes))
    };
    view! {
        <section class="panel flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <Icon name="icon-[lucide--file-spreadsheet]" />
                <p class="min-w-0 flex-1 basis-48 font-semibold break-words" id="file-name">
                    {live(move || session.file.name())}
                    <span class="ms-2 font-normal text-soft">{live(bytes)}</span>
                </p>
                <CheckButtons />
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| session.close_file())
                >
                    {text!(i18n, file.change)}
                </Button>
            </div>
            <CheckProgress />
        </section>
    }
}

/// Stops the check, or starts it again after it was stopped.
#[component]
fn CheckButtons() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <Show when=move || session.check.is_running()>
            <Button
                small=true
                kind=ButtonKind::Quiet
                on_press=Callback::new(move |()| session.check.stop())
            >
                {text!(i18n, common.stop)}
            </Button>
        </Show>
        <Show when=move || !session.check.is_running() && !session.check.has_report()>
            <Button small=true on_press=Callback::new(move |()| session.start_check())>
                {text!(i18n, file.check_again)}
            </Button>
        </Show>
    }
}

/// The progress of the check as a bar and in words. A screen reader hears only how it ends.
#[component]
fn CheckProgress() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let percent = Memo::new(move |_| {
        let all = session.file.bytes().unwrap_or(0).max(1);
        session.check.progress().bytes.min(all) * 100 / all
    });
    let words = move || describe_check(i18n, &session, percent.get());
    view! {
        <Show when=move || session.check.is_running()>
            <progress
                class="progress progress-primary h-1.5 w-full"
                max="100"
                value=shared(move || percent.get())
                aria-labelledby="check-words"
            ></progress>
        </Show>
        <p
            class="text-sm text-soft"
            id="check-words"
            data-checked=shared(move || session.check.is_complete().to_string())
        >
            {live(words)}
        </p>
        <p class="sr-only" role="status">
            {live(move || (!session.check.is_running()).then(words))}
        </p>
    }
}

/// Says how far the check is, or how many records it found, or that it was stopped.
fn describe_check(i18n: Reader, session: &ImportSession, percent: u64) -> String {
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    if session.check.is_running() {
        word!(
            i18n,
            file.checking,
            percent = percent,
            records = number(session.check.progress().records)
        )
    } else if let Some(ledger) = session.check.ledger() {
        word!(i18n, file.checked, records = number(ledger.records))
    } else {
        word!(i18n, file.stopped).to_string()
    }
}
