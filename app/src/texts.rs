//! The names of all texts of `app/texts`, as constants that `build.rs` makes, such as
//! `texts::file::choose`.

use alta_domain::Language;

/// A text, by the number of its line in the list of a language's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) u16);

/// A text with plural forms, by the number of the line of `one`; the line of `other` follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plural(u16);

impl Plural {
    /// Returns the form for a count, by the CLDR's cardinal rules for integers: `one` is 1 in
    /// Spanish and English, 0 and 1 in Brazilian Portuguese.
    ///
    /// <https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>; the
    /// form `many` of Spanish and Portuguese, for whole millions, is written like `other` here.
    pub(crate) fn form(self, language: Language, count: u64) -> Text {
        let is_one = count == 1 || count == 0 && language == Language::Portuguese;
        Text(self.0 + u16::from(!is_one))
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests;
