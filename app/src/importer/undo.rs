//! The undo of an import: shows what the undo would change before it is confirmed, then its
//! progress. The undo can be stopped, and continued later.

mod words;

use alta_domain::{ErrorCode, ImportId, ImportState, ImportSummary, UndoLedger, UndoProgress};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::words::{describe_plan, describe_result, reasons};
use crate::api::import_page::import_detail;
use crate::api::imports::{undo_import, undo_preview};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Icon, Show, Tone, reactive};
use crate::words::{text, word};

/// The state of the undo of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Undo {
    #[default]
    NotAsked,
    /// The Admin sees what the undo would change, and may confirm.
    Asked(UndoLedger),
    /// The undo has begun; holds its progress.
    Begun(UndoProgress),
    Done(UndoLedger),
}

/// The facts about an import that its undo needs.
#[derive(Clone, Copy)]
pub(crate) struct Undoable {
    import: ImportId,
    state: Undo,
    /// The time until which the import can be undone, in milliseconds since 1970; `None` when it
    /// can't be undone.
    until: Option<i64>,
}

impl Undoable {
    pub(crate) fn of(summary: &ImportSummary) -> Self {
        let state = match (summary.undoing, summary.undone) {
            (Some(progress), _) => Undo::Begun(progress),
            (None, Some(ledger)) => Undo::Done(ledger),
            (None, None) => Undo::NotAsked,
        };
        let stands = !matches!(summary.state, ImportState::Running | ImportState::Undone);
        Self {
            import: summary.id,
            state,
            until: summary.undo_until.filter(|_| stands),
        }
    }
}

/// The undo of one import: its state, and the calls to the server.
#[derive(Clone, Copy)]
struct UndoState {
    import: ImportId,
    state: RwSignal<Undo>,
    busy: RwSignal<bool>,
    /// True when the Admin has stopped the undo: the slice that runs is the last one.
    is_stopped: StoredValue<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl UndoState {
    fn new(of: Undoable) -> Self {
        Self {
            import: of.import,
            state: RwSignal::new(of.state),
            busy: RwSignal::new(false),
            is_stopped: StoredValue::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Asks the server what the undo would change.
    fn ask(self) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match undo_preview(self.import).await {
                Ok(ledger) => self.state.set(Undo::Asked(ledger)),
                Err(failed) => self.error.set(Some(failed.code)),
            }
            self.busy.set(false);
        });
    }

    /// Undoes the import slice by slice until the undo is complete or stopped. Calls `on_undone`
    /// with the new summary when it is complete.
    fn run(self, on_undone: Callback<ImportSummary>) {
        self.busy.set(true);
        self.is_stopped.set_value(false);
        self.error.set(None);
        spawn_local(async move {
            loop {
                match undo_import(self.import).await {
                    Ok(progress) if progress.is_finished => {
                        self.end(progress.ledger, on_undone).await;
                        break;
                    }
                    Ok(progress) => self.state.set(Undo::Begun(progress)),
                    Err(failed) => {
                        self.error.set(Some(failed.code));
                        break;
                    }
                }
                if self.is_stopped.get_value() {
                    break;
                }
            }
            self.busy.set(false);
        });
    }

    /// Shows the result, and calls `on_undone` with the new summary.
    async fn end(self, ledger: UndoLedger, on_undone: Callback<ImportSummary>) {
        self.state.set(Undo::Done(ledger));
        match import_detail(self.import).await {
            Ok(detail) => on_undone.run(detail.entry.summary),
            Err(failed) => self.error.set(Some(failed.code)),
        }
    }
}

/// The undo button, the question, the progress, and the result. Nothing for an import that can't be
/// undone.
#[component]
pub(crate) fn UndoImport(of: Undoable, on_undone: Callback<ImportSummary>) -> impl IntoView {
    let undo = UndoState::new(of);
    let until = of.until;
    let part = move || match (undo.state.get(), until) {
        (Undo::Done(ledger), _) => view! { <UndoResult ledger=ledger /> }.into_any(),
        (Undo::Asked(ledger), _) => {
            view! { <UndoQuestion undo=undo ledger=ledger on_undone=on_undone /> }.into_any()
        }
        (Undo::Begun(_), _) => view! { <UndoBegun undo=undo on_undone=on_undone /> }.into_any(),
        (Undo::NotAsked, Some(until)) => view! { <UndoButton undo=undo until=until /> }.into_any(),
        (Undo::NotAsked, None) => ().into_any(),
    };
    // A slice changes the numbers of the progress, not the part that shows them.
    let kind = Memo::new(move |_| std::mem::discriminant(&undo.state.get()));
    let i18n = use_i18n();
    view! {
        {reactive(move || {
            let _ = kind.get();
            untrack(part)
        })}
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || undo.error.get().map(|code| crate::words::error(i18n, code)))}
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
                <Reasons ledger=ledger />
            </Alert>
        </div>
    }
}

/// The reasons why something of contacts stays, each with its number of contacts.
#[component]
fn Reasons(ledger: UndoLedger) -> impl IntoView {
    let i18n = use_i18n();
    let reason = |words: String| view! { <li>{words}</li> }.into_any();
    view! {
        <ul class="list-disc ps-5 text-sm empty:hidden">
            {reactive(move || {
                reasons(i18n, ledger.why).into_iter().map(reason).collect_view()
            })}
        </ul>
    }
}

/// The counts of what the undo would change, with the buttons to confirm and to cancel.
#[component]
fn UndoQuestion(
    undo: UndoState,
    ledger: UndoLedger,
    on_undone: Callback<ImportSummary>,
) -> impl IntoView {
    let i18n = use_i18n();
    let confirm = Callback::new(move |()| undo.run(on_undone));
    let cancel = Callback::new(move |()| undo.state.set(Undo::NotAsked));
    view! {
        <Alert tone=Tone::Decide title=text!(i18n, undo.title)>
            <p class="max-w-2xl">{reactive(move || describe_plan(i18n, ledger))}</p>
            <Reasons ledger=ledger />
            <div class="flex flex-wrap gap-2">
                <Button busy=undo.busy id="undo-confirm" on_press=confirm>
                    {text!(i18n, undo.confirm)}
                </Button>
                <Button kind=ButtonKind::Quiet disabled=undo.busy on_press=cancel>
                    {text!(i18n, undo.cancel)}
                </Button>
            </div>
        </Alert>
    }
}

/// The progress of an undo that has begun, with the button that stops or continues it.
#[component]
fn UndoBegun(undo: UndoState, on_undone: Callback<ImportSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let progress = Memo::new(move |_| match undo.state.get() {
        Undo::Begun(progress) => (progress.done, progress.of),
        _ => (0, 0),
    });
    let number = move |value: u32| format::number(i18n.language(), u64::from(value));
    let go_on = Callback::new(move |()| undo.run(on_undone));
    let stop = Callback::new(move |()| undo.is_stopped.set_value(true));
    let name = format!("undo-progress-{}", undo.import);
    // Not a live region, because a screen reader would read each slice. The progress bar answers
    // when the reader asks.
    view! {
        <div class="notice tone-decide" id="undo-begun">
            <Icon name="icon-[lucide--undo-2]" class="mt-0.5" />
            <div class="flex min-w-0 grow flex-col gap-2">
                <p class="font-semibold" id=name.clone()>
                    {text!(i18n, undo.begun)}
                </p>
                <p class="tabular-nums">
                    {reactive(move || {
                        let (done, of) = progress.get();
                        word!(i18n, undo.progress, done = number(done), of = number(of))
                    })}
                </p>
                <progress
                    class="progress progress-primary h-3 w-full max-w-xl"
                    max=move || progress.get().1
                    value=move || progress.get().0
                    aria-labelledby=name
                ></progress>
                <Show
                    when=move || undo.busy.get()
                    fallback=move || {
                        view! {
                            <p class="max-w-2xl text-sm" role="status">
                                {text!(i18n, undo.stopped)}
                            </p>
                            <div>
                                <Button id="undo-go-on" on_press=go_on>
                                    {text!(i18n, undo.go_on)}
                                </Button>
                            </div>
                        }
                    }
                >
                    <div>
                        <Button kind=ButtonKind::Quiet id="undo-stop" on_press=stop>
                            {text!(i18n, common.stop)}
                        </Button>
                    </div>
                </Show>
            </div>
        </div>
    }
}

/// The button that asks for the undo, and the day until which the import can be undone.
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
