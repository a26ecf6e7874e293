//! The file's name and size, the progress of its check, and the buttons for both.

use leptos::prelude::*;

use crate::format;
use crate::importer::{ImportSession, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive, reactive_attr};
use crate::words::{Reader, plural, text, word};

/// The panel: the file, the buttons, the progress.
#[component]
pub(super) fn FileStatus() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <section class="panel flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <FileLabel />
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

/// The file's name and size.
#[component]
pub(super) fn FileLabel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let bytes = move || {
        let bytes = session.file.bytes();
        bytes.map(|bytes| format::bytes(i18n.language(), bytes))
    };
    view! {
        <Icon name="icon-[lucide--file-spreadsheet]" />
        <p class="min-w-0 flex-1 basis-48 font-semibold break-words" id="file-name">
            {reactive(move || session.file.name())}
            <span class="ms-2 font-normal text-soft">{reactive(bytes)}</span>
        </p>
    }
}

/// The button that stops the check, or that starts it again after it was stopped.
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

/// The progress of the check as a bar and in words. A screen reader announces only the result.
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
                value=reactive_attr(move || percent.get())
                aria-labelledby="check-words"
            ></progress>
        </Show>
        <p
            class="text-sm text-soft"
            id="check-words"
            data-checked=reactive_attr(move || session.check.is_complete().to_string())
        >
            {reactive(words)}
        </p>
        <p class="sr-only" role="status">
            {reactive(move || (!session.check.is_running()).then(words))}
        </p>
    }
}

/// Returns a text that says how far the check is, how many records it found, or that it was
/// stopped.
fn describe_check(i18n: Reader, session: &ImportSession, percent: u64) -> String {
    if session.check.is_running() {
        word!(
            i18n,
            file.checking,
            percent = percent,
            rows = plural!(i18n, file.rows, n = session.check.progress().records)
        )
    } else if let Some(ledger) = session.check.ledger() {
        plural!(i18n, file.checked, records = ledger.records)
    } else {
        word!(i18n, file.stopped).to_string()
    }
}
