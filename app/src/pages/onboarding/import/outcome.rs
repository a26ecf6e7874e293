//! The ledger of an import that has ended, and what can be done with it.

use alta_domain::{ImportState, ImportSummary, Step};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::format;
use crate::importer::{ConflictsLink, SendingState, UndoImport, import_segments, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Icon, LedgerBar, Tone, on_event, reactive};
use crate::words::{plural, plural_text, text, word};

/// Nothing before the end.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Outcome() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let done = move || {
        session.sending.with(|state| {
            if let SendingState::Done(summary) = state {
                Some(summary.clone())
            } else {
                None
            }
        })
    };
    let undone = Callback::new(move |summary| session.sending.set(SendingState::Done(summary)));
    let show = move |summary: ImportSummary| {
        let ledger = summary.ledger;
        let said = move || {
            word!(
                i18n,
                import.done,
                rows = plural!(i18n, file.rows, n = ledger.records),
                new = plural!(i18n, import.done_new, n = ledger.new),
                updated = plural!(i18n, import.done_updated, n = ledger.updated),
                unchanged = format::number(i18n.language(), u64::from(ledger.unchanged)),
                merged = plural!(i18n, import.done_merged, n = ledger.merged),
                rejected = plural!(i18n, import.done_rejected, n = ledger.rejected),
                dropped = plural!(i18n, import.done_dropped, n = ledger.dropped)
            )
        };
        let stopped = summary.state == ImportState::Stopped;
        view! {
            <section class="panel flex flex-col gap-5" id="outcome">
                {stopped
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Decide title=text!(i18n, import.stopped_title)>
                                <p>{text!(i18n, import.stopped)}</p>
                            </Alert>
                        }
                            .into_any()
                    })}
                <p role="status">{reactive(said)}</p>
                <LedgerBar
                    label=plural_text!(i18n, ledger.label, records = ledger.records)
                    segments=Signal::derive(move || import_segments(i18n, ledger))
                />
                {(summary.kept_out > 0)
                    .then(|| {
                        view! {
                            <p class="text-sm text-soft" id="kept-out">
                                {plural_text!(i18n, consent.kept_out, n = summary.kept_out)}
                            </p>
                        }
                            .into_any()
                    })}
                <div class="flex flex-wrap gap-3">
                    <ConflictsLink id=summary.id conflicts=summary.conflicts />
                    {(ledger.rejected > 0)
                        .then(|| {
                            view! {
                                <a
                                    class="btn btn-outline h-auto min-h-11 py-2"
                                    href=format!("/api/onboarding/rejects/{}", summary.id)
                                    rel="external"
                                    download=""
                                >
                                    <Icon name="icon-[lucide--download]" />
                                    {plural_text!(i18n, import.rejects, n = ledger.rejected)}
                                </a>
                            }
                                .into_any()
                        })}
                    <A
                        href=Step::File.path()
                        attr:class="btn btn-ghost min-h-11"
                        on:click=on_event(move |_| session.forget())
                    >
                        {text!(i18n, import.another)}
                    </A>
                </div>
                <UndoImport
                    id=summary.id
                    undo_until=summary.undo_until
                    undone=summary.undone
                    on_undone=undone
                />
            </section>
        }
        .into_any()
    };
    move || done().map(show)
}
