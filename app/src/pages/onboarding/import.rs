//! The import step, 'Create my contact base and continue': one button, the progress, and the
//! counts of the result.

mod outcome;
mod progress;

use alta_domain::{ErrorCode, ExistingPolicy, ImportState, ListTarget, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::frame::{StepPage, go_on};
use crate::importer::{EffectPanel, ImportSession, LeftOutColumns, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive};
use crate::words::{self, Reader, plural, text, word};

use outcome::{LastResult, Outcome};
use progress::SendingProgress;

/// The page: summary and button, then the progress, then the result.
#[component]
pub(crate) fn ImportPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::Import, error);
    // After a reload the browser has no file, and the page shows the last import.
    let last = RwSignal::new(None::<ImportState>);
    let is_done = Memo::new(move |_| {
        let stands = matches!(
            last.get(),
            Some(ImportState::Finished | ImportState::Stopped)
        );
        session.transfer.is_done() || stands && !session.file.has_preview()
    });
    let lead = move || {
        if is_done.get() {
            word!(i18n, import.done_lead).to_owned()
        } else {
            word!(i18n, import.lead).to_owned()
        }
    };
    let go_on = Callback::new(move |()| go_on(StepState::Done));
    let primary = move || {
        if is_done.get() {
            view! {
                <Button kind=ButtonKind::Primary on_press=go_on>
                    {text!(i18n, common.go_on)}
                </Button>
            }
            .into_any()
        } else {
            view! { <CreateButton error=error /> }.into_any()
        }
    };
    view! {
        <StepPage
            step=Step::Import
            title=Signal::derive(move || title(i18n, &session, last.get()).to_owned())
            lead=Signal::derive(lead)
            error=error
            primary=move || view! { {reactive(primary)} }
        >
            <Show
                when=move || session.file.has_preview()
                fallback=move || view! { <LastResult shown=last /> }
            >
                <Show when=move || session.transfer.is_idle()>
                    <Summary />
                    <EffectPanel />
                </Show>
                <SendingProgress />
                <Outcome />
            </Show>
        </StepPage>
    }
}

/// Returns the title of the page before, during and after the import.
fn title(i18n: Reader, session: &ImportSession, last: Option<ImportState>) -> &'static str {
    let last = last.filter(|_| !session.file.has_preview());
    let shown = session.transfer.summary().map(|summary| summary.state);
    match shown.or(last) {
        Some(ImportState::Stopped) => word!(i18n, import.stopped_title),
        Some(ImportState::Undoing) => word!(i18n, undo.begun),
        Some(ImportState::Undone) => word!(i18n, undo.done_title),
        Some(ImportState::Finished | ImportState::Running) => word!(i18n, import.done_title),
        None if session.transfer.is_idle() => word!(i18n, import.title),
        None => word!(i18n, import.running),
    }
}

/// The button that begins the import. It waits for the check, and for a column that identifies a
/// contact.
#[component]
fn CreateButton(error: RwSignal<Option<ErrorCode>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let is_ready = move || session.check.is_complete() && session.check.has_identity();
    let begin = Callback::new(move |()| {
        error.set(None);
        spawn_local(async move {
            session.send().await;
            if let Some(code) = session.transfer.refusal() {
                error.set(Some(code));
            }
        });
    });
    // The button shows no sign that it is busy: the progress below shows what happens, and a second
    // moving part would be drawn all the while.
    view! {
        <Button
            kind=ButtonKind::Primary
            disabled=Signal::derive(move || !session.transfer.is_idle() || !is_ready())
            described_by="import-need"
            on_press=begin
        >
            {text!(i18n, import.create)}
        </Button>
        <span id="import-need" class="sr-only">
            {reactive(move || (!is_ready()).then(|| word!(i18n, import.wait_check)))}
        </span>
    }
}

/// The file, the list, the policy and the channels.
#[component]
fn Summary() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let file = move || {
        let records = session.check.ledger().map_or(0, |ledger| ledger.records);
        word!(
            i18n,
            import.from,
            file = session.file.name(),
            rows = plural!(i18n, file.rows, n = records)
        )
    };
    let list = move || match session.effect.list() {
        ListTarget::New(name) if !name.trim().is_empty() => {
            word!(i18n, import.to_list, list = name.trim().to_owned())
        }
        ListTarget::Existing(_) => word!(i18n, columns.list).to_owned(),
        _ => word!(i18n, import.to_none).to_owned(),
    };
    let policy = move || {
        let policy = match session.effect.policy() {
            ExistingPolicy::Update => word!(i18n, columns.update),
            ExistingPolicy::Fill => word!(i18n, columns.fill),
            ExistingPolicy::Keep => word!(i18n, columns.keep),
        };
        format!("{}: {policy}", word!(i18n, columns.existing))
    };
    view! {
        <ul class="panel flex flex-col gap-3">
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--file-spreadsheet]" />
                <span class="min-w-0 break-words">{reactive(file)}</span>
            </li>
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--list]" />
                <span class="min-w-0 break-words">{reactive(list)}</span>
            </li>
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--users]" />
                <span>{reactive(policy)}</span>
            </li>
            <Channels />
            <li class="empty:hidden">
                <LeftOutColumns />
            </li>
        </ul>
    }
}

/// The channels by which the contacts may be written to; nothing when there are none.
#[component]
fn Channels() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    reactive(move || {
        let channels = session.effect.channels().into_iter();
        let names = channels
            .map(|channel| words::channel(i18n, channel))
            .collect::<Vec<_>>()
            .join(", ");
        (!names.is_empty()).then(|| {
            view! {
                <li class="flex items-start gap-2">
                    <Icon name="icon-[lucide--mail-check]" />
                    <span>{word!(i18n, consent.summary, channels = names)}</span>
                </li>
            }
            .into_any()
        })
    })
}
