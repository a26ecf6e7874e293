//! An import taken back: what it would do is shown first.

use alta_domain::{ErrorCode, ImportId, ImportSummary, UndoLedger};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::imports::{undo_import, undo_preview};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Tone, reactive};
use crate::words::{self, Reader, plural, text};

/// Where the question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    /// Not asked.
    #[default]
    No,
    /// What it would do is shown.
    Sure(UndoLedger),
    /// Done.
    Done(UndoLedger),
}

/// The button, the question, and what came of it. Nothing for an import that can't be taken back.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(crate) fn UndoImport(
    id: ImportId,
    undo_until: Option<i64>,
    undone: Option<UndoLedger>,
    on_undone: Callback<ImportSummary>,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(undone.map_or(Asked::No, Asked::Done));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ErrorCode>);
    let ask = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match undo_preview(id).await {
                Ok(ledger) => asked.set(Asked::Sure(ledger)),
                Err(failed) => error.set(Some(failed.code)),
            }
            busy.set(false);
        });
    });
    let carry_out = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match undo_import(id).await {
                Ok(summary) => {
                    asked.set(Asked::Done(summary.undone.unwrap_or_default()));
                    on_undone.run(summary);
                }
                Err(failed) => error.set(Some(failed.code)),
            }
            busy.set(false);
        });
    });
    let leave = Callback::new(move |()| asked.set(Asked::No));
    let part = move || match (asked.get(), undo_until) {
        (Asked::Done(ledger), _) => view! {
            <div id="undone">
                <Alert tone=Tone::Info title=text!(i18n, undo.done_title)>
                    <p>{reactive(move || outcome(i18n, ledger))}</p>
                </Alert>
            </div>
        }
        .into_any(),
        (Asked::Sure(ledger), _) => view! {
            <Alert tone=Tone::Decide title=text!(i18n, undo.title)>
                <p class="max-w-2xl">{reactive(move || preview(i18n, ledger))}</p>
                <div class="flex flex-wrap gap-2">
                    <Button busy=busy id="undo-confirm" on_press=carry_out>
                        {text!(i18n, undo.confirm)}
                    </Button>
                    <Button kind=ButtonKind::Quiet on_press=leave>
                        {text!(i18n, undo.cancel)}
                    </Button>
                </div>
            </Alert>
        }
        .into_any(),
        (Asked::No, Some(until)) => view! {
            <div class="flex flex-wrap items-center gap-3">
                <Button
                    kind=ButtonKind::Quiet
                    busy=busy
                    id="undo-import"
                    icon="icon-[lucide--undo-2]"
                    on_press=ask
                >
                    {text!(i18n, undo.button)}
                </Button>
                <span class="text-sm text-soft">
                    {text!(i18n, undo.until, date = format::day(i18n.language(), until))}
                </span>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        {reactive(part)}
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
    }
}

/// Says what an undo would change.
fn preview(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
    } = ledger;
    sentences([
        (removed, plural!(i18n, undo.preview, n = removed)),
        (restored, plural!(i18n, undo.preview_restored, n = restored)),
        (spared, plural!(i18n, undo.preview_spared, n = spared)),
    ])
}

/// Says what an undo has changed.
fn outcome(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
    } = ledger;
    sentences([
        (removed, plural!(i18n, undo.done, n = removed)),
        (restored, plural!(i18n, undo.done_restored, n = restored)),
        (spared, plural!(i18n, undo.done_spared, n = spared)),
    ])
}

/// Joins the sentences whose count is not zero; the first when all are.
fn sentences(counted: [(u32, String); 3]) -> String {
    let nothing = counted.iter().all(|(count, _)| *count == 0);
    let mut said = Vec::new();
    for (at, (count, sentence)) in counted.into_iter().enumerate() {
        if count > 0 || nothing && at == 0 {
            said.push(sentence);
        }
    }
    said.join(" ")
}
