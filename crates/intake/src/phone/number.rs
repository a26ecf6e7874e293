//! A phone number that was read, or why none was.

use alta_domain::ProblemCode;

/// What a number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Mobile, or one of a region where mobile and fixed numbers look alike: it stands for one
    /// person.
    Mobile,
    /// Fixed line.
    Landline,
    /// Toll free, premium, pager and the like.
    Other,
}

/// A valid number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The digits of E.164, without `+`; the first is never 0. At most 15 by the standard; the
    /// metadata has a few of up to 19.
    pub digits: u64,
    /// What it is for.
    pub kind: PhoneKind,
    /// It can be of no other kind.
    pub is_sure: bool,
    /// What was mended to make it valid.
    pub notice: Option<ProblemCode>,
}

/// Why a text is no valid number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Fewer than seven digits.
    NotANumber,
    /// Too few digits for a number of its country.
    TooShort,
    /// More digits than any number has.
    TooLong,
    /// An international number whose country code does not exist.
    NoCountry,
    /// Of the right length but not assigned.
    Invalid,
    /// A spreadsheet's 5,55E+12: digits are gone.
    LostDigits,
}

impl PhoneError {
    /// The word of the command line.
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
