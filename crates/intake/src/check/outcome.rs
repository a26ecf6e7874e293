//! The outcome of a cell: its clean value, and its problem.

use std::borrow::Cow;

use alta_domain::{CellProblem, Country, ProblemCode, Severity};

use crate::date::{Date, DateReading};
use crate::phone::{Phone, format_phone, is_at_home};

/// A value in the form in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clean<'a> {
    /// A phone number.
    Phone(Phone),
    /// A day.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
    /// Any other text, trimmed.
    Text(Cow<'a, str>),
}

impl Clean<'_> {
    /// Returns the value with a text of its own, not a borrowed one.
    fn owned<'b>(self) -> Clean<'b> {
        match self {
            Self::Phone(phone) => Clean::Phone(phone),
            Self::Date(date) => Clean::Date(date),
            Self::Boolean(value) => Clean::Boolean(value),
            Self::Text(text) => Clean::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// Returns the stored text: digits, `YYYY-MM-DD`, `true` or `false`, or the text itself.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Phone(phone) => phone.digits.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
        }
    }

    /// Returns the text to show beside the cell's own text; `None` when both are the same.
    pub(crate) fn shown(&self, text: &str) -> Option<String> {
        let stored = self.stored();
        match self {
            _ if stored == text.trim() => None,
            Self::Phone(phone) => Some(format_phone(phone.digits)),
            _ => Some(stored),
        }
    }
}

/// The outcome of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    /// The value; `None` when the cell is empty or its value is left out.
    pub value: Option<Clean<'a>>,
    /// Further values, when the cell holds several phones or e-mail addresses.
    pub more: Vec<Clean<'a>>,
    /// The problem of the cell, or the mending; `None` when there is neither.
    pub problem: Option<CellProblem>,
    /// A date whose order is not known; the column must decide it.
    pub(crate) pending: Option<DateReading>,
    /// The decision that changed the cell, as an index in the plan.
    pub(crate) fix: Option<usize>,
}

impl<'a> Outcome<'a> {
    pub(super) const EMPTY: Self = Self {
        value: None,
        more: Vec::new(),
        problem: None,
        pending: None,
        fix: None,
    };

    pub(super) fn good(value: Clean<'a>, notice: Option<ProblemCode>) -> Self {
        let problem = notice.map(|code| CellProblem {
            code,
            severity: Severity::Notice,
        });
        Self {
            value: Some(value),
            problem,
            ..Self::EMPTY
        }
    }

    /// Returns true for a phone with this calling code. Without a code, returns true for a phone of
    /// the country.
    pub(super) fn is_phone_of(&self, calling_code: Option<&str>, country: Country) -> bool {
        let Some(Clean::Phone(phone)) = &self.value else {
            return false;
        };
        match calling_code {
            Some(code) => phone.digits.to_string().starts_with(code),
            None => is_at_home(*phone, country),
        }
    }

    pub(super) fn bad(code: ProblemCode) -> Self {
        Self {
            problem: Some(CellProblem {
                code,
                severity: Severity::Warning,
            }),
            ..Self::EMPTY
        }
    }

    /// Returns the outcome with values of its own, not borrowed ones.
    pub(super) fn owned<'b>(self) -> Outcome<'b> {
        Outcome {
            value: self.value.map(Clean::owned),
            more: self.more.into_iter().map(Clean::owned).collect(),
            problem: self.problem,
            pending: self.pending,
            fix: self.fix,
        }
    }
}
