//! Phones whose codes stand in columns of their own.

use std::borrow::Cow;

use alta_domain::{BuiltInField, FieldTarget, PhonePart};

use super::Active;

/// Tells each column of phones the columns of codes in front of it: those that stand side by side
/// with it or with the column of phones before it.
pub(super) fn find(columns: &mut [Active]) {
    let mut parts: Vec<usize> = Vec::new();
    let mut is_open = false;
    for (at, column) in columns.iter_mut().enumerate() {
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

/// Returns the writings that a number and its codes make, the fullest first: with both codes, then
/// with the area code alone. A number that has its own `+` is whole.
pub(super) fn joined<'p>(
    parts: impl Iterator<Item = (FieldTarget, Cow<'p, str>)>,
    number: &str,
) -> Vec<String> {
    let (mut country, mut area) = (String::new(), String::new());
    for (target, text) in parts {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match target {
            FieldTarget::PhonePart(PhonePart::CountryCode) => country = digits,
            FieldTarget::PhonePart(PhonePart::AreaCode) => area = digits,
            _ => {}
        }
    }
    let (country, area) = (
        country.trim_start_matches('0'),
        area.trim_start_matches('0'),
    );
    let number = number.trim();
    let mut writings = Vec::with_capacity(3);
    if number.starts_with('+') {
        return writings;
    }
    if !country.is_empty() {
        writings.push(format!("+{country} {area} {number}"));
        // The number may have its area code.
        writings.push(format!("+{country} {number}"));
    }
    if !area.is_empty() {
        writings.push(format!("{area} {number}"));
    }
    writings
}
