//! Judges one cell under the decisions about its column.

use std::borrow::Cow;

use alta_domain::{BuiltInField, Country, FieldKind, FieldTarget, Fix, ProblemCode};

use super::Checker;
use super::active::Active;
use super::cells::{email, phone, tax_id, text_cell};
use super::given::Given;
use super::outcome::{Clean, Outcome};
use super::phone_parts;
use crate::date::{DateReading, read_birthday, read_date};
use crate::fix;
use crate::number::{read_boolean, read_number};
use crate::plain::plain;
use crate::spreadsheet::unprotect;

impl Checker {
    /// Judges a cell of phones together with the code columns before it, where there are any: the
    /// number that the parts form, or else the number of the cell alone.
    pub(super) fn cell_with_parts<'a, 'p>(
        &self,
        column: &Active,
        given: Given<'a>,
        part: impl Fn(usize) -> Cow<'p, str>,
        country: Country,
    ) -> Outcome<'a> {
        if !column.parts.is_empty() && !crate::words::is_blank(given.text) {
            // A decision about the cell concerns the cell alone, without the codes.
            let (written, by) = fix::rewritten(&column.fixes, given.text, given.typed);
            let parts = column
                .parts
                .iter()
                .map(|at| (self.columns[*at].target, part(*at)));
            for joined in phone_parts::joined(parts, &written) {
                let outcome = phone(&joined.text, country);
                if outcome.is_phone_of(joined.calling_code.as_deref(), country) {
                    return Outcome { fix: by, ..outcome };
                }
            }
        }
        self.cell(column, given, country)
    }

    pub(super) fn cell<'a>(
        &self,
        column: &Active,
        given: Given<'a>,
        country: Country,
    ) -> Outcome<'a> {
        // Untrimmed: without the space around it a protected cell can't be recognized.
        match self.is_protected.then(|| unprotect(given.text)) {
            Some(Cow::Owned(bare)) => {
                let given = Given {
                    text: &bare,
                    ..given
                };
                self.bare_cell(column, given, country).owned()
            }
            _ => self.bare_cell(column, given, country),
        }
    }

    fn bare_cell<'a>(
        &self,
        column: &Active,
        Given { text, typed }: Given<'a>,
        country: Country,
    ) -> Outcome<'a> {
        crate::steps::count(text.len() + 1);
        let text = if column.target == FieldTarget::BuiltIn(BuiltInField::Email) {
            // Other white space in the text is reported.
            text.trim_matches([' ', '\t', '\n', '\r'])
        } else {
            crate::words::trim(text)
        };
        let begins = text.as_bytes().first();
        if !begins.is_some_and(u8::is_ascii_graphic) && crate::words::is_blank(text) {
            return Outcome::EMPTY;
        }
        if text.len() > self.cell_bytes {
            return Outcome::bad(ProblemCode::TooLong);
        }
        if column.fixes.is_empty() {
            self.plainly(column, text, country)
        } else {
            self.fixed(column, Given { text, typed }, country)
        }
    }

    /// Judges a cell of a column that has decisions.
    fn fixed<'a>(&self, column: &Active, given: Given<'a>, country: Country) -> Outcome<'a> {
        let text = given.text;
        let (written, mut by) = fix::rewritten(&column.fixes, text, given.typed);
        if crate::words::trim(&written).is_empty() {
            // A cell replaced by nothing is empty, and an empty cell replaces nothing.
            return Outcome {
                fix: by,
                ..Outcome::EMPTY
            };
        }
        let mut outcome = match &written {
            Cow::Borrowed(_) => self.plainly(column, text, country),
            Cow::Owned(written) => self.plainly(column, written, country).owned(),
        };
        if outcome
            .problem
            .is_some_and(|problem| problem.code == ProblemCode::InvalidPhone)
            && let Some((at, phone)) = fix::other_country(&column.fixes, &written, country)
        {
            outcome = Outcome::good(Clean::Phone(phone), phone.notice);
            by = Some(at);
        }
        if let Some(problem) = outcome.problem
            && let Some(at) = fix::left_out(&column.fixes, problem.code)
        {
            outcome.value = None;
            outcome.more.clear();
            by = Some(at);
        }
        if matches!(outcome.value, Some(Clean::Date(_))) {
            by = by.or_else(|| {
                column
                    .fixes
                    .iter()
                    .find(|(_, fix)| matches!(fix, Fix::ReadDates { .. }))
                    .map(|(at, _)| at)
            });
        }
        Outcome { fix: by, ..outcome }
    }

    /// Judges a cell without what programs write around a value, or for an empty one.
    fn plainly<'a>(&self, column: &Active, text: &'a str, country: Country) -> Outcome<'a> {
        match plain(text, column.target) {
            Cow::Borrowed("") => Outcome::EMPTY,
            Cow::Borrowed(text) => self.judge(column, text, country),
            Cow::Owned(text) => self.judge(column, &text, country).owned(),
        }
    }

    /// Judges a cell that is not empty by the target of its column.
    fn judge<'a>(&self, column: &Active, text: &'a str, country: Country) -> Outcome<'a> {
        match column.target {
            FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Landline) => {
                phone(text, country)
            }
            FieldTarget::BuiltIn(BuiltInField::Email) => email(text),
            FieldTarget::BuiltIn(BuiltInField::TaxId) => tax_id(text, country, column.foreign),
            FieldTarget::BuiltIn(BuiltInField::BirthDate)
            | FieldTarget::Custom {
                kind: FieldKind::Date,
                ..
            } => self.date(column, text),
            FieldTarget::Custom {
                kind: FieldKind::Number,
                ..
            } => match read_number(text, self.country) {
                Some(number) => Outcome::good(Clean::Text(Cow::Owned(number)), None),
                None => Outcome::bad(ProblemCode::InvalidNumber),
            },
            FieldTarget::PhonePart(_) => Outcome::EMPTY,
            FieldTarget::Consent(_)
            | FieldTarget::Refusal(_)
            | FieldTarget::Custom {
                kind: FieldKind::Boolean,
                ..
            } => match read_boolean(text) {
                Some(value) => Outcome::good(Clean::Boolean(value), None),
                None => Outcome::bad(ProblemCode::InvalidBoolean),
            },
            FieldTarget::BuiltIn(_)
            | FieldTarget::Custom {
                kind: FieldKind::Text | FieldKind::Choice,
                ..
            } => text_cell(text, column.target),
        }
    }

    fn date<'a>(&self, column: &Active, text: &str) -> Outcome<'a> {
        let is_birthday = column.target == FieldTarget::BuiltIn(BuiltInField::BirthDate);
        let reading = if is_birthday {
            read_birthday(text, self.year)
        } else {
            read_date(text, self.year)
        };
        if is_birthday && reading.year() > Some(self.year) {
            return Outcome::bad(ProblemCode::InvalidDate);
        }
        match (reading.under(column.date_order), reading) {
            (Some(date), _) => Outcome::good(Clean::Date(date), None),
            (None, DateReading::Numbers { .. }) if column.date_order.is_none() => Outcome {
                pending: Some(reading),
                ..Outcome::bad(ProblemCode::AmbiguousDate)
            },
            _ => Outcome::bad(ProblemCode::InvalidDate),
        }
    }
}
