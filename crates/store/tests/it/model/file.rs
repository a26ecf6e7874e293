//! Decides inside a file which records are one person, which keys are left out, and which are
//! nobody's.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use super::{Code, Plan, Record, Remedy};

/// A key of a record or a contact: 'each of its mobile phones, each of its e-mail addresses, its
/// CPF'.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Phone(String),
    Email(String),
    Cpf(String),
}

/// The identity of a record, a person of a file or a contact.
#[derive(Clone, Debug)]
pub(crate) struct Someone {
    pub(crate) keys: BTreeSet<Key>,
    pub(crate) name: Option<String>,
    pub(crate) cpf: Option<String>,
}

impl Someone {
    fn phones(&self) -> BTreeSet<&Key> {
        let of_kind = |key: &&Key| matches!(key, Key::Phone(_));
        self.keys.iter().filter(of_kind).collect()
    }

    fn emails(&self) -> BTreeSet<&Key> {
        let of_kind = |key: &&Key| matches!(key, Key::Email(_));
        self.keys.iter().filter(of_kind).collect()
    }
}

/// Returns true when two that share a key agree, which means that they are one person.
pub(crate) fn agree(one: &Someone, other: &Someone) -> bool {
    // '1. both have a CPF and these differ'; 'same CPF never comes here: it agrees'.
    if let (Some(one), Some(other)) = (&one.cpf, &other.cpf) {
        return one == other;
    }
    // '2. their names differ, and they share keys of one kind only, and of another kind both have
    // keys and share none.' A CPF they share or have both was dealt with above.
    let phones = (one.phones(), other.phones());
    let emails = (one.emails(), other.emails());
    let share = |pair: &(BTreeSet<&Key>, BTreeSet<&Key>)| !pair.0.is_disjoint(&pair.1);
    let apart = |pair: &(BTreeSet<&Key>, BTreeSet<&Key>)| {
        !pair.0.is_empty() && !pair.1.is_empty() && !share(pair)
    };
    let one_kind_only = (share(&phones) && apart(&emails)) || (share(&emails) && apart(&phones));
    !(one_kind_only && names::differ(one.name.as_deref(), other.name.as_deref()))
}

/// Lists the keys of a record in the order in which they are looked up: 'phones, e-mails, CPF, left
/// to right'.
pub(crate) fn keys(record: &Record) -> Vec<Key> {
    let phones = record.phones.iter().cloned().map(Key::Phone);
    let emails = record.emails.iter().cloned().map(Key::Email);
    let cpf = record.cpf.iter().cloned().map(Key::Cpf);
    phones.chain(emails).chain(cpf).collect()
}

/// A person of the file.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The person's records in file order, by their place in the file.
    pub(crate) records: Vec<usize>,
    /// The person's keys. Empty for a person that is known by landline and name.
    pub(crate) keys: BTreeSet<Key>,
}

/// Returns the name of the first of these records that has one. 'A name without words counts as
/// missing.'
pub(crate) fn name_of<'a>(mut records: impl Iterator<Item = &'a Record>) -> Option<String> {
    records.find_map(|record| {
        let name = record.name.as_deref()?;
        (!names::words(name).is_empty()).then(|| name.to_owned())
    })
}

/// Returns the first CPF of these records that the person holds.
pub(crate) fn cpf_of<'a>(
    mut records: impl Iterator<Item = &'a Record>,
    held: &BTreeSet<Key>,
) -> Option<String> {
    records.find_map(|record| {
        let cpf = record.cpf.clone()?;
        held.contains(&Key::Cpf(cpf.clone())).then_some(cpf)
    })
}

/// Returns true when these keys are a usable identity: 'a CPF alone is no usable identity'; 'with a
/// valid landline it is known by its CPF'.
pub(crate) fn usable<'a>(keys: impl IntoIterator<Item = &'a Key>, landline: bool) -> bool {
    keys.into_iter()
        .any(|key| landline || !matches!(key, Key::Cpf(_)))
}

/// The result of reading a file.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The persons in the order of their first records.
    pub(crate) persons: Vec<Person>,
    /// The records that belong to no person, with the reasons.
    pub(crate) rejected: Vec<(usize, Code)>,
    /// For each record, the keys that it may give to its contact, without the left-out ones.
    pub(crate) gives: Vec<BTreeSet<Key>>,
    /// The keys that belong to nobody.
    pub(crate) nobody: BTreeSet<Key>,
}

/// Reads a file. `before` are the keys that are nobody's already: 'what the import found to be
/// nobody's stays so in' a correction of its rejects.
pub(crate) fn read(records: &[Record], plan: &Plan, before: &BTreeSet<Key>) -> Reading {
    let alone = vec![None; records.len()];
    // 'Decided once, from a first reading of the whole file with every key in place.'
    let first = Pass::of(records, before, &alone, true);
    let found = first.nobodys();
    let mut nobody = before.clone();
    nobody.extend(found.iter().cloned());
    // 'The file is then read as if that value stood nowhere.'
    let mut pass = Pass::of(records, &nobody, &alone, false);
    let shared: BTreeSet<Key> = pass.left_out.iter().map(|(key, _)| key.clone()).collect();
    let values = found.union(&shared).cloned().collect();
    let joined = groups(records, &values);
    match plan.shared {
        None => {}
        Some(Remedy::First) => pass.leave_with_first(&found),
        Some(Remedy::LeaveOut) => {
            for gives in &mut pass.gives {
                gives.retain(|key| !shared.contains(key));
            }
        }
        Some(Remedy::OnePerson) => {
            pass = Pass::of(records, before, &joined, false);
            nobody.clone_from(before);
        }
    }
    Reading {
        persons: pass.persons,
        rejected: pass.rejected,
        gives: pass.gives,
        nobody,
    }
}

/// Numbers the records that 'they are one person' joins. It 'makes all records that have that value
/// one, whatever else they say'.
fn groups(records: &[Record], values: &BTreeSet<Key>) -> Vec<Option<usize>> {
    let having = |value: &Key| {
        (0..records.len())
            .filter(|&record| keys(&records[record]).contains(value))
            .collect::<Vec<_>>()
    };
    let mut groups: Vec<Option<usize>> = vec![None; records.len()];
    for (number, value) in values.iter().enumerate() {
        let members = having(value);
        let joined: Vec<usize> = members.iter().filter_map(|&at| groups[at]).collect();
        for (at, group) in groups.iter_mut().enumerate() {
            if members.contains(&at) || group.is_some_and(|group| joined.contains(&group)) {
                *group = Some(number);
            }
        }
    }
    groups
}

/// One pass over the records in file order.
struct Pass<'a> {
    records: &'a [Record],
    /// The keys that are ignored.
    without: &'a BTreeSet<Key>,
    /// For each record, the group that a remedy put it into; `None` for no group.
    groups: &'a [Option<usize>],
    /// True for the first pass, from which nobody's keys are decided.
    first: bool,
    persons: Vec<Person>,
    rejected: Vec<(usize, Code)>,
    gives: Vec<BTreeSet<Key>>,
    /// Each shared key that was left out of a record, and the record's person.
    left_out: Vec<(Key, Option<usize>)>,
}

impl<'a> Pass<'a> {
    fn of(
        records: &'a [Record],
        without: &'a BTreeSet<Key>,
        groups: &'a [Option<usize>],
        first: bool,
    ) -> Self {
        let mut pass = Self {
            records,
            without,
            groups,
            first,
            persons: Vec::new(),
            rejected: Vec::new(),
            gives: vec![BTreeSet::new(); records.len()],
            left_out: Vec::new(),
        };
        for at in 0..records.len() {
            pass.take(at);
        }
        pass
    }

    /// Finds the keys 'that would be left out of records of two or more persons of the file'.
    fn nobodys(&self) -> BTreeSet<Key> {
        let mut persons: BTreeMap<&Key, BTreeSet<Option<usize>>> = BTreeMap::new();
        for (key, person) in &self.left_out {
            persons.entry(key).or_default().insert(*person);
        }
        let several = persons.into_iter().filter(|(_, of)| of.len() > 1);
        several.map(|(key, _)| key.clone()).collect()
    }

    /// Takes the next record: merges it into a person, makes it a person, or rejects it.
    fn take(&mut self, at: usize) {
        let record = &self.records[at];
        let landline = record.landline.is_some();
        let as_read = keys(record);
        if as_read.is_empty() || !usable(&as_read, landline) {
            // 'A CPF alone is no usable identity: rejected, `no_identity` when there was nothing
            // else.'
            return self.without_keys(at, Code::NoIdentity);
        }
        let read: Vec<Key> = as_read
            .into_iter()
            .filter(|key| !self.without.contains(key))
            .collect();
        let held: Vec<(Key, Option<usize>)> = read
            .iter()
            .map(|key| (key.clone(), self.holder(key)))
            .collect();
        let judged = self.judge(at, &read);
        let person = self.person_of_group(at).or_else(|| {
            // 'Its keys asked in the order phones, e-mails, CPF, left to right.'
            held.iter()
                .filter_map(|(_, holder)| *holder)
                .find(|holder| judged[holder])
        });
        let mut own = BTreeSet::new();
        let mut shared = Vec::new();
        for (key, holder) in held {
            match holder {
                Some(holder) if Some(holder) != person => {
                    // 'Keys of a record that are another agreeing person's are left out …; they
                    // never make a key nobody's.' The others are shared keys.
                    if !judged[&holder] {
                        shared.push(key);
                    }
                }
                _ => {
                    own.insert(key);
                }
            }
        }
        let person = self.settle(at, person, own);
        let left_out = shared.into_iter().map(|key| (key, person));
        self.left_out.extend(left_out);
    }

    /// Puts a record into its person, or makes it a person, or rejects it. Returns the person.
    fn settle(&mut self, at: usize, person: Option<usize>, own: BTreeSet<Key>) -> Option<usize> {
        if let Some(person) = person {
            // 'Then the person has the keys of both.'
            self.gives[at].clone_from(&own);
            self.persons[person].records.push(at);
            self.persons[person].keys.extend(own);
            return Some(person);
        }
        let landline = self.records[at].landline.is_some();
        // In the first reading 'a record that has no key left counts as a person of its own'.
        if self.first || usable(&own, landline) {
            // 'The record stands by its other keys.'
            self.gives[at].clone_from(&own);
            self.persons.push(Person {
                records: vec![at],
                keys: own,
            });
            return Some(self.persons.len() - 1);
        }
        self.without_keys(at, Code::SharedKey);
        None
    }

    /// Takes a record that no key makes known: 'known by landline and name together, or by the
    /// landline alone when it has no name'; 'two such records alike are one'; else rejected.
    fn without_keys(&mut self, at: usize, code: Code) {
        let record = &self.records[at];
        if record.landline.is_none() {
            self.rejected.push((at, code));
            return;
        }
        let alike = self.persons.iter_mut().find(|person| {
            person.keys.is_empty() && same_landline(&self.records[person.records[0]], record)
        });
        match alike {
            Some(person) => person.records.push(at),
            None => self.persons.push(Person {
                records: vec![at],
                keys: BTreeSet::new(),
            }),
        }
    }

    /// Judges every person that holds one of the record's keys. 'A record is judged by all its keys
    /// as read, after nobody's keys were removed, and a person by the keys it holds.'
    fn judge(&self, at: usize, read: &[Key]) -> BTreeMap<usize, bool> {
        let record = Someone {
            keys: read.iter().cloned().collect(),
            name: name_of([&self.records[at]].into_iter()),
            cpf: self.records[at].cpf.clone(),
        };
        let holders = read.iter().filter_map(|key| self.holder(key));
        holders
            .map(|holder| (holder, agree(&record, &self.someone(holder))))
            .collect()
    }

    /// Returns a person as it is judged: its name and CPF 'are those of its first record that has
    /// one'.
    fn someone(&self, person: usize) -> Someone {
        let Person { records, keys } = &self.persons[person];
        let records = || records.iter().map(|&at| &self.records[at]);
        Someone {
            keys: keys.clone(),
            name: name_of(records()),
            cpf: cpf_of(records(), keys),
        }
    }

    fn holder(&self, key: &Key) -> Option<usize> {
        self.persons
            .iter()
            .position(|person| person.keys.contains(key))
    }

    fn person_of_group(&self, at: usize) -> Option<usize> {
        let group = self.groups[at]?;
        self.persons.iter().position(|person| {
            let mut of = person.records.iter().map(|&record| self.groups[record]);
            of.any(|other| other == Some(group))
        })
    }

    /// Leaves each key that is nobody's with the first record that has it. 'Remedies decide values,
    /// never who is who', so only a person that its other keys make known can have it.
    fn leave_with_first(&mut self, nobody: &BTreeSet<Key>) {
        for key in nobody {
            let keyed = self.persons.iter().filter(|person| !person.keys.is_empty());
            let records = keyed.flat_map(|person| person.records.iter().copied());
            let having = records.filter(|&at| keys(&self.records[at]).contains(key));
            if let Some(first) = having.min() {
                self.gives[first].insert(key.clone());
            }
        }
    }
}

/// Returns true when two records without keys are alike: the same landline, and the same words in
/// their names or no name in both.
fn same_landline(one: &Record, other: &Record) -> bool {
    let words = |record: &Record| names::words(record.name.as_deref().unwrap_or(""));
    one.landline == other.landline && words(one) == words(other)
}
