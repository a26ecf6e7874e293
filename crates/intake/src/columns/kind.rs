//! The kind of a column, found from a sample of its values and from its name.

use std::collections::BTreeSet;

use alta_domain::{BuiltInField, ColumnKind, Country};

use super::others::numbers_something_else;
use super::permission;
use super::synonyms::{names_a_day, names_a_foreign_tax_id};
use crate::date::{DateReading, read_birthday, read_date};
use crate::email::read_email;
use crate::number::{read_boolean, read_number};
use crate::phone::{PhoneKind, is_at_home, read_phone};
use crate::tax_id::{TaxIdReading, read_tax_id};

/// The fewest digits of a spreadsheet's day count in a date column: 10000 is a day of 1927. A
/// smaller number under a header such as 'data' may count anything.
const SERIAL_DIGITS: usize = 5;
/// The fewest values of a column of choices.
const CHOICE_VALUES: usize = 20;
/// The most different values of a column of choices.
const CHOICES: usize = 12;
/// The largest size of a choice in bytes.
const CHOICE_LENGTH: usize = 40;

/// The values of a column that are not empty, with the facts that help to find their kind.
pub(super) struct Sample<'a> {
    pub(super) values: &'a [&'a str],
    /// The field that the column's name means; `None` for an unknown name.
    pub(super) named: Option<BuiltInField>,
    pub(super) header: &'a str,
    pub(super) country: Country,
    /// The latest year that a two-digit year may mean.
    pub(super) year: u16,
}

impl Sample<'_> {
    /// Returns the kind of most values. A name that means the kind lowers the share of values that
    /// is required.
    pub(super) fn kind(&self) -> ColumnKind {
        if self.values.is_empty() {
            ColumnKind::Empty
        } else if self.is_email() {
            ColumnKind::Email
        } else if self.is_tax_id() {
            ColumnKind::TaxId
        } else if self.is_date() {
            ColumnKind::Date
        } else if self.is_phone() {
            ColumnKind::Phone
        } else if self.is_boolean() {
            ColumnKind::Boolean
        } else if self.share(|value| read_number(value, self.country).is_some()) >= 0.9 {
            ColumnKind::Number
        } else if self.is_choice() {
            ColumnKind::Choice
        } else {
            ColumnKind::Text
        }
    }

    /// Returns the share of values, 0 to 1, for which `is` returns true.
    #[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
    fn share(&self, is: impl Fn(&str) -> bool) -> f64 {
        self.values.iter().filter(|value| is(value)).count() as f64 / self.values.len() as f64
    }

    fn is_named(&self, field: BuiltInField) -> bool {
        self.named == Some(field)
    }

    fn is_email(&self) -> bool {
        self.share(|value| value.contains('@') && read_email(value).is_some()) >= 0.6
            || (self.is_named(BuiltInField::Email)
                && self.share(|value| value.contains('@')) >= 0.3)
    }

    fn is_tax_id(&self) -> bool {
        let named = self.is_named(BuiltInField::TaxId);
        // Outside Brazil Alta can't verify check digits, so the column's name decides.
        if named && (self.country != Country::BRAZIL || names_a_foreign_tax_id(self.header)) {
            return true;
        }
        let share = self.share(|value| {
            value.len() >= 11
                && matches!(
                    read_tax_id(value, Country::BRAZIL, false),
                    TaxIdReading::Valid { mended: false, .. }
                )
        });
        share >= 0.8 || (named && share >= 0.3)
    }

    fn is_date(&self) -> bool {
        let is_day = |value: &str| read_date(value, self.year) != DateReading::Invalid;
        let is_written =
            |value: &str| is_day(value) && !value.bytes().all(|byte| byte.is_ascii_digit());
        let is_birthday = |value: &str| read_birthday(value, self.year) != DateReading::Invalid;
        self.share(is_written) >= 0.6
            || (self.is_named(BuiltInField::BirthDate) && self.share(is_birthday) >= 0.5)
            || (names_a_day(self.header)
                && self.share(|value| value.trim().len() >= SERIAL_DIGITS && is_day(value)) >= 0.8)
    }

    fn is_phone(&self) -> bool {
        use BuiltInField as F;
        match self.named {
            Some(F::Phone | F::Landline) => {
                self.share(|value| read_phone(value, self.country).is_ok()) >= 0.2
            }
            Some(F::ExternalId | F::TaxId | F::PostalCode) => false,
            _ => {
                !numbers_something_else(self.header)
                    && self.share(|value| self.is_plainly_a_phone(value)) >= 0.6
            }
        }
    }

    /// Returns true when a value is a phone whatever its column is called: a mobile of the country,
    /// or a number in the usual writing of phones.
    fn is_plainly_a_phone(&self, value: &str) -> bool {
        let value = value.trim();
        let Ok(phone) = read_phone(value, self.country) else {
            return false;
        };
        // A spreadsheet writes .0 after whole numbers.
        let has_fraction = read_number(value, self.country).is_some_and(|number| {
            number
                .split_once('.')
                .is_some_and(|(_, fraction)| fraction.contains(|c| c != '0'))
        });
        let at_home = is_at_home(phone, self.country);
        !value.starts_with('-')
            && !has_fraction
            && (value.starts_with('+')
                || (at_home && (phone.kind == PhoneKind::Mobile || is_written_as_phone(value))))
    }

    fn is_boolean(&self) -> bool {
        // A column with only one of the two digits, 0 or 1, may count anything, unless its name
        // asks for yes or no.
        let says = |answer: bool| {
            self.values.iter().any(|value| {
                read_boolean(value) == Some(answer)
                    && (value.len() > 1 || !value.starts_with(['0', '1']))
            })
        };
        let both = self.values.contains(&"0") && self.values.contains(&"1");
        self.share(|value| read_boolean(value).is_some()) >= 0.95
            && (both || says(true) || says(false) || permission::of_name(self.header).is_some())
    }

    fn is_choice(&self) -> bool {
        let distinct: BTreeSet<&str> = self.values.iter().copied().collect();
        self.values.len() >= CHOICE_VALUES
            && distinct.len() <= CHOICES
            && distinct.iter().all(|value| value.len() <= CHOICE_LENGTH)
    }
}

/// Returns true for a number with an area code in brackets, or with groups separated by spaces or
/// hyphens.
fn is_written_as_phone(value: &str) -> bool {
    value.contains('(') || (value.contains([' ', '-']) && !value.contains('.'))
}
