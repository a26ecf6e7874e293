//! Writes a person of the file to its contact: the first record finds or creates the contact, later
//! records join it.

use alta_domain::{BuiltInField, ErrorCode, FieldTarget, Key, KeyKind, Repeated, RowInput};
use alta_intake::Incoming;

use super::{Application, ImportedRecord, MOST_KEYS};
use crate::contacts::state::{ContactState, Given, NewContact};
use crate::entity::import_reject;
use crate::error::Result;
use crate::imports::batch::corrected::CorrectedReject;
use crate::imports::batch::person::{Outcome, Person, given, yielded};
use crate::imports::batch::prepared::KnownRecord;
use crate::imports::merged::MergedRecord;

impl Application<'_> {
    /// Applies the first record of a person. `found` is its contact, `None` for a new one. Returns
    /// the id of the contact.
    pub(super) fn begin(
        &mut self,
        row: &RowInput,
        incoming: &Incoming,
        found: Option<i64>,
        known: Option<&KnownRecord>,
    ) -> Result<i64> {
        let identity = row.identity.as_deref();
        let id = match found {
            Some(id) => id,
            None => self.create()?,
        };
        self.people.find(id);
        // Who comes again comes out of the bin, with the answers about permission.
        let is_sent_anew = known.is_none_or(KnownRecord::has_changed);
        let restored = is_sent_anew && self.people.restore(id);
        let mut given = given(incoming, identity, &self.targets);
        let mut person = Person::new(incoming, identity);
        let gets_later = |target: &FieldTarget| self.gets_later(*target, &person, id);
        given.yields.retain(gets_later);
        self.keep_first_place(&mut person, id, &mut given);
        person.yielded = yielded(&given);
        let changed = self.give(id, given, known) | self.add(row.record, id, incoming, false);
        let changed = changed || restored;
        person.contact = Some(id);
        person.outcome = match (found, changed) {
            (None, _) => Outcome::New,
            (Some(_), true) => Outcome::Updated,
            (Some(_), false) => Outcome::Unchanged,
        };
        *match person.outcome {
            Outcome::New => &mut self.ledger.new,
            Outcome::Updated => &mut self.ledger.updated,
            Outcome::Unchanged | Outcome::Rejected => &mut self.ledger.unchanged,
        } += 1;
        self.persons.set(row.record, person);
        Ok(id)
    }

    /// Returns false for the field of phones, e-mail addresses or tax ids when each key that later
    /// records of the person add to it belongs to another contact: then the record in hand gives
    /// the field after all. Returns true for all other fields.
    fn gets_later(&self, target: FieldTarget, person: &Person, contact: i64) -> bool {
        let kind = match target {
            FieldTarget::BuiltIn(BuiltInField::Phone) => KeyKind::Phone,
            FieldTarget::BuiltIn(BuiltInField::Email) => KeyKind::Email,
            FieldTarget::BuiltIn(BuiltInField::TaxId) => KeyKind::Cpf,
            _ => return true,
        };
        let coming = person.coming().filter(|key| key.kind == kind);
        let mut keys = coming.peekable();
        let is_free = |key: &Key| {
            let owner = self.people.owner(key);
            owner.is_none_or(|owner| owner == contact)
        };
        keys.peek().is_none() || keys.any(is_free)
    }

    /// Under 'keep last' a record leaves to a later record of its person which phone, and which
    /// e-mail address, is the first. Notes the first ones of such a record in `person`. When the
    /// later record comes, and its own belong to another contact, adds the noted ones to `given` as
    /// the first.
    fn keep_first_place(&mut self, person: &mut Person, contact: i64, given: &mut Given) {
        let places = [
            (KeyKind::Phone, BuiltInField::Phone, &mut given.phones),
            (KeyKind::Email, BuiltInField::Email, &mut given.emails),
        ];
        for (kind, field, values) in places {
            let is_free = |value: &&String| {
                let owner = self.people.owner(&Key::new(kind, value.as_str()));
                owner.is_none_or(|owner| owner == contact)
            };
            let first = values.iter().find(is_free);
            let yields = given.yields.contains(&FieldTarget::BuiltIn(field));
            match first {
                Some(first) if yields => {
                    let key = Key::new(kind, first.as_str());
                    // Where another person has given the field already, its value stands.
                    let is_given = self.people.is_given(contact, field, person.yielded);
                    person.leave_first_place(kind, Some(key).filter(|_| !is_given));
                }
                None if !yields && !values.is_empty() => {
                    if let Some(left) = person.left_first_place(kind) {
                        values.push(left);
                        // The noted value was given before what others have given since.
                        self.people.forget_given(contact, field);
                    }
                }
                _ => {}
            }
        }
    }

    /// Applies a later record of a person. `corrected` is the reject that the record corrects.
    pub(super) fn join(
        &mut self,
        row: RowInput,
        first: u32,
        incoming: &Incoming,
        (mut person, corrected): (Person, Option<import_reject::Model>),
    ) -> Result<()> {
        self.ledger.merged += 1;
        person.join(incoming, row.identity.as_deref());
        let Some(id) = person.contact.filter(|id| self.people.has(*id)) else {
            let reject = person.reject.unwrap_or(first);
            self.persons.set(first, person);
            let corrects = corrected.as_ref().map(|corrected| corrected.record);
            let has_waiting = corrects.is_some_and(|record| self.waiting.contains_key(&record));
            return self.rejects.join(row, reject, (corrected, has_waiting));
        };
        self.people.find(id);
        self.merged.add(MergedRecord {
            reading: self.import.reading,
            record: row.record,
            line: row.line,
            contact: id,
        });
        let takes_values = self.repeated != Repeated::First;
        let restored = self.people.restore(id);
        let mut changed = self.add(row.record, id, incoming, !takes_values) || restored;
        if takes_values {
            let mut given = given(incoming, row.identity.as_deref(), &self.targets);
            let gets_later = |target: &FieldTarget| self.gets_later(*target, &person, id);
            given.yields.retain(gets_later);
            self.keep_first_place(&mut person, id, &mut given);
            let still = yielded(&given);
            self.people.unmark_given(id, person.yielded & !still);
            person.yielded |= still;
            changed |= self.give(id, given, None);
        }
        if let Some(reject) = corrected {
            changed |= self.apply_waiting(reject.record, id)?;
            self.corrected.push(CorrectedReject {
                record: reject.record,
                contact: id,
            });
        }
        if changed && person.outcome == Outcome::Unchanged {
            person.outcome = Outcome::Updated;
            self.changed_later += 1;
        }
        self.persons.set(first, person);
        Ok(())
    }

    /// Counts a person as updated instead of unchanged, because a record that had waited with the
    /// person's reject changed its contact.
    pub(super) fn note_changed_later(&mut self, first: u32) {
        if let Some(person) = self.persons.get(first)
            && person.outcome == Outcome::Unchanged
        {
            let mut person = person.clone();
            person.outcome = Outcome::Updated;
            self.persons.set(first, person);
            self.changed_later += 1;
        }
    }

    /// Gives the values of a record to a contact. Returns true when something changed.
    pub(super) fn give(&mut self, id: i64, given: Given, known: Option<&KnownRecord>) -> bool {
        let plan = self.plan;
        let policy = |target| match known {
            Some(known) => known.policy_of(target),
            None => plan.policy_of(target),
        };
        let (changed, _) = self.people.give(id, given, policy, MOST_KEYS);
        changed
    }

    /// Adds a record's answers about permission to a contact, with `only_noes` only its refusals,
    /// and puts the contact on the import's list. Returns true when something changed.
    fn add(&mut self, record: u32, contact: i64, incoming: &Incoming, only_noes: bool) -> bool {
        self.imported.push(ImportedRecord { record, contact });
        let answered = self.consents.add(contact, incoming, only_noes);
        let changed = answered | self.members.add(contact);
        if changed {
            self.people.note_changed(contact);
        }
        changed
    }

    /// Creates a contact without values, and returns its id.
    fn create(&mut self) -> Result<i64> {
        let id = self.ids.next().ok_or(ErrorCode::BadBatch)?;
        let contact = NewContact {
            id,
            organization_id: self.import.organization_id,
            import_id: self.import.id,
            created_at: self.now,
        };
        let state = ContactState::new(contact, self.import.reading);
        self.people.add_new(state);
        self.created.push(id);
        Ok(id)
    }
}
