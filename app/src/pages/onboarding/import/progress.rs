//! Rows done of all, rate, time left, stop; and what to do when it was interrupted.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::format;
use crate::importer::{Sending, SendingState, is_passing, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Show, Tone, reactive};
use crate::words::{self, plural, text, word};

/// Nothing unless an import is under way.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn SendingProgress() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sending = Memo::new(move |_| {
        session.sending.with(|state| match state {
            SendingState::Running(sending) | SendingState::Interrupted(sending, _) => {
                Some(*sending)
            }
            _ => None,
        })
    });
    let interrupted = Memo::new(move |_| {
        session.sending.with(|state| {
            if let SendingState::Interrupted(_, code) = state {
                Some(*code)
            } else {
                None
            }
        })
    });
    let resume = Callback::new(move |()| spawn_local(session.resume_sending()));
    let stop = Callback::new(move |()| {
        if let Some(sending) = sending.get_untracked() {
            spawn_local(session.stop_sending(sending.import));
        }
    });
    let percent = move || {
        sending.get().map_or(0, |Sending { all, sent, .. }| {
            u64::from(sent) * 100 / u64::from(all.max(1))
        })
    };
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
        sending
            .get()
            .filter(|sending| sending.rate() > 0)
            .map(|sending| {
                let rate = plural!(i18n, import.rate, rate = sending.rate());
                let left = sending
                    .seconds_left()
                    .map(|seconds| plural!(i18n, import.left, seconds = seconds));
                [Some(rate), left]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ")
            })
    };
    view! {
        <Show when=move || sending.with(Option::is_some)>
            <section class="panel flex flex-col gap-4">
                <div class="flex flex-wrap items-baseline justify-between gap-2">
                    <p
                        class="text-xl font-semibold tabular-nums"
                        id="import-progress"
                        role="status"
                    >
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
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <p class="text-sm text-soft">
                        {reactive(move || {
                            if session.is_kept.get() {
                                word!(i18n, import.kept)
                            } else {
                                word!(i18n, import.keep_open)
                            }
                        })}
                    </p>
                    <Button small=true on_press=stop>
                        {text!(i18n, common.stop)}
                    </Button>
                </div>
            </section>
        </Show>
        {reactive(move || {
            interrupted
                .get()
                .map(|code| {
                    view! {
                        <Alert tone=Tone::Bad title=text!(i18n, import.failed)>
                            <p>{reactive(move || words::error(i18n, code))}</p>
                            {is_passing(code)
                                .then(|| view! { <p>{text!(i18n, import.waiting)}</p> }.into_any())}
                            <div>
                                <Button on_press=resume>{text!(i18n, import.resume)}</Button>
                            </div>
                        </Alert>
                    }
                        .into_any()
                })
        })}
    }
}
