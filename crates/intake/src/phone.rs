//! The reading of phone numbers as people in Latin America write them, validated with
//! libphonenumber's metadata.
//!
//! A number is tried in this order, which is the contract of the command line: (1) with `+` or
//! `00`, as an international number only; (2) as a valid number of the country; (3) as a valid
//! number after the country's own repairs; (4) as an international number without its `+`, unless
//! the digits are the CPF of a Brazilian.

mod number;
mod repair;
mod several;
mod tables;
mod text;
mod valid;

use alta_domain::Country;

pub use number::{Phone, PhoneError, PhoneKind};
pub(crate) use text::{parts, scientific, unwrap};
use valid::{MOST_OF_ONE, valid};
pub(crate) use valid::{is_at_home, is_cpf_of_brazil, whole_digits};

/// Reads the first valid number of a text. Of several numbers, a mobile comes before a landline.
///
/// ```
/// use alta_domain::{Country, ProblemCode};
/// use alta_intake::phone::{PhoneError, read_phone};
///
/// let joinville = read_phone("(47) 9123-4567", Country::BRAZIL)?;
/// assert_eq!(joinville.digits, 5_547_991_234_567);
/// assert_eq!(joinville.notice, Some(ProblemCode::NinthDigitAdded));
/// assert_eq!(read_phone("5,55E+12", Country::BRAZIL), Err(PhoneError::LostDigits));
/// # Ok::<(), PhoneError>(())
/// ```
///
/// # Errors
/// Says why no number of the text is valid; of several numbers, why the first is not.
pub fn read_phone(text: &str, country: Country) -> Result<Phone, PhoneError> {
    match read_plain(text, country) {
        Some(read) => read,
        None => several::read(text, country).map(|(first, _)| first),
    }
}

/// Reads all valid numbers of a text: the one that [`read_phone`] gives, and the further ones in
/// their order, each once.
///
/// The first number has the notice of extra text when some text belongs to no number, not when
/// there are several numbers.
///
/// ```
/// use alta_domain::Country;
/// use alta_intake::phone::{PhoneError, read_phones};
///
/// let (first, further) = read_phones("51 3333-4444 / 51 99999-9999", Country::BRAZIL)?;
/// assert_eq!(first.digits, 5_551_999_999_999, "a mobile before a landline");
/// assert_eq!(further[0].digits, 555_133_334_444);
/// # Ok::<(), PhoneError>(())
/// ```
///
/// # Errors
/// Says why no number of the text is valid; of several numbers, why the first is not.
pub fn read_phones(text: &str, country: Country) -> Result<(Phone, Vec<Phone>), PhoneError> {
    match read_plain(text, country) {
        Some(read) => read.map(|phone| (phone, Vec::new())),
        None => several::read(text, country),
    }
}

/// Reads the number of a cell that holds nothing else; `None` when the cell needs a closer look.
fn read_plain(text: &str, country: Country) -> Option<Result<Phone, PhoneError>> {
    let written = text::plain(text)?;
    match valid(&written, country) {
        // Two numbers side by side, or one with something before or after it.
        Err(_)
            if written.digits.as_slice().len() > MOST_OF_ONE || text::begins_with_label(text) =>
        {
            None
        }
        read => Some(read),
    }
}

/// Returns the country of a calling code; the main country when several share it.
pub(crate) fn country_of_code(digits: &str) -> Option<Country> {
    let (regions, rest) = tables::by_calling_code(digits.as_bytes())?;
    let main = regions.first().filter(|_| rest.is_empty())?;
    main.country()
}

/// Returns true when the numbering plan of the country is known.
#[must_use]
pub fn is_known(country: Country) -> bool {
    tables::region(country).is_some()
}

/// Writes the digits in groups: `+55 47 99123-4567` for Brazil, groups separated by spaces
/// elsewhere.
///
/// ```
/// assert_eq!(alta_intake::phone::format_phone(5_547_991_234_567), "+55 47 99123-4567");
/// ```
#[must_use]
pub fn format_phone(digits: u64) -> String {
    let text = digits.to_string();
    let (code, national) = match tables::by_calling_code(text.as_bytes()) {
        Some((_, national)) => text.split_at(text.len() - national.len()),
        None => return format!("+{text}"),
    };
    if code == "55" && matches!(national.len(), 10 | 11) {
        let (area, subscriber) = national.split_at(2);
        let (head, tail) = subscriber.split_at(subscriber.len() - 4);
        return format!("+55 {area} {head}-{tail}");
    }
    let mut out = format!("+{code}");
    let mut rest = national;
    while rest.len() > 4 {
        let (group, tail) = rest.split_at(if rest.len() == 5 { 2 } else { 3 });
        out.push(' ');
        out.push_str(group);
        rest = tail;
    }
    out.push(' ');
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
