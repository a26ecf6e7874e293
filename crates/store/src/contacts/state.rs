//! A contact in memory, while an import changes it.

mod by_hand;
mod keys;
mod new_contact;

use std::collections::HashSet;

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};
use alta_intake::tags;
use serde_json::Value;

pub(crate) use self::new_contact::NewContact;
use super::history::{Entry, Part};
use super::values::{
    LAST_IMPORT, MultiValueField, UPDATED_AT, bit, built_in, elements, lines, name_of, put_back,
    value_in, value_of,
};
use crate::entity::contact;

/// The bit of `said` that marks a contact as created by the reading. The lower bits are those of
/// the fields.
const CREATED: i64 = 1 << 62;

/// A contact with its history, and with the changes of the batch in hand.
#[derive(Clone, Debug)]
pub(crate) struct ContactState {
    pub(crate) row: contact::Model,
    /// The history before the batch.
    pub(crate) history: Vec<Part>,
    /// The changes and confirmations of the batch.
    pub(crate) entry: Entry,
    /// The built-in fields that later records of the reading can't give any more, one bit each:
    /// those that a record of the reading has given, and those in `stored`. [`CREATED`] is a bit of
    /// it too.
    pub(crate) said: i64,
    /// The ids of the custom fields for which the reading has given a value.
    said_custom: HashSet<i64>,
    /// The import that reads the contact now.
    import: i64,
    /// The number of the reading within that import: 0 for its file, above 0 for a corrected list
    /// of its rejects.
    reading: i32,
    /// True when the batch has found the contact.
    pub(crate) is_found: bool,
    /// True when the batch changed a value, a permission or a list of the contact.
    pub(crate) is_changed: bool,
    /// True when the import's own file created the contact, and no other import and no edit is in
    /// its history. The changes of such a contact by the same file are not kept as history.
    is_own: bool,
    /// Those of the fields in `said` that are in it because the contact has a value for them: an
    /// earlier batch of the same file must have given it. One bit each.
    stored: i64,
}

/// The values that a record gives to its contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// Phones, the first one first. Phones of other people are not among them.
    pub(crate) phones: Vec<String>,
    /// E-mail addresses, in the same way as phones.
    pub(crate) emails: Vec<String>,
    /// Values of other fields. A CPF of another person is not among them.
    pub(crate) values: Vec<(FieldTarget, String)>,
    /// The fields that this record leaves to a later record of the same person, under 'keep last'.
    /// Its phones and e-mail addresses are given all the same; only which one is the first is left
    /// to the later record.
    pub(crate) yields: Vec<FieldTarget>,
}

/// The most further phones, and the most further e-mails, of a contact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MostKeys(pub(crate) usize);

impl ContactState {
    /// Makes the state of a stored contact with its history, for an import that reads it.
    pub(crate) fn of(row: contact::Model, history: Vec<Part>, import: i64, reading: i32) -> Self {
        let own = |part: &&Part| part.import == import && part.reading == reading;
        let mut said = 0;
        let mut said_custom = HashSet::new();
        for part in history.iter().filter(own) {
            said |= part.said;
            said_custom.extend(part.entry.said_custom.iter().copied());
        }
        let is_own = row.created_import_id == Some(import)
            && reading == 0
            && history.iter().all(|part| part.import == import);
        let mut state = Self {
            row,
            history,
            entry: Entry::default(),
            said,
            said_custom,
            import,
            reading,
            is_found: false,
            is_changed: false,
            is_own,
            stored: 0,
        };
        if is_own {
            state.mark_all_given();
        }
        state
    }

    /// Makes the state of a contact that is not stored yet.
    pub(crate) fn new(contact: NewContact, reading: i32) -> Self {
        let import = contact.import_id;
        let mut state = Self::of(contact.without_values(), Vec::new(), import, reading);
        state.is_own = reading == 0;
        state.is_found = true;
        state.said |= CREATED;
        state
    }

    /// Returns true when the reading in hand has created the contact, so that no policy holds for
    /// it.
    pub(crate) fn is_of_reading(&self) -> bool {
        self.is_own || self.said & CREATED != 0
    }

    /// Lets a record give those of `fields` that are in `said` only because the contact has a value
    /// for them (`stored`): an earlier record of the same person has left the first phone or the
    /// first e-mail address to it.
    pub(crate) fn unmark_given(&mut self, fields: i64) {
        self.said &= !(fields & self.stored);
    }

    /// Returns true when a record of the reading has given this field. Returns false when records
    /// have only left its first place to a later one: `yielded` has a bit for each field that the
    /// person in hand has left so.
    pub(crate) fn is_given(&self, field: BuiltInField, yielded: i64) -> bool {
        self.said & !(self.stored & yielded) & bit(field) != 0
    }

    /// Counts a field as not given, so that the record in hand gives it.
    pub(crate) fn forget_given(&mut self, field: BuiltInField) {
        self.said &= !bit(field);
    }

    /// Counts all fields, built-in and custom, of which the contact has a value as given by the
    /// reading: its own file created the contact.
    fn mark_all_given(&mut self) {
        for field in BuiltInField::ALL {
            if built_in(&self.row, field).is_some() {
                self.stored |= bit(field) & !self.said;
                self.said |= bit(field);
            }
        }
        if let Some(Value::Object(custom)) = &self.row.custom {
            self.said_custom
                .extend(custom.keys().filter_map(|id| id.parse::<i64>().ok()));
        }
    }

    /// Returns true when the batch changed a value of the contact.
    pub(crate) fn has_changes(&self) -> bool {
        self.entry.has_changes()
    }

    /// Returns the part that the batch adds to the history. Returns `None` when the batch did not
    /// find the contact, or when the import's own file created it and no other import has found it.
    pub(crate) fn part(&self, write: i64, reading: i32) -> Option<Part> {
        if self.is_own || !self.is_found {
            return None;
        }
        let mut entry = self.entry.clone();
        entry.said_custom = self.said_custom.iter().copied().collect();
        entry.said_custom.sort_unstable();
        Some(Part {
            write,
            import: self.import,
            reading,
            said: self.said,
            changed: self.is_changed || self.entry.has_changes(),
            entry,
        })
    }

    /// Gives values to the contact, each under the policy of its field. Returns true when something
    /// of the contact changed, and the number of phones and e-mail addresses that were left out
    /// because the contact has `most` further ones.
    pub(crate) fn give(
        &mut self,
        given: &Given,
        policy: impl Fn(FieldTarget) -> FieldPolicy,
        most: MostKeys,
    ) -> (bool, usize) {
        let mut changed = false;
        for (target, value) in &given.values {
            if given.yields.contains(target) {
                continue;
            }
            changed |= match (target, policy(*target)) {
                (_, FieldPolicy::Keep)
                | (
                    FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_),
                    _,
                ) => false,
                (FieldTarget::BuiltIn(BuiltInField::Tags), _) => self.add_tags(value),
                (target, policy) => self.set(*target, value, policy),
            };
        }
        let mut too_many = 0;
        for (many, field, values) in [
            (MultiValueField::Phones, BuiltInField::Phone, &given.phones),
            (MultiValueField::Emails, BuiltInField::Email, &given.emails),
        ] {
            let target = FieldTarget::BuiltIn(field);
            let policy = policy(target);
            if values.is_empty() || policy == FieldPolicy::Keep {
                continue;
            }
            let may_be_first = !given.yields.contains(&target);
            let (added, left) = self.add_keys(many, field, values, (policy, may_be_first), most);
            changed |= added;
            too_many += left;
        }
        (changed, too_many)
    }

    /// Sets the value of a field with one value, unless the reading has given the field a value
    /// already. Returns true when the value changed.
    fn set(&mut self, target: FieldTarget, value: &str, policy: FieldPolicy) -> bool {
        if !self.say(target) {
            return false;
        }
        let name = name_of(target);
        let old = value_in(&self.row, target).map(str::to_owned);
        if old.as_deref() == Some(value) {
            self.confirm(&name);
            return false;
        }
        if old.is_some() && policy == FieldPolicy::Fill {
            return false;
        }
        put_back(&mut self.row, &name, Some(value.to_owned()));
        self.note(&name, old, Some(value.to_owned()));
        true
    }

    /// Counts a field as given. Returns false when the reading has given it before.
    fn say(&mut self, target: FieldTarget) -> bool {
        match target {
            FieldTarget::BuiltIn(field) => {
                let was_said = self.said & bit(field) != 0;
                self.said |= bit(field);
                if !was_said {
                    self.stored &= !bit(field);
                }
                !was_said
            }
            FieldTarget::Custom { id, .. } => self.said_custom.insert(id.0),
            FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_) => false,
        }
    }

    fn add_tags(&mut self, value: &str) -> bool {
        let mut own: Vec<String> = elements(&self.row, MultiValueField::Tags);
        let mut known: HashSet<String> = own.iter().map(|tag| tag.to_lowercase()).collect();
        let mut changed = false;
        for tag in tags(value) {
            let folded = tag.to_lowercase();
            if known.insert(folded.clone()) {
                own.push(tag.to_owned());
                self.note_element(MultiValueField::Tags, folded);
                changed = true;
            } else {
                self.confirm_element(MultiValueField::Tags, &folded);
            }
        }
        if changed {
            self.row.tags = Some(own.join(", "));
        }
        changed
    }

    /// Notes a changed value. Of several changes of one value the first old value and the last new
    /// value are kept; a value that is the old one again is no change.
    fn note(&mut self, name: &str, old: Option<String>, new: Option<String>) {
        if self.is_of_reading() {
            return;
        }
        let change = self
            .entry
            .set
            .entry(name.to_owned())
            .or_insert_with(|| (old, None));
        change.1 = new;
        if change.0 == change.1 {
            self.entry.set.remove(name);
        }
    }

    fn note_element(&mut self, many: MultiValueField, element: String) {
        if !self.is_of_reading() {
            self.entry.added.entry(many).or_default().push(element);
        }
    }

    /// Notes that a record gave the value that the contact has already, when another import had
    /// changed it.
    fn confirm(&mut self, name: &str) {
        let is_changed =
            |part: &Part| part.import != self.import && part.entry.set.contains_key(name);
        let is_known = self.entry.confirmed.iter().any(|known| known == name);
        if !is_known && self.history.iter().any(is_changed) {
            self.entry.confirmed.push(name.to_owned());
        }
    }

    fn confirm_element(&mut self, many: MultiValueField, element: &str) {
        let has = |elements: Option<&Vec<String>>| {
            elements.is_some_and(|elements| elements.iter().any(|known| known == element))
        };
        let is_added = |part: &Part| part.import != self.import && has(part.entry.added.get(&many));
        if self.history.iter().any(is_added) && !has(self.entry.again.get(&many)) {
            let again = self.entry.again.entry(many).or_default();
            again.push(element.to_owned());
        }
    }

    /// Sets the time and the import of the contact's last change.
    pub(crate) fn stamp(&mut self, at: i64) {
        let old = [UPDATED_AT, LAST_IMPORT].map(|name| value_of(&self.row, name));
        self.row.updated_at = at;
        // An edit by hand has a negative number.
        if self.import > 0 {
            self.row.last_import_id = Some(self.import);
        }
        for (name, old) in [UPDATED_AT, LAST_IMPORT].into_iter().zip(old) {
            let new = value_of(&self.row, name);
            self.note(name, old, new);
        }
    }

    /// Returns the values of a contact, each with its field's word; the word of a custom field is
    /// its id. Each phone and each e-mail is a value of its own, the first one first.
    pub(crate) fn values(row: contact::Model) -> Vec<(String, String)> {
        let mut values: Vec<(String, String)> = Vec::new();
        for field in BuiltInField::ALL {
            let word = field.as_str().to_owned();
            let more = match field {
                BuiltInField::Phone => row.more_phones.as_deref(),
                BuiltInField::Email => row.more_emails.as_deref(),
                _ => None,
            };
            let first = built_in(&row, field).map(str::to_owned);
            let all = first.into_iter().chain(lines(more).map(str::to_owned));
            values.extend(all.map(|value| (word.clone(), value)));
        }
        if let Some(Value::Object(custom)) = row.custom {
            values.extend(
                custom
                    .into_iter()
                    .filter_map(|(id, value)| Some((id, value.as_str()?.to_owned()))),
            );
        }
        values
    }
}
