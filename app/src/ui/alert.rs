//! A message that stands out. Its icon and words carry the meaning; the colour only repeats it.

use leptos::prelude::*;

use super::{Icon, reactive};

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Information.
    Info,
    /// A question to decide.
    Decide,
    /// A failure.
    Bad,
}

/// A message with a title and content. A screen reader announces a failure at once, and other
/// messages when it pauses.
#[component]
pub(crate) fn Alert(
    tone: Tone,
    #[prop(into)] title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let (look, icon, role) = match tone {
        Tone::Info => ("tone-info", "icon-[lucide--info]", "status"),
        Tone::Decide => ("tone-decide", "icon-[lucide--circle-help]", "status"),
        Tone::Bad => ("tone-bad", "icon-[lucide--circle-alert]", "alert"),
    };
    view! {
        <div class=format!("notice {look}") role=role>
            <Icon name=icon class="mt-0.5" />
            <div class="flex min-w-0 flex-col gap-2">
                <p class="font-semibold">{reactive(move || title.get())}</p>
                {children()}
            </div>
        </div>
    }
}
