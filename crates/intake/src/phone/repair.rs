//! The repair of numbers with digits that a country's own habits add or leave out. A repair only
//! proposes numbers; the tables decide which one is valid.

use alta_domain::ProblemCode;

use super::tables::Region;
use super::text::Digits;

/// Calling codes (ITU-T E.164).
const MEXICO: u16 = 52;
const ARGENTINA: u16 = 54;
const BRAZIL: u16 = 55;
const CHILE: u16 = 56;
const COLOMBIA: u16 = 57;

/// Returns the national digits after the first of the country's repairs that makes them valid, with
/// its notice.
pub(super) fn repair(digits: &[u8], region: &Region) -> Option<(Digits, ProblemCode)> {
    let mut candidates = Vec::new();
    match region.code {
        BRAZIL => brazil(digits, region, &mut candidates),
        MEXICO => mexico(digits, &mut candidates),
        ARGENTINA => argentina(digits, &mut candidates),
        _ => {}
    }
    candidates.extend(
        dialled_at_home(region, digits).map(|candidate| (candidate, ProblemCode::PrefixRemoved)),
    );
    // The lines above remove a trunk 0 where the numbering plan has one. In these countries people
    // dial a 0 although the metadata has none.
    if matches!(region.code, CHILE | COLOMBIA | MEXICO)
        && let Some(rest) = digits.strip_prefix(b"0")
    {
        candidates.push((Digits::of(&[rest]), ProblemCode::PrefixRemoved));
    }
    candidates
        .into_iter()
        .find(|(candidate, _)| region.kinds(candidate.as_slice()).is_some())
}

/// Proposes numbers with Brazil's ninth digit (ANATEL, completed in 2016): mobiles of eight digits,
/// which began with 6, 8 or 9, get a leading 9. The country code, a trunk 0 or a carrier's code may
/// precede the number.
fn brazil(digits: &[u8], region: &Region, out: &mut Vec<(Digits, ProblemCode)>) {
    let dialled = brazilian_carrier(digits)
        .into_iter()
        .filter_map(|prefix| digits.get(prefix..));
    let behind_code = digits.strip_prefix(b"55");
    let lacks_one = |national: &&[u8]| {
        national.len() == 10
            && matches!(national[2], b'6' | b'8' | b'9')
            && region.kinds(national).is_none()
    };
    for ten in std::iter::once(digits)
        .chain(behind_code)
        .chain(dialled)
        .filter(lacks_one)
    {
        out.push((
            Digits::of(&[&ten[..2], b"9", &ten[2..]]),
            ProblemCode::NinthDigitAdded,
        ));
    }
}

/// Proposes numbers without Mexico's old prefixes. Until 2019 mobiles were dialled with 044 or 045,
/// long distance with 01, and mobiles from abroad with 1 after 52.
fn mexico(digits: &[u8], out: &mut Vec<(Digits, ProblemCode)>) {
    for prefix in [&b"521"[..], b"044", b"045", b"01", b"1"] {
        if let Some(rest) = digits.strip_prefix(prefix)
            && rest.len() == 10
        {
            out.push((Digits::of(&[rest]), ProblemCode::PrefixRemoved));
        }
    }
}

/// Proposes Argentine mobiles in the form of E.164: 9, area code, number. At home they are dialled
/// as area code, 15, number. Area codes have two to four digits.
fn argentina(digits: &[u8], out: &mut Vec<(Digits, ProblemCode)>) {
    let national = digits.strip_prefix(b"0").unwrap_or(digits);
    for area in 2..=4 {
        if let Some((code, rest)) = national.split_at_checked(area)
            && let Some(number) = rest.strip_prefix(b"15")
            && code.len() + number.len() == 10
        {
            out.push((
                Digits::of(&[b"9", code, number]),
                ProblemCode::PrefixRemoved,
            ));
        }
    }
}

/// Proposes the national numbers that the digits after a country code may mean, when they were
/// written as they are dialled at home. The rules are the metadata's `nationalPrefixForParsing` and
/// `nationalPrefixTransformRule` (libphonenumber 9.0.43); the tables decide which result is valid.
pub(super) fn dialled_at_home<'a>(
    main: &Region,
    national: &'a [u8],
) -> impl Iterator<Item = Digits> + 'a {
    let mut candidates = Vec::new();
    let mut without =
        |count: usize| candidates.extend(national.get(count..).map(|rest| Digits::of(&[rest])));
    // In North America only a complete number follows the 1. In Colombia a carrier's code after the
    // 0 is removed together with it.
    let is_whole = match main.code {
        1 => national.len() == 11,
        57 => colombian_carrier(national).is_none(),
        _ => true,
    };
    if !main.prefix.is_empty() && national.starts_with(main.prefix) && is_whole {
        without(main.prefix.len());
    }
    home_prefixes(main.code, national)
        .into_iter()
        .for_each(without);
    match (main.code, national) {
        // '+54 9 011 ...': the 9 of a mobile, and the 0 that is dialled at home.
        (54, [b'9', b'0', rest @ ..]) => candidates.push(Digits::of(&[b"9", rest])),
        (54, _) => {
            let mut mobile = Vec::with_capacity(3);
            argentina(national, &mut mobile);
            candidates.extend(mobile.into_iter().map(|(digits, _)| digits));
        }
        (261, [b'2' | b'4'..=b'9', ..]) if national.len() == 7 => {
            candidates.push(Digits::of(&[b"20", national]));
        }
        (378, [b'8' | b'9', ..]) if national.len() == 6 => {
            candidates.push(Digits::of(&[b"0549", national]));
        }
        (672, [b'0'..=b'2' | b'5' | b'8', ..]) if national.len() == 5 => {
            candidates.push(Digits::of(&[b"3", national]));
        }
        _ => {}
    }
    candidates.into_iter()
}

/// Returns the lengths of the prefixes that people dial at home before a number, besides the
/// country's own prefix: carriers' codes and the like.
#[expect(
    clippy::match_same_arms,
    reason = "in the order of their calling codes"
)]
fn home_prefixes(calling_code: u16, national: &[u8]) -> Vec<usize> {
    let length = match (calling_code, national) {
        (44, [b'1', b'8', b'0', b'0', b'2', b'0', ..]) => 6,
        (55, _) => return brazilian_carrier(national),
        (57, _) => return colombian_carrier(national).into_iter().collect(),
        (61, [b'1', b'8', b'3', b'1' | b'2', ..]) => 4,
        (81, [b'0', b'0', b'3', b'7', b'6', b'8', b'0', ..]) => 7,
        (81, [b'0', b'0', b'3', b'7', b'6', b'8', ..]) => 6,
        (82, [b'0', b'8', b'5', ..]) => 5,
        (82, [b'0', b'8', b'1'..=b'4' | b'6'..=b'8', ..]) => 3,
        (86, [b'1', b'1' | b'2', ..] | [b'1', b'7', b'9', ..]) => 5,
        (
            241,
            [b'0', b'1', b'1', ..]
            | [b'0', b'6', b'0'..=b'2' | b'5' | b'6', ..]
            | [b'0', b'7', b'4' | b'6' | b'7', ..],
        ) => 1,
        (
            298,
            [b'1', b'0', b'0', b'1', ..]
            | [b'1', b'0', b'1' | b'2', b'0', ..]
            | [b'1', b'0', b'8', b'8', ..],
        ) => 4,
        (
            352,
            [b'1', b'5', b'0', b'0' | b'6', _, ..]
            | [b'1', b'5', b'1', b'1' | b'2', _, ..]
            | [b'1', b'5', b'3' | b'5', b'5', _, ..]
            | [b'1', b'5', b'4', b'0' | b'4', _, ..]
            | [b'1', b'5', b'6', b'2' | b'6', _, ..]
            | [b'1', b'5', b'7', b'7', _, ..]
            | [b'1', b'5', b'8', b'8', _, ..]
            | [b'1', b'5', b'9', b'9', _, ..],
        ) => 5,
        (370, [b'8' | b'0', ..]) => 1,
        (375, [b'8', b'0', ..]) => return vec![1, 2],
        (375, [b'8' | b'0', ..]) => 1,
        (423, [b'1', b'0', b'0', b'1', ..]) => 4,
        (
            506,
            [b'1', b'9', b'0', b'0'..=b'2' | b'4' | b'6' | b'8', ..]
            | [b'1', b'9', b'1', b'0' | b'9', ..]
            | [b'1', b'9', b'2', b'0', ..],
        ) => 4,
        (506, [b'1', b'9', a @ (b'6' | b'7' | b'9'), b, ..]) if a == b => 4,
        (591, [b'0', b'1', ..]) => 3,
        _ => return Vec::new(),
    };
    vec![length]
}

/// Returns the number of digits of the 0 with a Colombian carrier's code after it.
fn colombian_carrier(national: &[u8]) -> Option<usize> {
    match national {
        [b'0', b'3' | b'5' | b'7' | b'9', ..] => Some(2),
        [b'0', b'4', b'1' | b'4', b'4', ..] | [b'0', b'4', b'5', b'6', ..] => Some(4),
        _ => None,
    }
}

/// Returns the number of digits of a Brazilian trunk prefix, with a carrier's code after it and
/// without.
fn brazilian_carrier(national: &[u8]) -> Vec<usize> {
    let prefix = match national {
        [b'0', ..] => 1,
        [b'9', b'0', ..] => 2,
        _ => return Vec::new(),
    };
    let is_carrier = matches!(
        national.get(prefix..prefix + 2),
        Some(
            [b'1', b'2' | b'4' | b'5']
                | [b'2', b'1'..=b'3' | b'5']
                | [b'3', b'1']
                | [b'4', b'1' | b'3']
                | [b'5' | b'6', b'5']
                | [b'9', b'9']
        )
    );
    let with_carrier =
        (is_carrier && matches!(national.len() - prefix - 2, 10 | 11)).then_some(prefix + 2);
    with_carrier
        .into_iter()
        .chain(std::iter::once(prefix))
        .collect()
}
