//! The detection of columns that hold a part of the phones beside them, such as DDI and DDD before
//! Telefone.

use alta_domain::{BuiltInField, PhonePart};

use super::column::Column;
use crate::plain::short_code;
use crate::words::fold;

/// The names of columns with calling codes, folded, without digits at the end.
const COUNTRY_CODES: [&str; 14] = [
    "ddi",
    "codigo pais",
    "codigo do pais",
    "codigo de pais",
    "cod pais",
    "codigo ddi",
    "country code",
    "phone country code",
    "calling code",
    "lada internacional",
    "prefijo pais",
    "prefijo internacional",
    "prefixo internacional",
    "ddi telefone",
];

/// The names of columns with area codes, folded, without digits at the end.
const AREA_CODES: [&str; 16] = [
    "ddd",
    "codigo area",
    "codigo de area",
    "cod area",
    "cod de area",
    "area code",
    "phone area code",
    "lada",
    "clave lada",
    "caracteristica",
    "prefijo",
    "prefixo",
    "codigo ddd",
    "ddd telefone",
    "ddd celular",
    "ddd fone",
];

/// Returns the part that each column holds. Only a column without a field, directly before a column
/// of phones or of another part, holds a part.
pub(super) fn parts(
    columns: &[Column<'_>],
    fields: &[Option<BuiltInField>],
) -> Vec<Option<PhonePart>> {
    let mut parts = vec![None; columns.len()];
    for at in (0..columns.len()).rev() {
        let is_phone = |at: usize| {
            let field = fields.get(at).copied().flatten();
            matches!(field, Some(BuiltInField::Phone | BuiltInField::Landline))
        };
        let is_part = |at: usize| parts.get(at).copied().flatten().is_some();
        if fields[at].is_none() && (is_phone(at + 1) || is_part(at + 1)) && has_codes(&columns[at])
        {
            parts[at] = of_name(columns[at].header);
        }
    }
    parts
}

/// Returns the values of a column of phones, joined with the codes of the columns before it; `None`
/// when no column of codes precedes it.
pub(super) fn with_codes(columns: &[Column<'_>], at: usize) -> Option<Vec<String>> {
    let before = |at: usize| {
        let column = columns.get(at)?;
        let part = of_name(column.header).filter(|_| has_codes(column))?;
        Some((column, part))
    };
    let nearest = at.checked_sub(1)?;
    let (area, part) = before(nearest)?;
    let country = nearest.checked_sub(1).and_then(before);
    let country = country.filter(|(_, further)| *further != part);
    let code = |column: &Column<'_>, row: usize| -> String {
        let text = column.values.get(row).copied().unwrap_or_default();
        short_code(text).unwrap_or_default()
    };
    let joined = |(row, value): (usize, &&str)| {
        let value = value.trim();
        if value.is_empty() {
            return String::new();
        }
        let near = code(area, row);
        match (part, country) {
            (PhonePart::CountryCode, _) if !near.is_empty() => format!("+{near} {value}"),
            (PhonePart::AreaCode, Some((country, _))) if !code(country, row).is_empty() => {
                format!("+{} {near} {value}", code(country, row))
            }
            (PhonePart::AreaCode, _) => format!("{near} {value}"),
            _ => value.to_owned(),
        }
    };
    let values = columns[at].values.iter().enumerate();
    Some(values.map(joined).collect())
}

fn of_name(header: &str) -> Option<PhonePart> {
    let name = fold(header);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    if COUNTRY_CODES.contains(&name) {
        Some(PhonePart::CountryCode)
    } else if AREA_CODES.contains(&name) {
        Some(PhonePart::AreaCode)
    } else {
        None
    }
}

/// Returns true when most values are short numbers.
fn has_codes(column: &Column<'_>) -> bool {
    let (mut codes, mut others) = (0, 0);
    for value in &column.values {
        match short_code(value) {
            Some(code) if code.is_empty() => {}
            Some(_) => codes += 1,
            None => others += 1,
        }
    }
    codes > 0 && codes >= 9 * others
}
