//! The detection of each column's kind and field, from its name and its values.

mod column;
mod kind;
mod names;
mod others;
mod permission;
mod phone_parts;
mod seen;
mod suggest;
mod synonyms;

use std::borrow::Cow;

use alta_domain::{BuiltInField, ColumnKind, ColumnPermission, Country, PhonePart};

use crate::date::{DateReading, read_date};
use crate::email::read_email;
use crate::number::read_number;
use crate::phone::{PhoneError, PhoneKind, read_phone};
use crate::plain::plain_value;
use crate::words::is_blank;

pub(crate) use column::Column;
use kind::Sample;
use seen::Seen;
pub(crate) use synonyms::names_a_foreign_tax_id;
pub(crate) use synonyms::without_example;
use synonyms::{Likeness, field_of_name};

/// The number of values that are examined in each column.
const SAMPLE: usize = 300;

/// The guess about a column: its kind and its suggested target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) kind: ColumnKind,
    pub(crate) field: Option<BuiltInField>,
    pub(crate) permission: Option<ColumnPermission>,
    pub(crate) part: Option<PhonePart>,
}

/// Returns true when a cell is a value rather than a name. A header contains no such cell.
pub(crate) fn looks_like_data(cell: &str) -> bool {
    let cell = cell.trim();
    // A name such as 'Telefone (ex: 11 98765-4321)'.
    let name = without_example(cell);
    if name.len() < cell.len() && names_a_field(name) {
        return false;
    }
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (cell.contains('@') && read_email(cell).is_some())
        || (digits >= 7 && read_phone(cell, Country::BRAZIL).is_ok())
        || read_phone(cell, Country::BRAZIL) == Err(PhoneError::LostDigits)
        || (digits > 0
            && digits * 2 >= cell.len()
            && (read_number(cell, Country::BRAZIL).is_some()
                || read_date(cell, 2026) != DateReading::Invalid))
        || (digits >= 6 && read_date(cell, 2026) != DateReading::Invalid)
}

/// Returns true when a cell is a name that some column of contacts has.
pub(crate) fn names_a_field(cell: &str) -> bool {
    field_of_name(cell).is_some()
}

/// Returns true when the whole cell is a known name of a column of contacts.
pub(crate) fn names_a_whole_field(cell: &str) -> bool {
    matches!(field_of_name(cell), Some((_, Likeness::Whole)))
}

/// Returns the kinds and suggested fields of all columns. Only tags, notes, phone, landline and
/// e-mail are suggested for more than one column.
pub(crate) fn guess(columns: &[Column<'_>], country: Country, year: u16) -> Vec<Guess> {
    let see_at = |at: usize| {
        let Column { header, values } = &columns[at];
        let is_phone = field_of_name(header).is_some_and(|(field, _)| {
            matches!(field, BuiltInField::Phone | BuiltInField::Landline)
        });
        match phone_parts::with_codes(columns, at).filter(|_| is_phone) {
            Some(values) => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                see(header, &values, country, year)
            }
            None => see(header, values, country, year),
        }
    };
    let seen: Vec<Seen<'_>> = (0..columns.len()).map(see_at).collect();
    let mut fields = suggest::fields(&seen, country);
    if !fields.iter().flatten().any(|field| field.is_identity()) {
        last_resort(columns, &seen, country, &mut fields);
    }
    let parts = phone_parts::parts(columns, &fields);
    seen.iter()
        .zip(fields)
        .zip(parts)
        .map(|((seen, field), part)| Guess {
            kind: seen.kind,
            field,
            permission: seen.permission,
            part,
        })
        .collect()
}

/// Suggests an identity column when no column clearly holds phones or e-mails: the one with most of
/// them, when they are a quarter of its values and its name means nothing else.
fn last_resort(
    columns: &[Column<'_>],
    seen: &[Seen<'_>],
    country: Country,
    fields: &mut [Option<BuiltInField>],
) {
    let share = |at: usize, is: &dyn Fn(&str) -> bool| {
        let values = plain_values(&columns[at].values);
        let count = values.iter().filter(|value| is(value)).count();
        (count > 0 && count * 4 >= values.len()).then_some((count, std::cmp::Reverse(at)))
    };
    let best = |is: &dyn Fn(&str) -> bool| {
        (0..columns.len())
            .filter(|at| seen[*at].named.is_none() && !others::is_of_another(seen[*at].header))
            .filter_map(|at| share(at, is))
            .max()
    };
    // A number that is only valid as a foreign one may be anything.
    let is_phone = |value: &str| {
        read_phone(value, country)
            .is_ok_and(|phone| phone.notice.is_some() || value.trim_start().starts_with('+'))
    };
    let is_email = |value: &str| value.contains('@') && read_email(value).is_some();
    let found = best(&is_email)
        .map(|found| (BuiltInField::Email, found))
        .or_else(|| Some((BuiltInField::Phone, best(&is_phone)?)));
    if let Some((field, (_, std::cmp::Reverse(at)))) = found {
        fields[at] = Some(field);
    }
}

/// Returns the first values of a column that are not empty, without what programs write around
/// them.
fn plain_values<'a>(values: &[&'a str]) -> Vec<Cow<'a, str>> {
    values
        .iter()
        .map(|value| plain_value(value))
        .filter(|value| !is_blank(value))
        .take(SAMPLE)
        .collect()
}

/// Returns what a column's name and its values mean, each by itself.
fn see<'a>(header: &'a str, values: &[&str], country: Country, year: u16) -> Seen<'a> {
    let named = field_of_name(header);
    let plain = plain_values(values);
    let values: Vec<&str> = plain.iter().map(AsRef::as_ref).collect();
    let kind = Sample {
        values: &values,
        named: named.map(|(field, _)| field),
        header,
        country,
        year,
    }
    .kind();
    let landlines = kind == ColumnKind::Phone && {
        let mut kinds = values
            .iter()
            .filter_map(|value| read_phone(value, country).ok())
            .map(|phone| phone.kind)
            .peekable();
        kinds.peek().is_some() && kinds.all(|kind| kind == PhoneKind::Landline)
    };
    Seen {
        header,
        named,
        kind,
        landlines,
        permission: permission::of_column(header, kind),
    }
}

#[cfg(test)]
mod tests;
