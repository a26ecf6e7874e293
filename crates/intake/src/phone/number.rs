//! A phone number, and the errors of reading one.

use alta_domain::ProblemCode;

/// The kind of a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A mobile, or a number of a region where mobile and fixed numbers look alike. It identifies
    /// one person.
    Mobile,
    /// A fixed line.
    Landline,
    /// Another number: toll-free, premium-rate, a pager and the like.
    Other,
}

/// A valid phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The digits of E.164, without `+`; the first is never 0. The standard allows 15 digits, and
    /// the metadata has a few numbers with up to 19.
    pub digits: u64,
    /// The kind of the number.
    pub kind: PhoneKind,
    /// True when the number can be of no other kind.
    pub is_sure: bool,
    /// The mending that made the number valid; `None` when none was needed.
    pub notice: Option<ProblemCode>,
}

/// The reason why a text is not a valid phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// The text has fewer than seven digits.
    NotANumber,
    /// The number has too few digits for its country.
    TooShort,
    /// The text has more digits than any number.
    TooLong,
    /// The number is international, but its country code does not exist.
    NoCountry,
    /// The number has a valid length, but is not assigned.
    Invalid,
    /// A spreadsheet wrote a number such as 5,55E+12: its last digits are lost.
    LostDigits,
}

impl PhoneError {
    /// Returns the word of the error on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NoCountry => "no_country",
            Self::Invalid => "invalid",
            Self::LostDigits => "lost_digits",
        }
    }
}
