//! Who is the same person: the same mobile phone, else the same e-mail, else the same tax id.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// What a record is known by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of its mobile phone.
    pub phone: Option<u64>,
    /// Of its e-mail.
    pub email: Option<u64>,
    /// Of its tax id.
    pub tax_id: Option<u64>,
}

impl Keys {
    /// The key of a text.
    #[must_use]
    pub fn of_text(text: &str) -> u64 {
        FixedState::with_seed(0x0041_6c74_6100).hash_one(text)
    }
}

/// The people seen so far, by 64-bit keys: 2 in a billion that two of a million differ and are taken for one.
#[derive(Debug, Default)]
pub struct Identities {
    phones: HashMap<u64, u32, foldhash::fast::RandomState>,
    emails: HashMap<u64, u32, foldhash::fast::RandomState>,
    tax_ids: HashMap<u64, u32, foldhash::fast::RandomState>,
}

/// Which key two records share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedKey {
    Phone,
    Email,
    TaxId,
}

impl Identities {
    /// Makes room for so many people, in the keys that have been seen at all.
    pub(crate) fn reserve(&mut self, people: usize) {
        for map in [&mut self.phones, &mut self.emails, &mut self.tax_ids].into_iter().filter(|map| !map.is_empty()) {
            map.reserve(people);
        }
    }

    /// Takes a record in; answers with the first record of the same person, if there was one, and the key they share.
    pub(crate) fn admit(&mut self, keys: &Keys, record: u32) -> Option<(u32, SharedKey)> {
        let mut found = None;
        let maps = [
            (&mut self.phones, keys.phone, SharedKey::Phone),
            (&mut self.emails, keys.email, SharedKey::Email),
            (&mut self.tax_ids, keys.tax_id, SharedKey::TaxId),
        ];
        let mut new = [const { None }; 3];
        for ((map, key, shared), new) in maps.into_iter().zip(&mut new) {
            match key.map(|key| map.entry(key)) {
                Some(Entry::Occupied(known)) => found = found.or(Some((*known.get(), shared))),
                Some(Entry::Vacant(free)) => *new = Some(free.insert(record)),
                None => {}
            }
        }
        if let Some((person, _)) = found {
            new.into_iter().flatten().for_each(|key| *key = person);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(phone: u64, email: &str) -> Keys {
        let some = |key: u64| (key != 0).then_some(key);
        Keys { phone: some(phone), email: (!email.is_empty()).then(|| Keys::of_text(email)), tax_id: None }
    }

    #[test]
    fn the_phone_is_asked_before_the_email() {
        let mut seen = Identities::default();
        assert_eq!(seen.admit(&keys(1, "a"), 1), None);
        assert_eq!(seen.admit(&keys(2, "b"), 2), None);
        assert_eq!(seen.admit(&keys(1, "b"), 3), Some((1, SharedKey::Phone)));
        assert_eq!(seen.admit(&keys(0, "b"), 4), Some((2, SharedKey::Email)));
    }

    #[test]
    fn a_record_that_merged_lends_its_other_keys_to_the_first() {
        let mut seen = Identities::default();
        seen.admit(&keys(1, "a"), 1);
        seen.admit(&keys(1, "c"), 2);
        assert_eq!(seen.admit(&keys(0, "c"), 3), Some((1, SharedKey::Email)));
    }
}
