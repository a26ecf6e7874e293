//! Texts of manifests, in the languages of the screens.

use alta_domain::Language;
use schemars::JsonSchema;
use serde::Deserialize;

/// A text: one for all languages, or one for each.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// One text for all languages, such as a vendor's own word.
    One(String),
    /// A text for each language.
    Each {
        /// The text in Spanish.
        es: String,
        /// The text in Portuguese.
        #[serde(rename = "pt-BR")]
        pt: String,
        /// The text in English.
        en: String,
    },
}

impl Words {
    /// Returns the text in the reader's language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match (self, language) {
            (Self::One(text), _) => text,
            (Self::Each { es, .. }, Language::Spanish) => es,
            (Self::Each { pt, .. }, Language::Portuguese) => pt,
            (Self::Each { en, .. }, Language::English) => en,
        }
    }
}
