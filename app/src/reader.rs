//! The reader's language: the server finds it, the browser takes it over from the document, with
//! the texts of that language.

use alta_domain::Language;
use leptos::prelude::*;

use crate::words::Text;

/// The language of the page, followed by every text of it.
#[derive(Clone, Copy)]
pub(crate) struct Reader(RwSignal<Language>);

impl Reader {
    /// The language, as the document or the request has it.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(first_language()))
    }

    /// The language of what is shown.
    pub(crate) fn language(self) -> Language {
        self.0.get()
    }

    /// Changes the language of everything on the page, once its texts are there.
    pub(crate) async fn change_language(self, language: Language) {
        if load(language).await.is_some() {
            self.0.set(language);
        }
    }
}

/// The reader of this page.
pub(crate) fn use_i18n() -> Reader {
    expect_context()
}

#[cfg(feature = "ssr")]
pub(crate) use on_server::{first_language, load, text_in};

#[cfg(feature = "ssr")]
mod on_server {
    use super::{Language, Text};
    use crate::api::caller::{accepted_languages, chosen_language};

    /// The language of a request: what the reader chose, else the first that their browser asks for
    /// and we have.
    pub(crate) fn first_language() -> Language {
        let asked = || {
            accepted_languages()
                .iter()
                .find_map(|tag| Language::speaks(tag))
        };
        chosen_language().or_else(asked).unwrap_or_default()
    }

    /// A text in a language.
    pub(crate) fn text_in(language: Language, Text(place): Text) -> &'static str {
        crate::texts::ALL[language as usize][usize::from(place)]
    }

    pub(crate) async fn load(_: Language) -> Option<()> {
        Some(())
    }
}

#[cfg(not(feature = "ssr"))]
use in_browser::{first_language, load};
#[cfg(not(feature = "ssr"))]
pub(crate) use in_browser::{take_first, text_in};

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

    /// A text in a language.
    pub(crate) fn text_in(language: Language, Text(place): Text) -> &'static str {
        LOADED.with_borrow(|loaded| {
            loaded[language as usize]
                .get(usize::from(place))
                .copied()
                .unwrap_or_default()
        })
    }

    /// Takes the texts of the document's language, which its script loaded.
    pub(crate) fn take_first(texts: String) {
        take(first_language(), texts);
    }

    /// They stay for as long as the page.
    fn take(language: Language, texts: String) {
        let texts: &'static str = texts.leak();
        LOADED.with_borrow_mut(|loaded| loaded[language as usize] = texts.split('\n').collect());
    }

    /// Loads the texts of a language from the address that the document has for it, unless they are
    /// there.
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
            take(
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
