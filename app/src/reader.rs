//! The reader's language. The server chooses the language for a request; the browser reads it from
//! the document and loads the texts of that language.

use alta_domain::Language;
use leptos::prelude::*;

use crate::texts::Text;

/// The language of the page, as a signal that every text of the page follows.
#[derive(Clone, Copy)]
pub(crate) struct Reader(RwSignal<Language>);

impl Reader {
    /// Makes a reader with the language of the document in a browser, or of the request on the
    /// server.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(first_language()))
    }

    /// Returns the present language. A reactive part that calls this method runs again when the
    /// language changes.
    pub(crate) fn language(self) -> Language {
        self.0.get()
    }

    /// Loads the texts of a language and changes the page to it. Nothing changes when the texts
    /// can't be loaded.
    pub(crate) async fn change_language(self, language: Language) {
        if load(language).await.is_some() {
            self.0.set(language);
        }
    }
}

/// Returns the reader of this page.
pub(crate) fn use_i18n() -> Reader {
    expect_context()
}

#[cfg(feature = "ssr")]
pub(crate) use on_server::{first_language, load, text_in};

#[cfg(feature = "ssr")]
mod on_server {
    use super::{Language, Text};
    use crate::api::caller::{accepted_languages, chosen_language};

    /// Returns the language of a request: the one that the reader chose, or else the first one of
    /// the browser's list that Alta has.
    pub(crate) fn first_language() -> Language {
        let asked = || {
            accepted_languages()
                .iter()
                .find_map(|tag| Language::best_for_tag(tag))
        };
        chosen_language().or_else(asked).unwrap_or_default()
    }

    /// Returns a text in a language.
    pub(crate) fn text_in(language: Language, Text(line): Text) -> &'static str {
        crate::texts::LINES[language as usize][usize::from(line)]
    }

    pub(crate) async fn load(_: Language) -> Option<()> {
        Some(())
    }
}

#[cfg(not(feature = "ssr"))]
use in_browser::{first_language, load};
#[cfg(not(feature = "ssr"))]
pub(crate) use in_browser::{keep_first_texts, text_in};

#[cfg(not(feature = "ssr"))]
mod in_browser {
    use std::cell::RefCell;

    use leptos::prelude::{document, window};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    use super::{Language, Text};

    thread_local! {
        /// The texts that were loaded, by language.
        static LOADED: RefCell<[Vec<&'static str>; 3]> = RefCell::default();
    }

    pub(super) fn first_language() -> Language {
        let tag = document()
            .document_element()
            .and_then(|root| root.get_attribute("lang"));
        tag.and_then(|tag| Language::parse(&tag))
            .unwrap_or_default()
    }

    /// Returns a text in a language; empty while the language is not loaded.
    pub(crate) fn text_in(language: Language, Text(line): Text) -> &'static str {
        LOADED.with_borrow(|loaded| {
            loaded[language as usize]
                .get(usize::from(line))
                .copied()
                .unwrap_or_default()
        })
    }

    /// Stores the texts of the document's language, which the document's script loaded.
    pub(crate) fn keep_first_texts(texts: String) {
        keep_texts(first_language(), texts);
    }

    /// Stores the texts of a language until the page is left.
    fn keep_texts(language: Language, texts: String) {
        let texts: &'static str = texts.leak();
        LOADED.with_borrow_mut(|loaded| loaded[language as usize] = texts.split('\n').collect());
    }

    /// Loads the texts of a language from the address in the document. Does nothing when they are
    /// loaded already; returns `None` when they can't be loaded.
    pub(super) async fn load(language: Language) -> Option<()> {
        if LOADED.with_borrow(|loaded| loaded[language as usize].is_empty()) {
            let meta = document()
                .query_selector("meta[name=alta-texts]")
                .ok()??
                .get_attribute("content")?;
            let answer =
                JsFuture::from(window().fetch_with_str(meta.split(' ').nth(language as usize)?))
                    .await
                    .ok()?;
            let answer: web_sys::Response = answer.unchecked_into();
            keep_texts(
                language,
                JsFuture::from(answer.text().ok()?)
                    .await
                    .ok()?
                    .as_string()?,
            );
        }
        Some(())
    }
}
