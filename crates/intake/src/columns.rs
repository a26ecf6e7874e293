//! What each column is, from its name and its values.

mod synonyms;

use alta_domain::{BuiltInField, ColumnKind, Country};

use crate::date::{DateReading, read_date};
use crate::email::read_email;
use crate::number::{read_boolean, read_number};
use crate::phone::{PhoneError, PhoneKind, read_phone};
use crate::tax_id::{TaxIdReading, read_tax_id};

use synonyms::field_of_name;

/// Values looked at in each column.
const SAMPLE: usize = 300;

/// One column of the sample.
pub(crate) struct Column<'a> {
    pub(crate) header: &'a str,
    pub(crate) values: Vec<&'a str>,
}

/// What was made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) kind: ColumnKind,
    pub(crate) field: Option<BuiltInField>,
    landlines: bool,
}

/// Whether a cell is a value rather than a name: such a cell never stands in a header.
pub(crate) fn looks_like_data(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (cell.contains('@') && read_email(cell).is_some())
        || (digits >= 7 && read_phone(cell, Country::BRAZIL).is_ok())
        || read_phone(cell, Country::BRAZIL) == Err(PhoneError::LostDigits)
        || (digits > 0
            && digits * 2 >= cell.len()
            && (read_number(cell, Country::BRAZIL).is_some() || read_date(cell, 2026) != DateReading::Invalid))
        || (digits >= 6 && read_date(cell, 2026) != DateReading::Invalid)
}

/// Whether a cell is a name that some column of contacts has.
pub(crate) fn names_a_field(cell: &str) -> bool {
    field_of_name(cell).is_some()
}

/// Kinds and suggested fields of all columns; each field but tags and notes is suggested once.
pub(crate) fn guess(columns: &[Column<'_>], country: Country, year: u16) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = columns.iter().map(|column| guess_one(column, country, year)).collect();
    let has_last_name = guesses.iter().any(|guess| guess.field == Some(BuiltInField::LastName));
    for (column, guess) in columns.iter().zip(&mut guesses) {
        if guess.field == Some(BuiltInField::Name) && has_last_name && synonyms::is_bare_name(column.header) {
            guess.field = Some(BuiltInField::FirstName);
        }
    }
    settle_phones(&mut guesses);
    let mut taken = Vec::new();
    for guess in &mut guesses {
        if let Some(field) = guess.field
            && !matches!(field, BuiltInField::Tags | BuiltInField::Notes)
        {
            if taken.contains(&field) {
                guess.field = None;
            } else {
                taken.push(field);
            }
        }
    }
    guesses
}

/// Of several phone columns one is the mobile: by name, else the first whose values are not landlines; the next is the landline.
fn settle_phones(guesses: &mut [Guess]) {
    let phones: Vec<usize> = (0..guesses.len())
        .filter(|at| guesses[*at].kind == ColumnKind::Phone || matches!(guesses[*at].field, Some(BuiltInField::Phone)))
        .collect();
    let mobile = phones
        .iter()
        .copied()
        .find(|at| guesses[*at].field == Some(BuiltInField::Phone) && !guesses[*at].landlines)
        .or_else(|| phones.iter().copied().find(|at| guesses[*at].field.is_none() && !guesses[*at].landlines))
        .or_else(|| phones.iter().copied().find(|at| guesses[*at].field != Some(BuiltInField::Landline)))
        .or_else(|| phones.first().copied());
    let Some(mobile) = mobile else { return };
    guesses[mobile].field = Some(BuiltInField::Phone);
    let named = guesses.iter().any(|guess| guess.field == Some(BuiltInField::Landline));
    let mut free = !named;
    for at in phones.into_iter().filter(|at| *at != mobile) {
        if guesses[at].field != Some(BuiltInField::Landline) {
            guesses[at].field = free.then_some(BuiltInField::Landline);
            free = false;
        }
    }
}

fn guess_one(column: &Column<'_>, country: Country, year: u16) -> Guess {
    let named = field_of_name(column.header);
    let values: Vec<&str> = column.values.iter().copied().filter(|value| !value.trim().is_empty()).take(SAMPLE).collect();
    let kind = kind_of(&values, named, synonyms::names_a_day(column.header), country, year);
    let landlines = kind == ColumnKind::Phone && {
        let mut kinds = values.iter().filter_map(|value| read_phone(value, country).ok()).map(|phone| phone.kind).peekable();
        kinds.peek().is_some() && kinds.all(|kind| kind == PhoneKind::Landline)
    };
    let field = match kind {
        // Values decide when they are plain; a name that contradicts them is not followed.
        ColumnKind::Email => Some(BuiltInField::Email),
        ColumnKind::Phone => match named {
            Some(
                BuiltInField::Phone | BuiltInField::Landline | BuiltInField::ExternalId | BuiltInField::PostalCode | BuiltInField::TaxId,
            ) => named,
            _ => None,
        },
        ColumnKind::TaxId => Some(BuiltInField::TaxId),
        ColumnKind::Date => named.filter(|field| *field == BuiltInField::BirthDate),
        _ => named,
    };
    Guess { kind, field, landlines }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
fn kind_of(values: &[&str], named: Option<BuiltInField>, names_a_day: bool, country: Country, year: u16) -> ColumnKind {
    if values.is_empty() {
        return ColumnKind::Empty;
    }
    let share = |is: &dyn Fn(&str) -> bool| values.iter().filter(|value| is(value)).count() as f64 / values.len() as f64;
    if share(&|value| value.contains('@') && read_email(value).is_some()) >= 0.6
        || (named == Some(BuiltInField::Email) && share(&|value| value.contains('@')) >= 0.3)
    {
        return ColumnKind::Email;
    }
    let tax_id =
        |value: &str| value.len() >= 11 && matches!(read_tax_id(value, Country::BRAZIL), TaxIdReading::Valid { mended: false, .. });
    if share(&tax_id) >= 0.8 || (named == Some(BuiltInField::TaxId) && share(&tax_id) >= 0.3) {
        return ColumnKind::TaxId;
    }
    let date = |value: &str| read_date(value, year) != DateReading::Invalid && !value.bytes().all(|byte| byte.is_ascii_digit());
    if share(&date) >= 0.6
        || (named == Some(BuiltInField::BirthDate) && share(&|value| read_date(value, year) != DateReading::Invalid) >= 0.5)
        // A spreadsheet's count of days, from 1927 on: smaller numbers under 'data' may count anything.
        || (names_a_day && share(&|value| value.trim().len() >= 5 && read_date(value, year) != DateReading::Invalid) >= 0.8)
    {
        return ColumnKind::Date;
    }
    let phone_named = matches!(named, Some(BuiltInField::Phone | BuiltInField::Landline));
    let phone = share(&|value| read_phone(value, country).is_ok());
    if (phone_named && phone >= 0.2)
        || (phone >= 0.6 && !matches!(named, Some(BuiltInField::ExternalId | BuiltInField::TaxId | BuiltInField::PostalCode)))
    {
        return ColumnKind::Phone;
    }
    if share(&|value| read_boolean(value).is_some()) >= 0.95 {
        return ColumnKind::Boolean;
    }
    if share(&|value| read_number(value, country).is_some()) >= 0.9 {
        return ColumnKind::Number;
    }
    let distinct: std::collections::BTreeSet<&str> = values.iter().copied().collect();
    if values.len() >= 20 && distinct.len() <= 12 && distinct.iter().all(|value| value.len() <= 40) {
        return ColumnKind::Choice;
    }
    ColumnKind::Text
}

#[cfg(test)]
mod tests;
