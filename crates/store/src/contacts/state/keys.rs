//! The phones and e-mails that an import gives to a contact.

use alta_domain::{BuiltInField, FieldPolicy, FieldTarget};

use super::{ContactState, MostKeys};
use crate::contacts::history::Part;
use crate::contacts::values::{MultiValueField, built_in, elements, set_elements};

impl ContactState {
    /// Adds phones or e-mail addresses. `may_be_first` is false when a later record gives the first
    /// one. Returns true when something changed, and the number of those that were left out because
    /// the contact has `most` further ones.
    pub(super) fn add_keys(
        &mut self,
        many: MultiValueField,
        field: BuiltInField,
        values: &[String],
        (policy, may_be_first): (FieldPolicy, bool),
        MostKeys(most): MostKeys,
    ) -> (bool, usize) {
        let name = field.as_str();
        let may_be_first = may_be_first && self.say(FieldTarget::BuiltIn(field));
        let old_first = built_in(&self.row, field).map(str::to_owned);
        let was_empty = old_first.is_none() || self.was_empty_before_reading(name);
        let replaces = may_be_first && (policy != FieldPolicy::Fill || was_empty);
        let mut own = elements(&self.row, many);
        let (mut changed, mut too_many) = (false, 0);
        for value in values {
            if own.contains(value) {
                self.confirm_element(many, value);
            } else if own.len() > most {
                too_many += 1;
            } else {
                own.push(value.clone());
                self.note_element(many, value.clone());
                changed = true;
            }
        }
        let first = values.first().filter(|first| own.contains(first));
        let first = first.filter(|_| replaces).cloned().or(old_first.clone());
        let first = first.or_else(|| own.first().cloned());
        if may_be_first && old_first.is_some() && values.first() == old_first.as_ref() {
            self.confirm(name);
        }
        set_elements(&mut self.row, many, first.as_deref(), own);
        if may_be_first && first == old_first && values.first() != old_first.as_ref() {
            self.offer(many, values);
        }
        if first != old_first {
            self.note(name, old_first, first);
            changed = true;
        }
        (changed, too_many)
    }

    /// Returns true when the field was empty before the reading, and a record of the reading has
    /// filled it.
    fn was_empty_before_reading(&self, name: &str) -> bool {
        let of_reading = |part: &&Part| part.import == self.import && part.reading == self.reading;
        let before = self.history.iter().filter(of_reading);
        let mut entries = before.map(|part| &part.entry).chain([&self.entry]);
        let first = entries.find_map(|entry| entry.set.get(name));
        first.is_some_and(|(old, _)| old.is_none())
    }

    /// Notes in the history the value that would be the contact's first phone or e-mail address if
    /// it had none: see [`crate::contacts::history::Entry::offered`].
    fn offer(&mut self, many: MultiValueField, values: &[String]) {
        if let Some(first) = values.first().filter(|_| !self.is_of_reading()) {
            let offered = self.entry.offered.entry(many);
            offered.or_insert_with(|| first.clone());
        }
    }
}
