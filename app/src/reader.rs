//! The reader's language: the server finds it, the browser takes it over from the document.

use leptos::prelude::*;

use crate::i18n::Locale;

/// The language of the page, followed by every text of it.
#[derive(Clone, Copy)]
pub(crate) struct Reader(RwSignal<Locale>);

impl Reader {
    /// The language, as the document or the request has it.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(first_locale()))
    }

    /// The locale of the translations.
    pub(crate) fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// Changes the language of everything on the page.
    pub(crate) fn set_locale(self, locale: Locale) {
        self.0.set(locale);
    }
}

/// The reader of this page.
pub(crate) fn use_i18n() -> Reader {
    expect_context()
}

#[cfg(feature = "ssr")]
fn first_locale() -> Locale {
    use crate::api::caller::{accepted_languages, chosen_language};
    match chosen_language() {
        Some(language) => crate::words::locale_of(language),
        None => leptos_i18n::Locale::find_locale(&accepted_languages()),
    }
}

#[cfg(not(feature = "ssr"))]
fn first_locale() -> Locale {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| tag.parse().ok()).unwrap_or_default()
}
