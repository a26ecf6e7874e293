//! A message that stands out: its meaning is in icon and words, the colour only repeats it.

use leptos::prelude::*;

use super::{Icon, live};

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Good to know.
    Info,
    /// To decide.
    Decide,
    /// It failed.
    Bad,
}

/// A message with a title and what follows from it. Bad ones are announced at once, others when
/// there is a pause.
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
                <p class="font-semibold">{live(move || title.get())}</p>
                {children()}
            </div>
        </div>
    }
}
