//! Enums whose values each have a word, as the database, the API and exported files write it.

/// Declares an enum whose values are written as words, with functions from value to word and back.
///
/// `ALL` holds the values in the order of their declaration, which is also the order in which
/// screens offer them. serde writes the same words.
///
/// ```ignore
/// word_enum! {
///     /// A way to reach somebody.
///     pub enum Channel {
///         /// E-mail.
///         Email = "email",
///         /// Text messages.
///         Sms = "sms",
///     }
/// }
/// assert_eq!(Channel::Email.as_str(), "email");
/// assert_eq!(Channel::parse("sms"), Some(Channel::Sms));
/// assert_eq!(Channel::parse("fax"), None);
/// ```
macro_rules! word_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $($(#[$note:meta])* $value:ident = $word:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {$(
            $(#[$note])*
            #[serde(rename = $word)]
            $value,
        )*}

        impl $name {
            /// All values, in the order of their declaration.
            pub const ALL: [Self; { [$($word),*].len() }] = [$(Self::$value),*];

            /// Returns the word of the value.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$value => $word,)*}
            }

            /// Returns the value of a word; `None` for an unknown word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == word)
            }
        }
    };
}
pub(crate) use word_enum;

#[cfg(test)]
mod tests {
    use crate::{Channel, ProblemCode, Role};

    #[test]
    fn every_word_leads_back_to_its_value_and_serde_writes_it() {
        for code in ProblemCode::ALL {
            assert_eq!(ProblemCode::parse(code.as_str()), Some(code));
            let written = serde_json::to_string(&code).unwrap();
            assert_eq!(written, format!("\"{}\"", code.as_str()));
        }
        assert_eq!(Role::parse("viewer"), Some(Role::Viewer));
        assert_eq!(Channel::parse("fax"), None);
    }
}
