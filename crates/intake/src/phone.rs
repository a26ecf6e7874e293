//! Phone numbers as people in Latin America write them, judged by libphonenumber's metadata.
//!
//! The order of the readings is the contract of the command line: (1) with `+` or `00`,
//! international and nothing else; (2) valid as a number of the country; (3) valid after the
//! country's own repairs; (4) valid when the bare digits are read with a `+`, unless they are a
//! Brazilian's CPF.

mod repair;
mod several;
mod tables;
mod text;

use alta_domain::{Country, ProblemCode};

use crate::check_digits::is_cpf;
use tables::Kinds;
use text::Written;
pub(crate) use text::{parts, scientific, unwrap};

/// What a number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Mobile, or one of a region where mobile and fixed numbers look alike: it stands for one
    /// person.
    Mobile,
    /// Fixed line.
    Landline,
    /// Toll free, premium, pager and the like.
    Other,
}

/// A valid number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The digits of E.164, without `+`; the first is never 0. At most 15 by the standard; the
    /// metadata has a few of up to 19.
    pub digits: u64,
    /// What it is for.
    pub kind: PhoneKind,
    /// It can be of no other kind.
    pub is_sure: bool,
    /// What was mended to make it valid.
    pub notice: Option<ProblemCode>,
}

/// Why a text is no valid number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Fewer than seven digits.
    NotANumber,
    /// Too few digits for a number of its country.
    TooShort,
    /// More digits than any number has.
    TooLong,
    /// An international number whose country code does not exist.
    NoCountry,
    /// Of the right length but not assigned.
    Invalid,
    /// A spreadsheet's 5,55E+12: digits are gone.
    LostDigits,
}

impl PhoneError {
    /// The word of the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NoCountry => "no_country",
            Self::Invalid => "invalid",
            Self::LostDigits => "lost_digits",
        }
    }
}

/// Reads the first valid number of a text; of several, a mobile before a landline.
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
/// The notice of extra text is given when something is left out, not when there are several
/// numbers.
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

/// The least digits that are read as a number of another country without `+`.
const LEAST_ABROAD: usize = 10;

/// Digits of the longest writing of one number: a country code of three and a carrier's code of
/// four in front.
const MOST_OF_ONE: usize = 15;

/// The number of a cell that holds nothing else; none when the cell must be looked at more closely.
fn read_plain(text: &str, country: Country) -> Option<Result<Phone, PhoneError>> {
    let written = text::plain(text)?;
    match valid(&written, country) {
        // Two numbers side by side, or one with something before or behind it.
        Err(_)
            if written.digits.as_slice().len() > MOST_OF_ONE || text::begins_with_label(text) =>
        {
            None
        }
        read => Some(read),
    }
}

/// Whether a number is of the country, or of one that shares its calling code.
pub(crate) fn is_at_home(phone: Phone, country: Country) -> bool {
    let code = tables::by_calling_code(phone.digits.to_string().as_bytes())
        .and_then(|(regions, _)| Some(regions.first()?.code));
    code.is_some() && code == tables::region(country).map(|region| region.code)
}

fn valid(written: &Written, country: Country) -> Result<Phone, PhoneError> {
    let digits = written.digits.as_slice();
    if written.international {
        let by_zeros = !written.zeros.is_empty();
        return if by_zeros && is_document(written.zeros, digits, country) {
            Err(PhoneError::Invalid)
        } else {
            international(digits)
        };
    }
    // Without a country code only the country's own numbers are that short: another country's
    // number would be a guess, and a wrong one.
    let bare = || {
        if digits.len() < LEAST_ABROAD {
            return Err(if digits.len() < whole_digits(country) {
                PhoneError::TooShort
            } else {
                PhoneError::Invalid
            });
        }
        if is_document(&[], digits, country) {
            return Err(PhoneError::Invalid);
        }
        international(digits).map_err(|error| match error {
            PhoneError::NoCountry => PhoneError::Invalid,
            other => other,
        })
    };
    if let Some(region) = tables::region(country) {
        // Of regions that share a calling code, any is at home: a Canadian number in the United
        // States.
        let own = std::iter::once(region).chain(region.siblings());
        if let Some((region, kinds)) = own
            .into_iter()
            .find_map(|region| Some((region, region.kinds(digits)?)))
        {
            return Ok(national(
                region,
                digits,
                kinds,
                ProblemCode::CountryCodeAdded,
            ));
        }
        // With the country's own code in front no repair changes it: what begins with it and is
        // valid behind it is neither a number of eight digits nor dialled at home.
        if let Some(rest) = region.without_code(digits)
            && let Some(kinds) = region.kinds(rest)
        {
            return Ok(Phone {
                digits: region.with_code(rest),
                kind: kinds.phone_kind(),
                is_sure: kinds.is_one(),
                notice: None,
            });
        }
        if let Some((repaired, notice)) = repair::repair(digits, region)
            && let Some(kinds) = region.kinds(repaired.as_slice())
        {
            return Ok(national(region, repaired.as_slice(), kinds, notice));
        }
    }
    bare()
}

/// Returns true for a text that is no phone of a Brazilian but their CPF.
pub(crate) fn is_cpf_of_brazil(text: &str, country: Country) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    !text.contains('+') && is_document(&[], &digits, country)
}

/// Returns true for digits without `+` that are a CPF: somebody wrote a document into the column of
/// phones, and one CPF in five looks like a number of some other country.
fn is_document(zeros: &[u8], digits: &[u8], country: Country) -> bool {
    const CPF: usize = 11;
    country == Country::BRAZIL && zeros.len() + digits.len() == CPF && {
        let mut whole = [0; CPF];
        let (head, tail) = whole.split_at_mut(zeros.len());
        head.copy_from_slice(zeros);
        tail.copy_from_slice(digits);
        is_cpf(&whole)
    }
}

/// The digits of a whole number of a country: fewer lack the area code, or some digit. By the
/// national plans that ITU publishes under E.164.
fn least_digits(region: &tables::Region) -> usize {
    match region.code {
        502..=507 | 591 | 598 => 8,
        34 | 51 | 56 | 351 | 593 | 595 => 9,
        _ => LEAST_ABROAD,
    }
}

/// Returns the country of a calling code; of several that share it, the main one.
pub(crate) fn country_of_code(digits: &str) -> Option<Country> {
    let (regions, rest) = tables::by_calling_code(digits.as_bytes())?;
    let main = regions.first().filter(|_| rest.is_empty())?;
    main.country()
}

/// The digits of a whole number of a country, without its calling code.
pub(crate) fn whole_digits(country: Country) -> usize {
    tables::region(country).map_or(LEAST_ABROAD, least_digits)
}

/// Whether the numbering plan of a country is known.
#[must_use]
pub fn is_known(country: Country) -> bool {
    tables::region(country).is_some()
}

fn national(region: &tables::Region, digits: &[u8], kinds: Kinds, notice: ProblemCode) -> Phone {
    Phone {
        digits: region.with_code(digits),
        kind: kinds.phone_kind(),
        is_sure: kinds.is_one(),
        notice: Some(notice),
    }
}

fn international(digits: &[u8]) -> Result<Phone, PhoneError> {
    let (regions, national) = tables::by_calling_code(digits).ok_or(PhoneError::NoCountry)?;
    let of = |national: &[u8]| {
        regions.iter().find_map(|region| {
            let kinds = region.kinds(national)?;
            Some(Phone {
                digits: region.with_code(national),
                kind: kinds.phone_kind(),
                is_sure: kinds.is_one(),
                notice: None,
            })
        })
    };
    if let Some(phone) = of(national) {
        return Ok(phone);
    }
    // '+55 (0)51 ...': what is dialled at home, written behind the country code.
    if let Some(phone) = regions.first().and_then(|main| {
        repair::dialled_at_home(main, national).find_map(|number| of(number.as_slice()))
    }) {
        return Ok(Phone {
            notice: Some(ProblemCode::PrefixRemoved),
            ..phone
        });
    }
    // What the country itself would mend without the code: a ninth digit, an old prefix.
    if let Some(main) = regions.first()
        && let Some((repaired, notice)) = repair::repair(national, main)
        && let Some(phone) = of(repaired.as_slice())
    {
        return Ok(Phone {
            notice: Some(notice),
            ..phone
        });
    }
    Err(match digits.len() {
        0..=8 => PhoneError::TooShort,
        16.. => PhoneError::TooLong,
        _ => PhoneError::Invalid,
    })
}

/// Writes the digits as people read them: `+55 47 99123-4567` for Brazil, groups elsewhere.
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
