//! The last runs of a connection, each with its ledger and undo, and the records that could not be
//! read.

use alta_domain::{
    ConnectionId, ErrorCode, ImportLedger, ImportSummary, Stream, StreamCounts, SyncProblem,
    SyncRun,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::systems::connection_runs;
use crate::format;
use crate::importer::{UndoImport, Undoable};
use crate::reader::{Reader, use_i18n};
use crate::ui::{Button, ButtonKind, Show, reactive};
use crate::words::{self, plural, text, word};

/// The button that reads the runs; once they are read, the runs.
#[component]
pub(super) fn Runs(id: ConnectionId) -> impl IntoView {
    let i18n = use_i18n();
    let found = RwSignal::new(None::<(Vec<SyncRun>, Vec<SyncProblem>)>);
    let error = RwSignal::new(None::<ErrorCode>);
    let look = Callback::new(move |()| {
        spawn_local(async move {
            match connection_runs(id).await {
                Ok(runs) => found.set(Some(runs)),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let body = move || {
        found.get().map(|(runs, problems)| {
            view! {
                <ul class="flex flex-col divide-y divide-base-300">
                    {runs
                        .into_iter()
                        .map(|run| view! { <Run run=run /> }.into_any())
                        .collect_view()}
                </ul>
                <Problems problems=problems />
            }
            .into_any()
        })
    };
    view! {
        <Show when=move || found.with(Option::is_none)>
            <div>
                <Button kind=ButtonKind::Quiet on_press=look>
                    {text!(i18n, connections.runs)}
                </Button>
            </div>
        </Show>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        {reactive(body)}
    }
}

#[component]
fn Run(run: SyncRun) -> impl IntoView {
    let i18n = use_i18n();
    let SyncRun {
        started_at,
        ended_at,
        read,
        fault,
        import,
        ..
    } = run;
    let counts = move || read_counts(i18n, read);
    let aside = move || {
        (read.set_aside > 0).then(|| {
            let words = plural!(i18n, connect.aside, n = read.set_aside);
            format!(" · {words}")
        })
    };
    let ledger = import.as_ref().map(|import| import.ledger);
    let ledger = move || ledger.map(|ledger| ledger_words(i18n, ledger));
    let fault = move || {
        fault
            .as_ref()
            .map(|note| format!(" · {}", words::fault(i18n, note.kind)))
    };
    view! {
        <li class="flex flex-col gap-2 py-3">
            <span class="font-medium">
                {reactive(move || format::moment(i18n.language(), started_at))}
                <span class="text-soft">{reactive(fault)}</span>
            </span>
            <span class="text-sm text-soft">{reactive(counts)}{reactive(aside)}</span>
            <span class="text-sm text-soft empty:hidden">{reactive(ledger)}</span>
            {import
                .filter(|_| ended_at.is_some())
                .map(|import| view! { <RunImport import=import /> }.into_any())}
        </li>
    }
}

/// Returns a text that says how many records of each stream a run has read.
fn read_counts(i18n: Reader, read: StreamCounts) -> String {
    let counted = |stream: Stream| {
        let count = read.of(stream);
        let number = format::number(i18n.language(), u64::from(count));
        format!("{number} {}", words::counted_stream(i18n, stream, count))
    };
    [Stream::Contacts, Stream::Transactions, Stream::Products]
        .map(counted)
        .join(", ")
}

/// Returns a text that says what became of the contacts of a run.
fn ledger_words(i18n: Reader, ledger: ImportLedger) -> String {
    word!(
        i18n,
        connections.ledger,
        new = plural!(i18n, connections.ledger_new, n = ledger.new),
        updated = plural!(i18n, connections.ledger_updated, n = ledger.updated),
        unchanged = format::number(i18n.language(), u64::from(ledger.unchanged)),
        rejected = plural!(i18n, connections.ledger_rejected, n = ledger.rejected)
    )
}

/// The rejects of a run's import, and its undo.
#[component]
fn RunImport(import: ImportSummary) -> impl IntoView {
    let i18n = use_i18n();
    let ImportSummary {
        id,
        ledger,
        undo_until,
        undone,
        ..
    } = import;
    let reload = Callback::new(|_| {
        let _ = location().reload();
    });
    let rejects = (ledger.rejected > 0).then(|| {
        view! {
            <a
                class="link flex min-h-11 items-center"
                rel="external"
                href=format!("/api/onboarding/rejects/{id}")
            >
                {text!(i18n, connections.rejects)}
            </a>
        }
        .into_any()
    });
    let pauses = (undo_until.is_some() && undone.is_none()).then(|| {
        view! { <p class="text-sm text-soft">{text!(i18n, connections.undo_pauses)}</p> }.into_any()
    });
    view! {
        <div class="flex flex-wrap items-center gap-3">
            {rejects} <UndoImport of=Undoable::of(&import) on_undone=reload />
        </div>
        {pauses}
    }
}

#[component]
fn Problems(problems: Vec<SyncProblem>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |problem: SyncProblem| {
        let SyncProblem {
            stream,
            external_id,
            aside,
        } = problem;
        view! {
            <li class="break-words">
                {reactive(move || words::stream(i18n, stream))}" "{external_id}": "
                <code>{aside.field}</code>" «"{aside.text}"»"
            </li>
        }
        .into_any()
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div class="flex flex-col gap-2">
                <h3 class="font-medium">{text!(i18n, connections.problems)}</h3>
                <ul class="flex flex-col gap-1 text-sm text-soft">
                    {problems.into_iter().map(row).collect_view()}
                </ul>
            </div>
        }
        .into_any()
    })
}
