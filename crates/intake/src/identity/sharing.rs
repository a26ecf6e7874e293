//! The search for the records of a file that share a key with another one. Most records share none,
//! and nothing more is needed about them.

use super::keys::{KeyMark, Keys};

/// A record number that stands for a record outside the file.
const WATCHED: u32 = u32::MAX;

/// The keys of the records read so far, in the file's order.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    entries: Vec<Entry>,
    /// The number of the last record.
    records: u32,
}

impl Sharing {
    /// Reserves room for this many records.
    pub(crate) fn reserve(&mut self, records: usize) {
        let each = self.entries.len().div_ceil((self.records as usize).max(1));
        self.entries.reserve(records.saturating_mul(each));
    }

    /// Adds the keys of a record.
    pub(crate) fn add(&mut self, keys: &Keys, record: u32) {
        self.records = record;
        for key in keys.all() {
            self.entries.push(Entry::new(key, record));
        }
    }

    /// Adds keys that make every record concerned that has one of them, even a single record.
    pub(crate) fn watch(&mut self, keys: impl Iterator<Item = KeyMark>) {
        self.entries
            .extend(keys.map(|key| Entry::new(key, WATCHED)));
    }

    /// Returns the set of records that share a key with another one. `records` is the number of
    /// records in the file.
    pub(crate) fn concerned(self, records: u32) -> Records {
        let mut concerned = Records::with_room_for(records);
        self.find(&mut |one, other| {
            concerned.insert(one);
            concerned.insert(other);
        });
        concerned
    }

    /// Calls `found` for each record that shares a key, with that record and the first one that has
    /// the key. The entries are sorted into parts by their keys and looked up part by part, because
    /// one large table would need a distant memory access for every record.
    fn find(self, found: &mut impl FnMut(u32, u32)) {
        if self.entries.is_empty() {
            return;
        }
        let bits = self
            .entries
            .len()
            .div_ceil(PART)
            .next_power_of_two()
            .ilog2()
            .min(16);
        let part = |entry: &Entry| (u64::from(entry.key[0]) << bits >> 32) as usize;
        let mut starts = vec![0_usize; (1 << bits) + 1];
        for entry in &self.entries {
            starts[part(entry) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut sorted = vec![Entry::default(); self.entries.len()];
        let mut next = starts.clone();
        for entry in &self.entries {
            let place = &mut next[part(entry)];
            sorted[*place] = *entry;
            *place += 1;
        }
        drop(self);
        let mut table = Vec::new();
        for ends in starts.windows(2) {
            look_up(&sorted[ends[0]..ends[1]], &mut table, found);
        }
    }
}

/// A set of records of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records(Vec<u64>);

impl Records {
    fn with_room_for(records: u32) -> Self {
        Self(vec![0; records as usize / 64 + 1])
    }

    fn insert(&mut self, record: u32) {
        if let Some(word) = self.0.get_mut(record as usize / 64) {
            *word |= 1 << (record % 64);
        }
    }

    pub(crate) fn contains(&self, record: u32) -> bool {
        self.0
            .get(record as usize / 64)
            .is_some_and(|word| word & 1 << (record % 64) != 0)
    }

    /// Returns true when one of the records from `first` to `last` is in the set.
    pub(crate) fn has_between(&self, first: u32, last: u32) -> bool {
        (first..=last).any(|record| self.contains(record))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// One key of one record, in twelve bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: [u32; 2],
    record: u32,
}

impl Entry {
    /// Makes an entry. Different keys stay different: their bits are only mixed, because phones of
    /// one area resemble each other.
    fn new(key: KeyMark, record: u32) -> Self {
        let mixed = key.number().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = mixed ^ (mixed >> 32);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
        let key = [(mixed >> 32) as u32, mixed as u32];
        Self { key, record }
    }
}

/// The number of entries of a part: a table of twice as many fits into the processor's nearest
/// cache.
const PART: usize = 1024;

/// Finds the first record of each key of a part, by open addressing in a table that is cleared
/// first.
fn look_up(part: &[Entry], table: &mut Vec<Entry>, found: &mut impl FnMut(u32, u32)) {
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
                if seen.record != entry.record {
                    found(entry.record, seen.record);
                }
                break;
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alta_domain::KeyKind;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        /// The records that share keys are the same as those that one large table of all keys
        /// finds.
        #[test]
        fn parts_find_what_one_table_finds(
            records in proptest::collection::vec((0_u64..40, 0_u64..40), 0..3000),
            spread in 1_u64..1_000_000_007,
        ) {
            let mut sharing = Sharing::default();
            let mut holders: HashMap<(bool, u64), Vec<u32>> = HashMap::new();
            for ((phone, cpf), record) in records.iter().zip(1_u32..) {
                let mut keys = Keys::default();
                for (kind, is_phone, key) in
                    [(KeyKind::Phone, true, *phone), (KeyKind::Cpf, false, *cpf)]
                {
                    if key > 3 {
                        keys.add(kind, KeyMark::digits(kind, key * spread));
                        holders.entry((is_phone, key)).or_default().push(record);
                    }
                }
                sharing.add(&keys, record);
            }
            let count = u32::try_from(records.len()).unwrap();
            let concerned = sharing.concerned(count);
            for record in 1..=count {
                let shares = holders
                    .values()
                    .any(|of| of.len() > 1 && of.contains(&record));
                prop_assert_eq!(concerned.contains(record), shares, "record {}", record);
            }
        }
    }
}
