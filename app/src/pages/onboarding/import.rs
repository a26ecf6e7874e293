//! 'Create my contact base and continue' (G16): one button, progress, a ledger that adds up.

mod outcome;
mod progress;

use alta_domain::{ErrorCode, ListTarget, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::NoFile;
use crate::frame::{StepPage, go_on};
use crate::importer::{EffectPanel, SendingState, use_session};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Icon, Show, reactive};
use crate::words::{self, plural, text, word};

use outcome::Outcome;
use progress::SendingProgress;

/// Summary and button; then progress; then the ledger.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(crate) fn ImportPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::Import, error);
    let is_idle = move || {
        session
            .sending
            .with(|state| matches!(state, SendingState::Idle | SendingState::Refused(_)))
    };
    let is_done = Memo::new(move |_| {
        session
            .sending
            .with(|state| matches!(state, SendingState::Done(_)))
    });
    let is_ready = move || {
        session.report.with(Option::is_some) && !session.checking.get() && session.has_identity()
    };
    let begin = Callback::new(move |()| {
        error.set(None);
        spawn_local(async move {
            session.send().await;
            if let SendingState::Refused(code) = session.sending.get_untracked() {
                error.set(Some(code));
            }
        });
    });
    let title = move || {
        if is_done.get() {
            match session.sending.get() {
                SendingState::Done(summary)
                    if summary.state == alta_domain::ImportState::Stopped =>
                {
                    word!(i18n, import.stopped_title)
                }
                _ => word!(i18n, import.done_title),
            }
        } else if is_idle() {
            word!(i18n, import.title)
        } else {
            word!(i18n, import.running)
        }
        .to_owned()
    };
    let lead = move || {
        if is_done.get() {
            word!(i18n, import.done_lead)
        } else {
            word!(i18n, import.lead)
        }
        .to_owned()
    };
    let primary = move || {
        if is_done.get() {
            view! {
                <Button
                    kind=ButtonKind::Primary
                    on_press=Callback::new(move |()| go_on(StepState::Done))
                >
                    {text!(i18n, common.go_on)}
                </Button>
            }
            .into_any()
        } else {
            // Not busy: the progress shows what goes on, and a second thing that moves would be
            // drawn for as long.
            view! {
                <Button
                    kind=ButtonKind::Primary
                    disabled=Signal::derive(move || !is_idle() || !is_ready())
                    described_by="import-need"
                    on_press=begin
                >
                    {text!(i18n, import.create)}
                </Button>
                <span id="import-need" class="sr-only">
                    {reactive(move || (!is_ready()).then(|| word!(i18n, import.wait_check)))}
                </span>
            }
            .into_any()
        }
    };
    view! {
        <StepPage
            step=Step::Import
            title=Signal::derive(title)
            lead=Signal::derive(lead)
            error=error
            primary=move || view! { {reactive(primary)} }
        >
            <Show
                when=move || session.preview.with(Option::is_some)
                fallback=|| view! { <NoFile /> }
            >
                <Show when=is_idle>
                    <Summary />
                    <EffectPanel />
                </Show>
                <SendingProgress />
                <Outcome />
            </Show>
        </StepPage>
    }
}

/// The file, the list, the policy.
#[component]
fn Summary() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let from = move || {
        let file = session.file.with(|file| {
            file.as_ref()
                .map(|file| file.name.clone())
                .unwrap_or_default()
        });
        let records = session
            .report
            .with(|report| report.as_ref().map_or(0, |report| report.ledger.records));
        word!(
            i18n,
            import.from,
            file = file,
            rows = plural!(i18n, file.rows, n = records)
        )
    };
    let list = move || match session.list.get() {
        ListTarget::New(name) if !name.trim().is_empty() => {
            word!(i18n, import.to_list, list = name.trim().to_owned())
        }
        ListTarget::Existing(_) => word!(i18n, columns.list).to_owned(),
        _ => word!(i18n, import.to_none).to_owned(),
    };
    let policy = move || match session.policy.get() {
        alta_domain::ExistingPolicy::Update => word!(i18n, columns.update),
        alta_domain::ExistingPolicy::Fill => word!(i18n, columns.fill),
        alta_domain::ExistingPolicy::Keep => word!(i18n, columns.keep),
    };
    let channels = move || {
        let channels = session.consent.with(|consent| consent.channels.clone());
        let names = channels
            .into_iter()
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
    };
    view! {
        <ul class="panel flex flex-col gap-3">
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--file-spreadsheet]" />
                <span class="min-w-0 break-words">{reactive(from)}</span>
            </li>
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--list]" />
                <span class="min-w-0 break-words">{reactive(list)}</span>
            </li>
            <li class="flex items-start gap-2">
                <Icon name="icon-[lucide--users]" />
                <span>
                    {reactive(move || format!("{}: {}", word!(i18n, columns.existing), policy()))}
                </span>
            </li>
            {reactive(channels)}
        </ul>
    }
}
