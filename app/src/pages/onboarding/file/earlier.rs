//! The remains of earlier files: a draft, an unfinished import, and a plan that the next file can
//! use.

use alta_domain::Unfinished;
use alta_domain::worker::Draft;
use leptos::prelude::*;

use crate::format;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Show, Tone, reactive};
use crate::words::{plural, text};

/// The draft, the unfinished import, and the name of the file whose plan is kept.
#[component]
pub(super) fn EarlierFiles() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let unfinished = move |unfinished: Unfinished| {
        let (name, percent) = (unfinished.file_name, unfinished.percent);
        view! {
            <div id="unfinished">
                <Alert
                    tone=Tone::Decide
                    title=text!(i18n, file.unfinished, file = name.clone(), n = percent)
                >
                    <KeptCopy />
                </Alert>
            </div>
        }
        .into_any()
    };
    let last_file = move |name: String| {
        view! {
            <Alert tone=Tone::Info title=text!(i18n, file.remembered, name = name.clone())>
                ""
            </Alert>
        }
        .into_any()
    };
    Effect::new(move |_| session.look_for_draft());
    view! {
        {reactive(move || session.drafts.found().map(|draft| view! { <DraftOffer draft=draft /> }))}
        {reactive(move || session.file.unfinished().map(unfinished))}
        {reactive(move || session.file.last_file_name().map(last_file))}
    }
}

/// The draft that an earlier visit left, with buttons to continue or discard it.
#[component]
fn DraftOffer(draft: Draft) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    #[expect(clippy::cast_possible_truncation, reason = "minutes are whole")]
    let zone = js_sys::Date::new_0().get_timezone_offset() as i64 * 60_000;
    let (decisions, name) = (draft.mapping.fixes.len(), draft.file_name);
    let title = Signal::derive(move || {
        let day = format::day(i18n.language(), draft.kept_at - zone);
        plural!(i18n, file.draft, n = decisions, file = name, when = day)
    });
    let resume = Callback::new(move |()| session.continue_with_draft());
    let discard = Callback::new(move |()| session.drafts.discard());
    view! {
        <div id="draft">
            <Alert tone=Tone::Decide title=title>
                <p>{text!(i18n, file.draft_help)}</p>
                <div class="flex flex-wrap gap-2">
                    <Button id="go-on-with-draft" on_press=resume>
                        {text!(i18n, file.draft_open)}
                    </Button>
                    <Button kind=ButtonKind::Quiet on_press=discard>
                        {text!(i18n, file.draft_forget)}
                    </Button>
                </div>
            </Alert>
        </div>
    }
}

/// The copy that the browser has of the unfinished import's file, with buttons to continue with the
/// copy or remove it.
#[component]
fn KeptCopy() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let resume = Callback::new(move |()| session.continue_with_copy());
    let remove = Callback::new(move |()| session.file.remove_copy());
    Effect::new(move |_| session.look_for_copy());
    view! {
        <Show when=move || session.file.has_copy()>
            <p>{text!(i18n, file.kept_copy)}</p>
            <div class="flex flex-wrap gap-2">
                <Button id="go-on-with-copy" on_press=resume>
                    {text!(i18n, import.resume)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=remove>
                    {text!(i18n, file.forget_copy)}
                </Button>
            </div>
        </Show>
    }
}
