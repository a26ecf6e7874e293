//! Keys as numbers, because the texts of a whole file would not fit into memory.

use std::hash::BuildHasher;

use alta_domain::KeyKind;
use foldhash::fast::FixedState;

/// A key in 64 bits: the digits of a phone, a CPF or a landline, or the hash of an e-mail address.
/// Among a million different addresses, two have the same mark in 2 of a billion files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyMark(u64);

/// The bits that separate the numbers of one kind from those of another.
const TAG: u64 = 0b11 << 62;

impl KeyMark {
    /// Returns the mark of a key from its stored value.
    #[must_use]
    pub fn of(kind: KeyKind, value: &str) -> Self {
        match kind {
            KeyKind::Email => Self::email(value),
            _ => Self::digits(kind, value.parse().unwrap_or(0)),
        }
    }

    /// Returns the mark of a key that consists of digits.
    pub(crate) fn digits(kind: KeyKind, digits: u64) -> Self {
        let tag = match kind {
            KeyKind::Phone => 0,
            KeyKind::Email => 1,
            KeyKind::Cpf => 2,
            KeyKind::Landline => 3,
        };
        Self(digits & !TAG | tag << 62)
    }

    /// Returns the mark of an e-mail address.
    pub(crate) fn email(address: &str) -> Self {
        let hash = FixedState::with_seed(0x0041_6c74_6100).hash_one(address);
        Self::digits(KeyKind::Email, hash)
    }

    /// Returns the stored value of a key that consists of digits.
    pub(crate) fn stored(self, kind: KeyKind) -> String {
        let digits = self.0 & !TAG;
        match kind {
            KeyKind::Cpf => format!("{digits:011}"),
            _ => digits.to_string(),
        }
    }

    /// Returns the mark as a number.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

/// The keys of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The first key of each kind, in the order of the kinds.
    first: [Option<KeyMark>; 4],
    /// Further keys of any kind.
    more: Vec<KeyMark>,
}

impl Keys {
    /// Adds a key.
    pub(crate) fn add(&mut self, kind: KeyKind, mark: KeyMark) {
        let place = &mut self.first[kind as usize];
        if place.is_none() {
            *place = Some(mark);
        } else if *place != Some(mark) && !self.more.contains(&mark) {
            self.more.push(mark);
        }
    }

    /// Removes the first key of a kind.
    pub(crate) fn remove(&mut self, kind: KeyKind) {
        self.first[kind as usize] = None;
    }

    /// Returns the first key of a kind; `None` when there is none.
    pub(crate) fn first(&self, kind: KeyKind) -> Option<KeyMark> {
        self.first[kind as usize]
    }

    /// Returns all keys.
    pub(crate) fn all(&self) -> impl Iterator<Item = KeyMark> {
        self.first.iter().flatten().chain(&self.more).copied()
    }
}
