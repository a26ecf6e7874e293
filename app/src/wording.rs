//! Texts in the reader's language: the macros that look up a text by its name and fill its gaps.
//!
//! | macro | answers with | for a text |
//! |---|---|---|
//! | `word!` | a string of now | without plural forms |
//! | `text!` | a signal that follows the language | without plural forms |
//! | `plural!` | a string of now | with plural forms |
//! | `plural_text!` | a signal that follows the language | with plural forms |

use alta_domain::Language;
use leptos::prelude::Signal;

use crate::format;
use crate::reader::{Reader, text_in};
use crate::texts::{Plural, Text};

/// Returns a text as a string, with its gaps filled if it has any: `word!(i18n, steps.of, n = 2)`.
macro_rules! word {
    ($i18n:expr, $group:ident.$key:ident) => {
        crate::wording::text_of($i18n, crate::texts::$group::$key)
    };
    ($i18n:expr, $group:ident.$key:ident, $($gap:ident = $value:expr),* $(,)?) => {
        crate::wording::fill_gaps(
            crate::wording::word!($i18n, $group.$key),
            &[$((concat!("{", stringify!($gap), "}"), $value.to_string())),*],
        )
    };
}
pub(crate) use word;

/// Returns a text as a signal: `text!(i18n, home.lists)`.
macro_rules! text {
    ($i18n:expr, $group:ident.$key:ident) => {
        crate::wording::text_signal($i18n, crate::texts::$group::$key)
    };
    ($i18n:expr, $group:ident.$key:ident, $($gap:ident = $value:expr),* $(,)?) => {
        leptos::prelude::Signal::derive(move || {
            crate::wording::word!($i18n, $group.$key, $($gap = $value),*)
        })
    };
}
pub(crate) use text;

/// Returns a text with plural forms as a string: `plural!(i18n, file.rows, n = count)`. The first
/// gap is the count: it chooses the form and is written as the reader's language writes numbers.
macro_rules! plural {
    (
        $i18n:expr, $group:ident.$key:ident,
        $count:ident = $n:expr $(, $gap:ident = $value:expr)* $(,)?
    ) => {
        crate::wording::fill_plural(
            $i18n.language(),
            crate::texts::$group::$key,
            (concat!("{", stringify!($count), "}"), crate::wording::count($n)),
            &[$((concat!("{", stringify!($gap), "}"), $value.to_string())),*],
        )
    };
}
pub(crate) use plural;

/// Returns a text with plural forms as a signal: `plural_text!(i18n, file.rows, n = count)`.
macro_rules! plural_text {
    ($i18n:expr, $group:ident.$key:ident, $($gap:ident = $value:expr),* $(,)?) => {
        leptos::prelude::Signal::derive(move || {
            crate::wording::plural!($i18n, $group.$key, $($gap = $value),*)
        })
    };
}
pub(crate) use plural_text;

/// Defines a function that names each value of an enum in the reader's language. A value without
/// text does not compile.
macro_rules! enum_words {
    // `$text` is a function that returns the text of a value in all languages.
    (
        $(#[$doc:meta])* $name:ident, $text:ident($type:ty) {
            $($pattern:pat => $group:ident.$key:ident,)*
        }
    ) => {
        fn $text(value: $type) -> crate::texts::Text {
            match value {
                $($pattern => crate::texts::$group::$key,)*
            }
        }

        $(#[$doc])*
        pub(crate) fn $name(i18n: crate::reader::Reader, value: $type) -> &'static str {
            crate::wording::text_of(i18n, $text(value))
        }
    };
    ($(#[$doc:meta])* $name:ident($type:ty) { $($pattern:pat => $group:ident.$key:ident,)* }) => {
        $(#[$doc])*
        pub(crate) fn $name(i18n: crate::reader::Reader, value: $type) -> &'static str {
            crate::wording::text_of(i18n, match value {
                $($pattern => crate::texts::$group::$key,)*
            })
        }
    };
}
pub(crate) use enum_words;

/// Returns a text in the reader's language.
pub(crate) fn text_of(i18n: Reader, text: Text) -> &'static str {
    text_in(i18n.language(), text)
}

/// Returns a text as a signal that follows the reader's language.
pub(crate) fn text_signal(i18n: Reader, text: Text) -> Signal<String> {
    Signal::derive(move || text_of(i18n, text).to_owned())
}

/// Converts a count of any integer type; a count that is too large or negative becomes the largest
/// one.
pub(crate) fn count(value: impl TryInto<u64>) -> u64 {
    value.try_into().unwrap_or(u64::MAX)
}

/// Returns the plural form for a count, with the count and the other gaps filled.
pub(crate) fn fill_plural(
    language: Language,
    text: Plural,
    (gap, count): (&str, u64),
    others: &[(&str, String)],
) -> String {
    let form = text_in(language, text.form(language, count));
    let counted = fill_gaps(form, &[(gap, format::number(language, count))]);
    fill_gaps(&counted, others)
}

/// Replaces each gap, such as `{n}`, with its value. A part of a value that looks like a gap stays.
pub(crate) fn fill_gaps(text: &str, gaps: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((at, (gap, value))) = gaps
        .iter()
        .filter_map(|gap| Some((rest.find(gap.0)?, gap)))
        .min_by_key(|(at, _)| *at)
    {
        filled.push_str(&rest[..at]);
        filled.push_str(value);
        rest = &rest[at + gap.len()..];
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::fill_gaps;

    #[test]
    fn gaps_are_filled_once_whatever_stands_in_the_values() {
        assert_eq!(
            fill_gaps(
                "{n} de {all}",
                &[("{n}", "{all}".into()), ("{all}", "7".into())]
            ),
            "{all} de 7"
        );
        assert_eq!(fill_gaps("nada", &[("{n}", "1".into())]), "nada");
    }
}
