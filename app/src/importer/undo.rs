//! An import taken back: what it would do is shown first.

use alta_domain::{ErrorCode, ImportId, ImportSummary, UndoLedger};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::imports::{undo_import, undo_preview};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Tone, live};
use crate::words::{self, text, word};

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
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    let part = move || match (asked.get(), undo_until) {
        (Asked::Done(ledger), _) => {
            let said = move || {
                word!(
                    i18n,
                    undo.done,
                    removed = number(ledger.removed),
                    restored = number(ledger.restored),
                    spared = number(ledger.spared)
                )
            };
            view! {
                <div id="undone">
                    <Alert tone=Tone::Info title=text!(i18n, undo.done_title)>
                        <p>{live(said)}</p>
                    </Alert>
                </div>
            }
            .into_any()
        }
        (Asked::Sure(ledger), _) => {
            let said = move || {
                word!(
                    i18n,
                    undo.preview,
                    removed = number(ledger.removed),
                    restored = number(ledger.restored),
                    spared = number(ledger.spared)
                )
            };
            view! {
                <Alert tone=Tone::Decide title=text!(i18n, undo.title)>
                    <p class="max-w-2xl">{live(said)}</p>
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
            .into_any()
        }
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
        {live(part)}
        <p class="text-sm text-bad empty:hidden" role="alert">
            {live(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
    }
}
