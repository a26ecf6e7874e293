//! What is left of earlier files: an unfinished import, and a plan that the next file can use.

use alta_domain::Unfinished;
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Show, Tone, reactive};
use crate::words::text;

/// The unfinished import, and the name of the file whose plan is kept.
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
    view! {
        {reactive(move || session.file.unfinished().map(unfinished))}
        {reactive(move || session.file.last_file_name().map(last_file))}
    }
}

/// The copy that the browser has of the unfinished import's file: continue with it, or remove it.
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
