//! Who is the same person: the same mobile phone, else the same e-mail, else the same tax id.

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

/// Which key two records share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedKey {
    Phone,
    Email,
    TaxId,
}

/// The keys of the records seen so far; who is the same person is found out at the end, by 64-bit
/// keys: 2 in a billion that two of a million differ and are taken for one.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    phones: Keyed,
    emails: Keyed,
    tax_ids: Keyed,
}

impl Identities {
    /// Makes room for so many people, in the keys that have been seen at all.
    pub(crate) fn reserve(&mut self, people: usize) {
        for keyed in [&mut self.phones, &mut self.emails, &mut self.tax_ids]
            .into_iter()
            .filter(|keyed| !keyed.0.is_empty())
        {
            keyed.0.reserve(people);
        }
    }

    /// Takes a record in; they come in the file's order.
    pub(crate) fn admit(&mut self, keys: &Keys, record: u32) {
        for (keyed, key) in [
            (&mut self.phones, keys.phone),
            (&mut self.emails, keys.email),
            (&mut self.tax_ids, keys.tax_id),
        ] {
            if let Some(key) = key {
                keyed.0.push(Entry::new(key, record));
            }
        }
    }

    /// The records that are the same person as an earlier one, which, and the key they share; of
    /// `records` in all. A record that points at two people goes to the one of its phone, and
    /// lends its other keys to that person.
    pub(crate) fn merged(self, records: u32) -> Vec<(u32, u32, SharedKey)> {
        let firsts = [
            (self.phones, SharedKey::Phone),
            (self.emails, SharedKey::Email),
            (self.tax_ids, SharedKey::TaxId),
        ];
        let firsts = firsts.map(|(keyed, key)| (keyed.firsts(records), key));
        let mut persons: Vec<u32> = (0..=records).collect();
        let mut merged = Vec::new();
        for record in 1..=records {
            let earlier = firsts.iter().find_map(|(firsts, key)| {
                let first = firsts
                    .get(record as usize)
                    .copied()
                    .filter(|first| *first != 0)?;
                Some((persons[first as usize], *key))
            });
            if let Some((person, key)) = earlier {
                persons[record as usize] = person;
                merged.push((record, person, key));
            }
        }
        merged
    }
}

/// One key of one record, in twelve bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: [u32; 2],
    record: u32,
}

impl Entry {
    /// Keys that differ stay so: the bits are only mixed, since phones of one area look much alike.
    fn new(key: u64, record: u32) -> Self {
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = mixed ^ (mixed >> 32);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
        let key = [(mixed >> 32) as u32, mixed as u32];
        Self { key, record }
    }
}

/// Entries of one part: what fits into a processor's nearest memory twice over.
const PART: usize = 1024;

/// The entries of one kind of key, in the file's order.
#[derive(Debug, Default)]
struct Keyed(Vec<Entry>);

impl Keyed {
    /// For each record the first one with its key, or 0 when that is itself; empty when no record
    /// has a key. The entries are sorted into parts by their keys and looked up part by part:
    /// one table of all would be asked at a far place for every record.
    fn firsts(self, records: u32) -> Vec<u32> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let bits = self
            .0
            .len()
            .div_ceil(PART)
            .next_power_of_two()
            .ilog2()
            .min(16);
        let part = |entry: &Entry| (u64::from(entry.key[0]) << bits >> 32) as usize;
        let mut starts = vec![0_usize; (1 << bits) + 1];
        for entry in &self.0 {
            starts[part(entry) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut sorted = vec![Entry::default(); self.0.len()];
        let mut next = starts.clone();
        for entry in &self.0 {
            let place = &mut next[part(entry)];
            sorted[*place] = *entry;
            *place += 1;
        }
        drop(self);
        let mut firsts = vec![0; records as usize + 1];
        let mut table = Vec::new();
        for ends in starts.windows(2) {
            look_up(&sorted[ends[0]..ends[1]], &mut table, &mut firsts);
        }
        firsts
    }
}

/// Finds the first record of each key of a part, by open addressing in a table that is empty before
/// and after.
fn look_up(part: &[Entry], table: &mut Vec<Entry>, firsts: &mut [u32]) {
    table.clear();
    table.resize((part.len() * 2).next_power_of_two(), Entry::default());
    let mask = table.len() - 1;
    for entry in part {
        let mut at = entry.key[1] as usize & mask;
        loop {
            let seen = &mut table[at];
            if seen.record == 0 {
                *seen = *entry;
                break;
            }
            if seen.key == entry.key {
                firsts[entry.record as usize] = seen.record;
                break;
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn keys(phone: u64, email: &str) -> Keys {
        let some = |key: u64| (key != 0).then_some(key);
        Keys {
            phone: some(phone),
            email: (!email.is_empty()).then(|| Keys::of_text(email)),
            tax_id: None,
        }
    }

    fn merged(records: &[Keys]) -> Vec<(u32, u32, SharedKey)> {
        let mut seen = Identities::default();
        for (keys, record) in records.iter().zip(1..) {
            seen.admit(keys, record);
        }
        seen.merged(u32::try_from(records.len()).unwrap())
    }

    #[test]
    fn the_phone_is_asked_before_the_email() {
        let found = merged(&[keys(1, "a"), keys(2, "b"), keys(1, "b"), keys(0, "b")]);
        assert_eq!(found, [(3, 1, SharedKey::Phone), (4, 2, SharedKey::Email)]);
    }

    #[test]
    fn a_record_that_merged_lends_its_other_keys_to_the_first() {
        let found = merged(&[keys(1, "a"), keys(1, "c"), keys(0, "c")]);
        assert_eq!(found, [(2, 1, SharedKey::Phone), (3, 1, SharedKey::Email)]);
    }

    proptest! {
        /// One table of all, asked record by record.
        #[test]
        fn parts_find_what_one_table_finds(records in proptest::collection::vec((0_u64..40,
                    0_u64..40), 0..3000), spread in 1_u64..1_000_000_007) {
            let of = |(phone, email): &(u64, u64)| {
                let some = |key: u64| (key > 3).then_some(key * spread);
                Keys { phone: some(*phone), email: some(*email), tax_id: None }
            };
            let records: Vec<Keys> = records.iter().map(of).collect();
            let (mut phones, mut emails) = (HashMap::new(), HashMap::new());
            let mut expected = Vec::new();
            for (keys, record) in records.iter().zip(1_u32..) {
                let by_phone = keys.phone.and_then(|key| phones.get(&key)).map(|person| (*person,
                        SharedKey::Phone));
                let found = by_phone.or_else(|| Some((*emails.get(&keys.email?)?,
                            SharedKey::Email)));
                let person = found.map_or(record, |(person, _)| person);
                keys.phone.map(|key| phones.entry(key).or_insert(person));
                keys.email.map(|key| emails.entry(key).or_insert(person));
                expected.extend(found.map(|(person, key)| (record, person, key)));
            }
            prop_assert_eq!(merged(&records), expected);
        }
    }
}
