//! The later records of a rejected person: 'its other records are `merged` into it, and deciding it
//! applies all of them'.

use std::collections::{BTreeMap, BTreeSet};

use super::base::{Import, Turn, Turned};
use super::give::{Slot, values_of};
use super::undo::By;
use super::{Policy, Record, Repeated, file};

/// The records that wait, by the place of the reject that they wait with.
pub(crate) type Waiting = BTreeMap<usize, Vec<Record>>;

impl Import {
    /// Removes and returns the records that wait with these rejects.
    pub(crate) fn take_waiting(&mut self, places: &[usize]) -> Vec<Vec<Record>> {
        let take = |place: &usize| self.waiting.remove(place).unwrap_or_default();
        places.iter().map(take).collect()
    }

    /// Lets records wait again when their person was rejected again. With the person's first record
    /// wait its other records of the list, and the records that waited with each of them.
    pub(crate) fn wait(
        &mut self,
        places: &[usize],
        records: &[Record],
        waiting: &[Vec<Record>],
        turned: &Turned,
    ) {
        let later: BTreeMap<usize, Vec<usize>> = turned.waits.iter().cloned().collect();
        for (at, _) in &turned.rejected {
            let mut all = waiting[*at].clone();
            for other in later.get(at).into_iter().flatten() {
                all.push(records[*other].clone());
                all.extend(waiting[*other].iter().cloned());
            }
            if !all.is_empty() {
                self.waiting.insert(places[*at], all);
            }
        }
    }
}

impl Turn<'_> {
    /// Gives the records that waited with the reject that a record corrects, after that record: the
    /// first that has a value for a field gives it, under `keep last` the last that waited.
    pub(crate) fn give_waiting(&mut self, at: usize, contact: usize) {
        let Some(waiting) = self.waiting.get(at) else {
            return;
        };
        let mut waiting: Vec<Record> = waiting.clone();
        if self.plan.repeated == Repeated::Last {
            waiting.reverse();
        }
        for record in waiting {
            self.give_one(&record, contact);
        }
    }

    fn give_one(&mut self, record: &Record, contact: usize) {
        let gives = self.plan.repeated != Repeated::First;
        if gives {
            for slot in Slot::ALL {
                let values = self.free_values(record, slot, contact);
                if !values.is_empty() {
                    self.say(contact, slot, &values);
                }
            }
            let by = self.by(contact);
            if by == By::Creation || self.plan.policy != Policy::Keep {
                for tag in &record.tags {
                    self.base.lives[contact].tags.give(tag, by);
                }
            }
        }
        let yes = gives && (self.plan.whatsapp_for_all || record.whatsapp == Some(true));
        let no = record.whatsapp == Some(false);
        if yes || no {
            let life = &mut self.base.lives[contact];
            life.answer(!no, self.number, &self.base.undone);
        }
    }

    /// Returns the values of a record in a field, without keys that are nobody's or another
    /// contact's.
    fn free_values(&self, record: &Record, slot: Slot, contact: usize) -> Vec<String> {
        let keys: BTreeSet<file::Key> = file::keys(record).into_iter().collect();
        values_of(record, slot, |key| {
            let holder = self.base.holder(key);
            let is_free = holder.is_none() || holder == Some(contact);
            keys.contains(key) && is_free && !self.reading.nobody.contains(key)
        })
    }
}
