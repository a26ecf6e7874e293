//! Enums whose values have a word each, in the database, the API and exported files.

/// An enum of words, with all of its values and the way from value to word and back.
macro_rules! word_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$note:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {$(
            $(#[$note])*
            #[serde(rename = $word)]
            $value,
        )*}

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// Its word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$value => $word,)*}
            }

            /// The value of this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}
pub(crate) use word_enum;
