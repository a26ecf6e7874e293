//! The changes that a member makes to a contact by hand. No policy holds for them.

use alta_domain::OrganizationId;

use super::{CREATED, ContactState};
use crate::contacts::values::{
    DELETED_AT, MultiValueField, add_elements, elements, folded, put_back, remove_elements,
    set_elements, settle_first, value_of,
};
use crate::entity::contact;

impl ContactState {
    /// Makes the state of a contact that an edit adds. `at` is milliseconds since 1970.
    pub(crate) fn added_by_hand(id: i64, organization: OrganizationId, edit: i64, at: i64) -> Self {
        let row = contact::Model {
            id,
            organization_id: organization.0,
            created_at: at,
            updated_at: at,
            ..contact::Model::default()
        };
        let mut state = Self::of(row, Vec::new(), -edit, 0);
        state.is_found = true;
        state.said |= CREATED;
        state
    }

    /// Writes a value, by its name in a history.
    pub(crate) fn write_by_hand(&mut self, name: &str, value: Option<String>) {
        let old = value_of(&self.row, name);
        put_back(&mut self.row, name, value);
        let new = value_of(&self.row, name);
        self.is_found = true;
        if old != new {
            self.note(name, old, new);
        }
    }

    /// Replaces an element: a phone, an e-mail address or a tag. Without `old` the element is
    /// added, without `new` it is removed. A phone or e-mail address that takes the place of the
    /// first one becomes the first.
    pub(crate) fn replace_by_hand(
        &mut self,
        many: MultiValueField,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        let name = many.field().as_str();
        let first = value_of(&self.row, name);
        self.is_found = true;
        if let Some(new) = new {
            let all = elements(&self.row, many);
            let is_known = all.iter().any(|own| folded(many, own) == folded(many, new));
            if !is_known {
                add_elements(&mut self.row, many, vec![new.to_owned()]);
                self.note_element(many, folded(many, new));
            }
        }
        if let Some(old) = old.filter(|old| new != Some(*old)) {
            let gone = std::iter::once(folded(many, old)).collect();
            remove_elements(&mut self.row, many, &gone);
            let removed = self.entry.removed.entry(many).or_default();
            removed.push(old.to_owned());
        }
        if many == MultiValueField::Tags {
            return;
        }
        if old.is_some() && old == first.as_deref() {
            let all = elements(&self.row, many);
            set_elements(&mut self.row, many, new, all);
        }
        settle_first(&mut self.row, many);
        let new_first = value_of(&self.row, name);
        if new_first != first {
            self.note(name, first, new_first);
        }
    }

    /// Moves the contact to the bin.
    pub(crate) fn delete(&mut self, at: i64) {
        self.write_by_hand(DELETED_AT, Some(at.to_string()));
    }

    /// Takes the contact out of the bin. Returns false when it is not there.
    pub(crate) fn restore(&mut self) -> bool {
        let is_deleted = self.row.deleted_at.is_some();
        if is_deleted {
            self.write_by_hand(DELETED_AT, None);
            self.is_changed = true;
        }
        is_deleted
    }
}
