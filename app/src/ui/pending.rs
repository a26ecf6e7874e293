//! Waiting, failing, being empty.

use leptos::prelude::*;

use super::{Alert, Button, Tone, live};
use crate::api::AppError;
use crate::reader::use_i18n;
use crate::words::{self, text};

/// A shape in place of what is coming.
#[component]
pub(crate) fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="flex flex-col gap-4" role="status" aria-label=text!(i18n, common.loading)>
            {(0..lines)
                .map(|_| view! { <div class="skeleton h-12 w-full"></div> }.into_any())
                .collect_view()}
        </div>
    }
}

/// What went wrong with a page's data, and the way to try again.
#[component]
pub(crate) fn Failed(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    let reload = Callback::new(|()| {
        let _ = window().location().reload();
    });
    view! {
        <Alert
            tone=Tone::Bad
            title=Signal::derive(move || words::error(i18n, error.code).to_owned())
        >
            <div>
                <Button small=true on_press=reload>
                    {text!(i18n, common.retry)}
                </Button>
            </div>
        </Alert>
    }
}

/// What will be here, and the one action that fills it.
#[component]
pub(crate) fn EmptyState(
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-start gap-3 py-2">
            <p class="text-soft">{live(move || text.get())}</p>
            {children.map(|children| children())}
        </div>
    }
}
