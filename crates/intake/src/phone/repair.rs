//! What a country's own habits add to or leave out of a number. A repair is only proposed; the tables decide whether it is valid.

use alta_domain::{Country, ProblemCode};

use super::tables::Region;
use super::text::Digits;

/// The national digits after the country's repairs, when these make them valid.
pub(super) fn repair(digits: &[u8], country: Country, region: &Region) -> Option<(Digits, ProblemCode)> {
    let mut candidates = Vec::with_capacity(4);
    match country {
        Country::BRAZIL => brazil(digits, &mut candidates),
        Country::MEXICO => mexico(digits, &mut candidates),
        Country::ARGENTINA => argentina(digits, &mut candidates),
        _ => {}
    }
    // The trunk prefix of any country.
    if !region.prefix.is_empty()
        && let Some(rest) = digits.strip_prefix(region.prefix)
    {
        candidates.push((Digits::of(&[rest]), ProblemCode::PrefixRemoved));
    }
    // Colombia wrote 03 before mobiles; 0 stands for the carrier elsewhere too.
    if let Some(rest) = digits.strip_prefix(b"0") {
        candidates.push((Digits::of(&[rest]), ProblemCode::PrefixRemoved));
    }
    candidates.into_iter().find(|(candidate, _)| region.kinds(candidate.as_slice()).is_some())
}

/// The ninth digit (ANATEL, completed in 2016): mobiles of eight digits get a leading 9. Trunk 0, and 0 with a two-digit carrier code.
fn brazil(digits: &[u8], out: &mut Vec<(Digits, ProblemCode)>) {
    let behind_code = digits.strip_prefix(b"55").filter(|rest| rest.len() == 10);
    let national = match digits.strip_prefix(b"0") {
        Some(rest) => {
            let without_carrier = rest.get(2..).filter(|rest| matches!(rest.len(), 10 | 11));
            without_carrier.unwrap_or(rest)
        }
        None => digits,
    };
    if national.len() < digits.len() {
        out.push((Digits::of(&[national]), ProblemCode::PrefixRemoved));
    }
    for ten in [national, behind_code.unwrap_or_default()] {
        if ten.len() == 10 && matches!(ten[2], b'6' | b'8' | b'9') {
            out.push((Digits::of(&[&ten[..2], b"9", &ten[2..]]), ProblemCode::NinthDigitAdded));
        }
    }
}

/// Until 2019 mobiles were dialled with 044 or 045, long distance with 01, and from abroad with 1 behind 52.
fn mexico(digits: &[u8], out: &mut Vec<(Digits, ProblemCode)>) {
    for prefix in [&b"521"[..], b"044", b"045", b"01", b"1"] {
        if let Some(rest) = digits.strip_prefix(prefix)
            && rest.len() == 10
        {
            out.push((Digits::of(&[rest]), ProblemCode::PrefixRemoved));
        }
    }
}

/// At home a mobile is area code, 15, number; in E.164 it is 9, area code, number. Area codes have two to four digits.
fn argentina(digits: &[u8], out: &mut Vec<(Digits, ProblemCode)>) {
    let national = digits.strip_prefix(b"0").unwrap_or(digits);
    for area in 2..=4 {
        if let Some((code, rest)) = national.split_at_checked(area)
            && let Some(number) = rest.strip_prefix(b"15")
            && code.len() + number.len() == 10
        {
            out.push((Digits::of(&[b"9", code, number]), ProblemCode::PrefixRemoved));
        }
    }
}
