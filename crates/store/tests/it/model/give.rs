//! Gives the values of a record to its contact: policies by field, repeated records, tags,
//! permissions.

use super::base::Turn;
use super::file::{Key, Person};
use super::undo::{By, Elements, Life, Scalar};
use super::{Field, Plan, Policy, Record, Repeated};

/// A field that a policy decides about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Phone,
    Email,
    Cpf,
    Landline,
    Name,
    City,
}

impl Slot {
    pub(crate) const ALL: [Self; 6] = [
        Self::Phone,
        Self::Email,
        Self::Cpf,
        Self::Landline,
        Self::Name,
        Self::City,
    ];

    /// Returns the policy for this field: its own, else the plan's.
    fn policy(self, plan: &Plan) -> Policy {
        let field = match self {
            Self::Phone => Field::Phone,
            Self::Email => Field::Email,
            Self::Cpf => Field::Cpf,
            Self::Name => Field::Name,
            Self::City => Field::City,
            Self::Landline => return plan.policy,
        };
        let own = plan.by_field.iter().find(|(of, _)| *of == field);
        own.map_or(plan.policy, |(_, policy)| *policy)
    }
}

/// A record that gives to a contact.
pub(crate) struct Giving<'a> {
    pub(crate) at: usize,
    pub(crate) person: &'a Person,
    pub(crate) contact: usize,
}

impl Turn<'_> {
    /// Gives a record's values, tags and answer, and puts the contact on the plan's lists.
    pub(crate) fn give(&mut self, giving: &Giving) {
        for slot in Slot::ALL {
            let values = self.said_here(giving, slot);
            if values.is_empty() {
                self.give_further(giving, slot);
            } else {
                self.say(giving.contact, slot, &values);
            }
        }
        self.give_tags(giving);
        self.give_lists(giving);
        self.give_permission(giving);
    }

    /// Lists the values of a record in a field, without keys that were left out of the record or
    /// that are another contact's.
    pub(crate) fn values(&self, at: usize, slot: Slot, contact: Option<usize>) -> Vec<String> {
        values_of(&self.records[at], slot, |key| {
            let holder = self.base.holder(key);
            self.reading.gives[at].contains(key) && (holder.is_none() || holder == contact)
        })
    }

    /// Lists the values that are given in a field at the place of a record.
    ///
    /// '`keep last`, within one person: the last; such a value is said where the last record
    /// stands': the last record that has a value for the field gives all values, its own first.
    fn said_here(&self, giving: &Giving, slot: Slot) -> Vec<String> {
        let givers = self.givers(giving.person);
        let values = |at: usize| self.values(at, slot, Some(giving.contact));
        if !givers.contains(&giving.at) {
            return Vec::new();
        }
        if self.plan.repeated != Repeated::Last {
            return values(giving.at);
        }
        let last = givers.iter().rfind(|&&at| !values(at).is_empty());
        if last != Some(&giving.at) {
            return Vec::new();
        }
        givers.iter().rev().flat_map(|&at| values(at)).collect()
    }

    /// Gives the phones and addresses of a record that leaves the first place to a later record.
    ///
    /// 'Its records then give their values in file order': under `keep last` only which phone is
    /// the first is 'said where the last record stands'. An import that stops between the two
    /// records has then given its contact the keys that it knows.
    fn give_further(&mut self, giving: &Giving, slot: Slot) {
        if !self.givers(giving.person).contains(&giving.at) {
            return;
        }
        let by = self.by(giving.contact);
        if by != By::Creation && slot.policy(self.plan) == Policy::Keep {
            return;
        }
        let values = self.values(giving.at, slot, Some(giving.contact));
        let undone = &self.base.undone;
        let before = self.base.lives[giving.contact].contact(undone);
        let Some(elements) = elements(&mut self.base.lives[giving.contact], slot) else {
            return;
        };
        for value in &values {
            elements.give(value, by);
        }
        let had_none = match slot {
            Slot::Phone => before.phones.is_empty(),
            _ => before.emails.is_empty(),
        };
        if had_none && !values.is_empty() {
            self.empty_before.insert((giving.contact, slot));
        }
    }

    /// Writes values under the field's policy. Records of the file that come to one contact give
    /// 'in file order: the first that says a field gives it, later ones what was not yet said'.
    pub(crate) fn say(&mut self, contact: usize, slot: Slot, values: &[String]) {
        let by = self.by(contact);
        let policy = match by {
            // A policy is about contacts that existed before.
            By::Creation => Policy::Update,
            By::Import(_) => slot.policy(self.plan),
        };
        if policy == Policy::Keep {
            // 'No value, key or tag of a contact that was there changes.'
            return;
        }
        let first = self.said.insert((contact, slot));
        let undone = &self.base.undone;
        let before = self.base.lives[contact].contact(undone);
        let life = &mut self.base.lives[contact];
        if first {
            let shown = match slot {
                Slot::Phone => before.phones.first().cloned(),
                Slot::Email => before.emails.first().cloned(),
                Slot::Cpf => before.cpf,
                Slot::Landline => before.landline,
                Slot::Name => before.name,
                Slot::City => before.city,
            };
            // Fill: 'only where there is nothing'; the same value is a confirmation.
            let was_empty = self.empty_before.contains(&(contact, slot));
            let filled = !was_empty && shown.is_some_and(|shown| shown != values[0]);
            if policy == Policy::Update || !filled {
                scalar(life, slot).give(&values[0], by, undone);
            }
        }
        // Under update 'a first phone or e-mail that is replaced stays as a further one', under
        // fill 'another phone or e-mail becomes a further one'.
        if let Some(elements) = elements(life, slot) {
            for value in values {
                elements.give(value, by);
            }
        }
    }

    /// 'Tags are joined under update and fill', and not under keep.
    fn give_tags(&mut self, giving: &Giving) {
        let by = self.by(giving.contact);
        let kept = by != By::Creation && self.plan.policy == Policy::Keep;
        if kept || !self.givers(giving.person).contains(&giving.at) {
            return;
        }
        for tag in &self.records[giving.at].tags {
            self.base.lives[giving.contact].tags.give(tag, by);
        }
    }

    /// Puts the contact on the plan's lists, whatever the policy. A membership ends with the undo
    /// of the last import that gave it, even where the contact is spared.
    fn give_lists(&mut self, giving: &Giving) {
        let by = By::Import(self.number);
        for list in &self.plan.lists {
            self.base.lives[giving.contact].lists.give(list, by);
        }
    }

    /// Gives the record's answer. 'Of permissions for a channel a **no** of any of the records
    /// outweighs every yes', so a person that says no anywhere gives no yes.
    fn give_permission(&mut self, giving: &Giving) {
        let answer = |at: usize| self.records[at].whatsapp;
        let said_no = |&at: &usize| answer(at) == Some(false);
        let yes = if giving.person.records.iter().any(said_no) {
            false
        } else {
            let gives = self.givers(giving.person).contains(&giving.at);
            self.plan.whatsapp_for_all || (gives && answer(giving.at) == Some(true))
        };
        let no = answer(giving.at) == Some(false);
        if yes || no {
            let life = &mut self.base.lives[giving.contact];
            life.answer(yes, self.number, &self.base.undone);
        }
    }
}

/// Lists the values of a record in a field; of keys only the free ones.
pub(crate) fn values_of(
    record: &Record,
    slot: Slot,
    is_free: impl Fn(&Key) -> bool,
) -> Vec<String> {
    let free = |key: Key| is_free(&key);
    let mut values: Vec<String> = match slot {
        Slot::Phone => record.phones.clone(),
        Slot::Email => record.emails.clone(),
        Slot::Cpf => record.cpf.iter().cloned().collect(),
        Slot::Landline => record.landline.iter().cloned().collect(),
        Slot::Name => record.name.iter().cloned().collect(),
        Slot::City => record.city.iter().cloned().collect(),
    };
    match slot {
        Slot::Phone => values.retain(|value| free(Key::Phone(value.clone()))),
        Slot::Email => values.retain(|value| free(Key::Email(value.clone()))),
        Slot::Cpf => values.retain(|value| free(Key::Cpf(value.clone()))),
        Slot::Landline | Slot::Name | Slot::City => {}
    }
    values
}

/// Returns the log of a field with one value; for phones and addresses of the first one.
fn scalar(life: &mut Life, slot: Slot) -> &mut Scalar {
    match slot {
        Slot::Phone => &mut life.first_phone,
        Slot::Email => &mut life.first_email,
        Slot::Cpf => &mut life.cpf,
        Slot::Landline => &mut life.landline,
        Slot::Name => &mut life.name,
        Slot::City => &mut life.city,
    }
}

/// Returns the log of a contact's phones or addresses; `None` for other fields.
fn elements(life: &mut Life, slot: Slot) -> Option<&mut Elements> {
    match slot {
        Slot::Phone => Some(&mut life.phones),
        Slot::Email => Some(&mut life.emails),
        Slot::Cpf | Slot::Landline | Slot::Name | Slot::City => None,
    }
}
