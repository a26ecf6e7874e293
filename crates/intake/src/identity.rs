//! Who is the same person: the same mobile phone, else the same e-mail, else the same tax id.

use std::collections::HashMap;
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
    /// Takes a record in; answers with the first record of the same person, if there was one, and the key they share.
    pub(crate) fn admit(&mut self, keys: &Keys, record: u32) -> Option<(u32, SharedKey)> {
        let known = |map: &HashMap<u64, u32, foldhash::fast::RandomState>, key: Option<u64>| key.and_then(|key| map.get(&key).copied());
        let found = known(&self.phones, keys.phone)
            .map(|first| (first, SharedKey::Phone))
            .or_else(|| known(&self.emails, keys.email).map(|first| (first, SharedKey::Email)))
            .or_else(|| known(&self.tax_ids, keys.tax_id).map(|first| (first, SharedKey::TaxId)));
        let person = found.map_or(record, |(first, _)| first);
        for (map, key) in [(&mut self.phones, keys.phone), (&mut self.emails, keys.email), (&mut self.tax_ids, keys.tax_id)] {
            if let Some(key) = key {
                map.entry(key).or_insert(person);
            }
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
