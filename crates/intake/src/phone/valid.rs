//! The validation of written digits, as a number of the country or of another.

use alta_domain::{Country, ProblemCode};

use super::number::{Phone, PhoneError};
use super::repair;
use super::tables::{self, Kinds};
use super::text::Written;
use crate::check_digits::is_cpf;

/// The fewest digits that are read as a number of another country without `+`.
const LEAST_ABROAD: usize = 10;

/// The most digits of one written number: with a country code of three digits and a carrier's code
/// of four before it.
pub(super) const MOST_OF_ONE: usize = 15;

/// Returns true for a number of the country, or of another country with the same calling code.
pub(crate) fn is_at_home(phone: Phone, country: Country) -> bool {
    let code = tables::by_calling_code(phone.digits.to_string().as_bytes())
        .and_then(|(regions, _)| Some(regions.first()?.code));
    code.is_some() && code == tables::region(country).map(|region| region.code)
}

pub(super) fn valid(written: &Written, country: Country) -> Result<Phone, PhoneError> {
    let digits = written.digits.as_slice();
    if written.international {
        let by_zeros = !written.zeros.is_empty();
        return if by_zeros && is_document(written.zeros, digits, country) {
            Err(PhoneError::Invalid)
        } else {
            international(digits)
        };
    }
    // Without a country code only the country's own numbers may be this short: another country
    // would be a guess, and usually a wrong one.
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
        // Any region with the same calling code counts as home, such as a Canadian number in the
        // United States.
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
        // With the country's own code before it the number is not repaired: digits that begin with
        // the code and are valid after it are neither a number of eight digits nor dialled at home.
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

/// Returns true for a text that is the CPF of a Brazilian and not a phone.
pub(crate) fn is_cpf_of_brazil(text: &str, country: Country) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    !text.contains('+') && is_document(&[], &digits, country)
}

/// Returns true for digits without `+` that are a CPF. People write documents into columns of
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

/// Returns the number of digits of a complete number of a region. A number with fewer lacks the
/// area code, or some digit. The source are the national plans that ITU publishes under E.164.
fn least_digits(region: &tables::Region) -> usize {
    match region.code {
        502..=507 | 591 | 598 => 8,
        34 | 51 | 56 | 351 | 593 | 595 => 9,
        _ => LEAST_ABROAD,
    }
}

/// Returns the number of digits of a complete number of a country, without its calling code.
pub(crate) fn whole_digits(country: Country) -> usize {
    tables::region(country).map_or(LEAST_ABROAD, least_digits)
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
    // '+55 (0)51 ...': a prefix that is dialled at home, written after the country code.
    if let Some(phone) = regions.first().and_then(|main| {
        repair::dialled_at_home(main, national).find_map(|number| of(number.as_slice()))
    }) {
        return Ok(Phone {
            notice: Some(ProblemCode::PrefixRemoved),
            ..phone
        });
    }
    // The repairs that the country makes without the code: a ninth digit, an old prefix.
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
