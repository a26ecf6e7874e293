//! The file: dropped, understood, checked, shown (G8 to G14, G17).

mod drop_zone;
mod refusal;
mod shape;
mod status;

use alta_domain::{ErrorCode, Step, StepState, Unfinished};
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
use refusal::Refusal;
use shape::ShapeChips;
use status::FileStatus;

/// Drop a file; see at once what is wrong with it.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(crate) fn FilePage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::File, error);
    let ready = Signal::derive(move || {
        session.preview.with(Option::is_some) && session.refused.with(Option::is_none)
    });
    let navigate = use_navigate();
    // A copy that goes on needs nothing decided again.
    Effect::new(move |_| {
        let is_ready = session.report.with(Option::is_some) && !session.checking.get();
        if is_ready && session.resuming.with(Option::is_some) {
            session.resuming.set(None);
            navigate(Step::Import.path(), NavigateOptions::default());
            spawn_local(session.send());
        }
    });
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match session.keep().await {
                Ok(()) => go_on(StepState::Done),
                Err(code) => error.set(Some(code)),
            }
        });
    });
    let remembered = move || {
        session
            .kept
            .with_value(|kept| kept.as_ref().map(|(name, _)| name.clone()))
    };
    let cut_off = move || session.unfinished.get_value();
    view! {
        <StepPage
            step=Step::File
            title=text!(i18n, file.title)
            lead=text!(i18n, file.lead)
            error=error
            primary=move || {
                view! {
                    <Button
                        kind=ButtonKind::Primary
                        disabled=Signal::derive(move || !ready.get())
                        described_by="file-need"
                        on_press=save
                    >
                        {text!(i18n, common.go_on)}
                    </Button>
                    <span id="file-need" class="sr-only">
                        {reactive(move || (!ready.get()).then(|| word!(i18n, file.need)))}
                    </span>
                }
            }
        >
            <Show when=move || {
                session.file.with(Option::is_none)
            }>
                {reactive(move || {
                    cut_off()
                        .map(|Unfinished { file_name: name, percent: n, .. }| {
                            view! {
                                <div id="unfinished">
                                    <Alert
                                        tone=Tone::Decide
                                        title=text!(
                                            i18n, file.unfinished, file = name.clone(), n = n
                                        )
                                    >
                                        <Copy />
                                    </Alert>
                                </div>
                            }
                                .into_any()
                        })
                })}
                {reactive(move || {
                    remembered()
                        .map(|name| {
                            view! {
                                <Alert
                                    tone=Tone::Info
                                    title=text!(i18n, file.remembered, name = name.clone())
                                >
                                    ""
                                </Alert>
                            }
                                .into_any()
                        })
                })}
            </Show>
            <DropZone />
            <Refusal />
            <Show when=move || ready.get()>
                <FileStatus />
                <Show when=move || {
                    session
                        .mapping
                        .with(|mapping| {
                            mapping.as_ref().is_some_and(|mapping| mapping.correction.is_some())
                        })
                }>
                    <Alert tone=Tone::Info title=text!(i18n, file.correction)>
                        ""
                    </Alert>
                </Show>
                <ShapeChips />
                <CheckLedgerBar />
                <ProblemPanel />
                <RowGrid />
            </Show>
        </StepPage>
    }
}

/// The copy that the browser has kept of the file of an import that was cut off: go on with it, or
/// forget it.
#[component]
fn Copy() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let go_on = Callback::new(move |()| session.go_on_with_copy());
    let forget = Callback::new(move |()| session.forget_copy());
    Effect::new(move |_| session.look_for_copy());
    view! {
        <Show when=move || session.copy.with(Option::is_some)>
            <p>{text!(i18n, file.kept_copy)}</p>
            <div class="flex flex-wrap gap-2">
                <Button id="go-on-with-copy" on_press=go_on>
                    {text!(i18n, import.resume)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=forget>
                    {text!(i18n, file.forget_copy)}
                </Button>
            </div>
        </Show>
    }
}
