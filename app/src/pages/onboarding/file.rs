//! The file step: the Admin drops a file, and sees its shape and problems.

mod drop_zone;
mod earlier;
mod reading;
mod refusal;
mod shape;
mod status;

use alta_domain::{ErrorCode, Step, StepState};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::frame::{StepPage, go_on};
use crate::importer::{CheckLedgerBar, ProblemPanel, RowGrid, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Show, Tone, reactive};
use crate::words::{text, word};

use drop_zone::DropZone;
use earlier::EarlierFiles;
use reading::FileReading;
use refusal::Refusal;
use shape::ShapeChoices;
use status::FileStatus;

/// The page on which a file is dropped, and which shows at once what is wrong with the file.
#[component]
pub(crate) fn FilePage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::File, error);
    let is_usable =
        Signal::derive(move || session.file.has_preview() && session.file.refusal().is_none());
    resume_when_checked();
    ask_before_losing_decisions();
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match session.keep_plan().await {
                Ok(()) => go_on(StepState::Done),
                Err(code) => error.set(Some(code)),
            }
        });
    });
    view! {
        <StepPage
            step=Step::File
            title=text!(i18n, file.title)
            lead=text!(i18n, file.lead)
            error=error
            primary=move || view! { <GoOn is_usable=is_usable on_press=save /> }
        >
            <Show when=move || !session.file.is_open()>
                <EarlierFiles />
            </Show>
            <DropZone />
            <FileReading />
            <Refusal />
            <Show when=move || is_usable.get()>
                <UnderstoodFile />
            </Show>
        </StepPage>
    }
}

/// Sends an unfinished import that continues as soon as its file is checked, because everything
/// about it was decided before.
fn resume_when_checked() {
    let session = use_session();
    let navigate = use_navigate();
    Effect::new(move |_| {
        if session.is_ready_to_resume() {
            navigate(Step::Import.path(), NavigateOptions::default());
            spawn_local(session.send());
        }
    });
}

/// Makes the browser ask before the page is left while some decisions are not kept.
fn ask_before_losing_decisions() {
    let session = use_session();
    Effect::new(move |_| {
        let leave = window_event_listener(ev::beforeunload, move |event| {
            if session.would_lose_decisions() {
                event.prevent_default();
            }
        });
        on_cleanup(move || leave.remove());
    });
}

/// The button to the next step, which waits for a file that can be used.
#[component]
fn GoOn(is_usable: Signal<bool>, on_press: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Button
            kind=ButtonKind::Primary
            disabled=Signal::derive(move || !is_usable.get())
            described_by="file-need"
            on_press=on_press
        >
            {text!(i18n, common.go_on)}
        </Button>
        <span id="file-need" class="sr-only">
            {reactive(move || (!is_usable.get()).then(|| word!(i18n, file.need)))}
        </span>
    }
}

/// The file's shape, the counts of its check, its problems and its rows.
#[component]
fn UnderstoodFile() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <FileStatus />
        <Show when=move || session.check.is_correction()>
            <Alert tone=Tone::Info title=text!(i18n, file.correction)>
                ""
            </Alert>
        </Show>
        <Show when=move || session.file.has_damaged_marks()>
            <div id="damaged-marks">
                <Alert tone=Tone::Decide title=text!(i18n, file.damaged_marks)>
                    <p class="max-w-2xl">{text!(i18n, file.damaged_marks_help)}</p>
                </Alert>
            </div>
        </Show>
        <ShapeChoices />
        <CheckLedgerBar opens_rows=true />
        <div class="check-view">
            <ProblemPanel />
            <RowGrid />
        </div>
    }
}
