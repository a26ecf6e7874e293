//! Texts of manifests, in the languages of the screens.

use std::collections::BTreeMap;

use alta_domain::Language;
use schemars::JsonSchema;
use serde::Deserialize;

/// The languages of texts, by their codes. The first one that a text has stands in for the others.
pub(super) const LANGUAGES: [&str; 3] = ["en", "es", "pt-BR"];

/// A text: one for all languages, or one for each.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub enum Words {
    /// One text for all languages, such as a vendor's own word.
    One(String),
    /// A text for each language.
    Each {
        /// The text in Spanish.
        es: String,
        /// The text in Portuguese.
        pt: String,
        /// The text in English.
        en: String,
    },
}

/// A text as manifests write it. English stands in for a language without a text, and any other
/// language for English.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    One(String),
    Each(BTreeMap<String, String>),
}

impl TryFrom<Written> for Words {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let texts = match written {
            Written::One(text) => return Ok(Self::One(text)),
            Written::Each(texts) => texts,
        };
        let unknown = texts
            .keys()
            .find(|language| !LANGUAGES.contains(&language.as_str()));
        if let Some(unknown) = unknown {
            let languages = LANGUAGES.join(", ");
            return Err(format!("`{unknown}` is none of the languages {languages}"));
        }
        let mut first = LANGUAGES.iter().filter_map(|language| texts.get(*language));
        let instead = first.next().ok_or("a text is in one language at least")?;
        let of = |language: &str| texts.get(language).unwrap_or(instead).clone();
        Ok(Self::Each {
            es: of("es"),
            pt: of("pt-BR"),
            en: of("en"),
        })
    }
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
