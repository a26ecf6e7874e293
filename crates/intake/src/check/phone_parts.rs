//! Phones whose codes stand in columns of their own.

use std::borrow::Cow;

use alta_domain::{BuiltInField, FieldTarget, PhonePart};

use super::active::Active;
use crate::phone;
use crate::plain::short_code;

/// Tells each column of phones the columns of codes in front of it: those that stand side by side
/// with it or with the column of phones before it.
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

/// A number with the codes of the columns before it.
pub(super) struct Joined {
    pub(super) text: String,
    /// The calling code that it begins with; `None` for a number of the record's country.
    pub(super) calling_code: Option<String>,
}

/// Returns the writings that numbers and their codes make, the fullest first: with both codes, then
/// with the area code alone. A number that has its own `+` is whole.
pub(super) fn joined<'p>(
    parts: impl Iterator<Item = (FieldTarget, Cow<'p, str>)>,
    numbers: &str,
) -> Vec<Joined> {
    let (mut country, mut area) = (String::new(), String::new());
    for (target, text) in parts {
        let code = short_code(&text).unwrap_or_default();
        match target {
            FieldTarget::PhonePart(PhonePart::CountryCode) => country = code,
            FieldTarget::PhonePart(PhonePart::AreaCode) => area = code,
            _ => {}
        }
    }
    let (country, area) = (
        country.trim_start_matches('0'),
        area.trim_start_matches('0'),
    );
    let with = |codes: &str| -> String {
        let each = phone::parts(numbers).map(|number| {
            if number.starts_with('+') {
                number.to_owned()
            } else {
                format!("{codes} {number}")
            }
        });
        each.collect::<Vec<_>>().join(" / ")
    };
    let mut writings = Vec::with_capacity(3);
    if !country.is_empty() {
        let of_country = |text: String| Joined {
            text,
            calling_code: Some(country.to_owned()),
        };
        writings.push(of_country(with(&format!("+{country} {area}"))));
        // The number may have its area code.
        writings.push(of_country(with(&format!("+{country}"))));
    }
    if !area.is_empty() {
        writings.push(Joined {
            text: with(area),
            calling_code: None,
        });
    }
    writings
}
