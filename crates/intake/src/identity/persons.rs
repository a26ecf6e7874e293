//! The persons of a file, found from the records that share keys, in the file's order.

use std::collections::{HashMap, HashSet};

use alta_domain::KeyKind;

use super::agree::{Shared, Traits, agree};
use super::keys::KeyMark;
use super::names::Name;

/// A key of a record, with the column that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileKey {
    pub(crate) kind: KeyKind,
    pub(crate) mark: KeyMark,
    /// The index of the column, counted from 0.
    pub(crate) column: u32,
}

/// A record under identification, with the data that identify its person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// The number of the record, counted from 1.
    pub(crate) record: u32,
    /// The phones, e-mails and CPF of the record, in the order in which they are looked up.
    pub(crate) keys: Vec<FileKey>,
    pub(crate) name: Name,
    pub(crate) cpf: Option<u64>,
    pub(crate) landline: Option<u64>,
}

/// The reason why a key of a record does not belong to the record's person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Another person has the key, and the record does not agree with that person.
    Shared,
    /// Another person has the key. The record agrees with that person too, but an earlier key has
    /// made it a record of somebody else.
    OfAnother,
    /// The key belongs to nobody.
    Nobodys,
}

/// The identification of a record: first or later record of a person, or nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The first record of a person.
    First,
    /// A later record of a person: the number of the person's first record, and the key by which
    /// the person was found; `None` when landline and name identified the person.
    Later(u32, Option<FileKey>),
    /// A record that identifies nobody, because it has no key left.
    Nobody,
}

/// The verdict on a record: its person and its keys.
#[derive(Clone, Debug)]
pub(crate) struct Identified {
    pub(crate) record: u32,
    pub(crate) who: Who,
    /// The keys that do not belong to the record's person, each with the reason.
    pub(crate) left: Vec<(FileKey, Left)>,
}

/// The keys that are decided for the whole file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    /// Keys that belong to nobody.
    pub(crate) nobodys: HashSet<KeyMark>,
    /// The keys whose records a remedy makes one person, each with the number of its group. Two of
    /// these keys that stand in the same record are in the same group.
    one_person: HashMap<KeyMark, usize>,
}

/// A person of the file.
#[derive(Debug, Default)]
struct Person {
    first: u32,
    name: Name,
    cpf: Option<u64>,
    has_phone: bool,
    has_email: bool,
}

impl Person {
    fn traits(&self) -> Traits<'_> {
        Traits {
            name: &self.name,
            cpf: self.cpf,
            has_phone: self.has_phone,
            has_email: self.has_email,
        }
    }

    /// Adds a record to the person: the kinds of the keys that the person gets from it (`held`),
    /// and its name and CPF where the person has none.
    fn join(&mut self, candidate: &Candidate, held: &[FileKey]) {
        if self.name.is_missing() {
            self.name.clone_from(&candidate.name);
        }
        for key in held {
            match key.kind {
                KeyKind::Phone => self.has_phone = true,
                KeyKind::Email => self.has_email = true,
                KeyKind::Cpf => self.cpf = self.cpf.or(candidate.cpf),
                KeyKind::Landline => {}
            }
        }
    }
}

/// A reading of the file's records in their order.
#[derive(Debug, Default)]
struct Reading<'a> {
    decided: Option<&'a Decided>,
    persons: Vec<Person>,
    owners: HashMap<KeyMark, usize, foldhash::fast::RandomState>,
    /// People known only by landline and name.
    households: HashMap<(u64, String), usize>,
    /// The person of each group of keys whose records are all one person.
    groups: HashMap<usize, usize>,
    /// True for the first reading, which finds the keys that belong to nobody. It counts a record
    /// that has no usable key left as a person of its own.
    is_first: bool,
    /// True when the first reading has met a record that has no usable key left.
    has_unusable: bool,
}

/// Decides the person of each record. A first reading finds the keys that belong to nobody: those
/// that would be left out of records of two or more people. `one_person` says whether a remedy
/// makes all records with a shared key one person; it gets the key, and the index of a record that
/// has it. The keys of `nobodys_before` belong to nobody from the beginning.
pub(crate) fn persons(
    candidates: &[Candidate],
    nobodys_before: HashSet<KeyMark>,
    one_person: impl Fn(usize, &FileKey) -> bool,
) -> (Vec<Identified>, Decided) {
    let mut decided = Decided {
        nobodys: nobodys_before,
        ..Decided::default()
    };
    let mut first = Reading {
        decided: Some(&decided),
        is_first: true,
        ..Reading::default()
    };
    let mut verdicts = first.identify_all(candidates);
    let has_unusable = first.has_unusable;
    let found = nobodys(&verdicts);
    if has_unusable || !found.is_empty() {
        decided.nobodys.extend(&found);
        verdicts = read(candidates, &decided);
    }
    let is_reported = |key: &FileKey, left: Left| match left {
        Left::Shared => true,
        Left::Nobodys => found.contains(&key.mark),
        Left::OfAnother => false,
    };
    let lost = verdicts.iter().enumerate().flat_map(|(at, verdict)| {
        let left = verdict.left.iter();
        left.map(move |(key, left)| (at, key, *left))
    });
    let one: HashSet<KeyMark> = lost
        .filter(|(at, key, left)| is_reported(key, *left) && one_person(*at, key))
        .map(|(_, key, _)| key.mark)
        .collect();
    if !one.is_empty() {
        decided.one_person = groups(candidates, &one);
        decided
            .nobodys
            .retain(|key| !(found.contains(key) && one.contains(key)));
        verdicts = read(candidates, &decided);
    }
    (verdicts, decided)
}

/// Puts keys into groups: two keys of one record are in the same group.
fn groups(candidates: &[Candidate], keys: &HashSet<KeyMark>) -> HashMap<KeyMark, usize> {
    let numbers: HashMap<KeyMark, usize> = keys.iter().copied().zip(0..).collect();
    let mut parents: Vec<usize> = (0..numbers.len()).collect();
    let root = |parents: &mut Vec<usize>, mut at: usize| {
        while parents[at] != at {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        at
    };
    for candidate in candidates {
        let mut own = candidate
            .keys
            .iter()
            .filter_map(|key| numbers.get(&key.mark));
        let Some(first) = own.next() else { continue };
        for other in own {
            let (one, other) = (root(&mut parents, *first), root(&mut parents, *other));
            parents[other] = one;
        }
    }
    let group = |(mark, at)| (mark, root(&mut parents, at));
    numbers.into_iter().map(group).collect()
}

fn read(candidates: &[Candidate], decided: &Decided) -> Vec<Identified> {
    let mut reading = Reading {
        decided: Some(decided),
        ..Reading::default()
    };
    reading.identify_all(candidates)
}

/// Returns the keys that two or more people would lose.
fn nobodys(verdicts: &[Identified]) -> HashSet<KeyMark> {
    let mut losers: HashMap<KeyMark, u32> = HashMap::new();
    let mut nobodys = HashSet::new();
    for verdict in verdicts {
        let person = match verdict.who {
            Who::Later(first, Some(_)) => first,
            Who::Later(_, None) | Who::First | Who::Nobody => verdict.record,
        };
        for (key, left) in &verdict.left {
            if *left == Left::Shared && *losers.entry(key.mark).or_insert(person) != person {
                nobodys.insert(key.mark);
            }
        }
    }
    nobodys
}

impl Reading<'_> {
    fn identify_all(&mut self, candidates: &[Candidate]) -> Vec<Identified> {
        let identify = |candidate| self.identify(candidate);
        candidates.iter().map(identify).collect()
    }

    fn identify(&mut self, candidate: &Candidate) -> Identified {
        let is_nobodys = |key: &FileKey| {
            self.decided
                .is_some_and(|decided| decided.nobodys.contains(&key.mark))
        };
        let (nobodys, keys): (Vec<FileKey>, Vec<FileKey>) =
            candidate.keys.iter().copied().partition(is_nobodys);
        let mut left: Vec<(FileKey, Left)> =
            nobodys.iter().map(|key| (*key, Left::Nobodys)).collect();
        let agreeing = self.agreeing(candidate, &keys);
        let group = keys.iter().find_map(|key| Some((self.group(key)?, *key)));
        let of_group = group.and_then(|(group, key)| Some((*self.groups.get(&group)?, key)));
        let found = of_group.or_else(|| self.found(&keys, &agreeing));
        let mut held = Vec::with_capacity(keys.len());
        for key in keys {
            match self.owners.get(&key.mark).copied() {
                None => held.push(key),
                Some(owner) if found.is_some_and(|(person, _)| person == owner) => {}
                Some(owner) if agreeing.contains(&owner) => left.push((key, Left::OfAnother)),
                Some(_) => left.push((key, Left::Shared)),
            }
        }
        let who = match found {
            Some((person, key)) => self.join(person, candidate, &held, Some(key)),
            None => self.found_person(candidate, &held),
        };
        if let (Some((group, _)), Who::First | Who::Later(..)) = (group, &who) {
            let person = found.map_or(self.persons.len() - 1, |(person, _)| person);
            self.groups.entry(group).or_insert(person);
        }
        Identified {
            record: candidate.record,
            who,
            left,
        }
    }

    /// Returns the people with whom a record shares a key and agrees.
    fn agreeing(&self, candidate: &Candidate, keys: &[FileKey]) -> Vec<usize> {
        let has = |kind| keys.iter().any(|key| key.kind == kind);
        let traits = Traits {
            name: &candidate.name,
            cpf: candidate.cpf,
            has_phone: has(KeyKind::Phone),
            has_email: has(KeyKind::Email),
        };
        let mut owners: Vec<usize> = keys
            .iter()
            .filter_map(|key| self.owners.get(&key.mark).copied())
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners.retain(|owner| {
            let mut shared = Shared::default();
            for key in keys {
                if self.owners.get(&key.mark) == Some(owner) {
                    shared.phone |= key.kind == KeyKind::Phone;
                    shared.email |= key.kind == KeyKind::Email;
                }
            }
            agree(&traits, &self.persons[*owner].traits(), shared)
        });
        owners
    }

    /// Returns the group of a key whose records are all one person.
    fn group(&self, key: &FileKey) -> Option<usize> {
        self.decided?.one_person.get(&key.mark).copied()
    }

    /// Returns the first person, in the order of the keys, that agrees with the record, with the
    /// key by which the person was found.
    fn found(&self, keys: &[FileKey], agreeing: &[usize]) -> Option<(usize, FileKey)> {
        let owner = |key: &FileKey| {
            let owner = self.owners.get(&key.mark)?;
            agreeing.contains(owner).then_some((*owner, *key))
        };
        keys.iter().find_map(owner)
    }

    /// Adds a record to a person.
    fn join(
        &mut self,
        person: usize,
        candidate: &Candidate,
        held: &[FileKey],
        by: Option<FileKey>,
    ) -> Who {
        self.persons[person].join(candidate, held);
        for key in held {
            self.owners.insert(key.mark, person);
        }
        Who::Later(self.persons[person].first, by)
    }

    /// Identifies a record that agrees with no person so far: as a new person by its remaining
    /// keys, as a person by landline and name, or as nobody. A CPF alone does not make a new
    /// person.
    fn found_person(&mut self, candidate: &Candidate, held: &[FileKey]) -> Who {
        let is_known = held.iter().any(|key| key.kind != KeyKind::Cpf);
        if !is_known && candidate.landline.is_none() {
            let had_key = candidate.keys.iter().any(|key| key.kind != KeyKind::Cpf);
            if !self.is_first || !had_key {
                return Who::Nobody;
            }
            self.has_unusable = true;
        }
        let person = self.persons.len();
        if let (true, Some(landline)) = (held.is_empty(), candidate.landline) {
            let household = (landline, candidate.name.text());
            if let Some(known) = self.households.get(&household) {
                return Who::Later(self.persons[*known].first, None);
            }
            self.households.insert(household, person);
        }
        self.persons.push(Person {
            first: candidate.record,
            ..Person::default()
        });
        self.join(person, candidate, held, None);
        Who::First
    }
}

#[cfg(test)]
mod tests;
