//! Compares persons with the base: finding a person's contact, the ledger, corrections and undo.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{self, Key, Reading, Someone};
use super::give::{Giving, Slot};
use super::names;
use super::undo::{By, Life, Undone};
use super::waiting::Waiting;
use super::{Code, Contact, Ledger, Plan, Record, Repeated};

/// An import of the model, with what its corrections need.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    plan: Plan,
    ledger: Ledger,
    rejected: Vec<(usize, Code)>,
    /// The later records of rejected persons, by the place of the reject.
    pub(crate) waiting: Waiting,
    nobody: BTreeSet<Key>,
}

/// The contacts of an organization, and the imports that made them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Base {
    pub(crate) lives: Vec<Life>,
    imports: Vec<Import>,
    pub(crate) undone: Undone,
}

impl Base {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Imports a file. Imports are numbered 1, 2, and so on.
    pub(crate) fn import(&mut self, records: &[Record], plan: &Plan) -> Ledger {
        let number = self.imports.len() + 1;
        let reading = file::read(records, plan, &BTreeSet::new());
        let nobody = reading.nobody.clone();
        let none = Vec::new();
        let turned = Turn::run(self, number, (records, &none), plan, &reading);
        let ledger = turned.ledger;
        let waiting = turned.waits.into_iter().map(|(at, later)| {
            let later = later.into_iter().map(|at| records[at].clone());
            (at, later.collect())
        });
        self.imports.push(Import {
            plan: plan.clone(),
            ledger,
            rejected: turned.rejected,
            waiting: waiting.collect(),
            nobody,
        });
        ledger
    }

    /// Takes corrected rejects of an import, each with the place of its record in the file, counted
    /// from 0. Returns the ledger of the whole import. Records that were no rejects are ignored.
    ///
    /// 'A correction of rejects is a reading of its own, under the import's plan, and is undone
    /// with it; what the import found to be nobody's stays so in it.'
    pub(crate) fn correct(&mut self, number: usize, corrected: &[(usize, Record)]) -> Ledger {
        let mut import = self.imports[number - 1].clone();
        if self.undone.contains(&number) {
            return import.ledger;
        }
        let open = |at: usize| import.rejected.iter().any(|(reject, _)| *reject == at);
        let taken = corrected.iter().filter(|(at, _)| open(*at));
        let (places, records): (Vec<usize>, Vec<Record>) = taken.cloned().unzip();
        let reading = file::read(&records, &import.plan, &import.nobody);
        let waiting = import.take_waiting(&places);
        let turn = (&*records, &*waiting);
        let turned = Turn::run(self, number, turn, &import.plan, &reading);
        import.wait(&places, &records, &waiting, &turned);
        let (added, rejected) = (turned.ledger, turned.rejected);
        import.rejected.retain(|(at, _)| !places.contains(at));
        let again = rejected.into_iter().map(|(at, code)| (places[at], code));
        import.rejected.extend(again);
        import.rejected.sort_unstable();
        let ledger = &mut import.ledger;
        ledger.new += added.new;
        ledger.updated += added.updated;
        ledger.unchanged += added.unchanged;
        ledger.merged += added.merged;
        ledger.rejected = import.rejected.len();
        self.imports[number - 1] = import;
        self.imports[number - 1].ledger
    }

    /// Undoes an import. An import that was undone stays undone.
    pub(crate) fn undo(&mut self, number: usize) {
        if self.undone.contains(&number) {
            return;
        }
        for life in &mut self.lives {
            life.keep_no(number, &self.undone);
        }
        self.undone.insert(number);
    }

    /// Lists the contacts, the oldest first.
    pub(crate) fn contacts(&self) -> Vec<Contact> {
        let standing = self.lives.iter().filter(|life| life.stands(&self.undone));
        standing.map(|life| life.contact(&self.undone)).collect()
    }

    /// Lists the records of an import that are rejected, by their place in the file, from 0.
    pub(crate) fn rejected(&self, number: usize) -> Vec<(usize, Code)> {
        self.imports[number - 1].rejected.clone()
    }

    /// Returns the ledger of an import, its corrections included.
    pub(crate) fn ledger(&self, number: usize) -> Ledger {
        self.imports[number - 1].ledger
    }

    /// Returns the number of the last import.
    pub(crate) fn count(&self) -> usize {
        self.imports.len()
    }

    /// Lists the contacts that exist, with their numbers.
    fn standing(&self) -> impl Iterator<Item = (usize, Contact)> + '_ {
        let all = self.lives.iter().enumerate();
        let standing = all.filter(|(_, life)| life.stands(&self.undone));
        standing.map(|(number, life)| (number, life.contact(&self.undone)))
    }

    /// Finds the contact that has a key: 'in one organization a key belongs to one contact'.
    pub(crate) fn holder(&self, key: &Key) -> Option<usize> {
        self.standing()
            .find(|(_, contact)| keys(contact).contains(key))
            .map(|(number, _)| number)
    }
}

/// Returns the keys of a contact: its phones and addresses, 'further ones are keys like the first',
/// and its CPF: it 'is known by its CPF while that is its tax id'.
pub(crate) fn keys(contact: &Contact) -> BTreeSet<Key> {
    let phones = contact.phones.iter().cloned().map(Key::Phone);
    let emails = contact.emails.iter().cloned().map(Key::Email);
    let cpf = contact.cpf.iter().cloned().map(Key::Cpf);
    phones.chain(emails).chain(cpf).collect()
}

/// The result of looking up a person's contact.
enum Found {
    Contact(usize),
    New,
    Rejected(Code),
}

/// The result of one reading of a file.
pub(crate) struct Turned {
    ledger: Ledger,
    /// The rejected records by their places, with the reasons.
    pub(crate) rejected: Vec<(usize, Code)>,
    /// The places of the later records of rejected persons, after the place of the first record.
    pub(crate) waits: Vec<(usize, Vec<usize>)>,
}

/// One reading of a file, whose persons are applied to the base in file order.
pub(crate) struct Turn<'a> {
    pub(crate) base: &'a mut Base,
    pub(crate) number: usize,
    pub(crate) records: &'a [Record],
    /// For each record, the records that waited with the reject that it corrects; empty for a file.
    pub(crate) waiting: &'a [Vec<Record>],
    pub(crate) plan: &'a Plan,
    pub(crate) reading: &'a Reading,
    /// The contacts of the persons that were looked up and not rejected, by person.
    contacts: BTreeMap<usize, usize>,
    /// The contacts that this reading created.
    fresh: BTreeSet<usize>,
    /// The contacts that this reading created from persons that are known by keys.
    keyed: BTreeSet<usize>,
    /// The fields for which a record of the file has given a value, by contact.
    pub(crate) said: BTreeSet<(usize, Slot)>,
    /// The fields without a value before the reading, into which a record has put a phone or an
    /// address and left the first place to a later record; by contact.
    pub(crate) empty_before: BTreeSet<(usize, Slot)>,
    /// The persons whose contact was changed.
    changed: BTreeSet<usize>,
}

impl<'a> Turn<'a> {
    /// Applies the persons of a file to the base.
    fn run(
        base: &'a mut Base,
        number: usize,
        (records, waiting): (&'a [Record], &'a [Vec<Record>]),
        plan: &'a Plan,
        reading: &'a Reading,
    ) -> Turned {
        let mut turn = Self {
            base,
            number,
            records,
            waiting,
            plan,
            reading,
            contacts: BTreeMap::new(),
            fresh: BTreeSet::new(),
            keyed: BTreeSet::new(),
            said: BTreeSet::new(),
            empty_before: BTreeSet::new(),
            changed: BTreeSet::new(),
        };
        let mut rejected = reading.rejected.clone();
        let (mut new, mut waits) = (BTreeSet::new(), Vec::new());
        for at in 0..records.len() {
            let Some(person) = turn.person_of(at) else {
                continue;
            };
            // 'Who a person is is decided at the place of its first record.'
            if reading.persons[person].records[0] == at {
                match turn.look_up(person) {
                    Found::Contact(contact) => turn.meet(person, contact),
                    Found::New => {
                        turn.make(person);
                        new.insert(person);
                    }
                    // 'A person that is rejected is one reject, its first record.'
                    Found::Rejected(code) => {
                        rejected.push((at, code));
                        waits.push((at, reading.persons[person].records[1..].to_vec()));
                    }
                }
            }
            // 'Its records then give their values in file order.'
            turn.take(at, person);
        }
        rejected.sort_unstable();
        let found = turn.contacts.len() - new.len();
        let updated = turn.changed.difference(&new).count();
        let ledger = Ledger {
            new: new.len(),
            updated,
            unchanged: found - updated,
            merged: records.len() - reading.persons.len() - reading.rejected.len(),
            rejected: rejected.len(),
        };
        Turned {
            ledger,
            rejected,
            waits,
        }
    }

    fn person_of(&self, at: usize) -> Option<usize> {
        let mut persons = self.reading.persons.iter();
        persons.position(|person| person.records.contains(&at))
    }

    fn meet(&mut self, person: usize, contact: usize) {
        self.contacts.insert(person, contact);
        self.base.lives[contact].users.insert(self.number);
    }

    fn make(&mut self, person: usize) {
        let contact = self.base.lives.len();
        self.base.lives.push(Life::default());
        self.fresh.insert(contact);
        if !self.own_keys(person).is_empty() {
            self.keyed.insert(contact);
        }
        self.meet(person, contact);
    }

    /// Returns what gives values to a contact: the reading that created it, or an import that found
    /// it.
    pub(crate) fn by(&self, contact: usize) -> By {
        if self.fresh.contains(&contact) {
            By::Creation
        } else {
            By::Import(self.number)
        }
    }

    /// Finds the contact of a person 'by all its keys among the contacts as they are when its turn
    /// comes in file order'.
    fn look_up(&self, person: usize) -> Found {
        let someone = self.someone(person);
        let holders = someone.keys.iter().filter_map(|key| self.base.holder(key));
        let found: BTreeSet<usize> = holders.collect();
        let agrees = |contact: &usize| file::agree(&someone, &self.contact_as_someone(*contact));
        let agreeing: Vec<usize> = found.into_iter().filter(agrees).collect();
        match agreeing[..] {
            [] => self.without_contact(person),
            [contact] => Found::Contact(contact),
            // 'Agreeing with two or more: a conflict.'
            _ => Found::Rejected(Code::Conflict),
        }
    }

    /// 'None agreed with …: a new contact with its other keys; without any, rejected
    /// (`shared_key`), unless a valid landline makes it known.'
    fn without_contact(&self, person: usize) -> Found {
        let landline = self.own(person, Slot::Landline);
        let own = self.own_keys(person);
        if file::usable(&own, landline.is_some()) {
            return Found::New;
        }
        if landline.is_none() {
            return Found::Rejected(Code::SharedKey);
        }
        // 'Known by landline and name together, or by the landline alone when it has no name; it
        // is never joined with a record that has keys.'
        let words = |name: Option<&str>| names::words(name.unwrap_or(""));
        let name = self.own(person, Slot::Name);
        let mut without_keys = self
            .base
            .standing()
            .filter(|(number, contact)| keys(contact).is_empty() && !self.keyed.contains(number));
        let alike = without_keys.find(|(_, contact)| {
            contact.landline == landline && words(contact.name.as_deref()) == words(name.as_deref())
        });
        alike.map_or(Found::New, |(number, _)| Found::Contact(number))
    }

    /// Returns a person as it is judged against the base. Its name and CPF 'are those of its first
    /// record that has one (under `keep last`, in the look-up against the base, of its last)'.
    fn someone(&self, person: usize) -> Someone {
        let person = &self.reading.persons[person];
        let mut order = person.records.clone();
        if self.plan.repeated == Repeated::Last {
            order.reverse();
        }
        let records = || order.iter().map(|&at| &self.records[at]);
        Someone {
            keys: person.keys.clone(),
            name: file::name_of(records()),
            cpf: file::cpf_of(records(), &person.keys),
        }
    }

    fn contact_as_someone(&self, number: usize) -> Someone {
        let contact = self.base.lives[number].contact(&self.base.undone);
        Someone {
            keys: keys(&contact),
            name: contact.name,
            cpf: contact.cpf,
        }
    }

    /// Returns the keys that a person can give a new contact: keys that no remedy removed, that no
    /// other contact has, and that come from records which give values.
    fn own_keys(&self, person: usize) -> BTreeSet<Key> {
        let person = &self.reading.persons[person];
        let free = |at: &usize| {
            let gives = self.reading.gives[*at].iter();
            gives.filter(|key| person.keys.contains(key) && self.base.holder(key).is_none())
        };
        self.givers(person).iter().flat_map(free).cloned().collect()
    }

    /// Returns the value that a person would give a new contact in a field.
    fn own(&self, person: usize, slot: Slot) -> Option<String> {
        let mut givers = self.givers(&self.reading.persons[person]);
        if self.plan.repeated == Repeated::Last {
            givers.reverse();
        }
        let mut values = givers.iter().flat_map(|&at| self.values(at, slot, None));
        values.next()
    }

    /// Returns the records of a person that give values: '`keep first only` takes nothing from
    /// later records but their no'.
    pub(crate) fn givers(&self, person: &file::Person) -> Vec<usize> {
        match self.plan.repeated {
            Repeated::First => vec![person.records[0]],
            Repeated::Merge | Repeated::Last => person.records.clone(),
        }
    }

    /// Lets a record give its values to its person's contact, and notes when the contact changed.
    fn take(&mut self, at: usize, person: usize) {
        let Some(&contact) = self.contacts.get(&person) else {
            return;
        };
        let shown = |base: &Base| base.lives[contact].contact(&base.undone);
        let before = shown(self.base);
        self.give(&Giving {
            at,
            person: &self.reading.persons[person],
            contact,
        });
        self.give_waiting(at, contact);
        if shown(self.base) != before {
            self.changed.insert(person);
        }
    }
}
