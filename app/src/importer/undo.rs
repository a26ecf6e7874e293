//! The undo of an import, which shows what it would do before it is confirmed.

use alta_domain::{ErrorCode, ImportId, ImportSummary, UndoLedger};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::imports::{undo_import, undo_preview};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Tone, reactive};
use crate::words::{self, Reader, plural, text};

/// The state of the undo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Undo {
    #[default]
    NotAsked,
    /// The admin sees what it would do, and may confirm.
    Asked(UndoLedger),
    Done(UndoLedger),
}

/// The undo of one import: its state, and the calls to the server.
#[derive(Clone, Copy)]
struct UndoState {
    import: ImportId,
    state: RwSignal<Undo>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl UndoState {
    /// Asks the server what the undo would do.
    fn ask(self) {
        self.busy.set(true);
        spawn_local(async move {
            match undo_preview(self.import).await {
                Ok(ledger) => self.state.set(Undo::Asked(ledger)),
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }

    /// Undoes the import, and calls `on_undone` with its new summary.
    fn confirm(self, on_undone: Callback<ImportSummary>) {
        self.busy.set(true);
        spawn_local(async move {
            match undo_import(self.import).await {
                Ok(summary) => {
                    self.state
                        .set(Undo::Done(summary.undone.unwrap_or_default()));
                    on_undone.run(summary);
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }
}

/// The undo button, the question, and the result. Nothing for an import that can't be undone.
#[component]
pub(crate) fn UndoImport(
    id: ImportId,
    /// The last moment at which the import can be undone, in milliseconds since 1970.
    undo_until: Option<i64>,
    /// The result, when the import is undone already.
    undone: Option<UndoLedger>,
    on_undone: Callback<ImportSummary>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = UndoState {
        import: id,
        state: RwSignal::new(undone.map_or(Undo::NotAsked, Undo::Done)),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let part = move || match (undo.state.get(), undo_until) {
        (Undo::Done(ledger), _) => view! { <UndoResult ledger=ledger /> }.into_any(),
        (Undo::Asked(ledger), _) => {
            view! { <UndoQuestion undo=undo ledger=ledger on_undone=on_undone /> }.into_any()
        }
        (Undo::NotAsked, Some(until)) => view! { <UndoButton undo=undo until=until /> }.into_any(),
        (Undo::NotAsked, None) => ().into_any(),
    };
    view! {
        {reactive(part)}
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || undo.error.get().map(|code| words::error(i18n, code)))}
        </p>
    }
}

/// The counts of an undo that was carried out.
#[component]
fn UndoResult(ledger: UndoLedger) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div id="undone">
            <Alert tone=Tone::Info title=text!(i18n, undo.done_title)>
                <p>{reactive(move || describe_result(i18n, ledger))}</p>
            </Alert>
        </div>
    }
}

/// The counts of what the undo would do, with the buttons to confirm and to cancel.
#[component]
fn UndoQuestion(
    undo: UndoState,
    ledger: UndoLedger,
    on_undone: Callback<ImportSummary>,
) -> impl IntoView {
    let i18n = use_i18n();
    let confirm = Callback::new(move |()| undo.confirm(on_undone));
    let cancel = Callback::new(move |()| undo.state.set(Undo::NotAsked));
    view! {
        <Alert tone=Tone::Decide title=text!(i18n, undo.title)>
            <p class="max-w-2xl">{reactive(move || describe_plan(i18n, ledger))}</p>
            <div class="flex flex-wrap gap-2">
                <Button busy=undo.busy id="undo-confirm" on_press=confirm>
                    {text!(i18n, undo.confirm)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=cancel>
                    {text!(i18n, undo.cancel)}
                </Button>
            </div>
        </Alert>
    }
}

/// The button that asks, and the day until which the import can be undone.
#[component]
fn UndoButton(undo: UndoState, until: i64) -> impl IntoView {
    let i18n = use_i18n();
    let ask = Callback::new(move |()| undo.ask());
    view! {
        <div class="flex flex-wrap items-center gap-3">
            <Button
                kind=ButtonKind::Quiet
                busy=undo.busy
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
}

/// Says what an undo would change.
fn describe_plan(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
        ..
    } = ledger;
    join_counted([
        (removed, plural!(i18n, undo.preview, n = removed)),
        (restored, plural!(i18n, undo.preview_restored, n = restored)),
        (spared, plural!(i18n, undo.preview_spared, n = spared)),
    ])
}

/// Says what an undo has changed.
fn describe_result(i18n: Reader, ledger: UndoLedger) -> String {
    let UndoLedger {
        removed,
        restored,
        spared,
        ..
    } = ledger;
    join_counted([
        (removed, plural!(i18n, undo.done, n = removed)),
        (restored, plural!(i18n, undo.done_restored, n = restored)),
        (spared, plural!(i18n, undo.done_spared, n = spared)),
    ])
}

/// Joins the sentences whose count is not zero; the first when all are.
fn join_counted(sentences: [(u32, String); 3]) -> String {
    let is_nothing = sentences.iter().all(|(count, _)| *count == 0);
    let mut joined = Vec::new();
    for (place, (count, sentence)) in sentences.into_iter().enumerate() {
        if count > 0 || is_nothing && place == 0 {
            joined.push(sentence);
        }
    }
    joined.join(" ")
}
