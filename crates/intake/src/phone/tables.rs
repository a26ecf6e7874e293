//! The compiled metadata: `data/phones.bin`, which `cargo xtask phones` writes from
//! libphonenumber's patterns.
//!
//! Layout, in little-endian order: the number of regions (u16); for each region its ISO code (2
//! bytes, `00` for a network without country), calling code (u16), 1 when it is the main region of
//! its calling code (u8), trunk prefix (u8 length, digits), root node (u16); the number of nodes
//! (u16); for each node its kinds (u8) and ten children (u16).

use std::sync::LazyLock;

use alta_domain::Country;

use super::number::PhoneKind;

static DATA: &[u8] = include_bytes!("../../data/phones.bin");
static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::read(DATA).unwrap_or_default());

const NODE_BYTES: usize = 21;

/// The kinds of number that a digit string can be, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    const MOBILE: u8 = 1;
    const FIXED: u8 = 2;

    pub(super) fn is_one(self) -> bool {
        self.0.is_power_of_two()
    }

    pub(super) fn phone_kind(self) -> PhoneKind {
        if self.0 & Self::MOBILE != 0 {
            PhoneKind::Mobile
        } else if self.0 & Self::FIXED != 0 {
            PhoneKind::Landline
        } else {
            PhoneKind::Other
        }
    }
}

/// The numbering plan of one country or network.
pub(super) struct Region {
    iso: [u8; 2],
    pub(super) code: u16,
    main: bool,
    pub(super) prefix: &'static [u8],
    root: u16,
}

impl Region {
    /// Returns the country; `None` for a network without one.
    pub(super) fn country(&self) -> Option<Country> {
        Country::parse(std::str::from_utf8(&self.iso).ok()?)
    }

    /// Returns the digits after the region's calling code; `None` when they do not begin with it.
    pub(super) fn without_code<'a>(&self, digits: &'a [u8]) -> Option<&'a [u8]> {
        let length = match self.code {
            0..10 => 1,
            10..100 => 2,
            _ => 3,
        };
        let (code, rest) = digits.split_at_checked(length)?;
        let code = code
            .iter()
            .fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        (code == self.code).then_some(rest)
    }

    /// Returns the other regions that share the calling code.
    pub(super) fn siblings(&'static self) -> impl Iterator<Item = &'static Self> {
        of_code(usize::from(self.code))
            .unwrap_or_default()
            .iter()
            .filter(|other| other.iso != self.iso)
    }

    /// Returns the kinds of a national number (ASCII digits); `None` when it is not valid.
    pub(super) fn kinds(&self, digits: &[u8]) -> Option<Kinds> {
        let nodes = TABLES.nodes;
        let mut node = usize::from(self.root);
        for digit in digits {
            let at = node * NODE_BYTES + 1 + 2 * usize::from(digit.wrapping_sub(b'0'));
            let child = nodes.get(at..at + 2)?;
            node = usize::from(u16::from_le_bytes([child[0], child[1]]));
            if node == 0 {
                return None;
            }
        }
        nodes
            .get(node * NODE_BYTES)
            .copied()
            .filter(|kinds| *kinds != 0)
            .map(Kinds)
    }

    /// Returns the calling code and the national number as one number.
    pub(super) fn with_code(&self, digits: &[u8]) -> u64 {
        digits.iter().fold(u64::from(self.code), |number, digit| {
            number * 10 + u64::from(digit - b'0')
        })
    }
}

#[derive(Default)]
struct Tables {
    /// The regions, in the order of their calling codes, the main one of each code first.
    regions: Vec<Region>,
    nodes: &'static [u8],
    /// The index of each country's region. A country is at 26 times its first letter plus its
    /// second.
    by_iso: Vec<Option<u16>>,
    /// The regions of each calling code, as a range from and to.
    by_code: Vec<(u16, u16)>,
}

impl Tables {
    fn read(data: &'static [u8]) -> Option<Self> {
        let mut rest = data;
        let mut take = |count: usize| -> Option<&'static [u8]> {
            let (taken, left) = rest.split_at_checked(count)?;
            rest = left;
            Some(taken)
        };
        let number = |bytes: &[u8]| Some(u16::from_le_bytes(bytes.try_into().ok()?));
        let count = number(take(2)?)?;
        let mut regions = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let iso = take(2)?.try_into().ok()?;
            let code = number(take(2)?)?;
            let main = take(1)? == [1];
            let length = usize::from(*take(1)?.first()?);
            let prefix = take(length)?;
            let root = number(take(2)?)?;
            regions.push(Region {
                iso,
                code,
                main,
                prefix,
                root,
            });
        }
        let nodes = usize::from(number(take(2)?)?);
        let nodes = take(nodes * NODE_BYTES)?;
        regions.sort_by_key(|region| (region.code, !region.main));
        let mut by_iso = vec![None; 26 * 26];
        for (at, region) in (0..).zip(&regions) {
            if let Some(slot) = place(region.iso).and_then(|place| by_iso.get_mut(place)) {
                *slot = Some(at);
            }
        }
        let bound = |code: usize| {
            u16::try_from(
                regions.partition_point(|region: &Region| usize::from(region.code) < code),
            )
            .ok()
        };
        let by_code = (0..1000)
            .map(|code| bound(code).zip(bound(code + 1)))
            .collect::<Option<_>>()?;
        Some(Self {
            regions,
            nodes,
            by_iso,
            by_code,
        })
    }
}

/// Returns the numbering plan of a country; `None` when it is not known.
pub(super) fn region(country: Country) -> Option<&'static Region> {
    let at = TABLES.by_iso.get(place(country.letters())?).copied()??;
    TABLES.regions.get(usize::from(at))
}

/// Returns the index of a pair of letters among all pairs.
fn place(letters: [u8; 2]) -> Option<usize> {
    let number = |letter: u8| Some(usize::from(letter.checked_sub(b'A')?));
    Some(number(letters[0])? * 26 + number(letters[1])?)
}

/// Splits off the calling code. Returns the regions that share it, and the rest of the digits.
pub(super) fn by_calling_code(digits: &[u8]) -> Option<(&'static [Region], &[u8])> {
    let mut code = 0;
    for (index, digit) in digits.iter().take(3).enumerate() {
        code = code * 10 + usize::from(digit - b'0');
        if code == 0 {
            return None;
        }
        if let Some(regions) = of_code(code) {
            return Some((regions, &digits[index + 1..]));
        }
    }
    None
}

/// Returns the regions that share a calling code.
fn of_code(code: usize) -> Option<&'static [Region]> {
    let (from, to) = TABLES.by_code.get(code).copied()?;
    TABLES
        .regions
        .get(usize::from(from)..usize::from(to))
        .filter(|regions| !regions.is_empty())
}
