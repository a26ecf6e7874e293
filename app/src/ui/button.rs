//! Buttons.

use leptos::prelude::*;

use super::{Icon, Show, on_event, reactive_attr};

/// The weight of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ButtonKind {
    /// The main action of a page.
    Primary,
    /// Another action.
    #[default]
    Plain,
    /// A less important action, in a bar or a row.
    Quiet,
}

/// A button. While `busy`, it keeps its words and can't be pressed.
#[component]
pub(crate) fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] submit: bool,
    #[prop(optional, into)] icon: Option<&'static str>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] id: Option<&'static str>,
    #[prop(optional, into)] described_by: Option<&'static str>,
    #[prop(optional)] on_press: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let look = match kind {
        ButtonKind::Primary => "btn btn-primary",
        ButtonKind::Plain => "btn btn-outline",
        ButtonKind::Quiet => "btn btn-ghost",
    };
    let size = if small { "btn-sm" } else { "" };
    let press = move |_| {
        if let Some(on_press) = on_press
            && !busy.get_untracked()
            && !disabled.get_untracked()
        {
            on_press.run(());
        }
    };
    view! {
        <button
            class=format!("{look} {size} h-auto min-h-11 py-2 whitespace-normal")
            type=if submit { "submit" } else { "button" }
            id=id
            aria-describedby=described_by
            aria-disabled=reactive_attr(move || (busy.get() || disabled.get()).to_string())
            aria-busy=reactive_attr(move || busy.get().to_string())
            class:is-disabled=reactive_attr(move || busy.get() || disabled.get())
            on:click=on_event(press)
        >
            {icon.map(|name| view! { <Icon name=name /> }.into_any())}
            <Show when=move || busy.get()>
                <span class="spinner" aria-hidden="true"></span>
            </Show>
            {children()}
        </button>
    }
}
