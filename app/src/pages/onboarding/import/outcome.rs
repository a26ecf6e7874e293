//! The result of an import that has ended, and the next steps.

use alta_domain::{ImportLedger, ImportState, ImportSummary, Step};
use leptos::prelude::*;
use leptos_router::components::A;

use super::super::no_file::NoFile;
use crate::api::import_page::imports;
use crate::api::read;
use crate::format;
use crate::importer::{
    ConflictsLink, LedgerOf, RejectsLink, UndoImport, Undoable, import_segments, use_session,
};
use crate::reader::use_i18n;
use crate::ui::{Alert, LedgerBar, Skeleton, Tone, later, on_event, reactive};
use crate::words::{Reader, plural, plural_text, text, word};

/// The result; nothing before the import has ended.
#[component]
pub(super) fn Outcome() -> impl IntoView {
    let session = use_session();
    let on_undone = Callback::new(move |summary| session.transfer.update_summary(summary));
    let result =
        move |summary| view! { <ImportResult summary=summary on_undone=on_undone /> }.into_any();
    move || session.transfer.summary().map(result)
}

/// The last import of a file, when it has ended: after a reload the page shows it again. Otherwise
/// the link to the file step.
#[component]
pub(super) fn LastResult(
    /// Is set to the state of that import, or to `None`.
    shown: RwSignal<Option<ImportState>>,
) -> impl IntoView {
    let last = read(|| imports(String::new(), Some(false), None));
    let reload = Callback::new(|_: ImportSummary| {
        let _ = location().reload();
    });
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=3 /> }
        }>
            {reactive(move || later(async move {
                let found = last.answer().await.unwrap_or_default().into_iter().next();
                let ended = found.filter(|entry| entry.summary.state != ImportState::Running);
                let state = ended.as_ref().map(|entry| entry.summary.state);
                // In the browser only: the server has already sent the rest of the page.
                Effect::new(move |_| shown.set(state));
                match ended {
                    Some(entry) => {
                        view! { <ImportResult summary=entry.summary on_undone=reload /> }.into_any()
                    }
                    None => view! { <NoFile /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The counts of an ended import, the links to its rejects and conflicts, and its undo.
#[component]
fn ImportResult(summary: ImportSummary, on_undone: Callback<ImportSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (undo, of) = (Undoable::of(&summary), LedgerOf::new(&summary, true));
    let ImportSummary {
        id,
        file_name,
        started_at,
        state,
        ledger,
        conflicts,
        kept_out,
        rejects_until,
        ..
    } = summary;
    view! {
        <section class="panel flex flex-col gap-5" id="outcome">
            {(state == ImportState::Stopped)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Decide title=text!(i18n, import.stopped_title)>
                            <p>{text!(i18n, import.stopped)}</p>
                        </Alert>
                    }
                        .into_any()
                })}
            <p class="break-words">
                <span class="font-medium">{file_name}</span>
                <span class="text-soft">
                    " · " {reactive(move || format::day(i18n.language(), started_at))}
                </span>
            </p>
            <p role="status">{reactive(move || describe(i18n, ledger))}</p>
            <LedgerBar
                label=plural_text!(i18n, ledger.label, records = ledger.records)
                segments=Signal::derive(move || import_segments(i18n, ledger, of))
            />
            {(kept_out > 0)
                .then(|| {
                    view! {
                        <p class="text-sm text-soft" id="kept-out">
                            {plural_text!(i18n, consent.kept_out, n = kept_out)}
                        </p>
                    }
                        .into_any()
                })}
            <div class="flex flex-wrap gap-3">
                <ConflictsLink id=id conflicts=conflicts />
                <RejectsLink id=id rejected=ledger.rejected until=rejects_until />
                <A
                    href=Step::File.path()
                    attr:class="btn btn-ghost min-h-11"
                    on:click=on_event(move |_| session.close_file())
                >
                    {text!(i18n, import.another)}
                </A>
            </div>
            <UndoImport of=undo on_undone=on_undone />
        </section>
    }
}

/// Returns the counts of an import in a sentence.
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
