//! The file's line: name, size, how far the check is, and the way to another file.

use leptos::prelude::*;

use crate::format;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive, reactive_attr};
use crate::words::{plural, text, word};

/// Name, size, progress by bytes, stop.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn FileStatus() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let file = move || session.file.get();
    let percent = Memo::new(move |_| {
        let all = session
            .file
            .with(|file| file.as_ref().map_or(0, |file| file.bytes))
            .max(1);
        session.progress.get().bytes.min(all) * 100 / all
    });
    let words = move || {
        if session.checking.get() {
            word!(
                i18n,
                file.checking,
                percent = percent.get(),
                rows = plural!(i18n, file.rows, n = session.progress.get().records)
            )
        } else if let Some(records) = session
            .report
            .with(|report| report.as_ref().map(|report| report.ledger.records))
        {
            plural!(i18n, file.checked, records = records)
        } else {
            word!(i18n, file.stopped).to_string()
        }
    };
    view! {
        <section class="panel flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <Icon name="icon-[lucide--file-spreadsheet]" />
                <p class="min-w-0 flex-1 basis-48 font-semibold break-words" id="file-name">
                    {reactive(move || file().map(|file| file.name))}
                    <span class="ms-2 font-normal text-soft">
                        {reactive(move || {
                            file().map(|file| format::bytes(i18n.language(), file.bytes))
                        })}
                    </span>
                </p>
                <Show when=move || session.checking.get()>
                    <Button
                        small=true
                        kind=ButtonKind::Quiet
                        on_press=Callback::new(move |()| session.stop_check())
                    >
                        {text!(i18n, common.stop)}
                    </Button>
                </Show>
                <Show when=move || !session.checking.get() && session.report.with(Option::is_none)>
                    <Button small=true on_press=Callback::new(move |()| session.check())>
                        {text!(i18n, file.check_again)}
                    </Button>
                </Show>
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| session.forget())
                >
                    {text!(i18n, file.change)}
                </Button>
            </div>
            <Show when=move || session.checking.get()>
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
                data-checked=reactive_attr(move || {
                    (!session.checking.get() && session.report.with(Option::is_some)).to_string()
                })
            >
                {reactive(words)}
            </p>
            <p class="sr-only" role="status">
                {reactive(move || (!session.checking.get()).then(words))}
            </p>
        </section>
    }
}
