//! The file: dropped, understood, checked, shown (G8 to G14, G17).

mod drop_zone;
mod refusal;
mod shape;
mod status;

use alta_domain::{ErrorCode, Step, StepState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::frame::{StepPage, go_on};
use crate::importer::{CheckLedgerBar, ProblemPanel, RowGrid, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Show, Tone, live};
use crate::words::{text, word};

use drop_zone::DropZone;
use refusal::Refusal;
use shape::ShapeChips;
use status::FileStatus;

/// Drop a file; see at once what is wrong with it.
#[component]
pub(crate) fn FilePage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let error = RwSignal::new(None::<ErrorCode>);
    let go_on = go_on(Step::File, error);
    let ready = Signal::derive(move || session.preview.with(Option::is_some) && session.refused.with(Option::is_none));
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match session.keep().await {
                Ok(()) => go_on(StepState::Done),
                Err(code) => error.set(Some(code)),
            }
        });
    });
    let remembered = move || session.kept.with_value(|kept| kept.as_ref().map(|(name, _)| name.clone()));
    let cut_off = move || session.unfinished.get_value();
    view! {
        <StepPage
            step=Step::File
            title=text!(i18n, file.title)
            lead=text!(i18n, file.lead)
            error=error
            primary=move || {
                view! {
                    <Button kind=ButtonKind::Primary disabled=Signal::derive(move || !ready.get()) described_by="file-need" on_press=save>
                        {text!(i18n, common.go_on)}
                    </Button>
                    <span id="file-need" class="sr-only">
                        {live(move || (!ready.get()).then(|| word!(i18n, file.need)))}
                    </span>
                }
            }
        >
            <Show when=move || session.file.with(Option::is_none)>
                {live(move || {
                    cut_off().map(|(name, n)| view! {
                        <div id="unfinished"><Alert tone=Tone::Decide title=text!(i18n, file.unfinished, file = name.clone(), n = n)>""</Alert></div>
                    }.into_any())
                })}
                {live(move || {
                    remembered()
                        .map(|name| view! { <Alert tone=Tone::Info title=text!(i18n, file.remembered, name = name.clone())>""</Alert> }.into_any())
                })}
            </Show>
            <DropZone />
            <Refusal />
            <Show when=move || ready.get()>
                <FileStatus />
                <Show when=move || session.mapping.with(|mapping| mapping.as_ref().is_some_and(|mapping| mapping.correction.is_some()))>
                    <Alert tone=Tone::Info title=text!(i18n, file.correction)>""</Alert>
                </Show>
                <ShapeChips />
                <CheckLedgerBar />
                <ProblemPanel />
                <RowGrid />
            </Show>
        </StepPage>
    }
}
