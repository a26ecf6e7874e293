//! A page's main part and its title.

use crate::ui::reactive;
use leptos::html::H1;
use leptos::prelude::*;
use leptos_meta::Title;

/// A flag that is true once the reader has moved from one page to another since the document was
/// loaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit(StoredValue<bool>);

impl Default for Visit {
    fn default() -> Self {
        Self(StoredValue::new(false))
    }
}

/// The title of a page. It takes the focus when the reader comes from another page, so that a
/// screen reader announces it.
#[component]
pub(crate) fn PageTitle(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: Option<Signal<String>>,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let Visit(moved) = expect_context();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            if moved.get_value() {
                let _ = heading.focus();
            }
            moved.set_value(true);
        }
    });
    view! {
        // The document keeps this closure after the page is gone, when the signal may be gone too.
        <Title text=move || title.try_get().unwrap_or_default() />
        <header class="flex flex-col gap-2">
            <h1
                class="text-2xl font-semibold tracking-tight text-balance sm:text-3xl"
                tabindex="-1"
                node_ref=heading
            >
                {reactive(move || title.get())}
            </h1>
            {lead
                .map(|lead| {
                    view! {
                        <p class="max-w-2xl text-soft text-pretty">
                            {reactive(move || lead.get())}
                        </p>
                    }
                        .into_any()
                })}
        </header>
    }
}

/// The main part of a page.
#[component]
pub(crate) fn Page(#[prop(optional)] narrow: bool, children: Children) -> impl IntoView {
    let width = if narrow { "max-w-md" } else { "max-w-6xl" };
    view! {
        <main
            id="content"
            class=format!("mx-auto flex w-full {width} flex-col gap-8 px-4 py-8 sm:px-6 sm:py-12")
        >
            {children()}
        </main>
    }
}
