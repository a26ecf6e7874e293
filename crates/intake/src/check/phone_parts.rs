//! The joining of phones with the codes that stand in columns of their own.

use std::borrow::Cow;

use alta_domain::{BuiltInField, FieldTarget, PhonePart};

use super::active::Active;
use crate::phone;
use crate::plain::short_code;

/// Gives each column of phones the code columns before it: those directly beside the column, or
/// directly beside the column of phones before it.
pub(super) fn find(columns: &mut [Active]) {
    let mut parts: Vec<usize> = Vec::new();
    let mut is_open = false;
    let mut before: Option<u32> = None;
    for (at, column) in columns.iter_mut().enumerate() {
        let is_beside = before.is_some_and(|before| before + 1 == column.index);
        before = Some(column.index);
        if !is_beside {
            (is_open, parts) = (false, Vec::new());
        }
        match column.target {
            FieldTarget::PhonePart(_) => {
                if !is_open {
                    parts.clear();
                }
                is_open = true;
                parts.push(at);
            }
            FieldTarget::BuiltIn(BuiltInField::Phone | BuiltInField::Landline) => {
                is_open = false;
                column.parts.clone_from(&parts);
            }
            _ => {
                is_open = false;
                parts.clear();
            }
        }
    }
}

/// A number joined with the codes of the columns before it.
pub(super) struct Joined {
    pub(super) text: String,
    /// The calling code with which the number begins; `None` for a number of the record's country.
    pub(super) calling_code: Option<String>,
}

/// Returns the possible combinations of numbers and their codes, the fullest first: with both
/// codes, with the country code alone, then with the area code alone. A number with its own `+`
/// stays as it is.
pub(super) fn joined<'p>(
    parts: impl Iterator<Item = (FieldTarget, Cow<'p, str>)>,
    numbers: &'p str,
) -> impl Iterator<Item = Joined> {
    let (mut country, mut area) = (String::new(), String::new());
    for (target, text) in parts {
        let code = short_code(&text).unwrap_or_default();
        match target {
            FieldTarget::PhonePart(PhonePart::CountryCode) => country = code,
            FieldTarget::PhonePart(PhonePart::AreaCode) => area = code,
            _ => {}
        }
    }
    let country = country.trim_start_matches('0').to_owned();
    let area = area.trim_start_matches('0').to_owned();
    // Made one by one, because the first one is usually the right one.
    let with_country = (!country.is_empty()).then(|| {
        // The number may contain its area code already.
        [format!("+{country} {area}"), format!("+{country}")]
    });
    let of_country = with_country
        .into_iter()
        .flatten()
        .map(move |codes| (codes, Some(country.clone())));
    let of_area = (!area.is_empty()).then_some((area, None));
    of_country
        .chain(of_area)
        .map(move |(codes, calling_code)| Joined {
            text: with_codes(&codes, numbers),
            calling_code,
        })
}

/// Puts codes before each number that has no `+` of its own.
fn with_codes(codes: &str, numbers: &str) -> String {
    let each = phone::parts(numbers).map(|number| {
        if number.starts_with('+') {
            number.to_owned()
        } else {
            format!("{codes} {number}")
        }
    });
    each.collect::<Vec<_>>().join(" / ")
}
