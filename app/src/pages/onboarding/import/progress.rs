//! The progress of an import: the records sent, the rate, the time left, a stop button, and the
//! button that continues after an interruption.

use alta_domain::ErrorCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::format;
use crate::importer::{is_temporary, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Show, Tone, reactive};
use crate::words::{self, plural, text, word};

/// The progress, and the error that interrupts the import. Nothing before an import has begun and
/// after it has ended.
#[component]
pub(super) fn SendingProgress() -> impl IntoView {
    let session = use_session();
    let interruption = Memo::new(move |_| session.transfer.interruption());
    view! {
        <Show when=move || session.transfer.sending().is_some()>
            <section class="panel flex flex-col gap-4">
                <Counts />
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <LeaveNote />
                    <StopButton />
                </div>
            </section>
        </Show>
        {reactive(move || {
            interruption.get().map(|code| view! { <Interruption code=code /> }.into_any())
        })}
    }
}

/// The records sent out of all, the rate and the time left, and a bar.
#[component]
fn Counts() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sending = Memo::new(move |_| session.transfer.sending());
    let percent = move || sending.get().map_or(0, |sending| sending.percent());
    let words = move || {
        sending.get().map(|sending| {
            plural!(
                i18n,
                import.progress,
                all = sending.all,
                done = format::number(i18n.language(), u64::from(sending.sent))
            )
        })
    };
    let pace = move || {
        let sending = sending.get().filter(|sending| sending.rate() > 0)?;
        let rate = plural!(i18n, import.rate, rate = sending.rate());
        Some(match sending.seconds_left() {
            Some(seconds) => {
                let left = plural!(i18n, import.left, seconds = seconds);
                format!("{rate} · {left}")
            }
            None => rate,
        })
    };
    view! {
        <div class="flex flex-wrap items-baseline justify-between gap-2">
            <p class="text-xl font-semibold tabular-nums" id="import-progress" role="status">
                {reactive(words)}
            </p>
            <p class="text-sm text-soft tabular-nums">{reactive(pace)}</p>
        </div>
        <progress
            class="progress progress-primary h-3 w-full"
            max="100"
            value=percent
            aria-labelledby="import-progress"
        ></progress>
    }
}

/// The note about interruptions. It says that the import can go on after one when the browser has
/// a copy of the file; otherwise it asks to keep the tab open.
#[component]
fn LeaveNote() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <p class="text-sm text-soft">
            {reactive(move || {
                if session.transfer.has_copy() {
                    word!(i18n, import.kept)
                } else {
                    word!(i18n, import.keep_open)
                }
            })}
        </p>
    }
}

/// The button that stops the import after the batch that is being sent.
#[component]
fn StopButton() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let stop = Callback::new(move |()| {
        if let Some(sending) = untrack(|| session.transfer.sending()) {
            spawn_local(session.transfer.stop(sending.import));
        }
    });
    view! {
        <Button small=true on_press=stop>
            {text!(i18n, common.stop)}
        </Button>
    }
}

/// The error that interrupts the import, with a button to resume it.
#[component]
fn Interruption(code: ErrorCode) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let resume = Callback::new(move |()| spawn_local(session.resume_sending()));
    view! {
        <Alert tone=Tone::Bad title=text!(i18n, import.failed)>
            <p>{reactive(move || words::error(i18n, code))}</p>
            {is_temporary(code).then(|| view! { <p>{text!(i18n, import.waiting)}</p> }.into_any())}
            <div>
                <Button on_press=resume>{text!(i18n, import.resume)}</Button>
            </div>
        </Alert>
    }
}
