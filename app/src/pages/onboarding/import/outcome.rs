//! The result of an import that has ended, and the next steps from it.

use alta_domain::{ImportId, ImportLedger, ImportState, ImportSummary, Step};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::format;
use crate::importer::{ConflictsLink, UndoImport, import_segments, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Icon, LedgerBar, Tone, on_event, reactive};
use crate::words::{Reader, plural, plural_text, text, word};

/// The result; nothing before the import has ended.
#[component]
pub(super) fn Outcome() -> impl IntoView {
    let session = use_session();
    let result = |summary| view! { <ImportResult summary=summary /> }.into_any();
    move || session.transfer.summary().map(result)
}

/// The counts of an ended import, the links to its rejects and conflicts, and its undo.
#[component]
fn ImportResult(summary: ImportSummary) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let ledger = summary.ledger;
    let is_stopped = summary.state == ImportState::Stopped;
    let on_undone = Callback::new(move |summary| session.transfer.update_summary(summary));
    view! {
        <section class="panel flex flex-col gap-5" id="outcome">
            {is_stopped
                .then(|| {
                    view! {
                        <Alert tone=Tone::Decide title=text!(i18n, import.stopped_title)>
                            <p>{text!(i18n, import.stopped)}</p>
                        </Alert>
                    }
                        .into_any()
                })}
            <p role="status">{reactive(move || describe(i18n, ledger))}</p>
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
                <RejectsLink id=summary.id rejected=ledger.rejected />
                <A
                    href=Step::File.path()
                    attr:class="btn btn-ghost min-h-11"
                    on:click=on_event(move |_| session.close_file())
                >
                    {text!(i18n, import.another)}
                </A>
            </div>
            <UndoImport
                id=summary.id
                undo_until=summary.undo_until
                undone=summary.undone
                on_undone=on_undone
            />
        </section>
    }
}

/// The counts in a sentence.
fn describe(i18n: Reader, ledger: ImportLedger) -> String {
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
}

/// The download of the rejected records; nothing without any.
#[component]
fn RejectsLink(id: ImportId, rejected: u32) -> impl IntoView {
    let i18n = use_i18n();
    (rejected > 0).then(|| {
        view! {
            <a
                class="btn btn-outline h-auto min-h-11 py-2"
                href=format!("/api/onboarding/rejects/{id}")
                rel="external"
                download=""
            >
                <Icon name="icon-[lucide--download]" />
                {plural_text!(i18n, import.rejects, n = rejected)}
            </a>
        }
        .into_any()
    })
}
