//! The ledger of an import that has ended, and what can be done with it.

use alta_domain::{ImportState, ImportSummary, Step};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::format;
use crate::importer::{ConflictsLink, SendingState, UndoImport, import_segments, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Icon, LedgerBar, Tone, heard, live};
use crate::words::{text, word};

/// Nothing before the end.
#[component]
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
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    let show = move |summary: ImportSummary| {
        let ledger = summary.ledger;
        let said = move || {
            word!(
                i18n,
                import.done,
                records = number(ledger.records),
                new = number(ledger.new),
                updated = number(ledger.updated),
                unchanged = number(ledger.unchanged),
                merged = number(ledger.merged),
                rejected = number(ledger.rejected),
                dropped = number(ledger.dropped)
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
                <p role="status">{live(said)}</p>
                <LedgerBar
                    label=text!(i18n, ledger.label, records = number(ledger.records))
                    segments=Signal::derive(move || import_segments(i18n, ledger))
                />
                {(summary.kept_out > 0)
                    .then(|| {
                        view! {
                            <p class="text-sm text-soft" id="kept-out">
                                {text!(i18n, consent.kept_out, n = number(summary.kept_out))}
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
                                    {text!(i18n, import.rejects, n = number(ledger.rejected))}
                                </a>
                            }
                                .into_any()
                        })}
                    <A
                        href=Step::File.path()
                        attr:class="btn btn-ghost min-h-11"
                        on:click=heard(move |_| session.forget())
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
