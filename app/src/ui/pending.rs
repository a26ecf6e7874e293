//! The parts that a page shows while data is loading, when loading failed, and when there is no
//! data.

use leptos::prelude::*;

use super::{Alert, Button, Tone, reactive};
use crate::api::AppError;
use crate::reader::use_i18n;
use crate::words::{self, text};

/// Grey bars in place of content that is loading.
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

/// The error of loading a page's data, with a button that tries again.
#[component]
pub(crate) fn LoadFailure(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    let reload = Callback::new(|()| {
        let _ = window().location().reload();
    });
    view! {
        <Alert
            tone=Tone::Bad
            title=Signal::derive(move || words::error(i18n, error.code))
        >
            <div>
                <Button small=true on_press=reload>
                    {text!(i18n, common.retry)}
                </Button>
            </div>
        </Alert>
    }
}

/// The text that says what will appear in this place, with the action that fills it.
#[component]
pub(crate) fn EmptyState(
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-start gap-3 py-2">
            <p class="text-soft">{reactive(move || text.get())}</p>
            {children.map(|children| children())}
        </div>
    }
}
